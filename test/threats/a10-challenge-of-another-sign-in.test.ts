/**
 * A10. One person signs in twice at once, in two browsers. The attacker is the second and uses the answer to the first.
 * A challenge is bound to its interaction: its answer has no effect in the other sign-in, where it costs an attempt. Two
 * tabs of one browser may share a call or text, but only for the same person, method, client and level.
 * Guards: `src/mfa/challenge/challenges.ts#redeemFacts`, which compares the binding;
 * `src/mfa/challenge/sharing.ts#canBeShared`, which decides who may share; `src/mfa/sign-in-proofs.ts#ownProofs`,
 * which binds proofs to interaction and browser; the used step of a code in `src/mfa/factors/totp.ts#totp`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { canBeShared } from '../../src/mfa/challenge/sharing.ts';
import type { LoadedChallenge } from '../../src/mfa/challenge/loaded-challenge.ts';
import { uidOf } from '../support/browser/plain.ts';
import { checkAgain, enterCode, enterPassword, pickUp } from '../support/world/relying-party.ts';
import { codeAt } from '../support/codes.ts';
import {
  expectSignedIn,
  noApproval,
  startThreatWorld,
  type ThreatWorld,
  type RecordingBrowser,
} from './support/threat-world.ts';
import { createCallRecorder, postSignedKeys } from './support/call-recorder.ts';

const telephone = createCallRecorder();
let world: ThreatWorld;
let owner: RecordingBrowser;
let attacker: RecordingBrowser;
beforeAll(async () => {
  world = await startThreatWorld({ wrap: telephone.wrap });
});
afterAll(() => world.close());
beforeEach(() => {
  world.clock.advance(3_600_000);
  [owner, attacker] = [world.recordingBrowser(), world.recordingBrowser()];
});

test('A10 two sign-ins of one person each finish with their own code', async () => {
  const { noor } = world.people;
  const [first, second] = [await world.beginAs(owner, noor), await world.beginAs(attacker, noor)];
  await enterCode(owner, first.page, codeAt(noor, world.clock()));
  world.clock.advance(30_000);
  await enterCode(attacker, second.page, codeAt(noor, world.clock()));
  await expectSignedIn(world, owner, noor);
  await expectSignedIn(world, attacker, noor);
});

test('A10 a code used in one sign-in is wrong in the other and costs an attempt', async () => {
  const { noor } = world.people;
  const [first, second] = [await world.beginAs(owner, noor), await world.beginAs(attacker, noor)];
  const code = codeAt(noor, world.clock());
  await enterCode(owner, first.page, code);
  await expectSignedIn(world, owner, noor);

  const replayed = await enterCode(attacker, second.page, code);

  expect(replayed.status).toBe(422);
  expect(await world.challenge(second.uid)).toMatchObject({ phase: 'pending', attemptsLeft: 4 });
  expect(await world.failedAttempts(noor)).toBe(1);
  expect(await world.outcome(attacker, second.uid)).toEqual(noApproval);
  const about = await world.auditedAbout('factor.reused', noor);
  expect(about).toHaveLength(1);
  await world.clearFailedAttempts(noor);
});

test('A10 an accepted code can be redeemed only in its own sign-in', async () => {
  const { noor } = world.people;
  const [first, second] = [await world.beginAs(owner, noor), await world.beginAs(attacker, noor)];
  await world.services.challenges.answer(`sign-in:${first.uid}`, codeAt(noor, world.clock()));

  await attacker.visit(`/interaction/${second.uid}/factor`, { form: {} });

  expect(await world.challenge(first.uid)).toMatchObject({ phase: 'passed' });
  expect(await world.outcome(attacker, second.uid)).toEqual(noApproval);
  await owner.visit(`/interaction/${first.uid}/factor`, { form: {} });
  await expectSignedIn(world, owner, noor);
});

test('A10 # on the call of one sign-in can be redeemed only in that sign-in', async () => {
  const { ada } = world.people;
  const first = await world.beginAs(owner, ada);
  const second = await world.beginAs(attacker, ada);
  expect(await world.challenge(second.uid)).toMatchObject({ phase: 'ended', reason: 'elsewhere' });
  await pickUp(ada, '#');

  await attacker.visit(`/interaction/${second.uid}/factor`, { form: {} });
  await attacker.visit(`/interaction/${second.uid}`);

  expect(await world.challenge(first.uid)).toMatchObject({ phase: 'passed' });
  expect(await world.outcome(attacker, second.uid)).toEqual(noApproval);
  await checkAgain(owner, first.page);
  await expectSignedIn(world, owner, ada);
});

test('A10 an attacker who began with the same client in another browser shares no call, also while it is being placed', async () => {
  const { ada } = world.people;
  const [mine, theirs] = [await world.begin(owner), await world.begin(attacker)];
  const [first, second] = await Promise.all([
    enterPassword(owner, mine.page, ada),
    enterPassword(attacker, theirs.page, ada),
  ]);
  const phases = await Promise.all(
    [first, second].map(async page => (await world.challenge(uidOf(page)))?.reason ?? 'calling'),
  );
  expect(phases.toSorted()).toEqual(['calling', 'elsewhere']);
  expect(await world.auditedAbout('challenge.shared', ada)).toEqual([]);
  await pickUp(ada, '#');
});

test('A10 a passed challenge that another sign-in was handed is not redeemed there, as the store binds it elsewhere', async () => {
  const { ada } = world.people;
  const first = await world.beginAs(owner, ada);
  const second = await world.beginAs(attacker, ada);
  await pickUp(ada, '#');
  const passed = await world.services.challengeStore.loadCurrent(`sign-in:${first.uid}`);
  if (passed === undefined) throw new Error('no call');

  expect(await world.services.challenges.redeemFacts(`sign-in:${second.uid}`, 'authenticate', passed)).toBeUndefined();

  await checkAgain(owner, first.page);
  await expectSignedIn(world, owner, ada);
});

describe('A10 a running challenge is shared', () => {
  const sharing = { browser: 'a-browser', approves: '["login","contoso","mfa","mfa"]' };
  const person = { id: 'ada', name: 'ada' };
  const request = { reference: 'R', client: 'Contoso', language: 'en', origin: '', address: '', person, sharing };
  const record = { purpose: 'authenticate', userId: 'ada', factor: 'call', chosen: 'phone-1' };
  const view = { phase: 'pending', until: 60_000 };
  const challenge = (change: { record?: object; sharing?: object; view?: object; resend?: true } = {}) =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only the members that the rule reads
    ({
      record: { ...record, ...change.record },
      contents: { request: { ...request, sharing: { ...sharing, ...change.sharing } } },
      view: { ...view, ...change.view },
      factor: change.resend ? { resend: () => undefined } : {},
    }) as unknown as LoadedChallenge;

  test('A10 by a second tab with everything the same', () => {
    expect(canBeShared(challenge(), challenge(), 0)).toBe(true);
    expect(canBeShared(challenge({ view: { phase: 'passed' } }), challenge(), 0)).toBe(true);
    expect(canBeShared(challenge({ resend: true }), challenge(), 0)).toBe(true);
  });

  test.each([
    ['another browser', { sharing: { browser: 'another' } }],
    ['another client or level', { sharing: { approves: '["login","fabrikam","mfa","mfa"]' } }],
    ['another person', { record: { userId: 'noor' } }],
    ['another factor', { record: { factor: 'spoken' } }],
    ['another phone', { record: { chosen: 'phone-2' } }],
    ['the binding of a new phone', { record: { purpose: 'enroll' } }],
    ['no browser', { sharing: { browser: undefined } }],
  ])('A10 but not with %s', (_, change) => {
    expect(canBeShared(challenge(change), challenge(), 0)).toBe(false);
    expect(canBeShared(challenge(), challenge(change), 0)).toBe(false);
  });

  test.each([
    ['it has ended', { view: { phase: 'ended' } }],
    ['it was denied', { view: { phase: 'denied' } }],
    ['its proof was used', { view: { phase: 'redeemed' } }],
    ['its call has ended', { view: { callEnded: true } }],
    ['its text did not arrive', { view: { progress: 'undelivered' }, resend: true as const }],
    ['less than a minute is left to type its code', { view: { until: 59_999 }, resend: true as const }],
  ])('A10 but not where %s', (_, change) => {
    expect(canBeShared(challenge(change), challenge(), 0)).toBe(false);
  });
});

test('A10 callbacks of an earlier call do not answer the next challenge', async () => {
  const { ada } = world.people;
  const first = await world.beginAs(owner, ada);
  const firstCall = telephone.sent.at(-1);
  await pickUp(ada, '#');
  await checkAgain(owner, first.page);
  await expectSignedIn(world, owner, ada);

  const second = await world.beginAs(attacker, ada);
  const secondCall = telephone.sent.at(-1);
  if (firstCall === undefined || secondCall === undefined) throw new Error('nobody was called');
  expect(secondCall.token).not.toBe(firstCall.token);
  // Both are signed and name a real call: first for the other challenge, then for its own once more.
  const logged = world.logged.length;
  const statuses = [
    await postSignedKeys(world, { token: secondCall.token, reference: firstCall.reference }, '#'),
    await postSignedKeys(world, { token: firstCall.token, reference: secondCall.reference }, '#'),
    await postSignedKeys(world, firstCall, '#'),
  ];
  await attacker.visit(`/interaction/${second.uid}/factor`, { form: {} });

  expect(statuses).toEqual([403, 403, 200]);
  expect(await world.challenge(second.uid)).toMatchObject({ factor: 'call', phase: 'pending' });
  expect(await world.outcome(attacker, second.uid)).toEqual(noApproval);
  const refused = world.logged.slice(logged).filter(({ event }) => event === 'callback.refused');
  const reasons = refused.map(({ fields }) => ('reason' in fields ? fields.reason : undefined));
  expect(new Set(reasons)).toEqual(new Set(['unknown', 'replayed']));
});
