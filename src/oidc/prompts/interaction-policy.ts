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
 * The other checks of login and consent are oidc-provider's own. Each prompt with more than one check has a file
 * (`login-prompt.ts`, `mfa-prompt.ts`, `consent-prompt.ts`); `guard-prompt.ts` refuses. They read a request once
 * (`request-facts.ts`), and `policy-facts.ts` says what the operator's policy may know of client and person.
 */
import { interactionPolicy } from 'oidc-provider';
import type { Ephemeral } from '../../ports/stores.ts';
import type { DetailsToAskDeps } from '../consent/rich-requests.ts';
import { choiceOfAccount } from '../request.ts';
import { changeConsent } from './consent-prompt.ts';
import { guardPrompt, type SubjectOf } from './guard-prompt.ts';
import { changeLogin, type LoginDeps } from './login-prompt.ts';
import { mfaPrompt } from './mfa-prompt.ts';
import { createFactsReader } from './request-facts.ts';
import { isTaskOpen } from './task.ts';

/** Dependencies of all prompts. */
export interface InteractionPolicyDeps extends LoginDeps, DetailsToAskDeps {
  readonly ephemeral: Ephemeral;
  readonly subjectOf: SubjectOf;
}

const { Check, Prompt } = interactionPolicy;

/** For `interactions.policy` of oidc-provider. The details of `login` and `mfa` have a member `required`. */
export const createInteractionPolicy = (deps: InteractionPolicyDeps): interactionPolicy.DefaultPolicy => {
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

/** Leads a person with a fresh sign-in to the task that they chose on the security page. */
const managePrompt = () =>
  new Prompt(
    { name: 'manage' },
    new Check('task', 'a task needs the person', 'interaction_required', ({ oidc }) => isTaskOpen(oidc)),
  );

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
