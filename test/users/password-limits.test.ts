/** Tests the limits of wrong passwords by account, device, address and network. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createSecretKey, randomBytes } from 'node:crypto';
import type { User } from '../../src/records.ts';
import { visited } from '../../src/users/known-browser.ts';
import {
  PasswordLimits,
  type PasswordAdmission,
  type PasswordAttempt,
} from '../../src/users/limits/password-limits.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const limits = { account: 4, device: 2, address: 6, network: 10 };
const hashKey = createSecretKey(randomBytes(32));
const minute = 60_000;
const ada: User = {
  id: 'ada',
  rev: 1,
  name: 'Ada',
  signInNames: ['ada'],
  displayName: 'Ada',
  createdAt: 1,
  authenticators: [],
};
const knownBrowser = visited(undefined, { userId: 'ada', at: 1 });

/** An address in a network of its own. */
const from = (at: number): string => `198.51.${at}.1`;
/** Outcomes other than a refusal by the limit of the address. */
const notByAddress = (outcomes: readonly string[]) => outcomes.filter(each => !each.startsWith('address'));
const ok = (times: number): readonly string[] => Array<string>(times).fill('ok');

describe.each(stores)('the limits of wrong passwords on $name', ({ open }) => {
  let clock: TestClock;
  let store: OpenStore;
  let passwordLimits: PasswordLimits;
  beforeEach(async () => {
    // Ten minutes past the hour, and ten seconds past the minute.
    clock = createClock(Date.UTC(2026, 10, 2, 9, 10, 10));
    store = await open(clock);
    const { ephemeral } = store.shortLived;
    passwordLimits = new PasswordLimits({ ephemeral, clock, hashKey, limits });
  });
  afterEach(() => store.close());
  const secondNode = async (): Promise<PasswordLimits> => {
    const { ephemeral } = (await store.reopen()).shortLived;
    return new PasswordLimits({ ephemeral, clock, hashKey, limits });
  };

  /** `ok`, or minutes and seconds until the next attempt; a `!` marks a refusal that is audited. */
  const admitted = async (tried: PasswordAttempt): Promise<string> => {
    const admission = await passwordLimits.admit(tried);
    if (admission.ok) return 'ok';
    const seconds = (admission.until - clock()) / 1000;
    return `${admission.limit} ${Math.floor(seconds / 60)}:${seconds % 60}${admission.isFirst ? '!' : ''}`;
  };
  const repeated = async (times: number, tried: (at: number) => PasswordAttempt): Promise<readonly string[]> => {
    const seen = [];
    for (let at = 0; at < times; at += 1) seen.push(await admitted(tried(at)));
    return seen;
  };

  test('limits tries per name and hour, from any address and for unknown names too', async () => {
    for (const who of [{ name: 'ada', user: ada }, { name: 'nobody' }, { name: 'no body' }]) {
      const seen = await repeated(6, at => ({ ...who, address: from(at) }));
      expect(seen).toEqual([...ok(4), 'account 49:50!', 'account 49:50']);
    }
    clock.advance(49 * minute + 49_999);
    expect(await admitted({ name: 'ada', user: ada, address: from(9) })).toMatch(/^account/);
    clock.advance(1);
    expect(await admitted({ name: 'ada', user: ada, address: from(9) })).toBe('ok');
  });

  test('counts every spelling of a name together', async () => {
    const spellings = ['ada', 'ADA', ' Ada', 'ａｄａ'];
    await repeated(4, at => ({ name: spellings[at] ?? '', address: from(at) }));
    expect(await admitted({ name: 'aDa', address: from(5) })).toMatch(/^account/);
  });

  test('limits tries per address and minute, and refused ones do not count for account or network', async () => {
    const seen = await repeated(100, at => ({ name: `n${at % 50}`, address: '203.0.113.9' }));
    expect(seen.slice(0, 8)).toEqual([...ok(6), 'address 0:50!', 'address 0:50']);
    expect(new Set(seen.slice(7))).toEqual(new Set(['address 0:50']));
    expect(await repeated(4, () => ({ name: 'n40', address: '203.0.113.10' }))).toEqual(ok(4));
    clock.advance(50_000);
    expect(await admitted({ name: 'other', address: '203.0.113.9' })).toBe('ok');
  });

  test('limits tries per network and minute', async () => {
    const seen = await repeated(12, at => ({ name: `n${at}`, address: `203.0.113.${at}` }));
    expect(seen).toEqual([...ok(10), 'network 0:50!', 'network 0:50']);
    expect(await admitted({ name: 'other', address: '203.0.114.1' })).toBe('ok');
  });

  test('gives a known browser its own limit, independent of other tries', async () => {
    const stranger = { name: 'ada', user: ada, address: '203.0.113.9' };
    await repeated(40, () => stranger);
    const owner = { ...stranger, knownBrowser };
    expect(await repeated(4, () => owner)).toEqual([...ok(2), 'device 4:50!', 'device 4:50']);
    clock.advance(5 * minute);
    expect(await admitted(owner)).toBe('ok');
    // Wrong passwords of the owner do not count for other people.
    expect(await repeated(4, at => ({ ...stranger, address: from(at) }))).toEqual(Array(4).fill('account 44:50'));
  });

  test('knows a browser only for its own people and only since their last password', async () => {
    const eve = { ...ada, id: 'eve', name: 'Eve', signInNames: ['eve'] as const };
    await repeated(4, at => ({ name: 'eve', user: eve, address: from(at) }));
    expect(await admitted({ name: 'eve', user: eve, knownBrowser, address: from(5) })).toMatch(/^account/);
    await repeated(4, at => ({ name: 'ada', user: ada, address: from(at) }));
    const changed = { ...ada, signedOutAt: 2 };
    expect(await admitted({ name: 'ada', user: changed, knownBrowser, address: from(6) })).toMatch(/^account/);
    expect(await admitted({ name: 'ada', user: ada, knownBrowser, address: from(6) })).toBe('ok');
  });

  test('does not count a unit that was given back', async () => {
    for (let at = 0; at < 30; at += 1) {
      const admission = await passwordLimits.admit({ name: 'ada', user: ada, address: '203.0.113.9' });
      expect(admission.ok).toBe(true);
      if (admission.ok) await passwordLimits.refund(admission.counters);
    }
    expect(await repeated(5, () => ({ name: 'ada', address: '203.0.113.9' }))).toEqual([...ok(4), 'account 49:50!']);
  });

  test('does not count parallel refused names of one address for network or account', async () => {
    const attempts = Array.from({ length: 300 }, (_, at) =>
      at % 100 === 99
        ? { name: 'ada', user: ada, address: '203.0.113.10' }
        : { name: `n${at}`, address: '203.0.113.9' },
    );
    const all = await Promise.all(
      attempts.map(async each => ({ ...each, admission: await passwordLimits.admit(each) })),
    );
    expect(all.filter(({ name }) => name === 'ada').map(({ admission }) => admission.ok)).toEqual([true, true, true]);
    // As many as the limit of the address.
    expect(all.filter(({ name, admission }) => name !== 'ada' && admission.ok)).toHaveLength(6);
  });

  test.each(['one after another', 'at once', 'at once on two nodes'])(
    'any number of attempts with one name, %s, refuse nobody else behind the same address',
    async how => {
      const storm = { name: 'ada', user: ada, address: '203.0.113.9' };
      const others = Array.from({ length: 5 }, (_, at) => ({ name: `n${at}`, address: '203.0.113.9' }));
      const before = Array.from({ length: 150 }, () => storm);
      const all = [...before, ...others, ...before];
      const admissions: PasswordAdmission[] = [];
      const nodes = [passwordLimits, how === 'at once on two nodes' ? await secondNode() : passwordLimits] as const;
      const admit = async (each: PasswordAttempt, at: number) => nodes[at % 2 === 0 ? 0 : 1].admit(each);
      if (how === 'one after another') for (const [at, each] of all.entries()) admissions.push(await admit(each, at));
      else admissions.push(...(await Promise.all(all.map(admit))));
      const refused = (tried: readonly PasswordAttempt[]) =>
        all.flatMap((each, at) => {
          const admission = admissions[at];
          return tried.includes(each) && admission?.ok === false ? [admission.limit] : [];
        });
      expect(refused(others)).toEqual([]);
      // Of the storm as many are compared as the account allows, and its own limit holds the rest.
      expect(refused([storm])).toEqual(Array<string>(296).fill('account'));
      // Five others and the stormed name: six names are the limit of the address.
      expect(await admitted({ name: 'seventh', address: '203.0.113.9' })).toBe('address 0:50!');
    },
  );

  test('a name that its address or network refused is refused again, however often and whenever it is tried', async () => {
    await repeated(6, at => ({ name: `n${at}`, address: '203.0.113.9' }));
    expect(notByAddress(await repeated(20, at => ({ name: `x${at % 5}`, address: '203.0.113.9' })))).toEqual([]);
    const pairs = Array.from({ length: 100 }, (_, at) => ({ name: `y${at % 50}`, address: '203.0.113.9' }));
    expect(notByAddress(await Promise.all(pairs.map(admitted)))).toEqual([]);
    await repeated(4, at => ({ name: `z${at}`, address: `203.0.113.${20 + at}` }));
    const ofNetwork = await repeated(4, () => ({ name: 'z', address: '203.0.113.40' }));
    expect(ofNetwork.filter(each => !each.startsWith('network'))).toEqual([]);
  });

  test('a right password after a wrong one leaves the name counted once', async () => {
    for (let at = 0; at < 6; at += 1) {
      const tried = { name: `n${at}`, address: '203.0.113.9' };
      expect(await admitted(tried)).toBe('ok');
      const right = await passwordLimits.admit(tried);
      if (right.ok) await passwordLimits.refund(right.counters);
    }
    expect(await admitted({ name: 'seventh', address: '203.0.113.9' })).toBe('address 0:50!');
  });

  test('does not count tries of an exhausted network for an account', async () => {
    await repeated(10, at => ({ name: `n${at}`, address: `203.0.113.${at}` }));
    const refused = await repeated(6, at => ({ name: 'ada', user: ada, address: `203.0.113.${100 + at}` }));
    expect(refused).toEqual(['network 0:50!', ...Array<string>(5).fill('network 0:50')]);
    expect(await admitted({ name: 'ada', user: ada, address: '192.0.2.1' })).toBe('ok');
    expect(await repeated(4, () => ({ name: 'ada', address: '192.0.2.1' }))).toEqual([...ok(3), 'account 49:50!']);
  });

  test('continues counting on another node and after a restart', async () => {
    await repeated(3, at => ({ name: 'ada', address: from(at) }));
    passwordLimits = await secondNode();
    expect(await repeated(2, at => ({ name: 'ada', address: from(at) }))).toEqual(['ok', 'account 49:50!']);
  });

  test('admits as many of two hundred parallel tries as of sequential ones', async () => {
    const all = await Promise.all(
      Array.from({ length: 200 }, async (_, at) =>
        passwordLimits.admit({ name: 'ada', user: ada, address: `10.${at}.0.1` }),
      ),
    );
    expect(all.filter(each => each.ok)).toHaveLength(4);
    expect(all.filter(each => !each.ok && each.isFirst)).toHaveLength(1);
  });
});
