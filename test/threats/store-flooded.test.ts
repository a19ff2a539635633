/**
 * CWE 770. Strangers at five addresses begin sign-ins by the thousand, each with parameters as long as they may be or
 * longer, ask silently (`prompt=none`), and post callbacks that no carrier sent. Nothing of this needs an account. What
 * is kept of it is bounded by the settings and not by the number sent, so that Redis does not reach its limit of
 * memory. Meanwhile people at other addresses sign in, and so does a known browser at a flooding address.
 * Guards: `src/users/limits/begun-sign-ins.ts#admit`, `src/users/limits/begun-sign-ins.ts#admitStored`,
 * `src/oidc/adapter/requests.ts#keptInBrowser`, `src/oidc/adapter/sessions.ts#sessionAdapter`,
 * `src/oidc/http/parameter-limits.ts#checkLengths`.
 * Takes more than a second: six thousand requests.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Redis } from 'ioredis';
import { auditEventKind } from '../../src/records.ts';
import { createInspectableStore, type InspectableStore } from '../support/world/inspectable-store.ts';
import {
  atClient,
  enterCode,
  enterPassword,
  openRelyingParty,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { codeAt } from '../support/codes.ts';
import type { Ask, Browser } from '../support/browser/plain.ts';
import { startWorld, type World } from '../support/world/world.ts';

const patience = 240_000;
const stored = 100;
/** Lifetime of a begun sign-in. */
const keptFor = 600_000;
/** Memory that Redis has left when the flood begins. */
const room = 6 * 1024 * 1024;
const flooders = ['203.0.113.1', '203.0.113.2', '198.51.100.3', '192.0.2.4', '2001:db8:5::5'];

const from = (address: string): Required<Pick<Ask, 'headers'>> => ({ headers: { 'x-forwarded-for': address } });
const addressOf = (at: number): string => flooders[at % flooders.length] ?? '';
/** Runs this many requests, twenty at once. Counts the answers by their status. */
const send = async (many: number, ask: (at: number) => Promise<{ readonly status: number }>) => {
  const statuses = new Map<number, number>();
  const next = { at: 0 };
  const sender = async (): Promise<void> => {
    while (next.at < many) {
      const at = next.at;
      next.at += 1;
      const { status } = await ask(at);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: 20 }, sender));
  return Object.fromEntries(statuses);
};

const used = async (redis: Redis) => {
  const [, memory = '0'] = /^used_memory:(\d+)/m.exec(await redis.info('memory')) ?? [];
  return { bytes: Number(memory), keys: await redis.dbsize() };
};

describe('CWE 770 a flood by strangers', () => {
  let store: InspectableStore;
  let world: World;
  let rp: RelyingParty;
  beforeEach(async () => {
    store = await createInspectableStore('redis');
    world = await startWorld({
      store,
      env: {
        SALLYPORT_PROXY_HOPS: '1',
        SALLYPORT_BEGUN_SIGN_INS_PER_ADDRESS_AND_MINUTE: '60',
        SALLYPORT_BEGUN_SIGN_INS_PER_NETWORK_AND_MINUTE: '600',
        SALLYPORT_BEGUN_SIGN_INS_PER_KNOWN_DEVICE_AND_MINUTE: '60',
        SALLYPORT_STORED_SIGN_INS_WITHOUT_PASSWORD: `${stored}`,
      },
    });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
    // The window of the sign-ins that are kept begins at fixed times. All rounds fall into one.
    world.clock.set((Math.floor(world.clock() / keptFor) + 1) * keptFor);
  });
  afterEach(() => world.close());

  /** Begins a sign-in at this address, and ends it with the code of the app. True: the client got a code. */
  const signsIn = async (browser: Browser, address: string): Promise<boolean> => {
    // A new code of the app each time.
    world.clock.advance(30_000);
    const { noor } = world.people;
    const begun = await browser.go((await rp.begin({ prompt: 'login' })).url, from(address));
    if (begun.status !== 303) return false;
    const page = await browser.visit(browser.next(begun)?.pathname ?? '', from(address));
    const asked = await enterPassword(browser, page, noor);
    const done = await enterCode(browser, asked, codeAt(noor, world.clock()));
    return atClient(browser, done).searchParams.has('code');
  };

  /** As long as they may be, as long as fits into a cookie, and longer than allowed. */
  const wishes: readonly Readonly<Record<string, string>>[] = [
    { state: 's'.repeat(1024), nonce: 'n'.repeat(1024), login_hint: 'h'.repeat(1024), ui_locales: 'u'.repeat(256) },
    { state: 's'.repeat(300) },
    { state: 's'.repeat(12_000) },
  ];
  const forged = '/callbacks/twilio/call/AAAAAAAAAAAAAAAAAAAAAA/keys';

  test(
    'CWE 770 keeps what the settings allow, and honest sign-ins go on with Redis at its memory limit',
    async () => {
      const known = world.browser();
      expect(await signsIn(known, '198.51.100.200')).toBe(true);
      const urls = await Promise.all(wishes.map(async wish => (await rp.begin(wish)).url));
      const silent = (await rp.begin({ prompt: 'none', state: 's'.repeat(1024) })).url;
      const before = await store.askRedis(used);
      await store.askRedis(redis => redis.config('SET', 'maxmemory', String(before.bytes + room)));
      const audited = async (): Promise<number> => {
        const all = await world.store.durable.collection({ ...auditEventKind, index: [] }).find({}, { limit: 100_000 });
        return all.length;
      };
      const rowsBefore = await audited();

      const honestSignIns: boolean[] = [];
      const knownSignIns: boolean[] = [];
      const rounds = 5;
      const answers: object[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const begin = () =>
          send(2000 / rounds, at => world.browser().go(urls[at % urls.length] ?? '', from(addressOf(at))));
        const askSilently = () => send(1000 / rounds, at => world.browser().go(silent, from(addressOf(at))));
        // In turns: what comes second finds the addresses at their limit.
        const strangers = round % 2 === 0 ? [begin, askSilently] : [askSilently, begin];
        const asked: object[] = [];
        for (const ask of strangers) asked.push(await ask());
        const called = await send(3000 / rounds, at =>
          world.browser().go(forged, { ...from(addressOf(at)), form: { a: 'b' } }),
        );
        answers.push({ asked, called });
        // While the addresses are at their limit.
        expect((await world.browser().go(urls[1] ?? '', from(addressOf(0)))).status).toBe(429);
        knownSignIns.push(await signsIn(known, addressOf(0)));
        honestSignIns.push(
          await signsIn(world.browser(), `100.64.${round}.1`),
          await signsIn(world.browser(), `100.65.${round}.1`),
        );
      }

      const after = await store.askRedis(used);
      const rows = (await audited()) - rowsBefore;
      process.stdout.write(
        `kept of 6,000 requests of strangers: ${((after.bytes - before.bytes) / 1024).toFixed()} KiB and ${after.keys - before.keys} keys in Redis, ${rows} rows of the audit; answers ${JSON.stringify(answers[0])}\n`,
      );
      // In the second round the third of the requests that do not fit into a cookie finds no room left.
      expect(answers[1]).toEqual({ asked: [{ 303: 200 }, { 303: 66, 429: 300, 503: 34 }], called: { 403: 600 } });
      expect(honestSignIns).toEqual(Array<boolean>(2 * rounds).fill(true));
      expect(knownSignIns).toEqual(Array<boolean>(rounds).fill(true));
      // The sign-ins that the store may take, at 16 KiB each, and a quarter of that for honest ones and counters.
      expect(after.bytes - before.bytes).toBeLessThan(1.25 * stored * 16 * 1024);
      expect(after.keys - before.keys).toBeLessThan(2 * stored + 500);
      // Of the honest sign-ins some rows each, of the strangers one row for each window, address and kind of event.
      expect(rows).toBeLessThan(400);
    },
    patience,
  );

  test('CWE 770 sign-out pages, and cookies of sessions that have ended, keep no session of a stranger', async () => {
    const stranger = world.browser();
    const signOut = `/session/end?client_id=contoso&state=${'s'.repeat(8000)}`;
    expect((await stranger.go(signOut, from('203.0.113.1'))).status).toBe(303);
    const session = stranger.jar.copy(({ name }) => name.startsWith('sallyport-session'));
    expect(session.cookies).toHaveLength(2);
    const before = await store.askRedis(used);
    for (let at = 0; at < 20; at += 1) {
      // With the signed cookie that the first one set, as any visitor can have it.
      stranger.jar = session.copy();
      await stranger.go(signOut, from('203.0.113.1'));
      await stranger.go((await rp.begin()).url, from(`203.0.113.${at}`));
      await world.browser().go(signOut, from('203.0.113.1'));
    }
    const after = await store.askRedis(used);
    // A counter for each address, and one for the network.
    expect(after.keys - before.keys).toBeLessThanOrEqual(21);
  });

  test(
    'CWE 770 a known browser, and a request that fits into a cookie, need no room that strangers have used up',
    async () => {
      const known = world.browser();
      expect(await signsIn(known, '198.51.100.200')).toBe(true);
      const { url } = await rp.begin(wishes[0]);
      const begun = await send(stored + 20, at => world.browser().go(url, from(`100.66.${at}.1`)));
      expect(begun).toEqual({ 303: stored, 503: 20 });
      expect((await known.go(url, from('100.67.1.1'))).status).toBe(303);
      expect(await signsIn(world.browser(), '100.67.2.1')).toBe(true);
      world.clock.advance(keptFor);
      expect((await world.browser().go(url, from('100.66.1.1'))).status).toBe(303);
    },
    patience,
  );
});
