/**
 * R33. Another process (the command line, a repair) holds the write lock of the SQLite file for seconds. SQLite waits by
 * blocking the thread: then no request at all is answered, probes of `/healthz` fail, and the orchestrator kills a healthy
 * process. Requests that write wait by timers instead, for two seconds at most, and everybody else goes on.
 * Guard: `adapters/sqlite/lock-wait.ts#createLockWait`.
 * Takes more than a second: the real limit of two seconds runs out once.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { heading } from '../support/browser/plain.ts';
import { createInspectableStore, type InspectableStore } from '../support/world/inspectable-store.ts';
import { lockWrites } from '../support/world/outages.ts';
import {
  checkAgain,
  atClient,
  enterPassword,
  openRelyingParty,
  pickUp,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

describe('R33 the SQLite file locked by another process', () => {
  let store: InspectableStore;
  let world: World;
  let rp: RelyingParty;
  beforeAll(async () => {
    store = await createInspectableStore('sqlite');
    world = await startWorld({ store, env: { SALLYPORT_FACTORS: 'totp,call,sms' } });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterAll(() => world.close());

  const status = async (path: string): Promise<number> => (await fetch(new URL(path, world.issuer))).status;

  test('R33 a sign-in waits for the lock, while /healthz and pages that write nothing are answered; it calls once', async () => {
    const { ada } = world.people;
    const browser = world.browser();
    const request = await rp.begin();
    let isAnswered = false;
    const unlockStart = lockWrites(store.file);
    const opening = browser.visit(request.url).finally(() => (isAnswered = true));
    for (const path of ['/healthz', '/jwks', '/.well-known/openid-configuration', '/healthz']) {
      expect([path, await status(path), isAnswered]).toEqual([path, 200, false]);
    }
    unlockStart();
    const page = await opening;
    expect(page.status).toBe(200);

    const unlock = lockWrites(store.file);
    isAnswered = false;
    const sending = enterPassword(browser, page, ada).finally(() => (isAnswered = true));
    for (let asked = 0; asked < 3; asked += 1) expect([await status('/healthz'), isAnswered]).toEqual([200, false]);
    unlock();
    const calling = await sending;
    await pickUp(ada, '#');
    const tokens = await request.redeem(atClient(browser, await checkAgain(browser, calling)));
    expect(tokens.claims()).toMatchObject({ acr: 'mfa' });
    expect((await ada.phone.phone()).calls).toHaveLength(1);
    expect(await world.audited('challenge.sent')).toHaveLength(1);
  });

  test('R33 past two seconds the request is answered 503, and the same request works after the release', async () => {
    const request = await rp.begin();
    const unlock = lockWrites(store.file);
    const refused = await world.browser().visit(request.url);
    expect(refused.status).toBe(503);
    unlock();
    const opened = await world.browser().visit(request.url);
    expect([opened.status, heading(opened)]).toEqual([200, expect.stringMatching(/sign in/i)]);
  });
});
