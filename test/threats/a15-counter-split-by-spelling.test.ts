/**
 * A15. A counter under the typed name means one counter for each spelling: `alice`, `ALICE`, both normal forms of
 * `André` (Authelia GHSA-hjj4-hfjm-fmrj), the name and the address. Counters belong to the account, and to the number
 * that is dialled.
 * Guards: `src/users/names/usernames.ts#canonicalName`, which finds the account; `src/users/limits/password-limits.ts#accountOf`;
 * `src/mfa/limits/failed-attempts.ts#recordId`, which takes the id of the account;
 * `src/mfa/phone-number.ts#phoneNumber`.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { generateSecret } from 'otplib';
import { enterCode, enterPassword } from '../support/world/relying-party.ts';
import type { TestPerson } from '../support/world/world.ts';
import { codeAt } from '../support/codes.ts';
import { behindProxy, nextHour, tryPassword } from './support/passwords.ts';
import { expectSignedIn, noApproval, startThreatWorld, wrongCodes, type ThreatWorld } from './support/threat-world.ts';
import { hashOf } from '../support/hash-of.ts';

let world: ThreatWorld;
let andre: TestPerson;
beforeAll(async () => {
  world = await startThreatWorld({ env: behindProxy });
  const { services, people } = world;
  const passwordHash = await hashOf(services, people.noor.password);
  const added = await services.users.add({ name: 'andré@example.com', displayName: 'André', passwordHash }, 'system');
  if (!added.ok) throw new Error(`André cannot be added: ${added.reason}`);
  const totpSecret = generateSecret({ length: 20 });
  await services.authenticators.bind(added.user.id, {
    type: 'totp',
    label: 'App',
    data: { secret: totpSecret, lastStep: -1 },
  });
  andre = { ...people.noor, user: added.user, name: 'andré@example.com', totpSecret };
});
afterAll(() => world.close());

const spellings: readonly (readonly [string, string])[] = [
  ['as it is kept', 'andré@example.com'],
  ['upper case', 'ANDRÉ@EXAMPLE.COM'],
  ['mixed case', 'André@Example.com'],
  ['decomposed (NFD)', 'andre\u0301@example.com'],
  ['decomposed upper case', 'ANDRE\u0301@EXAMPLE.COM'],
  ['full width', 'ａｎｄｒé＠ｅｘａｍｐｌｅ．ｃｏｍ'],
  ['spaces around', '  andré@example.com '],
  ['a no-break space after', 'andré@example.com\u00A0'],
];

test('A15 every spelling signs in to the same account', async () => {
  for (const [, name] of spellings) {
    world.clock.advance(60_000);
    const browser = world.recordingBrowser();
    const { page } = await world.beginAs(browser, { ...andre, name });
    await enterCode(browser, page, codeAt(andre, world.clock()));
    await expectSignedIn(world, browser, andre);
  }
});

test('A15 wrong codes under every spelling are counted together and delay the next one', async () => {
  const counts = [];
  for (const [, name] of spellings) {
    world.clock.advance(3_600_000);
    const browser = world.recordingBrowser();
    const { page, uid } = await world.beginAs(browser, { ...andre, name });
    const [wrong = ''] = wrongCodes(andre, world.clock(), 1);
    await enterCode(browser, page, wrong);
    counts.push(await world.failedAttempts(andre));
    expect(await world.outcome(browser, uid)).toEqual(noApproval);
  }
  expect(counts).toEqual(spellings.map((_, at) => at + 1));

  const browser = world.recordingBrowser();
  const { page } = await world.beginAs(browser, { ...andre, name: 'ANDRÉ@example.com' });
  const early = await enterCode(browser, page, codeAt(andre, world.clock()));
  expect(early.status).toBe(429);
  expect(browser.codes).toEqual([]);

  const failed = await world.auditedAbout('challenge.answered', andre);
  expect(failed.filter(({ outcome }) => outcome === 'failure').map(({ facts }) => facts['count'])).toEqual(counts);
  expect(failed.at(-1)).toMatchObject({ outcome: 'refused', facts: { reason: 'wait' } });
});

test('A15 wrong passwords by name and by address share one limit', async () => {
  world.clock.set(nextHour(world.clock()));
  const { grace } = world.people;
  const honest = world.recordingBrowser();
  expect((await world.beginAs(honest, { ...grace, name: 'grace@example.com' })).page.status).toBe(200);

  const attacker = world.recordingBrowser();
  const begun = await world.begin(attacker);
  const statuses = [];
  for (let at = 0; at < 22; at += 1) {
    const guess = { name: at % 2 === 0 ? 'grace' : 'grace@example.com', password: 'wrong', address: `198.18.${at}.1` };
    statuses.push((await tryPassword(attacker, begun.uid, guess)).status);
  }
  expect(statuses).toEqual([...Array.from({ length: 20 }, () => 422), 429, 429]);
  expect(await world.outcome(attacker, begun.uid)).toEqual(noApproval);
  const refused = await world.auditedAbout('password.refused', grace);
  expect(refused.filter(({ outcome }) => outcome === 'failure')).toHaveLength(20);
  expect(refused.at(-1)?.facts).toMatchObject({ reason: 'throttled' });
});

test.each([
  ['the same name at another domain', 'noor@example.org'],
  ['a Cyrillic letter', 'n\u043Eor'],
  ['a zero-width space', 'no\u200Bor'],
])('A15 %s is an unknown name and changes no counter', async (_desc, name) => {
  const { noor } = world.people;
  const honest = world.recordingBrowser();
  expect((await world.beginAs(honest, noor)).page.status).toBe(200);
  const before = await world.auditedAbout('password.refused', noor);

  const browser = world.recordingBrowser();
  const { page, uid } = await world.begin(browser);
  const refused = await enterPassword(browser, page, { name, password: noor.password });

  expect(refused.status).toBe(422);
  expect(await world.challenge(uid)).toBeUndefined();
  expect(await world.failedAttempts(noor)).toBe(0);
  expect(await world.auditedAbout('password.refused', noor)).toEqual(before);
});

test('A15 wrong codes after a sign-in by address and by name are counted together', async () => {
  const { noor } = world.people;
  const counts = [];
  for (const name of ['noor', 'noor@example.com', 'NOOR@Example.com']) {
    world.clock.advance(3_600_000);
    const browser = world.recordingBrowser();
    const { page } = await world.beginAs(browser, { ...noor, name });
    const [wrong = ''] = wrongCodes(noor, world.clock(), 1);
    await enterCode(browser, page, wrong);
    counts.push(await world.failedAttempts(noor));
  }
  expect(counts).toEqual([1, 2, 3]);
});

test('A15 all spellings of a number share one send limit', async () => {
  const { linus } = world.people;
  const { challenges, enrollments } = world.services;
  const formats = ['+12025550177', '+1 202 555 0177', '+1 (202) 555-0177', '+1.202.555.0177', '\uFF0B1 202-555-0177'];
  const moment = {
    reference: '7K3MQ2XA',
    client: 'Contoso Office',
    language: 'en',
    origin: world.issuer.origin,
    address: '127.0.0.1',
    person: { id: linus.user.id, name: linus.name },
  };
  const reasons = [];
  for (const [at, input] of [...formats, '+12025550177'].entries()) {
    const boundTo = `enrolment:${at}`;
    const { view } = await enrollments.begin({ userId: linus.user.id, factor: 'call', input }, boundTo, moment);
    reasons.push(view.reason);
    await challenges.cancel(boundTo);
  }
  // The carrier refuses the unknown phone, which uses one unit of the limit, as a call does. The sixth is not sent.
  expect(reasons.slice(0, 5)).not.toContain('send-limit');
  expect(reasons[5]).toBe('send-limit');
});
