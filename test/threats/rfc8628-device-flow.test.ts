/**
 * RFC 8628.5.4, with 5.1, 5.2, 5.5 and CWE 770. A device without a browser shows a code, and whoever confirms that code gives
 * the device a way into their account. An attacker guesses codes, sends the code of a device of their own by mail (§5.4,
 * remote phishing), lets the victim's browser confirm it by a link or a form of another site, confirms the code of somebody
 * else (§5.5), polls with a code that was caught, or fills the store with requests of devices.
 * Guards: `src/users/limits/attempt-limits.ts#AttemptLimits`, `interactions/devices.ts#deviceRoutes`, `src/oidc/models.ts#models`,
 * `src/oidc/prompts/login-prompt.ts#changeLogin`, `src/oidc/adapter/requests.ts#admitRequests`, `src/oidc/polls.ts#slowDown`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { formTo, heading, uidOf, type Browser } from '../support/browser/plain.ts';
import {
  addDeviceClient,
  answer,
  ask,
  askForCodes,
  deviceGrant,
  from,
  connectDevice,
  poll,
  pollAtOnce,
  typeCode,
} from '../support/world/device.ts';
import { enterCode, enterPassword } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

let world: World;
let browser: Browser;
beforeAll(async () => {
  world = await startWorld({
    env: {
      SALLYPORT_PROXY_HOPS: '1',
      SALLYPORT_BEGUN_SIGN_INS_PER_ADDRESS_AND_MINUTE: '4',
      SALLYPORT_BEGUN_SIGN_INS_PER_NETWORK_AND_MINUTE: '20',
      SALLYPORT_STORED_SIGN_INS_WITHOUT_PASSWORD: '30',
    },
  });
  await addDeviceClient(world, 'contoso');
  await addDeviceClient(world, 'fabrikam');
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.nextDay();
  browser = world.browser();
});

/** A code that no device has. */
const wrongCode = (at: number): string => `BCDF-GHJ${'KLMNPQRSTVWXZ'[at % 13] ?? 'K'}`;
const pending = { error: 'authorization_pending' };

describe('RFC 8628.5.1 a code is guessed', () => {
  const home = from('203.0.113.7');
  const type = (userCode: string, headers = home, by = browser) => typeCode(by, userCode, headers);

  test('RFC 8628.5.1 after five wrong codes an address must wait, also for a right one; others need not', async () => {
    const { user_code: code } = await askForCodes(world, 'contoso');
    expect(heading(await type(code))).toBe('Connect contoso TV?');
    for (let at = 0; at < 5; at += 1) expect((await type(wrongCode(at))).status).toBe(422);
    const refused = await type(code);
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, expect.stringMatching(/^\d+$/)]);
    expect((await type(code, home, world.browser())).status).toBe(429);
    expect(heading(await type(code, from('198.51.100.9')))).toBe('Connect contoso TV?');
    const rows = await world.audited('user-code.refused');
    expect(rows.map(({ facts }) => [facts['reason'], facts['address']]).slice(-2)).toEqual([
      ['unknown', '203.0.113.7'],
      ['too-many', '203.0.113.7'],
    ]);
    world.clock.advance(600_000);
    const { user_code: later } = await askForCodes(world, 'contoso');
    expect(heading(await type(later))).toBe('Connect contoso TV?');
  });

  test('RFC 8628.5.1 of thirty parallel guesses five are looked up', async () => {
    const { user_code: code } = await askForCodes(world, 'contoso');
    const guesses = Array.from({ length: 30 }, (_, at) => type(at === 29 ? code : wrongCode(at)));
    const statuses = (await Promise.all(guesses)).map(({ status }) => status);
    expect(statuses.filter(status => status !== 429)).toHaveLength(5);
  });

  test('RFC 8628.5.1 after twenty wrong codes a network must wait, however many addresses it has', async () => {
    for (let count = 0; count < 20; count += 1) {
      expect((await type(wrongCode(count), from(`203.0.113.${Math.floor(count / 4)}`), world.browser())).status).toBe(
        422,
      );
    }
    const { user_code: code } = await askForCodes(world, 'contoso');
    expect((await type(code, from('203.0.113.200'), world.browser())).status).toBe(429);
    expect((await type(code, from('203.0.114.9'), world.browser())).status).toBe(200);
  });

  test('RFC 8628.5.1 a person has five wrong codes in all browsers they signed in, and is not stopped by strangers', async () => {
    const { noor } = world.people;
    const own = [world.browser(), world.browser()] as const;
    for (const each of own) {
      await connectDevice(each, (await askForCodes(world, 'contoso')).user_code, noor);
      world.clock.advance(60_000);
    }
    const stranger = world.browser();
    for (let at = 0; at < 5; at += 1) expect((await type(wrongCode(at), home, stranger)).status).toBe(422);
    expect((await type(wrongCode(0), home, stranger)).status).toBe(429);
    for (let at = 0; at < 5; at += 1) expect((await type(wrongCode(at), home, own[at % 2])).status).toBe(422);
    for (const each of own) expect((await type(wrongCode(0), from('198.51.100.9'), each)).status).toBe(429);
  });

  test('RFC 8628.5.1 right codes between wrong ones do not give more guesses, and text that is no code costs none', async () => {
    const { user_code: code } = await askForCodes(world, 'contoso');
    for (const text of ['', 'WDJB', 'AEIOU-AEIO', '1234-5678', 'x'.repeat(64)])
      expect((await type(text)).status).toBe(422);
    for (let at = 0; at < 5; at += 1) {
      expect((await type(wrongCode(at))).status).toBe(422);
      expect((await type(code)).status).toBe(at < 4 ? 200 : 429);
    }
  });
});

describe('RFC 8628.5.4 a person is led to confirm the device of an attacker', () => {
  test('RFC 8628.5.4 the confirmation names the client and the address, and warns; an honest person can continue', async () => {
    const { noor } = world.people;
    const { body } = await ask(
      world,
      'contoso',
      {},
      { ...from('198.51.100.9'), 'user-agent': 'Your bank asks you/1 to go on' },
    );
    const codes = body as { user_code: string; device_code: string; interval: number } & Record<string, never>;
    const question = await typeCode(browser, codes.user_code, from('203.0.113.7'));
    const text = question.text.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
    expect(text).toContain('Connect contoso TV?');
    expect(text).toContain('From 198.51.100.9 (another network than yours)');
    expect(text).toContain('Then cancel. Whoever sent it would get into your account.');
    // A sentence in place of a program is not shown.
    expect(text).not.toContain('bank');
    const password = await answer(browser, question, 'allow');
    expect(
      heading(await enterCode(browser, await enterPassword(browser, password, noor), await noor.phone.code())),
    ).toBe('Device connected');
    expect(await poll(world, 'contoso', codes as never)).toHaveProperty('access_token');
  });

  test('RFC 8628.5.4 no link and no GET confirms', async () => {
    const codes = await askForCodes(world, 'contoso');
    const linked = await browser.visit(codes.verification_uri_complete);
    expect(heading(linked)).toBe('Connect a device');
    for (const path of [
      '/device/confirm',
      `/device/confirm?answer=allow`,
      `/DEVICE/?user_code=${codes.user_code}&confirm=yes`,
    ]) {
      const got = await browser.visit(path);
      expect([path, got.text.includes('Submitting Callback'), uidOf(got)]).toEqual([path, false, '']);
    }
    expect(await poll(world, 'contoso', codes)).toMatchObject(pending);
    expect(heading(await typeCode(browser, codes.user_code))).toBe('Connect contoso TV?');
  });

  test("RFC 8628.5.4 the form of another site, of another browser or of the library's page does not confirm", async () => {
    const codes = await askForCodes(world, 'contoso');
    const { action, hidden } = formTo(await typeCode(browser, codes.user_code), /confirm$/);
    const form = { ...hidden, answer: 'allow' };
    const foreign = { 'sec-fetch-site': 'cross-site', origin: 'https://attacker.test' };
    expect((await browser.go(action, { form, headers: foreign })).status).toBe(403);
    expect((await browser.go('/device', { form: { user_code: codes.user_code }, headers: foreign })).status).toBe(403);
    // The attacker types the code, and lets the victim's browser send the form.
    const victim = world.browser();
    await victim.go('/device');
    for (const other of [victim, world.browser()]) expect((await other.go(action, { form })).status).toBe(403);
    expect((await browser.go(action, { form: { ...form, ticket: `${hidden['ticket']}x` } })).status).toBe(403);
    expect((await browser.go(action, { form: { answer: 'allow' } })).status).toBe(403);
    for (const path of ['/device', '/DEVICE', '/device/']) {
      const direct = { user_code: codes.user_code, xsrf: 'x', confirm: 'yes' };
      expect([path, (await browser.go(path, { form: direct })).status]).toEqual([path, 400]);
    }
    expect(await poll(world, 'contoso', codes)).toMatchObject(pending);
    expect(uidOf(await browser.visit(action, { form }))).not.toBe('');
  });

  test('RFC 8628.5.4 a session is not enough: the second step is asked for each time, in the browser that confirmed', async () => {
    const { noor } = world.people;
    await connectDevice(browser, (await askForCodes(world, 'contoso')).user_code, noor);
    const codes = await askForCodes(world, 'contoso');
    const page = await answer(browser, await typeCode(browser, codes.user_code), 'allow');
    expect(formTo(page, /\/start$/).action).toContain(uidOf(page));
    // The address where the device's sign-in ends, before the second step and in another browser.
    for (const who of [browser, world.browser()]) {
      await who.visit(`/device/${uidOf(page)}`);
      expect(await poll(world, 'contoso', codes)).not.toHaveProperty('access_token');
    }
  });
});

test('RFC 8628.5.4 a person who allowed, went back and denies is not led to the sign-in; who allows again is', async () => {
  const codes = await askForCodes(world, 'contoso');
  const question = await typeCode(browser, codes.user_code);
  const begun = uidOf(await answer(browser, question, 'allow'));
  expect(begun).not.toBe('');
  expect(uidOf(await answer(browser, question, 'allow'))).toBe(begun);
  const denied = await answer(browser, question, 'deny');
  expect([uidOf(denied), heading(denied)]).toEqual(['', 'This code was used already']);
  expect(await poll(world, 'contoso', codes)).toMatchObject(pending);
});

test('RFC 8628.5.4 a person without a second step types the password for each device, also with a session', async () => {
  const { linus } = world.people;
  const confirm = async ({ user_code: code }: { readonly user_code: string }) =>
    answer(browser, await typeCode(browser, code), 'allow');
  expect(heading(await enterPassword(browser, await confirm(await askForCodes(world, 'contoso')), linus))).toBe(
    'Device connected',
  );
  const codes = await askForCodes(world, 'contoso');
  const page = await confirm(codes);
  expect(heading(page)).toBe('Sign in to contoso TV');
  expect(await poll(world, 'contoso', codes)).toMatchObject(pending);
  expect(heading(await enterPassword(browser, page, linus))).toBe('Device connected');
  expect(await poll(world, 'contoso', codes)).toHaveProperty('access_token');
});

describe('RFC 8628.5.5 one code is confirmed by two people', () => {
  test('RFC 8628.5.5 one of ten browsers begins the sign-in, and the device belongs to its person', async () => {
    const { noor } = world.people;
    const codes = await askForCodes(world, 'contoso');
    const all = Array.from({ length: 10 }, () => world.browser());
    const questions = await Promise.all(all.map((each, at) => typeCode(each, codes.user_code, from(`198.51.${at}.9`))));
    const pages = await Promise.all(
      all.map((each, at) => {
        const { action, hidden } = formTo(questions[at] ?? { text: '', status: 0, headers: {}, path: '' }, /confirm$/);
        return each.visit(action, { form: { ...hidden, answer: 'allow' }, headers: from(`198.51.${at}.9`) });
      }),
    );
    const winners = pages.flatMap((page, at) => (uidOf(page) === '' ? [] : [at]));
    expect(winners).toHaveLength(1);
    const lost = pages.filter((_, at) => !winners.includes(at)).map(heading);
    expect(new Set(lost)).toEqual(new Set(['This code was used already']));
    const at = winners[0] ?? 0;
    const [winner, page] = [all[at] ?? browser, pages[at]];
    if (page === undefined) throw new Error('nobody won');
    expect(heading(await enterCode(winner, await enterPassword(winner, page, noor), await noor.phone.code()))).toBe(
      'Device connected',
    );
    // The code is over for everybody.
    expect(heading(await typeCode(world.browser(), codes.user_code))).toBe('This code was used already');
    const [first, ...others] = await Promise.all([poll(world, 'contoso', codes), poll(world, 'contoso', codes)]);
    const got = [first, ...others].filter(each => each !== undefined && 'access_token' in each);
    expect(got.length).toBeLessThanOrEqual(1);
  });
});

describe('RFC 8628.5.2 a device code is used by another client', () => {
  test('RFC 8628.5.2 only the client of the device gets tokens, and only once', async () => {
    const { noor } = world.people;
    const codes = await askForCodes(world, 'contoso');
    expect(heading(await connectDevice(browser, codes.user_code, noor))).toBe('Device connected');
    expect(await poll(world, 'fabrikam', codes)).toMatchObject({ error: 'invalid_grant' });
    // Nor does it slow the device down.
    const got = await pollAtOnce(world, 'contoso', codes);
    expect(got).toHaveProperty('access_token');
    expect(await poll(world, 'contoso', codes)).toMatchObject({ error: 'invalid_grant' });
    const refresh = { grant_type: 'refresh_token', client_id: 'contoso', refresh_token: String(got['refresh_token']) };
    const again = await fetch(new URL('/token', world.issuer), { method: 'POST', body: new URLSearchParams(refresh) });
    // The second use has ended the grant.
    expect(await again.json()).toMatchObject({ error: 'invalid_grant' });
  });
});

const request = (address: string, form: Record<string, string> = {}) => ask(world, 'contoso', form, from(address));

describe('CWE 770 devices by the thousand', () => {
  test('CWE 770 an address gets as many codes a minute as it may begin sign-ins, and the store keeps a bounded number', async () => {
    const before = await Promise.all(Array.from({ length: 6 }, () => request('203.0.113.7')));
    expect(before.filter(({ status }) => status === 200)).toHaveLength(4);
    expect(before.find(({ status }) => status === 429)?.body['error']).toBe('temporarily_unavailable');
    // Another client at the same address has a count of its own.
    expect((await ask(world, 'fabrikam', {}, from('203.0.113.7'))).status).toBe(200);
    const many = await Promise.all(Array.from({ length: 60 }, (_, at) => request(`198.51.${at}.9`)));
    expect(many.filter(({ status }) => status === 200)).toHaveLength(25);
    // What devices use up is not taken from sign-ins, and it comes back.
    world.clock.advance(600_000);
    expect((await request('203.0.113.7')).status).toBe(200);
  });

  test('CWE 770 a parameter that is too long is refused, and polls keep one key at most', async () => {
    const { body } = await request('203.0.113.7', { scope: `openid ${'x'.repeat(1100)}` });
    expect(body).toMatchObject({
      error: 'invalid_request',
      error_description: expect.stringMatching(/^scope is too long/),
    });
    const sent = { grant_type: deviceGrant, client_id: 'contoso', device_code: 'x'.repeat(43) };
    const unknown = await fetch(new URL('/token', world.issuer), { method: 'POST', body: new URLSearchParams(sent) });
    expect(await unknown.json()).toMatchObject({ error: 'invalid_grant' });
  });
});
