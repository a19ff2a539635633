/**
 * A19, the part per address. One common password is tried with every name, or a list of stolen pairs is tried. No
 * account sees more than one or two attempts, so counters per account never fill. Counters per address and per network
 * fill, and are checked before anything is compared. `test/faults/a19-spraying-alarm.test.ts` is about many addresses together.
 *
 * Guards: the address and network windows in `src/users/limits/password-limits.ts#admit`;
 * `src/users/limits/ip-prefix.ts#ipPrefixesOf`; `src/oidc/http/host.ts#clientAddress`, which believes only trusted proxies.
 * Takes more than a second: a thousand passwords are posted.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { behindProxy, countHashes, tryPassword, nextHour } from './support/passwords.ts';
import { startThreatWorld, type ThreatWorld, type RecordingBrowser } from './support/threat-world.ts';

const minute = 60_000;
const hashes = countHashes();
let world: ThreatWorld;
beforeAll(async () => {
  world = await startThreatWorld({ env: behindProxy, wrap: hashes.wrap });
});
afterAll(() => world.close());
beforeEach(() => {
  world.clock.set(nextHour(world.clock()));
  hashes.compared = 0;
});

/** Tries one password for all names, 50 at once. Returns the status of each answer. */
const spray = async (names: readonly string[], addressOf: (at: number) => string, password = 'Winter2026!') => {
  const sprayer = world.recordingBrowser();
  const { uid } = await world.begin(sprayer);
  const seen: number[] = [];
  for (let at = 0; at < names.length; at += 50) {
    const burst = names
      .slice(at, at + 50)
      .map((name, each) => tryPassword(sprayer, uid, { name, password, address: addressOf(at + each) }));
    seen.push(...(await Promise.all(burst)).map(({ status }) => status));
  }
  return seen;
};
const names = Array.from({ length: 1000 }, (_, at) => `user${at}`);
const counted = (seen: readonly number[]): Readonly<Record<number, number>> =>
  Object.fromEntries([422, 429].map(status => [status, seen.filter(each => each === status).length]));

const enter = async (browser: RecordingBrowser, address: string, wrongFirst = false): Promise<number> => {
  const { noor } = world.people;
  const { uid } = await world.begin(browser);
  if (wrongFirst) await tryPassword(browser, uid, { name: noor.name, password: 'mistyped', address });
  return (await tryPassword(browser, uid, { ...noor, address })).status;
};

describe('A19 one password for 1,000 names', () => {
  test('A19 many people behind one address can sign in without a limit', async () => {
    const seen = [];
    for (let at = 0; at < 60; at += 1) seen.push(await enter(world.recordingBrowser(), '203.0.113.5', at % 10 === 0));
    expect(new Set(seen)).toEqual(new Set([303]));
  });

  test('A19 a storm at one name is held by the limit of its account, and colleagues behind the same address sign in', async () => {
    const address = '203.0.113.77';
    const storm = Array.from({ length: 200 }, () => world.people.ada.name);
    expect(counted(await spray(storm, () => address))).toEqual({ 422: 20, 429: 180 });
    expect(hashes.compared).toBe(20);
    const seen = [];
    for (let at = 0; at < 19; at += 1) seen.push(await enter(world.recordingBrowser(), address, at === 0));
    expect(new Set(seen)).toEqual(new Set([303]));
    // Many names are still limited: two were tried in this minute.
    expect(counted(await spray(names.slice(0, 50), () => address))).toEqual({ 422: 18, 429: 32 });
  });

  test('A19 20 passwords a minute from one address are compared', async () => {
    expect(counted(await spray(names, () => '203.0.113.9'))).toEqual({ 422: 20, 429: 980 });
    expect(hashes.compared).toBe(20);
    expect(await enter(world.recordingBrowser(), '203.0.113.9')).toBe(429);
    expect(await enter(world.recordingBrowser(), '203.0.113.10')).toBe(303);
    world.clock.advance(minute);
    hashes.compared = 0;
    expect(counted(await spray(names.slice(0, 50), () => '203.0.113.9'))).toEqual({ 422: 20, 429: 30 });
    expect(hashes.compared).toBe(20);

    const throttled = (await world.audited('password.refused')).filter(
      ({ facts }) => facts['reason'] === 'throttled' && facts['address'] === '203.0.113.9',
    );
    // Once in each of the two minutes.
    expect(throttled.map(({ facts }) => facts['count'])).toEqual([2]);
    // the event is about the address: it names no account
    expect(throttled.map(({ subject }) => subject)).toEqual([undefined]);
  }, 60_000);

  test.each<[string, (at: number) => string]>([
    ['100 addresses of one IPv6 network', at => `2001:db8:7:8:${at.toString(16)}::${at.toString(16)}`],
    [
      'the IPv4 and IPv6 spellings of one address',
      at => ['203.0.113.66', '::ffff:203.0.113.66', '::ffff:cb00:7142'][at % 3] ?? '',
    ],
    ['the forged addresses of one sender', at => `10.0.${at % 250}.1, 198.51.100.1, 203.0.113.67`],
  ])('A19 %s count as one address', async (_, addressOf) => {
    expect(counted(await spray(names.slice(0, 100), addressOf))).toEqual({ 422: 20, 429: 80 });
    expect(hashes.compared).toBe(20);
  });

  test.each<[string, (at: number) => string]>([
    ['IPv4 network', at => `198.51.100.${at % 250}`],
    ['IPv6 site', at => `2001:db8:9:${(at % 250).toString(16)}::1`],
  ])('A19 100 passwords a minute from 250 addresses of one %s are compared', async (_, addressOf) => {
    expect(counted(await spray(names.slice(0, 250), addressOf))).toEqual({ 422: 100, 429: 150 });
    expect(hashes.compared).toBe(100);
  });

  test('A19 an existing name is refused like the others, and its owner signs in from another address', async () => {
    const people = Object.values(world.people).map(({ name }) => name);
    const seen = await spray([...names.slice(0, 20), ...people], () => '203.0.113.99');
    expect(seen.slice(-4)).toEqual([429, 429, 429, 429]);
    expect(await enter(world.recordingBrowser(), '192.0.2.1')).toBe(303);
  });
});
