/**
 * A70. Where answers are equal, their time may still tell whether a name has an account. An unknown name could be
 * refused without a hash, or one read of the store earlier. Times are compared in `bench/`. Here the work is counted:
 * hashes, each call of a store in its order, and messages.
 * An account whose hash came from another system would answer faster or slower than the rest.
 * Guards: the decoys in `src/users/passwords/password.ts#Passwords`, which cost what `src/users/passwords/hash-works.ts#HashWorks` says; each name
 * is looked up and counted once, with or without an account.
 */
import { setImmediate } from 'node:timers/promises';
import { withChannels } from '../support/carrier/wrap.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Resources } from '../../server/services.ts';
import { ownWork } from '../../src/users/passwords/password-hash.ts';
import { countOperations } from '../support/counts/operations.ts';
import { behindProxy, countHashes, tryPassword, nextHour } from './support/passwords.ts';
import { startThreatWorld, type ThreatWorld } from './support/threat-world.ts';
import { hashOf } from '../support/hash-of.ts';

const password = 'correct-horse-battery';
const operations = countOperations();
const hashes = countHashes();
let sent = 0;
const countSends = (resources: Resources): Resources =>
  withChannels(resources, channel => ({
    ...channel,
    async send(message, signal) {
      sent += 1;
      return channel.send(message, signal);
    },
  }));
const counted = (resources: Resources): Resources => countSends(hashes.wrap(operations.wrap(resources)));
let world: ThreatWorld;
beforeAll(async () => {
  world = await startThreatWorld({ env: behindProxy, wrap: counted });
  const { users } = world.services;
  const passwordHash = await hashOf(world.services, password);
  await users.add({ name: 'empty', displayName: 'No password' }, 'system');
  const added = await users.add({ name: 'latch', displayName: 'Locked', passwordHash }, 'system');
  if (added.ok) await users.lock(added.user.id, 'system');
});
afterAll(() => world.close());
/**
 * Moves the clock to the next full hour. Every ten seconds one attempt, for whatever name, reads which hashes are stored: this
 * one, which is not counted.
 */
const moveOn = async (): Promise<void> => {
  world.clock.set(nextHour(world.clock()));
  const browser = world.recordingBrowser();
  const { uid } = await world.begin(browser);
  await tryPassword(browser, uid, { name: 'first', password: 'wrong', address: '198.51.100.1' });
};
beforeEach(moveOn);

interface Work {
  readonly status: number;
  readonly hashes: number;
  readonly hashWork: Readonly<Record<string, number>>;
  readonly operations: readonly string[];
  readonly sent: number;
}

/** The work of each of so many attempts. */
const workOf = async (
  name: string,
  typed: string,
  times: number,
  addressOf = (at: number): string => `198.18.${at}.1`,
): Promise<readonly Work[]> => {
  const browser = world.recordingBrowser();
  const { uid } = await world.begin(browser);
  const done: Work[] = [];
  for (let at = 0; at < times; at += 1) {
    operations.done.length = 0;
    [hashes.compared, hashes.work, sent] = [0, {}, 0];
    const { status } = await tryPassword(browser, uid, { name, password: typed, address: addressOf(at) });
    done.push({ status, hashes: hashes.compared, hashWork: hashes.work, operations: [...operations.done], sent });
  }
  return done;
};

const refusals = [
  { who: 'a wrong password', name: 'grace', typed: 'wrong' },
  { who: 'a wrong password of an account without a second step', name: 'linus', typed: 'wrong' },
  { who: 'a wrong password by the address of an account', name: 'grace@example.com', typed: 'wrong' },
  { who: 'a wrong password by an unknown address', name: 'ghost@example.com', typed: 'wrong' },
  { who: 'a wrong password of a locked account', name: 'latch', typed: 'wrong' },
  { who: 'the right password of a locked account', name: 'latch', typed: password },
  { who: 'an account without a password', name: 'empty', typed: password },
];

/** A record that is changed waits for the disk as a new one does. */
const written = (work: readonly Work[]): readonly Work[] =>
  work.map(each => ({
    ...each,
    operations: each.operations.map(operation => operation.replace(/^(?:insert|replace) audit/, 'write audit')),
  }));

const pbkdf2 = (rounds: number): string => `$pbkdf2-sha256$i=${rounds},l=32$c2FsdHNhbHQ$${'A'.repeat(43)}`;

describe('A70 the work of an answer', () => {
  test('A70 a right password does more work and starts a call', async () => {
    const [work] = await workOf('grace', world.people.grace.password, 1);
    expect(work).toMatchObject({ status: 303, hashes: 1, sent: 1 });
    // A call that is still open would end, and be audited, while the work of another answer is counted.
    const { phone } = world.people.grace;
    await phone.ringing();
    await phone.decline();
    while ((await world.audited('challenge.ended')).length === 0) await setImmediate();
  });

  test.each(refusals)(
    'A70 a refusal for $who costs the same work as for an unknown name, to the last attempt and after it',
    async ({ name, typed }) => {
      const unknown = await workOf('ghost', typed, 22);
      expect(written(await workOf(name, typed, 22))).toEqual(written(unknown));
      expect(unknown.map(work => [work.status, work.hashes, work.sent])).toEqual([
        ...Array.from({ length: 20 }, () => [422, 1, 0]),
        [429, 0, 0],
        [429, 0, 0],
      ]);
      // One look-up of the name, then units of address, network and name. Each refusal is audited, the wait once.
      const [first, wait, again] = [unknown[0], unknown[20], unknown[21]];
      expect(first?.operations.filter(each => each === 'find users')).toHaveLength(1);
      expect(first?.operations.filter(each => each.startsWith('incrementMany'))).toHaveLength(1);
      expect(wait?.operations).toEqual(first?.operations);
      expect(again?.operations).toEqual(first?.operations.filter(each => !each.startsWith('insert')));
    },
  );

  test('A70 refusals of one address cost the same writes, though those of unknown names are counted in one record', async () => {
    const unknown = await workOf('ghost', 'wrong', 8, () => '203.0.113.9');
    await moveOn();
    expect(written(await workOf('linus', 'wrong', 8, () => '203.0.113.9'))).toEqual(written(unknown));
    const writes = written(unknown).map(({ operations: each }) => each.filter(one => one === 'write audit-events'));
    expect(writes).toEqual(Array.from({ length: 8 }, () => ['write audit-events']));
  });

  test('A70 a refusal takes the work of the most expensive stored hash of each kind, whatever the hash of the account', async () => {
    const { users, hashWorks } = world.services;
    const foreign = {
      kay: `$2b$04$${'a'.repeat(53)}`,
      joan: `$2b$06$${'a'.repeat(53)}`,
      mary: pbkdf2(10),
      anita: pbkdf2(1000),
    };
    for (const [name, passwordHash] of Object.entries(foreign)) {
      await hashWorks.add(passwordHash);
      await users.add({ name, displayName: name, passwordHash }, 'system');
    }
    await moveOn();
    const [unknown] = await workOf('ghost', 'wrong', 1);
    expect(unknown?.hashWork).toEqual({
      [ownWork(world.settings.password).family]: world.settings.password.passes,
      '$2b$*': 64,
      '$pbkdf2-sha256$i=*,l=32': 1000,
    });
    for (const name of [...Object.keys(foreign), 'grace', 'latch', 'empty']) {
      const [known] = await workOf(name, 'wrong', 1);
      expect(known?.hashWork).toEqual(unknown?.hashWork);
    }
  });
});
