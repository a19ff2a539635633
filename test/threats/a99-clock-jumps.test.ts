/**
 * A99. A node resumes from a snapshot, an operator sets the date, or a time server is wrong for an hour: the clock
 * jumps, and then back. An attacker who causes or awaits it must not reuse a used secret: a code of an app, an
 * authorization code, a rotated refresh token. A value written in a wrong hour must not live for ever. Tokens end on
 * time, and a pause continues.
 * Guards: the rising step in `src/mfa/factors/totp.ts#totp`; `src/oidc/adapter/durable.ts#durableAdapter` and
 * `src/oidc/adapter/short-lived.ts#shortLivedAdapter`, which mark used secrets; `src/mfa/challenge/dispatch.ts#start`,
 * which reads the pause. Ends of tokens and sessions are checked twice, by the library and in
 * `src/oidc/prompts/login-prompt.ts#changeLogin`.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fetchUserInfo, refreshTokenGrant } from 'openid-client';
import { heading } from '../support/browser/plain.ts';
import { codeAt, totpPeriod } from '../support/codes.ts';
import { recordKeys, type KeyRecordingStore } from '../support/counts/recorded-keys.ts';
import {
  atClient,
  checkAgain,
  enterCode,
  enterPassword,
  openRelyingParty,
  signIn,
  type RelyingParty,
} from '../support/world/relying-party.ts';
import { stores } from '../support/world/stores.ts';
import { createTestCarrier, postKeys, type TestCarrier } from '../support/carrier/test-carrier.ts';
import { startWorld, type World } from '../support/world/world.ts';

const second = 1000;
const hour = 3600 * second;
const year = 365 * 24 * hour;
const jumps = [
  ['an hour back', -hour],
  ['a second back', -second],
  ['a leap second on', second],
  ['an hour on', hour],
  ['a year on', year],
] as const;

/** The error of a refused token request. */
const refused = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'accepted',
    (error: { readonly error?: string }) => error.error,
  );

describe.each(stores)('A99 on $name', stored => {
  let world: World;
  let rp: RelyingParty;
  let carrier: TestCarrier;
  let store: KeyRecordingStore;
  beforeEach(async () => {
    carrier = createTestCarrier();
    store = recordKeys(stored);
    world = await startWorld({ store, wrap: carrier.wrap });
    rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  });
  afterEach(() => world.close());

  const begin = async (person = world.people.noor) => {
    const browser = world.browser();
    const request = await rp.begin();
    return { browser, request, page: await enterPassword(browser, await browser.visit(request.url), person) };
  };
  test.each(jumps)('A99 used secrets stay used when the clock jumps %s and returns', async (_title, by) => {
    const { noor } = world.people;
    const start = world.clock();
    const code = codeAt(noor, start);
    const { browser, request, page } = await begin();
    const back = atClient(browser, await enterCode(browser, page, code));
    expect((await request.redeem(back)).claims()).toMatchObject({ sub: noor.user.id });
    // From another sign-in, because a repeated code ends all tokens of the first use.
    const other = await begin(world.people.ada);
    await postKeys(world, carrier.last(), '#');
    const tokens = await other.request.redeem(atClient(other.browser, await checkAgain(other.browser, other.page)));
    const used = tokens.refresh_token ?? '';
    const { refresh_token: successor = '' } = await refreshTokenGrant(rp.config, used);
    expect((await refreshTokenGrant(rp.config, successor)).access_token).toBeTruthy();

    for (const now of [start + by, start]) {
      world.clock.set(now);
      for (const typed of new Set([code, ...(by < 0 ? [codeAt(noor, now)] : [])])) {
        const thief = await begin();
        expect((await enterCode(thief.browser, thief.page, typed)).status).toBe(422);
        await world.services.failedAttempts.clear({ userId: noor.user.id, name: 'totp' });
      }
      expect(await refused(request.redeem(back))).toBe('invalid_grant');
      expect(await refused(refreshTokenGrant(rp.config, used))).toBe('invalid_grant');
    }
    expect(await world.audited('challenge.passed')).toHaveLength(2);
    expect(world.logged.filter(({ level }) => level === 'error')).toEqual([]);
    expect(Math.min(...store.lifetimes)).toBeGreaterThan(0);

    world.clock.set(start + totpPeriod);
    expect((await signIn(rp, world.browser(), noor)).claims()).toMatchObject({ sub: noor.user.id });
  });

  test('A99 tokens and sessions end within fifteen seconds of their time', async () => {
    const { noor } = world.people;
    const { accessToken, idle } = world.settings.lifetimes;
    const browser = world.browser();
    const tokens = await signIn(rp, browser, noor);
    const start = world.clock();
    const userinfo = async () =>
      fetchUserInfo(rp.config, tokens.access_token, noor.user.id).then(
        () => 'told',
        () => 'refused',
      );
    const silently = async () => {
      const { url } = await rp.begin({ prompt: 'none' });
      const to = atClient(browser, await browser.visit(url));
      return to.searchParams.get('error') ?? 'signed in';
    };
    expect(await userinfo()).toBe('told');
    world.clock.set(start + accessToken - 15 * second);
    expect(await userinfo()).toBe('told');
    world.clock.set(start + accessToken + 15 * second);
    expect(await userinfo()).toBe('refused');

    world.clock.set(start + idle - 15 * second);
    expect(await silently()).toBe('signed in');
    // The session was used, so its idle time starts again.
    world.clock.advance(idle - 15 * second);
    expect(await silently()).toBe('signed in');
    world.clock.advance(idle + 15 * second);
    expect(await silently()).toBe('login_required');
    expect(world.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });

  test('A99 a session in use ends after a day', async () => {
    const browser = world.browser();
    await signIn(rp, browser, world.people.noor);
    const { session, idle } = world.settings.lifetimes;
    const end = world.clock() + session;
    const silently = async () => {
      const { url } = await rp.begin({ prompt: 'none' });
      return atClient(browser, await browser.visit(url)).searchParams.get('error') ?? 'signed in';
    };
    while (world.clock() + idle < end) {
      world.clock.advance(idle - 15 * second);
      expect(await silently()).toBe('signed in');
    }
    world.clock.set(end - 15 * second);
    expect(await silently()).toBe('signed in');
    world.clock.set(end + 15 * second);
    expect(await silently()).toBe('login_required');
  });

  test('A99 a pause continues through a jump and ends after its day', async () => {
    const { grace } = world.people;
    const owner = await begin(grace);
    await postKeys(world, carrier.last(), '#');
    expect(owner.browser.next(await checkAgain(owner.browser, owner.page))?.host).toBe('contoso.test');
    const stranger = await begin(grace);
    await postKeys(world, carrier.last(), '0#');
    const paused = world.clock();
    const calls = carrier.sent.length;

    for (const by of [-hour, second, hour, 24 * hour - second]) {
      world.clock.set(paused + by);
      const again = await begin(grace);
      expect(heading(again.page)).not.toBe(heading(stranger.page));
      expect(again.page.status).toBe(200);
    }
    expect(carrier.sent).toHaveLength(calls);
    expect((await world.audited('challenge.refused')).map(({ facts }) => facts['reason'])).toEqual(
      Array(4).fill('paused'),
    );

    world.clock.set(paused + 24 * hour);
    const { browser, request, page } = await begin(grace);
    expect(carrier.sent).toHaveLength(calls + 1);
    await postKeys(world, carrier.last(), '#');
    const tokens = await request.redeem(atClient(browser, await checkAgain(browser, page)));
    expect(tokens.claims()).toMatchObject({ sub: grace.user.id });
  });
});
