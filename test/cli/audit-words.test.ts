/** Tests the sentences of `audit show`: one attempt as a help desk reads it. */
import { expect, test } from '@jest/globals';
import { inPlainWords } from '../../cli/audit-words.ts';
import type { AuditRecord } from '../../src/records.ts';

const at = Date.UTC(2026, 10, 2, 9);
const record = (event: string, facts: AuditRecord['facts'] = {}): AuditRecord => ({
  id: '1',
  rev: 1,
  at,
  event,
  actor: 'browser',
  outcome: 'failure',
  facts,
});

test.each([
  ['password.accepted', {}, 'The password was right.'],
  ['passkey.refused', { reason: 'locked' }, 'The passkey was refused (locked).'],
  ['challenge.ended', { factor: 'call', reason: 'busy' }, 'The step by a call ended without an answer (busy).'],
  ['challenge.passed', { factor: 'recovery-code' }, 'The person proved themselves by a recovery code.'],
  ['factor.copied', {}, 'The passkey may have been copied: it answered as if it existed twice.'],
  ['user.min-acr-set', { acr: 'phr' }, 'From then on each sign-in needed a passkey.'],
  ['user.min-acr-set', { acr: 'sfa' }, 'From then on any method was enough again.'],
  ['remembered-browser.used', {}, 'The browser was remembered, so the password was enough.'],
  ['sign-in.finished', { client: 'contoso' }, 'The person was signed in to contoso.'],
  ['notice.sent', { audience: 'person', notice: 'not-me', via: 'mail' }, 'The person was told: not-me, by mail.'],
  [
    'notice.sent',
    { notice: 'password-changed', via: 'none' },
    'The person could not be told: password-changed (no confirmed address, no number for texts).',
  ],
  ['user.password-set', {}, 'A new password was set.'],
])('%s is a sentence', (event, facts, sentence) => {
  expect(inPlainWords(record(event, facts))).toBe(`2026-11-02 09:00:00  ${sentence}`);
});

test('an event without words is shown by its name, also one that is a member of each object', () => {
  expect(inPlainWords(record('grant.revoked'))).toBe('2026-11-02 09:00:00  grant.revoked: failure.');
  expect(inPlainWords(record('constructor'))).toBe('2026-11-02 09:00:00  constructor: failure.');
});

test('no fact can move the cursor or add a line', () => {
  const shown = inPlainWords(record('sign-in.finished', { client: 'con\u001b[2Jtoso\r\nTIME \u202e' }));
  expect(shown).toBe('2026-11-02 09:00:00  The person was signed in to con[2JtosoTIME .');
});
