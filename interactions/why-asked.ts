/** Tells why a person is asked for a second step here: what the policy decided, in kinds of reasons that pages word. */
import type { Context } from 'koa';
import { highest, rank } from '../src/mfa/assurance.ts';
import { personFacts } from '../src/oidc/prompts/policy-facts.ts';
import { inLanguage } from '../src/locales/sentences.ts';
import type { Decision, SourceOutcome, Requirement } from '../src/policy/policy.ts';
import type { WhyReason } from '../web/pages/step-props.ts';
import type { InteractionContext } from './context.ts';
import { chosenBy, needsSecondStep } from './required-level.ts';
import { decisionFor, type StateDeps } from './state.ts';

type Here = Pick<InteractionContext, 'signIn' | 'state' | 'user'>;
type Deciding = Pick<StateDeps, 'policy' | 'minimum' | 'clock' | 'isBreakGlass'>;

/** The decision about this sign-in, with all that is known of the person. */
export const decisionHere = (deps: Deciding, ctx: Context, { signIn, state, user }: Here): Decision => {
  const person = user && personFacts(deps, user, { hasMethod: needsSecondStep(state), chosen: chosenBy(state) });
  return decisionFor(deps, signIn, { person, address: ctx.ip });
};

const kinds = {
  server: 'server',
  client: 'client',
  request: 'request',
  person: 'person',
  chosen: 'chosen',
  file: 'server',
} as const satisfies Partial<Record<SourceOutcome['source'], WhyReason['kind']>>;

const isOwn = (source: string): source is keyof typeof kinds => Object.hasOwn(kinds, source);

const reasonOf = ({ source, because }: SourceOutcome, language: string): WhyReason => {
  if (isOwn(source)) return { kind: kinds[source] };
  return { kind: 'rule', ...(because !== undefined && { sentence: inLanguage(because, language) }) };
};

/** Why the person is asked, the reasons that decided in the order in which they were looked at; each once. */
export const whyAsked = (
  deps: Deciding,
  ctx: Context,
  { language, ...here }: Here & { readonly language: string },
): readonly WhyReason[] => {
  const { signIn } = here;
  const { required, trace } = decisionHere(deps, ctx, here);
  const { acr: wanted } = signIn.required;
  // Not those that only have people asked for consent.
  const deciding = trace.sources.filter(({ decides, requires }) => decides && isAboutSteps(requires));
  const reasons: readonly WhyReason[] = [
    ...(signIn.prompt === 'manage' ? [{ kind: 'task' } as const] : []),
    ...(signIn.isForDevice ? [{ kind: 'device' } as const] : []),
    // A level that the request prefers is no requirement, and so is not among them.
    ...(rank(wanted) > rank(highest(required.acr, signIn.required.minimum)) ? [{ kind: 'request' } as const] : []),
    ...deciding.map(each => reasonOf(each, language)),
    ...(isTooOld(signIn, required) ? [{ kind: 'age' } as const] : []),
    ...(required.factors === undefined ? [] : [{ kind: 'factors' } as const]),
  ];
  return [...new Map(reasons.map(reason => [JSON.stringify(reason), reason])).values()];
};

const isAboutSteps = ({ acr = 'sfa', mfaMaxAge, factors }: Requirement): boolean =>
  acr !== 'sfa' || mfaMaxAge !== undefined || factors !== undefined;

/** Whether a session that is strong enough is asked, because its second step becomes too old. */
const isTooOld = ({ prompt, session, required }: Here['signIn'], { mfaMaxAge }: Decision['required']): boolean =>
  prompt === 'mfa' && mfaMaxAge !== undefined && session?.acr !== undefined && rank(session.acr) >= rank(required.acr);
