/** The prompt `mfa`: asks for the second step on an existing session, and decides whether the session proves enough. */
import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { atLeast, isAcr } from '../../mfa/assurance.ts';
import { mayManage } from '../../mfa/may-manage.ts';
import type { Clock, EpochMillis } from '../../ports/time.ts';
import { secondStepOf } from '../request.ts';
import { levelsIn, lowestAsked } from '../required-acr.ts';
import type { ReadFacts, RequestFacts } from './request-facts.ts';
import { isTaskOpen } from './task.ts';

const { Check, Prompt } = interactionPolicy;
type Context = KoaContextWithOIDC;

/** Asks for the second step on an existing session. */
export const mfaPrompt = (factsOf: ReadFacts, clock: Clock) =>
  new Prompt(
    { name: 'mfa', requestable: true },
    async ctx => {
      const { required, managing } = await factsOf(ctx);
      return { required: { ...levelsIn(required), ...(managing !== undefined && { strongest: true }) } };
    },
    new Check('denied', 'a rule of this server refuses the sign-in', 'access_denied', async ctx => {
      return (await factsOf(ctx)).required.decision.required.denied !== undefined;
    }),
    new Check('mfa_required', 'a second factor is required', 'unmet_authentication_requirements', async ctx => {
      const facts = await factsOf(ctx);
      const { required, person } = facts;
      if (required.decision.required.denied !== undefined) return false;
      if (person !== undefined && !atLeast(person.reaches, required.minimum)) {
        throw new errors.UnmetAuthenticationRequirements('the person has no method that reaches the required acr');
      }
      return !isProven(ctx, facts, clock()) || (isTaskOpen(ctx.oidc) && !isFreshForTask(ctx, facts, clock()));
    }),
  );

/** Whether the session proves the required level, by a second step that is recent enough and still counts. */
const isProven = ({ oidc }: Context, { required, person }: RequestFacts, now: EpochMillis): boolean => {
  const { session } = oidc;
  const { mfaMaxAge: maxAge, factors } = required.decision.required;
  const acr: unknown = session?.acr;
  // The first of several levels leads to a page once, not again after it, and never where no page may be shown.
  const level = oidc.prompts.has('none') || oidc.result?.login !== undefined ? lowestAsked(required) : required.acr;
  if (session === undefined || !isAcr(acr) || !atLeast(acr, level)) return false;
  if (level === 'sfa') return true;
  // Each device needs a second step of its own, for the same reason (RFC 8628 §5.4).
  if (oidc.deviceCode !== undefined && secondStepOf(oidc.result ?? {}) === undefined) return false;
  const step = secondStepOf(session);
  if (step === undefined) return false;
  if (factors?.includes(step.method) === false) return false;
  if (maxAge !== undefined && oidc.result?.login === undefined) {
    // The level of a session never sinks: the last step, for another client, may have been a weaker one.
    if (now / 1000 - step.ts > maxAge || !atLeast(step.acr ?? acr, level)) return false;
  }
  // A step before the oldest of today's methods was bound was taken with methods that have all been removed.
  return step.ts >= Math.floor((person?.user.firstMethodAt ?? 0) / 1000);
};

/** Whether the session is recent and strong enough for a task. */
const isFreshForTask = (
  { oidc: { session } }: Context,
  { person, managing }: RequestFacts,
  now: EpochMillis,
): boolean => {
  if (session === undefined || person === undefined || managing === undefined) return false;
  const secondStep = secondStepOf(session);
  const acr: unknown = session.acr;
  const times = {
    acr: isAcr(acr) ? acr : ('sfa' as const),
    authTime: session.loginTs ?? 0,
    ...(secondStep !== undefined && { secondStep }),
  };
  return mayManage(person.user, times, managing, now);
};
