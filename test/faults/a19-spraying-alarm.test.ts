/**
 * A19, the part over all addresses. One password is tried with 1,000 names from 200 addresses of as many networks, a few a minute from
 * each: no limit of an account, an address or a network fills. The alarm tells administrators within a minute, and refuses nobody.
 * Guard: `src/users/limits/spraying-alarm.ts#SprayingAlarm`.
 * Takes more than a second: hundreds of passwords are posted, and all 1,000 by `npm run test:faults`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createMetrics } from '../../server/metrics/registry.ts';
import { silentLog, type Log } from '../../src/log.ts';
import { noMetrics } from '../../src/ports/metrics.ts';
import { SprayingAlarm } from '../../src/users/limits/spraying-alarm.ts';
import { amount } from './support/amounts.ts';
import { createClock } from '../support/world/clock.ts';
import { behindProxy, nextHour, tryPassword } from '../threats/support/passwords.ts';
import { startThreatWorld, type ThreatWorld } from '../threats/support/threat-world.ts';

const second = 1000;
const names = amount({ test: 250, full: 1000 });
const administrator = 'admin@sallyport.test';

describe('A19 one password for 1,000 names from 200 addresses', () => {
  const metrics = createMetrics({ factor: ['password'], carrier: [], version: [], node: [] });
  let world: ThreatWorld;
  beforeAll(async () => {
    world = await startThreatWorld({ env: behindProxy, wrap: resources => ({ ...resources, metrics }) });
  });
  afterAll(() => world.close());
  beforeEach(() => world.clock.set(nextHour(world.clock())));

  const isRaised = async (): Promise<boolean> =>
    (await metrics.text()).includes('\nsallyport_password_failure_alarm 1\n');
  const alarms = () => world.logged.filter(({ event }) => event === 'passwords.sprayed');
  const mails = async () => (await world.mailsTo(administrator)).map(({ subject }) => subject);

  test('A19 people who mistype their passwords, and sign in then, raise no alarm', async () => {
    for (let at = 0; at < 3; at += 1) {
      for (const person of Object.values(world.people)) {
        const browser = world.recordingBrowser();
        const { uid } = await world.begin(browser);
        const address = `192.0.2.${at}`;
        expect((await tryPassword(browser, uid, { name: person.name, password: 'mistyped', address })).status).toBe(
          422,
        );
        expect((await tryPassword(browser, uid, { ...person, address })).status).toBeLessThan(400);
      }
      world.clock.advance(10 * second);
    }
    expect(await isRaised()).toBe(false);
    expect(alarms()).toEqual([]);
    expect(await mails()).toEqual([]);
  });

  test('A19 there is one alarm within a minute, in log, metrics and mail, and the owner of an account signs in meanwhile', async () => {
    const began = world.clock();
    const sprayer = world.recordingBrowser();
    const { uid } = await world.begin(sprayer);
    const seen: number[] = [];
    let noticedAfter: number | undefined;
    for (let at = 0; at < names; at += 50) {
      const burst = Array.from({ length: 50 }, (_, each) => {
        const [number, sender] = [at + each, (at + each) % 200];
        const guess = { name: `user${number}`, password: 'Winter2026!', address: `10.${sender}.0.1` };
        return tryPassword(sprayer, uid, guess);
      });
      seen.push(...(await Promise.all(burst)).map(({ status }) => status));
      if (alarms().length > 0) noticedAfter ??= world.clock() - began;
      world.clock.advance(6 * second);
    }
    expect(new Set(seen)).toEqual(new Set([422]));
    expect(noticedAfter).toBeLessThanOrEqual(60 * second);
    expect(alarms()).toHaveLength(1);
    expect(await isRaised()).toBe(true);
    expect(await mails()).toEqual(['Wrong passwords for many accounts']);
    const [mail] = await world.mailsTo(administrator);
    expect(mail?.text).not.toMatch(/user\d|Winter2026/);

    const browser = world.recordingBrowser();
    const own = await world.begin(browser);
    expect((await tryPassword(browser, own.uid, { ...world.people.noor, address: '10.7.0.1' })).status).toBe(303);
    world.clock.advance(70 * second);
    expect(await isRaised()).toBe(false);
  }, 60_000);

  test('A19 administrators are told once an hour, from all nodes', async () => {
    const told: string[] = [];
    const { ephemeral } = world.store.shortLived;
    const nodes = ['one', 'two'].map(
      () =>
        new SprayingAlarm({
          limit: 5,
          notices: { tellAdministrators: async ({ kind }) => void told.push(kind) },
          ephemeral,
          metrics: noMetrics,
          clock: world.clock,
          log: silentLog,
        }),
    );
    const spray = async (): Promise<void> => {
      for (const node of nodes) for (let at = 0; at < 20; at += 1) node.note(`user${at}`, false);
      await new Promise(resolve => setTimeout(resolve, 20));
    };
    // The mark of the alarm before has ended.
    world.clock.advance(3600 * second);
    await spray();
    world.clock.advance(1800 * second);
    await spray();
    expect(told).toEqual(['passwords-sprayed']);
    world.clock.advance(1801 * second);
    await spray();
    expect(told).toHaveLength(2);
  });
});

describe('A19 the alarm', () => {
  const clock = createClock();
  const open = (tell: () => Promise<void> = async () => {}) => {
    const logged: string[] = [];
    const note = (event: string): void => void logged.push(event);
    const log: Log = { ...silentLog, warn: note, error: note };
    const ephemeral = { setIfAbsent: async () => true, put: async () => {} };
    const notices = { tellAdministrators: tell };
    return { logged, alarm: new SprayingAlarm({ limit: 50, notices, ephemeral, metrics: noMetrics, clock, log }) };
  };
  beforeEach(() => clock.advance(3600 * second));

  test('A19 is not raised by a busy morning: 1,000 sign-ins a minute, and 300 names mistyped', () => {
    const { alarm, logged } = open();
    for (let at = 0; at < 1000; at += 1) {
      alarm.note(`user${at}`, true);
      if (at % 10 < 3) alarm.note(`user${at}`, false);
      clock.advance(60);
    }
    expect(alarm.isRaised).toBe(false);
    expect(logged).toEqual([]);
  });

  test('A19 is raised by 50 names, not by 49, and not by one name that is tried a thousand times', () => {
    const { alarm } = open();
    for (let at = 0; at < 1000; at += 1) alarm.note('ada', false);
    for (let at = 0; at < 48; at += 1) alarm.note(`user${at}`, false);
    expect(alarm.isRaised).toBe(false);
    alarm.note('user48', false);
    expect(alarm.isRaised).toBe(true);
  });

  test('A19 is not hidden by an attacker who signs in to one account again and again', () => {
    const { alarm } = open();
    for (let at = 0; at < 100; at += 1) {
      alarm.note('mallory', true);
      alarm.note(`user${at}`, false);
    }
    expect(alarm.isRaised).toBe(true);
  });

  test('A19 ends after a minute, and a clock that jumps a day ahead and back neither raises nor keeps it', () => {
    const { alarm } = open();
    for (let at = 0; at < 60; at += 1) alarm.note(`user${at}`, false);
    clock.advance(24 * 3600 * second);
    expect(alarm.isRaised).toBe(false);
    for (let at = 0; at < 30; at += 1) alarm.note(`other${at}`, false);
    clock.advance(-24 * 3600 * second + 61 * second);
    expect(alarm.isRaised).toBe(false);
  });

  test('A19 fails no sign-in where nobody can be told', async () => {
    const { alarm, logged } = open(() => Promise.reject(new Error('the outbox is full')));
    for (let at = 0; at < 60; at += 1) alarm.note(`user${at}`, false);
    await new Promise(resolve => setTimeout(resolve, 5));
    expect(logged).toEqual(['passwords.sprayed', 'alarm.not-told']);
  });
});
