/** Words the recorded events of one sign-in as sentences for a help desk. */
import type { AuditEventName } from '../src/audit-events.ts';
import { plain } from '../src/masking.ts';
import type { AuditRecord } from '../src/records.ts';

type Facts = AuditRecord['facts'];

const steps: Readonly<Record<string, string>> = {
  call: 'a call',
  sms: 'a texted code',
  spoken: 'a code read out in a call',
  totp: 'a code from an app',
  email: 'a mailed code',
  passkey: 'a passkey',
  push: 'the authenticator on a phone',
  'recovery-code': 'a recovery code',
  'temporary-access-pass': 'a temporary access pass',
};

const step = ({ factor }: Facts): string => steps[String(factor)] ?? `the second step ${String(factor)}`;
const because = ({ reason }: Facts): string => (reason === undefined ? '' : ` (${String(reason)})`);
const at = ({ client }: Facts): string => (client === undefined ? '' : ` to ${String(client)}`);

/** An event without a row here is shown by its name. */
const sentences: Readonly<Partial<Record<AuditEventName, (facts: Facts) => string>>> = {
  'password.accepted': () => 'The password was right.',
  'password.refused': facts => `The password was refused${because(facts)}.`,
  'passkey.accepted': () => 'The passkey was right, and proved both steps.',
  'passkey.refused': facts => `The passkey was refused${because(facts)}.`,
  'challenge.begun': facts => `We asked for ${step(facts)}.`,
  'challenge.sent': facts => `We asked for ${step(facts)}: the carrier took the message.`,
  'challenge.resent': () => 'The same code was sent again.',
  'challenge.shared': () => 'A second tab shares the step that is under way.',
  'challenge.undelivered': facts => `The message did not arrive${because(facts)}.`,
  'challenge.refused': facts => `We did not start ${step(facts)}${because(facts)}.`,
  'challenge.answered': facts => `The answer was not accepted${because(facts)}.`,
  'challenge.passed': facts => `The person proved themselves by ${step(facts)}.`,
  'challenge.denied': facts => `The person said that this was not them${because(facts)}.`,
  'challenge.ended': facts => `The step by ${step(facts)} ended without an answer${because(facts)}.`,
  'value.unreadable': facts => `What is stored of a method cannot be read, so it does not count${because(facts)}.`,
  'factor.disabled': facts => `Too many wrong answers: ${step(facts)} is turned off until "users unlock".`,
  'factor.reused': () => 'The code was right, but had been used before. Somebody else may know it.',
  'factor.copied': () => 'The passkey may have been copied: it answered as if it existed twice.',
  'account.paused': () => 'Calls and pushes to this person are paused.',
  'authenticator.bound': facts => `A method was added, proven by ${step(facts)}.`,
  'authenticator.removed': () => 'A method was removed.',
  'authenticator.left': () =>
    'The person removed the account from their authenticator. That phone must be paired again.',
  'user.min-acr-set': ({ acr }) =>
    acr === 'sfa' ? 'From then on any method was enough again.' : 'From then on each sign-in needed a passkey.',
  'remembered-browser.added': () => 'The person asked us to remember this browser.',
  'remembered-browser.used': () => 'The browser was remembered, so the password was enough.',
  'remembered-browser.copied': () =>
    'The cookie of a remembered browser was used a second time, so we forgot that browser.',
  'remembered-browser.removed': () => 'Remembered browsers were forgotten.',
  'recovery-codes.made': () => 'New recovery codes were made.',
  'session.ended': facts => `Sessions were ended${because(facts)}.`,
  'sign-in.finished': facts => `The person was signed in${at(facts)}.`,
  'sign-in.cancelled': facts => `The person left the sign-in${at(facts)}.`,
  'sign-in.refused': facts => `The sign-in${at(facts)} was refused${because(facts)}.`,
  'token.issued': facts => `The client got tokens${at(facts)}.`,
  'token.refused': facts => `The client was refused tokens${because(facts)}.`,
  'pairing.claimed': () => 'A phone used the code of a pairing.',
  'push.tested': () => 'The person sent a test notification to their phone.',
  'device.confirmed': () => 'The person let a device connect.',
  'device.denied': () => 'The person refused to connect a device.',
  'approval.asked': facts => `We asked the person in the authenticator, outside a sign-in${at(facts)}.`,
  'approval.refused': facts => `The person was not asked in the authenticator${because(facts)}.`,
  'approval.granted': facts => `The person approved in the authenticator, which gave a token${at(facts)}.`,
  'approval.declined': () => 'The person declined in the authenticator.',
  'caller.verified': () => 'A help desk verified a caller: it was this person.',
  'caller.refused': facts => `A help desk did not verify a caller${because(facts)}.`,
  'user.password-set': () => 'A new password was set.',
  'notice.sent': ({ audience = 'person', notice, via }) =>
    via === 'none'
      ? `The ${String(audience)} could not be told: ${String(notice)} (no confirmed address, no number for texts).`
      : `The ${String(audience)} was told: ${String(notice)}${via === undefined ? '' : `, by ${String(via)}`}.`,
};

const named = (event: string): event is AuditEventName => Object.hasOwn(sentences, event);

/** `2026-11-02 09:00:00  The line was busy.` Nothing in it can move the cursor. */
export const inPlainWords = ({ at: when, event, facts, outcome }: AuditRecord): string => {
  const words = named(event) ? sentences[event]?.(facts) : undefined;
  return plain(`${new Date(when).toISOString().slice(0, 19).replace('T', ' ')}  ${words ?? `${event}: ${outcome}.`}`);
};
