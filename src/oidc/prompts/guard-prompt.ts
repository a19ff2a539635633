/**
 * The first prompt of the policy, which never asks. Refuses requests that no sign-in could fulfil, and copies the result of a sign-in
 * that just finished into the session, before the other prompts read it.
 */
import { errors, interactionPolicy, type Client, type KoaContextWithOIDC } from 'oidc-provider';
import { isAcr } from '../../mfa/assurance.ts';
import type { Ephemeral } from '../../ports/stores.ts';
import { hasUser } from '../account.ts';
import { isMarkedEnded, sessionDigest } from '../ended-sessions.ts';
import { checkLengths } from '../http/parameter-limits.ts';
import { beginOnce } from './pushed-requests.ts';
import type { ReadFacts } from './request-facts.ts';
import { rememberedIn, rememberedMember, setRemembered } from './remembered-browser.ts';
import {
  hasDeepClaims,
  provenAtIn,
  provenAtMember,
  secondStepMember,
  secondStepOf,
  setSecondStep,
  subjectWanted,
  textOf,
} from '../request.ts';
import { answerTo, isImpossible, type AssuranceRequest } from '../required-acr.ts';

const { Check, Prompt } = interactionPolicy;
type Context = KoaContextWithOIDC;

/** The subject by which this client knows the person. */
export type SubjectOf = (accountId: string, client: Client) => string;

/** The prompt `guard`. Its check throws an error of OAuth, or gives false. */
export const guardPrompt = (factsOf: ReadFacts, ephemeral: Ephemeral, subjectOf: SubjectOf) =>
  new Prompt(
    { name: 'guard' },
    new Check('guard', 'never prompts', 'interaction_required', async ctx => {
      checkLengths(ctx.oidc.params);
      // Before the claims are parsed by the next step.
      if (hasDeepClaims(ctx)) throw new errors.InvalidRequest('claims are nested too deep');
      await destroyEndedSession(ctx);
      const { asked } = await factsOf(ctx);
      if (isImpossible(asked)) {
        throw new errors.UnmetAuthenticationRequirements('none of the requested acr values is supported');
      }
      refuseRemovedAddress(ctx);
      // After the other refusals: a request that is refused has begun nothing.
      await beginOnce(ctx, ephemeral);
      await takeOverResult(ctx, subjectOf);
      chooseAcrValue(ctx, asked);
      return false;
    }),
  );

/** Refuses to end a sign-in at an address that was removed after it began. The library looks at its beginning only. */
const refuseRemovedAddress = ({ oidc: { client, params } }: Context): void => {
  const uri = textOf(params?.['redirect_uri']);
  if (uri !== undefined && client?.redirectUriAllowed(uri) === false) throw new errors.InvalidRedirectUri();
};

/**
 * Destroys a session that was ended and is stored again, because the short-lived store was restored from a copy. The mark in the
 * account names its `uid`, so a sign-in that kept the `uid` would be refused again and again.
 */
const destroyEndedSession = async ({ oidc: { session, account } }: Context): Promise<void> => {
  if (session?.accountId === undefined || !hasUser(account)) return;
  if (!isMarkedEnded(account.user, sessionDigest(session.uid))) return;
  // Before it is destroyed: to the adapter this is no sign-out, and the record of the end stays.
  for (const member of [
    'accountId',
    'loginTs',
    'acr',
    'amr',
    'authorizations',
    provenAtMember,
    secondStepMember,
    rememberedMember,
  ]) {
    Reflect.deleteProperty(session, member);
  }
  await session.destroy();
};

/** Copies the second step of a sign-in that just finished, or the remembered browser in its place, into the session. */
const takeOverResult = async (ctx: Context, subjectOf: SubjectOf): Promise<void> => {
  const { session, result } = ctx.oidc;
  if (session === undefined || result?.login === undefined) return;
  // A step-up leaves the time of the session.
  const provenAt = provenAtIn(result);
  if (provenAt !== undefined) Reflect.set(session, provenAtMember, provenAt);
  setSecondStep(session, secondStepOf(result));
  setRemembered(session, rememberedIn(result));
  await refuseOtherSubject(ctx, result.login.accountId, subjectOf);
};

/**
 * Refuses to sign another person in than the client asked for. oidc-provider checks this before the pages and not after
 * them (OIDC Core §3.1.2.1, id_token_hint), and loops where a claim named the person.
 */
const refuseOtherSubject = async (ctx: Context, accountId: string, subjectOf: SubjectOf): Promise<void> => {
  const { provider, client, params } = ctx.oidc;
  const wanted = subjectWanted(ctx);
  const hint = textOf(params?.['id_token_hint']);
  const hinted =
    hint === undefined || client === undefined
      ? undefined
      : (await provider.IdToken.validate(hint, client)).payload['sub'];
  const subject = client === undefined ? accountId : subjectOf(accountId, client);
  if ([wanted, hinted].some(sub => sub !== undefined && sub !== subject)) {
    throw new errors.LoginRequired('the requested and the authenticated subject do not match');
  }
};

/** Answers with the requested name of the reached level. */
const chooseAcrValue = (ctx: Context, asked: AssuranceRequest): void => {
  const acr: unknown = ctx.oidc.session?.acr;
  if (isAcr(acr)) Object.defineProperty(ctx.oidc, 'acr', { value: answerTo(asked, acr), configurable: true });
};
