/**
 * Decides whether a request needs a person, and for what: guard → login → select_account → mfa → manage → consent. It reads the
 * session and not what the pages did, and so is a second, independent check of them: it asks for everything that the session does not
 * prove.
 *
 * | prompt         | check           | asks, or refuses, because                                             |
 * | -------------- | --------------- | --------------------------------------------------------------------- |
 * | guard          | guard           | never asks; refuses long parameters, deep claims, an impossible acr,  |
 * |                |                 | another person than wanted, a redirect address that was removed       |
 * | login          | account_gone    | the account was removed or locked, or signed out everywhere since     |
 * | login          | session_age     | the session is too old, however active it is                          |
 * | login          | password_change | the sign-in of the session should have ended with a new password      |
 * | login          | another_account | the person chose not to go on with the account of the session         |
 * | login          | device          | a device asks, and no second step will be asked for                   |
 * | login          | method_missing  | no method reaches the required level, and one that does can be set up |
 * | login          | task            | the first step is older than a task of the security page allows       |
 * | select_account | select_account  | the client asks which account to use, and nobody has just signed in   |
 * | mfa            | denied          | a rule of the operator refuses it: the page says why                  |
 * | mfa            | mfa_required    | the session does not prove the required level, or that of a task      |
 * | manage         | task            | a task of the security page is not done yet                           |
 * | consent        | consent_prompt  | the client asks for a new answer (`prompt=consent`)                   |
 * | consent        | native          | others can take the address of this program, and no page was shown    |
 * | consent        | rar_prompt      | the person has not allowed these `authorization_details` (RFC 9396)   |
 *
 * The other checks of login and consent are oidc-provider's own.
 */
import { errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { atLeast, isAcr } from '../../mfa/assurance.ts';
import { isFreshPassword } from '../../mfa/fresh-sign-in.ts';
import { mayManage } from '../../mfa/may-manage.ts';
import type { Ephemeral } from '../../ports/stores.ts';
import type { Clock, EpochMillis, Millis } from '../../ports/time.ts';
import { isPerson } from '../account.ts';
import { lastingDetails } from '../consent/authorization-details.ts';
import { isEnded, sessionDigest } from '../ended-sessions.ts';
import { guardPrompt, type SubjectOf } from './guard-prompt.ts';
import { requestedBy } from '../consent/grants.ts';
import {
  createFactsReader,
  exempt,
  requiredBy,
  type ReadFacts,
  type RequestFacts,
  type RequestFactsDeps,
} from './request-facts.ts';
import { allowsRemembered, allowsRememberedDetail } from './remembered-browser.ts';
import { choiceOfAccount, secondStepOf, textOf } from '../request.ts';
import { detailsToAsk, type DetailsToAskDeps } from '../consent/rich-requests.ts';
import { lowestAsked, type RequiredAcr, type RequiredLevels } from '../required-acr.ts';
import { isTaskDone, taskIn } from './task.ts';

/** Needed to decide about a request. */
export interface PolicyDeps extends RequestFactsDeps, DetailsToAskDeps {
  readonly ephemeral: Ephemeral;
  /** After this long the person must sign in again, however active the session is. */
  readonly sessionLifetime: Millis;
  readonly subjectOf: SubjectOf;
}

const { Check, Prompt } = interactionPolicy;
type Context = KoaContextWithOIDC;

/** For `interactions.policy` of oidc-provider. The details of `login` and `mfa` have a member `required`. */
export const createPolicy = (deps: PolicyDeps): interactionPolicy.DefaultPolicy => {
  const factsOf = createFactsReader(deps);
  const policy = interactionPolicy.base();
  changeLogin(policy, deps, factsOf);
  policy.add(guardPrompt(factsOf, deps.ephemeral, deps.subjectOf), 0);
  policy.add(selectAccountPrompt(), 2);
  policy.add(mfaPrompt(factsOf, deps.clock), 3);
  policy.add(managePrompt(), 4);
  changeConsent(policy, deps);
  return policy;
};

const changeLogin = (policy: interactionPolicy.DefaultPolicy, deps: PolicyDeps, factsOf: ReadFacts): void => {
  const login = policy.get('login');
  if (login === undefined) return;
  // A level that is not reached needs the second step: these checks would ask for the password again and again.
  login.checks.remove('essential_acr');
  login.checks.remove('essential_acrs');
  login.checks.add(
    new Check('account_gone', 'the account of this session cannot be used', 'login_required', ({ oidc }) => {
      const { session, account } = oidc;
      if (session?.accountId === undefined) return false;
      if (!isPerson(account)) return true;
      return isEnded(account.user, { at: session.loginTs ?? 0, session: sessionDigest(session.uid) });
    }),
  );
  login.checks.add(
    new Check('session_age', 'the session is too old', 'login_required', ({ oidc }) => {
      const signedInAt = oidc.session?.accountId === undefined ? undefined : (oidc.session.loginTs ?? 0);
      return signedInAt !== undefined && deps.clock() - signedInAt * 1000 > deps.sessionLifetime;
    }),
  );
  login.checks.add(
    new Check(
      'password_change',
      'a new password must be chosen',
      'login_required',
      ({ oidc: { session, account } }) => {
        if (session?.accountId === undefined || !isPerson(account)) return false;
        const { passwordChangeRequiredAt: since } = account.user;
        // Older sessions stay. A sign-in without the password did not use what must be changed.
        const isSince = since !== undefined && (session.loginTs ?? 0) >= Math.floor(since / 1000);
        return isSince && session.amr?.includes('pwd') === true;
      },
    ),
  );
  login.checks.add(
    new Check('another_account', 'another account was chosen', 'login_required', ({ oidc: { result } }) => {
      return choiceOfAccount(result) === 'another' && result?.login === undefined;
    }),
  );
  // A link may lead a person to the confirmation (RFC 8628 §5.4), so a click alone must not connect a device. Without a second
  // step the password is asked again.
  login.checks.add(
    new Check('device', 'a device needs a sign-in of its own', 'login_required', async ctx => {
      const { deviceCode, session, result } = ctx.oidc;
      if (deviceCode === undefined || session?.accountId === undefined || result?.login !== undefined) return false;
      return (await factsOf(ctx)).required.acr === 'sfa';
    }),
  );
  login.checks.add(
    new Check('method_missing', 'a method must be set up', 'unmet_authentication_requirements', async ctx => {
      const { session, result } = ctx.oidc;
      if (session?.accountId === undefined || result?.login !== undefined) return false;
      const { required, person } = await factsOf(ctx);
      if (person === undefined || atLeast(person.reaches, required.minimum)) return false;
      return deps.canEnroll(required.minimum, required.decision.required.factors);
    }),
  );
  login.checks.add(
    new Check('task', 'a task needs a recent sign-in', 'login_required', ({ oidc }) => {
      const { session } = oidc;
      if (session?.accountId === undefined || !isTaskOpen(oidc)) return false;
      return !isFreshPassword({ authTime: session.loginTs ?? 0 }, deps.clock());
    }),
  );
  const { details } = login;
  // Without the person: another one than the session's may sign in.
  login.details = async ctx => {
    const strongest = isTaskOpen(ctx.oidc) && { strongest: true as const };
    const required = requiredBy(ctx, deps);
    return {
      ...(await details(ctx)),
      required: { ...levelsIn(required), ...strongest },
      requiredByClient: { ...levelsIn(requiredBy(ctx, deps, exempt)), ...strongest },
      ...(deps.rememberedBrowsers.isOn && allowsRemembered(ctx, required) && { [allowsRememberedDetail]: true }),
    };
  };
};

/** For the details of a prompt, which are stored: the pages ask the policy again for everything else. */
const levelsIn = ({ decision: _decision, ...levels }: RequiredAcr): RequiredLevels => levels;

/** Leads a person with a fresh sign-in to the task that they chose on the security page. */
const managePrompt = () =>
  new Prompt(
    { name: 'manage' },
    new Check('task', 'a task needs the person', 'interaction_required', ({ oidc }) => isTaskOpen(oidc)),
  );

/** Whether the request has a task that is not done yet. */
const isTaskOpen = ({ params, result }: Context['oidc']): boolean =>
  taskIn(params) !== undefined && !isTaskDone(result);

/**
 * The library asks before each code for a native client, also after a sign-in. Here a page that names the client is enough. Without
 * one, another program that took the address would get a code by opening a browser (RFC 8252 §8.6).
 */
const changeConsent = (policy: interactionPolicy.DefaultPolicy, deps: DetailsToAskDeps): void => {
  const consent = policy.get('consent');
  consent?.checks.remove('native_client_prompt');
  // First, so that the page shows what is missing where another check asks too.
  consent?.checks.add(
    new Check(
      'native',
      'a native client needs an answer of the person',
      'interaction_required',
      ({ oidc: { client, params, result } }) =>
        client?.applicationType === 'native' && result === undefined && !isClaimed(textOf(params?.['redirect_uri'])),
      ({ oidc }) => ({ missingOIDCScope: [...oidc.requestParamOIDCScopes] }),
    ),
    0,
  );
  // The library asks for each request with details, also where the same ones were allowed for good.
  consent?.checks.remove('rar_prompt');
  consent?.checks.add(
    new Check(
      'rar_prompt',
      'the person has not allowed these authorization_details',
      'consent_required',
      async ctx => {
        const { params, prompts, result } = ctx.oidc;
        if (params?.['authorization_details'] === undefined) return false;
        const open = await detailsToAsk(deps, ctx);
        if (result?.consent === undefined) return open.length > 0;
        // The page left out what was allowed before: it must still be.
        return !prompts.has('consent') && lastingDetails(open, deps.detailTypes).length > 0;
      },
      async ctx => ({ rar: await detailsToAsk(deps, ctx) }),
    ),
  );
  // Asked again, a person sees everything that they would allow. Last: the other checks name only what no grant has yet.
  consent?.checks.remove('consent_prompt');
  consent?.checks.add(
    new Check(
      'consent_prompt',
      'the client asks for a new answer of the person',
      'consent_required',
      ({ oidc }) => oidc.prompts.has('consent') && oidc.promptPending('consent'),
      ({ oidc }) => {
        const { scopes, claims, resources } = requestedBy(oidc);
        return { missingOIDCScope: scopes, missingOIDCClaims: claims, missingResourceScopes: resources };
      },
    ),
  );
};

/** Whether the system opens this address in one program only: by https (RFC 8252 §7.2). A device has no address. */
const isClaimed = (redirectUri: string | undefined): boolean =>
  redirectUri === undefined || redirectUri.startsWith('https:');

/** Asks which account to use (OIDC Core §3.1.2.1). A person who has just typed a name is not asked again. */
const selectAccountPrompt = () => {
  const prompt = new Prompt(
    { name: 'select_account', requestable: true },
    new Check('select_account', 'an account must be chosen', 'account_selection_required', ({ oidc }) => {
      const isAsked = oidc.prompts.has('select_account');
      return isAsked && choiceOfAccount(oidc.result) === undefined && oidc.result?.login === undefined;
    }),
  );
  // The library's own check would also ask after a sign-in.
  prompt.checks.remove('select_account_prompt');
  return prompt;
};

/** Asks for the second step on an existing session. */
const mfaPrompt = (factsOf: ReadFacts, clock: Clock) =>
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
