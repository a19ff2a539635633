/** Tests how the events of the audit become sign-ins that a person recognizes. */
import { describe, expect, test } from '@jest/globals';
import { createAuditTrail } from '../src/audit.ts';
import { auditEventKind, type AuditRecord } from '../src/records.ts';
import { attemptsIn, readSignIns } from '../src/sign-in-history.ts';
import { createClock } from './support/world/clock.ts';
import { openMemoryDurable } from '../adapters/memory.ts';

type Event = readonly [event: string, facts?: AuditRecord['facts'], outcome?: AuditRecord['outcome']];

let id = 0;
const record = (
  reference: string | undefined,
  at: number,
  [event, facts = {}, outcome = 'info']: Event,
): AuditRecord => ({
  id: String((id += 1)).padStart(8, '0'),
  rev: 1,
  at,
  event,
  actor: 'browser',
  subject: 'ada',
  outcome,
  ...(reference !== undefined && { reference }),
  facts,
});
/** The attempts of events of one reference, given oldest first. */
const attempts = (...events: readonly Event[]) =>
  attemptsIn(events.map((event, at) => record('AAAA0001', at, event)).toReversed());

const right: Event = ['password.accepted', { client: 'contoso', address: '192.0.2.7', browser: 'Firefox on Linux' }];
const wrong: Event = ['password.refused', { reason: 'wrong', client: 'contoso' }, 'failure'];
const passkey: Event = ['passkey.accepted', { factor: 'passkey', client: 'contoso' }, 'success'];
const calling: Event = ['challenge.sent', { factor: 'call', client: 'Contoso Office' }];
const pressed: Event = ['challenge.passed', { factor: 'call', client: 'Contoso Office' }, 'success'];
const finished: Event = ['sign-in.finished', { reason: 'interaction', client: 'contoso' }, 'success'];

describe('an attempt', () => {
  test.each<[string, readonly Event[], object]>([
    [
      'that let the person in tells client, place, browser and second step',
      [right, calling, pressed, finished],
      {
        end: 'signed-in',
        client: 'contoso',
        address: '192.0.2.7',
        browser: 'Firefox on Linux',
        step: { factor: 'call', end: 'passed' },
        wrongPasswords: 0,
        wrongCodes: 0,
      },
    ],
    ['with the password alone has no step', [right, finished], { end: 'signed-in' }],
    [
      'by a call that another tab began has its step',
      [right, ['challenge.shared', { factor: 'call', client: 'Contoso Office' }], finished],
      { end: 'signed-in', step: { factor: 'call', end: 'passed' } },
    ],
    [
      'that was left open during the call of another tab has an open step',
      [right, ['challenge.shared', { factor: 'call', client: 'Contoso Office' }]],
      { end: 'stopped', step: { factor: 'call' } },
    ],
    [
      'in a remembered browser says so',
      [right, ['remembered-browser.used', {}, 'success'], finished],
      { end: 'signed-in', remembered: 'used' },
    ],
    [
      'after which the browser is remembered says so beside its step',
      [right, calling, pressed, ['remembered-browser.added', {}, 'success'], finished],
      { end: 'signed-in', remembered: 'added', step: { factor: 'call', end: 'passed' } },
    ],
    [
      'with a copied browser says so, also where the browser is remembered anew',
      [
        right,
        ['remembered-browser.copied', {}, 'refused'],
        calling,
        pressed,
        ['remembered-browser.added', {}, 'success'],
        finished,
      ],
      { end: 'signed-in', remembered: 'copied' },
    ],
    [
      'by a passkey alone is a sign-in, with the passkey as its step',
      [passkey, finished],
      { end: 'signed-in', step: { factor: 'passkey', end: 'passed' }, wrongPasswords: 0, client: 'contoso' },
    ],
    [
      'by a passkey after a wrong password is a sign-in',
      [wrong, passkey, finished],
      { end: 'signed-in', wrongPasswords: 1 },
    ],
    ['that a passkey began was left unfinished', [wrong, passkey], { end: 'unfinished' }],
    [
      'with wrong answers before counts them',
      [wrong, wrong, right, ['challenge.answered', {}, 'failure'], finished],
      {
        end: 'signed-in',
        wrongPasswords: 2,
        wrongCodes: 1,
      },
    ],
    ['with wrong passwords alone', [wrong, wrong], { end: 'wrong-password', wrongPasswords: 2 }],
    [
      'that was denied stays denied, whatever follows',
      [right, calling, ['challenge.denied', { factor: 'call' }], finished],
      {
        end: 'denied',
        step: { factor: 'call', end: 'denied' },
      },
    ],
    [
      'whose call nobody answered was stopped',
      [right, calling, ['challenge.ended', { factor: 'call', reason: 'no-answer' }]],
      {
        end: 'stopped',
        step: { factor: 'call', end: 'no-answer' },
      },
    ],
    ['that was left open was stopped', [right, calling], { end: 'stopped', step: { factor: 'call' } }],
    ['that was cancelled', [right, ['sign-in.cancelled']], { end: 'cancelled' }],
    ['that the client was not given', [right, ['sign-in.refused']], { end: 'refused' }],
    ['without a password confirmed a session', [calling, pressed, finished], { end: 'confirmed' }],
    [
      'that a client made without a browser is no sign-in, also where it was reported',
      [calling, ['approval.asked', { factor: 'push', client: 'bank' }], ['challenge.denied', { factor: 'push' }]],
      { end: 'approval', client: 'bank', step: { factor: 'push', end: 'denied' } },
    ],
    [
      'names the client as the challenge did where no other event names one',
      [calling, pressed],
      { client: 'Contoso Office' },
    ],
    [
      'tells of the last second step',
      [
        right,
        calling,
        ['challenge.ended', { factor: 'call', reason: 'busy' }],
        ['challenge.begun', { factor: 'totp' }],
      ],
      {
        step: { factor: 'totp' },
      },
    ],
  ])('%s', (_title, events, expected) => {
    expect(attempts(...events)).toMatchObject([{ reference: 'AAAA0001', at: 0, ...expected }]);
  });

  test.each<[string, readonly Event[]]>([
    ['a client that got a code without the person', [['sign-in.finished', { reason: 'session' }]]],
    ['a change of a method', [['authenticator.made-default']]],
    ['a consent alone', [finished]],
  ])('is not %s', (_title, events) => {
    expect(attempts(...events)).toEqual([]);
  });

  test('is none without a reference', () => {
    expect(attemptsIn([record(undefined, 1, right)])).toEqual([]);
  });
});

test('attempts are sorted newest first, and wrong passwords in a row from one place are one', () => {
  const rows: readonly (readonly [reference: string, event: Event])[] = [
    ['1', right],
    ['2', wrong],
    ['3', wrong],
    ['4', ['password.refused', { address: '203.0.113.9' }]],
    ['5', wrong],
    ['5', right],
  ];
  const found = attemptsIn(rows.map(([reference, event], at) => record(reference, at, event)).toReversed());
  expect(found.map(({ reference, at, times = 1 }) => [reference, at, times])).toEqual([
    ['5', 4, 1],
    ['4', 3, 1],
    ['3', 2, 2],
    ['1', 0, 1],
  ]);
});

test('reads as many attempts as wanted, each whole, and no other person', async () => {
  const events = openMemoryDurable({ clock: createClock() }).collection(auditEventKind);
  for (let at = 0; at < 120; at += 1) {
    const reference = `R${Math.floor(at / 3)}`;
    const [event = right] = [[wrong, right, finished][at % 3]];
    await events.insert({ ...record(reference, at, event), id: String(at).padStart(4, '0') });
  }
  await events.insert({ ...record('other', 999, right), subject: 'bob', id: '9999' });
  const found = await readSignIns(createAuditTrail({ events }), 'ada');
  expect(found).toHaveLength(30);
  expect(new Set(found.map(({ wrongPasswords, end }) => `${wrongPasswords} ${end}`))).toEqual(new Set(['1 signed-in']));
  expect(found[0]?.reference).toBe('R39');
});
