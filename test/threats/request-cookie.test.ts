/**
 * CWE 565. A begun sign-in is kept in a cookie of its browser. The holder of the cookie cuts it, changes it, moves it to
 * another sign-in or browser, forges the list of open ones, or puts a copy back after the sign-in has ended. The cookie
 * is sealed to its sign-in and to the browser's secret, and it only says what was asked: whether a sign-in has ended is
 * read from the store.
 * Guards: `src/oidc/http/request-cookies.ts#createRequestCookies`, `src/oidc/adapter/requests.ts#isAnonymous`,
 * `src/mfa/sign-in-proofs.ts#isEnded`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { countOperations } from '../support/counts/operations.ts';
import { Jar, type Cookie } from '../support/browser/jar.ts';
import { heading } from '../support/browser/plain.ts';
import { enterCode, signIn } from '../support/world/relying-party.ts';
import { codeAt } from '../support/codes.ts';
import { startWorld } from '../support/world/world.ts';
import { createOidcLookup, type OidcLookup } from './support/oidc-lookup.ts';
import {
  expectSignedIn,
  noApproval,
  startThreatWorld,
  type RecordingBrowser,
  type StartedSignIn,
  type ThreatWorld,
} from './support/threat-world.ts';

const operations = countOperations();
let world: ThreatWorld;
let lookup: OidcLookup;
let browser: RecordingBrowser;
let begun: StartedSignIn;
beforeAll(async () => {
  world = await startThreatWorld({ wrap: operations.wrap });
  lookup = createOidcLookup(world.store, world.services.sealer, world.clock);
});
afterAll(() => world.close());
beforeEach(async () => {
  world.clock.advance(3_600_000);
  browser = world.recordingBrowser();
  begun = await world.begin(browser);
});

const isRequest = ({ name }: Cookie): boolean => name === 'sallyport-request';
const requestOf = ({ jar }: RecordingBrowser, uid: string): Cookie => {
  const found = jar.cookies.find(cookie => isRequest(cookie) && cookie.path === `/interaction/${uid}`);
  if (found === undefined) throw new Error('the request is not in the browser');
  return found;
};
/** The jar with another value in place of a cookie. */
const withValue = ({ jar }: RecordingBrowser, cookie: Cookie, value: string): Jar =>
  new Jar(world.clock, [...jar.cookies.filter(each => each !== cookie), { ...cookie, value }]);
/** Signs in, from the password page on. */
const goOn = async (by: RecordingBrowser, { uid }: StartedSignIn) => {
  const { name, password } = world.people.noor;
  const page = await by.visit(`/interaction/${uid}/password`, { form: { name, password } });
  return enterCode(by, page, codeAt(world.people.noor, world.clock()));
};
/** All that would go on with a sign-in, and what became of it. */
const attempt = async (by: RecordingBrowser, uid: string) => {
  const { name, password } = world.people.noor;
  const looked = await by.go(`/interaction/${uid}`);
  const typed = await by.go(`/interaction/${uid}/password`, { form: { name, password } });
  const coded = await by.go(`/interaction/${uid}/factor`, { form: { code: codeAt(world.people.noor, world.clock()) } });
  return [looked, typed, coded].map(({ status, text }) =>
    text.includes('name="password"') ? 'password page' : status,
  );
};

test('CWE 565 a begun sign-in costs the store two counters, takes no other room, and can be finished', async () => {
  operations.done.length = 0;
  const other = world.recordingBrowser();
  const started = await world.begin(other);
  // Two counters, incremented by one call.
  expect(operations.done).toEqual(['incrementMany begun-sign-ins']);
  expect(await lookup('Interaction', started.uid)).toBeUndefined();
  await goOn(other, started);
  await expectSignedIn(world, other, world.people.noor);
  expect(other.jar.cookies.filter(isRequest)).toEqual([]);
});

describe('CWE 565 a changed cookie', () => {
  const changes: readonly (readonly [string, (value: string) => string])[] = [
    ['cut', value => value.slice(0, -20)],
    ['empty', () => ''],
    ['of another key', value => value.replace(/^1\.\w+\./, '1.other.')],
    ['with a changed byte', value => `${value.slice(0, 60)}${value.charAt(60) === 'A' ? 'B' : 'A'}${value.slice(61)}`],
    ['that is very long', value => value + 'A'.repeat(3000)],
    ['that is plain JSON', () => Buffer.from('{"params":{}}').toString('base64url')],
  ];
  test.each(changes)('CWE 565 a cookie %s opens nothing', async (_, change) => {
    const kept = requestOf(browser, begun.uid);
    browser.jar = withValue(browser, kept, change(kept.value));
    expect(await attempt(browser, begun.uid)).toEqual([400, 400, 400]);
    expect(await world.outcome(browser, begun.uid)).toEqual(noApproval);
    expect(await world.challenge(begun.uid)).toBeUndefined();
  });
});

test('CWE 565 the mark of a request that began without a secret decides nothing', async () => {
  // From its second sign-in on a browser has its secret.
  const [marked, sealed] = [begun, await world.begin(browser)];
  const [kept, other] = [requestOf(browser, marked.uid), requestOf(browser, sealed.uid)];
  expect([kept, other].map(({ value }) => value.endsWith('.new'))).toEqual([true, false]);
  browser.jar = withValue(browser, other, `${other.value}.new`);
  expect(await attempt(browser, sealed.uid)).toEqual([400, 400, 400]);
  // An earlier release set none.
  browser.jar = withValue(browser, kept, kept.value.replace(/\.new$/, ''));
  await goOn(browser, marked);
  await expectSignedIn(world, browser, world.people.noor);
});

test('CWE 565 the cookie of one sign-in opens no other', async () => {
  const other = await world.begin(browser);
  const [own, moved] = [requestOf(browser, begun.uid), requestOf(browser, other.uid)];
  browser.jar = withValue(browser, own, moved.value);
  expect(await attempt(browser, begun.uid)).toEqual([400, 400, 400]);
  await goOn(browser, other);
  await expectSignedIn(world, browser, world.people.noor);
});

test('CWE 565 a cookie that was sealed to a browser opens in no other', async () => {
  // From its second sign-in on a browser has its secret.
  const sealed = await world.begin(browser);
  const thief = world.recordingBrowser();
  await world.begin(thief);
  const stolen = browser.jar.cookies.filter(
    ({ path, name }) => path.includes(sealed.uid) && !name.startsWith('sallyport-resume'),
  );
  thief.jar = new Jar(world.clock, [...thief.jar.cookies, ...stolen]);
  expect(await attempt(thief, sealed.uid)).toEqual([400, 400, 400]);
  await goOn(browser, sealed);
  await expectSignedIn(world, browser, world.people.noor);
});

describe('CWE 565 a copy of the cookies, put back after the end', () => {
  const ends: readonly (readonly [string, (started: StartedSignIn) => Promise<unknown>])[] = [
    ['finished', started => goOn(browser, started)],
    ['cancelled', ({ uid }) => browser.visit(`/interaction/${uid}/cancel`, { form: {} })],
  ];
  test.each(ends)('CWE 565 does not revive a sign-in that was %s', async (_, end) => {
    const copy = browser.jar.copy();
    await end(begun);
    const sessions = browser.codes.length;
    browser.jar = copy;
    const challenged = (await world.audited('challenge.begun')).length;
    for (const status of await attempt(browser, begun.uid)) expect(status).not.toBe('password page');
    expect(browser.codes).toHaveLength(sessions);
    expect(await world.audited('challenge.begun')).toHaveLength(challenged);
    expect(await lookup('Interaction', begun.uid)).toBeUndefined();

    // Neither does a browser without its other cookies, nor the time after its life.
    const bare = world.recordingBrowser();
    bare.jar = copy.copy(({ path }) => path.includes(begun.uid));
    await attempt(bare, begun.uid);
    expect(bare.codes).toEqual([]);
    world.clock.advance(11 * 60_000);
    browser.jar = copy;
    const late = await browser.go(`/interaction/${begun.uid}`);
    expect(late.headers['location']).toBeUndefined();
  });

  test('CWE 565 a sign-in that ends while its password is checked is not revived', async () => {
    const { name, password } = world.people.noor;
    const [, typed] = await Promise.all([
      browser.go(`/interaction/${begun.uid}/cancel`, { form: {} }),
      browser.go(`/interaction/${begun.uid}/password`, { form: { name, password } }),
    ]);
    // Whichever came first, the cancelled sign-in gives no code.
    expect([303, 400, 403, 409]).toContain(typed.status);
    await browser.visit(`/interaction/${begun.uid}/factor`, {
      form: { code: codeAt(world.people.noor, world.clock()) },
    });
    expect(browser.codes).toEqual([]);
  });
});

describe('CWE 565 where the browser cannot keep the request, the store does', () => {
  test.each<[string, Readonly<Record<string, string>>]>([
    ['a long request', { state: 'x'.repeat(1000), nonce: 'y'.repeat(900) }],
    ['the longest request', { state: 'x'.repeat(1024), nonce: 'y'.repeat(1024), login_hint: 'z'.repeat(1024) }],
  ])('CWE 565 %s is kept in the store and can be finished', async (_, wish) => {
    const started = await world.begin(browser, wish);
    expect(await lookup('Interaction', started.uid)).toBeDefined();
    expect(browser.jar.cookies.filter(({ path }) => path.includes(started.uid)).some(isRequest)).toBe(false);
    await goOn(browser, started);
    await expectSignedIn(world, browser, world.people.noor);
  });

  test('CWE 565 the fourth open sign-in of a browser is kept in the store, and all four can be finished', async () => {
    const all = [begun];
    for (let more = 0; more < 3; more += 1) all.push(await world.begin(browser));
    const stored = await Promise.all(all.map(async ({ uid }) => (await lookup('Interaction', uid)) !== undefined));
    expect(stored).toEqual([false, false, false, true]);
    expect(browser.jar.cookies.filter(isRequest)).toHaveLength(3);
    for (const started of all.toReversed()) expect((await browser.go(`/interaction/${started.uid}`)).status).toBe(200);
    await goOn(browser, all[3] ?? begun);
    await expectSignedIn(world, browser, world.people.noor);
  });

  test('CWE 565 an ended sign-in makes room for another one in the browser', async () => {
    for (let more = 0; more < 2; more += 1) await world.begin(browser);
    await browser.visit(`/interaction/${begun.uid}/cancel`, { form: {} });
    const next = await world.begin(browser);
    expect(await lookup('Interaction', next.uid)).toBeUndefined();
    expect(browser.jar.cookies.filter(isRequest)).toHaveLength(3);
  });

  test.each([
    ['one letter', 'x'],
    ['separators alone', '~~~~'],
    ['three entries', 'a.zz~b.zz~c.zz'],
    ['a path', '../../x.zzzzzz'],
    ['2,000 letters', 'a'.repeat(2000)],
  ])('CWE 565 a forged list of open requests (%s) gives no error', async (_, value) => {
    const list = browser.jar.cookies.find(({ name }) => name === 'sallyport-requests');
    if (list === undefined) throw new Error('there is no list');
    browser.jar = withValue(browser, list, value);
    expect((await world.begin(browser)).page.status).toBe(200);
    expect(world.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

test('CWE 565 the head of an answer with the longest cookie fits into 4 KiB, as a proxy keeps it', async () => {
  const secure = await startWorld({ issuer: 'https://login.example.test' });
  try {
    await secure.addClient({ id: 'contoso' });
    const sizes = [];
    for (let length = 300; length < 1024; length += 40) {
      const asked = new URLSearchParams({
        client_id: 'contoso',
        redirect_uri: 'https://contoso.test/callback',
        response_type: 'code',
        scope: 'openid',
        state: 's'.repeat(length),
        code_challenge: 'c'.repeat(43),
        code_challenge_method: 'S256',
      });
      const answer = await secure.browser().go(`/auth?${asked.toString()}`);
      const lines = Object.entries(answer.headers).flatMap(([name, value]) =>
        [value].flat().map(each => `${name}: ${String(each)}\r\n`),
      );
      if (lines.some(line => line.includes('__Secure-request='))) sizes.push(lines.join('').length);
    }
    process.stdout.write(`heads of answers with a request: ${sizes.join(' ')} bytes\n`);
    expect(sizes.length).toBeGreaterThan(3);
    expect(sizes.length).toBeLessThan(18);
    expect(Math.max(...sizes)).toBeLessThan(4000);
  } finally {
    await secure.close();
  }
});

test('CWE 565 the request of a browser with a session is kept in the store, where the library compares its person', async () => {
  await signIn(world.rp, browser, world.people.noor);
  const again = await world.begin(browser, { prompt: 'login' });
  expect(await lookup('Interaction', again.uid)).toBeDefined();
  expect(heading(again.page)).toContain('Sign in');
});
