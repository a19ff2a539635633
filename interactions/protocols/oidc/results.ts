/** Translates the result of a prompt into the terms of oidc-provider. A step-up changes the session as it is stored now. */
import type { default as Provider, InteractionResults } from 'oidc-provider';
import { atLeast, highest, isAcr } from '../../../src/mfa/assurance.ts';
import type { Acr } from '../../../src/mfa/factor.ts';
import { isRecoveryFactor } from '../../../src/mfa/recovery-types.ts';
import { rememberedMember } from '../../../src/oidc/prompts/remembered-browser.ts';
import {
  accountChoiceMember,
  managedMember,
  policyMember,
  provenAtMember,
  secondStepOf,
} from '../../../src/oidc/request.ts';
import type { InteractionResult, SecondFactorUse } from '../../protocol.ts';
import { missingIn, type Interaction } from './request.ts';
import { sessionNow, type SignedInSession } from './session-now.ts';

type SteppedUp = Extract<InteractionResult, { readonly kind: 'stepped-up' }>;

/** Grants exactly the scopes and claims that the page showed. Gives the id of a new grant only. */
const granted = async (provider: Provider, interaction: Interaction): Promise<{ readonly grantId?: string }> => {
  const { grantId, session, params, prompt } = interaction;
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const clientId = params['client_id'];
  const grant =
    known ??
    new provider.Grant({
      ...(session && { accountId: session.accountId }),
      ...(typeof clientId === 'string' && { clientId }),
    });
  const { scopes, claims, resources } = missingIn(prompt.details);
  if (scopes.length > 0) grant.addOIDCScope([...scopes]);
  if (claims.length > 0) grant.addOIDCClaims([...claims]);
  for (const [resource, names] of resources) grant.addResourceScope(resource, [...names]);
  const saved = await grant.save();
  return known === undefined ? { grantId: saved } : {};
};

/**
 * Adds the proof of a step-up to the session. A form or the state at the prompt's beginning is not used. A later sign-in may have
 * been weaker, and tokens must carry its time (`auth_time`).
 */
const steppedUp = (now: SignedInSession, proven: Pick<SteppedUp, 'acr' | 'amr'>) => {
  const acr = highest(proven.acr, ...(isAcr(now.acr) ? [now.acr] : []));
  const amr = [...new Set([...(now.amr ?? []), ...proven.amr])];
  return { accountId: now.accountId, ts: now.loginTs, acr, amr };
};

/**
 * The second step of the session, where it counts for more than one of this level: a method that was set up with a recovery code
 * must not take away what the code allows.
 */
const strongerStep = (now: SignedInSession, acr: Acr) => {
  const step = secondStepOf(now);
  if (step === undefined) return undefined;
  const isStronger = isRecoveryFactor(step.method) || (isAcr(now.acr) && !atLeast(acr, now.acr));
  return isStronger ? step : undefined;
};

const secondOf = (second: SecondFactorUse | undefined) =>
  second && { mfa: { ts: second.at, method: second.method, acr: second.acr } };

const refusals = {
  cancelled: { error: 'access_denied', error_description: 'the person cancelled the request' },
  denied: { error: 'access_denied', error_description: 'a rule of this server refuses the sign-in' },
  unmet: {
    error: 'unmet_authentication_requirements',
    error_description: 'no method of the person reaches the required level',
  },
} as const;

/**
 * Translates a result into the terms of oidc-provider.
 * @throws Problem 'sign-in-lost' if the session of a step-up or task has ended or is another person's now.
 */
export const resultOf = async (
  provider: Provider,
  interaction: Interaction,
  result: InteractionResult,
): Promise<InteractionResults> => {
  if (result.kind === 'signed-in') {
    const { userId: accountId, acr, amr, at, second, remembered } = result;
    const mark = remembered !== undefined && { [rememberedMember]: remembered };
    const login = { accountId, acr, amr: [...amr], ts: Math.floor(at / 1000) };
    return { login, [provenAtMember]: at, ...secondOf(second), ...mark };
  }
  if (result.kind === 'stepped-up') {
    const now = await sessionNow(provider, interaction);
    return { login: steppedUp(now, result), ...secondOf(result.second) };
  }
  if (result.kind === 'account-chosen') return { [accountChoiceMember]: result.account };
  if (result.kind === 'managed') {
    const { second } = result;
    if (second === undefined) return { [managedMember]: 'done' };
    const now = await sessionNow(provider, interaction);
    const kept = strongerStep(now, second.acr);
    const step = kept === undefined ? secondOf(second.use) : { mfa: kept };
    return { login: steppedUp(now, second), ...step, [managedMember]: 'done' };
  }
  if (result.kind === 'stale') return { [managedMember]: 'stale' };
  if (result.kind === 'consented') return { consent: await granted(provider, interaction) };
  const { kind, person, policy } = result;
  return {
    ...refusals[kind],
    ...(person !== undefined && { person }),
    ...(policy !== undefined && { [policyMember]: policy }),
  };
};
