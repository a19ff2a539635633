/**
 * A17. A lock after wrong passwords is a weapon: anyone who knows a name can keep its owner out. So a browser in which
 * the owner has signed in before has a limit of its own. An account is blocked for an hour at most. Wrong passwords
 * never count as failed attempts of a second factor.
 *
 * Guards: `src/users/limits/password-limits.ts#admit` (a known browser has only its own limit, and windows begin by the
 * clock); `src/users/known-browser.ts#isKnownTo`; `interactions/cookies.ts#remember`, called only at the end of a
 * sign-in.
 * Takes more than a second: a thousand passwords are posted, three times.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { failedAttemptsKind } from '../../src/records.ts';
import { enterCode } from '../support/world/relying-party.ts';
import { Jar } from '../support/browser/jar.ts';
import type { TestPerson } from '../support/world/world.ts';
import { behindProxy, countHashes, tryPassword, nextHour, type Hashes } from './support/passwords.ts';
import { codeAt } from '../support/codes.ts';
import {
  expectSignedIn,
  noApproval,
  startThreatWorld,
  type ThreatWorld,
  type RecordingBrowser,
} from './support/threat-world.ts';
import { hashOf } from '../support/hash-of.ts';

const minute = 60_000;
const home = '192.0.2.77';
let world: ThreatWorld;
let hashes: Hashes;
let noor: TestPerson;
beforeEach(async () => {
  hashes = countHashes();
  world = await startThreatWorld({ env: behindProxy, wrap: hashes.wrap });
  ({ noor } = world.people);
  world.clock.set(nextHour(world.clock()) + 30 * minute);
});
afterEach(() => world.close());

/** Signs in by name, password and the code of the app. Returns 200, or the status of the refusal. */
const signIn = async (browser: RecordingBrowser, address = home, password = noor.password): Promise<number> => {
  const { uid } = await world.begin(browser);
  const answer = await tryPassword(browser, uid, { name: noor.name, password, address });
  if (answer.status !== 303) return answer.status;
  const page = await browser.visit(`/interaction/${uid}`);
  await enterCode(browser, page, codeAt(noor, world.clock()));
  return browser.codes.length > 0 ? 200 : 0;
};

/** The same browser on another day: its session has ended, its other cookies are there. */
const anotherDay = ({ jar }: RecordingBrowser): RecordingBrowser => {
  const browser = world.recordingBrowser();
  browser.jar = jar.copy(({ name }) => name.startsWith('sallyport-known'));
  return browser;
};

/** The browser that the owner signs in with every day. */
const knownBrowser = async (): Promise<RecordingBrowser> => {
  const browser = world.recordingBrowser();
  expect(await signIn(browser)).toBe(200);
  await expectSignedIn(world, browser, noor);
  return anotherDay(browser);
};

/** Posts a thousand wrong passwords, twenty at once. `between`: milliseconds after each twenty. Returns each status. */
const storm = async (addressOf: (at: number) => string, between: number): Promise<readonly number[]> => {
  const attacker = world.recordingBrowser();
  const seen: number[] = [];
  for (let round = 0; round < 50; round += 1) {
    const { uid } = await world.begin(attacker);
    const burst = Array.from({ length: 20 }, (_, each) =>
      tryPassword(attacker, uid, { name: noor.name, password: `guess ${each}`, address: addressOf(round * 20 + each) }),
    );
    seen.push(...(await Promise.all(burst)).map(({ status }) => status));
    world.clock.advance(between);
  }
  return seen;
};

const storms = [
  { from: '1 address, over 50 minutes', addressOf: () => '203.0.113.9', between: minute },
  { from: 'the address of the owner, over 50 minutes', addressOf: () => home, between: minute },
  { from: '50 addresses, in one moment', addressOf: (at: number) => `198.18.${at % 50}.1`, between: 0 },
];

describe.each(storms)('A17 1,000 wrong passwords from $from', ({ addressOf, between }) => {
  test('A17 wrong passwords block other browsers for an hour at most, not the known browser, and count no second factor', async () => {
    const known = await knownBrowser();
    world.clock.set(nextHour(world.clock()));
    hashes.compared = 0;

    const seen = await storm(addressOf, between);

    expect(seen).toHaveLength(1000);
    expect(new Set(seen)).toEqual(new Set([422, 429]));
    expect(hashes.compared).toBe(20);
    // no second factor was started or counted
    expect(await world.store.durable.collection(failedAttemptsKind).find({})).toMatchObject([{ count: 0 }]);
    expect(await world.auditedAbout('challenge.begun', noor)).toHaveLength(1);
    const refused = await world.audited('password.refused');
    expect(refused.filter(({ facts }) => facts['reason'] === 'wrong')).toHaveLength(20);
    const throttled = refused.filter(({ facts }) => facts['reason'] === 'throttled');
    expect(throttled.map(({ subject }) => subject)).toEqual([noor.user.id]);

    // an unknown browser is told how long to wait, at most an hour
    const stranger = world.recordingBrowser();
    const { uid } = await world.begin(stranger);
    const waits = await tryPassword(stranger, uid, { name: noor.name, password: noor.password, address: '192.0.2.1' });
    const seconds = Number(waits.headers['retry-after']);
    expect([waits.status, seconds > 0 && seconds <= 3600]).toEqual([429, true]);
    expect(await world.outcome(stranger, uid)).toEqual(noApproval);

    // the known browser signs in at the same moment, also from the attacker's address
    expect(await signIn(known, addressOf(1))).toBe(200);
    await expectSignedIn(world, known, noor);

    world.clock.advance(seconds * 1000 - 1);
    expect(await signIn(world.recordingBrowser(), '192.0.2.1')).toBe(429);
    world.clock.advance(1);
    expect(await signIn(world.recordingBrowser(), '192.0.2.1')).toBe(200);
  }, 60_000);
});

/** Uses up every attempt of unknown browsers in this hour. */
const exhausted = async (): Promise<void> => {
  world.clock.set(nextHour(world.clock()));
  const attacker = world.recordingBrowser();
  const { uid } = await world.begin(attacker);
  for (let at = 0; at < 21; at += 1) {
    await tryPassword(attacker, uid, { name: noor.name, password: 'wrong', address: `198.18.${at}.1` });
  }
};

describe('A17 the known browser', () => {
  test('A17 a known browser has its own limit of ten passwords in a quarter of an hour', async () => {
    const known = await knownBrowser();
    world.clock.set(nextHour(world.clock()));
    const { uid } = await world.begin(known);
    const seen = [];
    for (let at = 0; at < 11; at += 1) {
      seen.push((await tryPassword(known, uid, { name: noor.name, password: 'wrong', address: home })).status);
    }
    expect(seen).toEqual([...Array<number>(10).fill(422), 429]);
    expect(await signIn(known)).toBe(429);
    // an unknown browser is separate: the limit of the known one does not count there
    expect(await signIn(world.recordingBrowser())).toBe(200);
    world.clock.advance(15 * minute);
    expect(await signIn(known)).toBe(200);
  });

  test('A17 a device becomes known by a whole sign-in only', async () => {
    const browser = world.recordingBrowser();
    await world.beginAs(browser, noor);
    expect(browser.jar.seen.filter(({ name }) => name.startsWith('sallyport-known'))).toEqual([]);
    const half = world.recordingBrowser();
    half.jar = new Jar(world.clock, browser.jar.cookies);
    await exhausted();
    expect(await signIn(half)).toBe(429);
  });

  test('A17 the known browser of another person does not help', async () => {
    const known = await knownBrowser();
    const eve = world.recordingBrowser();
    const { linus } = world.people;
    await world.beginAs(eve, linus);
    await expectSignedIn(world, eve, linus);
    await exhausted();
    expect(await signIn(known)).toBe(200);
    expect(await signIn(anotherDay(eve))).toBe(429);
  });

  test.each([
    ['a changed cookie', 'sallyport-known'],
    ['a changed signature of its cookie', 'sallyport-known.sig'],
  ])('A17 a device with %s is unknown', async (_what, changed) => {
    const known = await knownBrowser();
    await exhausted();
    expect(await signIn(known)).toBe(200);
    const forged = world.recordingBrowser();
    const cookies = known.jar.cookies.filter(({ name }) => name.startsWith('sallyport-known'));
    forged.jar = new Jar(
      world.clock,
      cookies.map(cookie => {
        // Not the last character: some of its bits are padding, and a change of these changes nothing.
        const value = cookie.value.replace(/^./, first => (first === 'A' ? 'B' : 'A'));
        return cookie.name === changed ? { ...cookie, value } : cookie;
      }),
    );
    expect(await signIn(forged)).toBe(429);
  });

  test('A17 a known browser is unknown after a new password or a lock', async () => {
    const known = await knownBrowser();
    await exhausted();
    expect(await signIn(anotherDay(known))).toBe(200);
    world.clock.advance(minute);
    const changed = 'another-password';
    await world.services.users.setPassword(noor.user.id, await hashOf(world.services, changed), 'cli');
    expect(await signIn(anotherDay(known), home, changed)).toBe(429);

    world.clock.set(nextHour(world.clock()));
    const renewed = anotherDay(known);
    expect(await signIn(renewed, home, changed)).toBe(200);
    await exhausted();
    expect(await signIn(anotherDay(renewed), home, changed)).toBe(200);
    world.clock.advance(minute);
    await world.services.users.lock(noor.user.id, 'cli');
    await world.services.users.unlock(noor.user.id, 'cli');
    expect(await signIn(anotherDay(renewed), home, changed)).toBe(429);
  });
});
