/** Settings of sign-ins: which factors there are, what is required, and who is led to set up more. */
import { factorTypes } from '../../factor-types.ts';
import { policyFile, scopesFile } from '../checks/files.ts';
import { names, oneOf, someOf } from '../checks/values.ts';
import { duration, optional, withDefault } from '../setting.ts';

export const signIns = {
  factors: withDefault({
    name: 'SALLYPORT_FACTORS',
    check: someOf(...factorTypes),
    expected: `one or more of ${factorTypes.join(', ')}, separated by commas`,
    example: 'passkey,call,sms,totp',
    doc: 'Second factors that people may use: `passkey`, a passkey of a phone, computer or security key; `push`, a request that is approved in the authenticator on a phone; `call`, a call answered with #; `sms`, a texted code; `spoken`, a code read out in a call; `totp`, a code from an authenticator app; `recovery-code`, a code that the person saved for the day the phone is lost; `temporary-access-pass`, a pass that the help desk makes for a person who has no method at hand; `email`, a mailed code, off by default: a mailbox often needs no more than a password itself. Without `passkey` no sign-in is phishing-resistant: NIST SP 800-63B-4 wants that to be offered at AAL2.',
    fallback: 'passkey,push,call,sms,spoken,totp,recovery-code,temporary-access-pass',
  }),
  minAcr: withDefault({
    name: 'SALLYPORT_MIN_ACR',
    check: oneOf('sfa', 'mfa', 'aal2', 'phr'),
    expected: 'sfa, mfa, aal2 or phr',
    example: 'mfa',
    doc: 'Lowest level that every sign-in must reach, whatever its client asks for: `sfa`, a password; `mfa`, any second step; `aal2`, one that NIST SP 800-63B accepts; `phr`, a passkey. People who have no method that reaches it set one up when they sign in.',
    fallback: 'sfa',
  }),
  policy: optional({
    name: 'SALLYPORT_POLICY',
    check: policyFile(),
    expected: 'a policy in YAML, as docs/policy.md describes it',
    example: '"$(cat policy.yaml)"',
    doc: 'Rules that say what sign-ins must prove, by client, group, network and time: [policy](policy.md). Mostly `SALLYPORT_POLICY_FILE` names the file. A change needs a restart. Unset: no rules.',
    isLong: true,
  }),
  scopes: optional({
    name: 'SALLYPORT_SCOPES',
    check: scopesFile(),
    expected: 'scopes in YAML, as docs/scopes.md describes them',
    example: '"$(cat scopes.yaml)"',
    doc: 'Further scopes with the claims that they open, and words for scopes and claims on the pages of people: [scopes](scopes.md). Mostly `SALLYPORT_SCOPES_FILE` names the file. A change needs a restart. Unset: the scopes of OpenID Connect and `groups`.',
    isLong: true,
  }),
  requiredMethods: withDefault({
    name: 'SALLYPORT_REQUIRED_METHODS',
    check: oneOf('0', '1', '2'),
    expected: '0, 1 or 2',
    example: '2',
    doc: 'Independent second steps that each person is to have. Those who have fewer are led to set up what is missing when they sign in; they may put it off while `SALLYPORT_ENROLL_GRACE` lasts. Methods that are lost together with one phone count once. 0: nobody is led, unless a sign-in requires a level that the person cannot reach.',
    fallback: '0',
  }),
  enrollGrace: duration(
    'SALLYPORT_ENROLL_GRACE',
    '14d',
    '0s',
    '365d',
    'How long a person may put off what `SALLYPORT_REQUIRED_METHODS` demands, from the first time they are asked. 0s: not at all.',
  ),
  invitations: withDefault({
    name: 'SALLYPORT_INVITATIONS',
    check: oneOf('on', 'off'),
    expected: 'on or off',
    example: 'off',
    doc: 'Whether people with one method are invited at the end of a sign-in to add a backup, and people without recovery codes to make some: at most once in 14 days, and not again after three refusals. Nobody is invited to what `SALLYPORT_REQUIRED_METHODS` demands anyway.',
    fallback: 'on',
  }),
  breakGlass: optional({
    name: 'SALLYPORT_BREAK_GLASS',
    check: names(),
    expected: 'one to ten names of accounts, separated by commas',
    example: 'emergency-1,emergency-2',
    doc: 'Accounts for an emergency. They are exempt from `SALLYPORT_REQUIRED_METHODS`, `SALLYPORT_MIN_ACR`, the [policy](policy.md), stopped changes and paused calls, never from their password, their own second step and the limits of wrong answers. Each sign-in with one is told to administrators and is a line of the log at level error. `config check` warns where one does not exist.',
  }),
};
