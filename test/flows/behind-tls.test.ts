/**
 * Tests a whole sign-in under an https issuer through a proxy that ends TLS: the addresses in every answer and the
 * cookies.
 */
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { formTo, type Answer } from '../support/browser/plain.ts';
import { atClient, checkAgain, enterPassword, pickUp } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const issuer = 'https://login.example.test';
let world: World;
const answers: Answer[] = [];
let cookies: readonly string[];
let code: string | null;

beforeAll(async () => {
  world = await startWorld({ issuer });
  await world.addClient({ id: 'contoso' });
  const { ada } = world.people;
  const browser = world.browser();
  const go = browser.go.bind(browser);
  browser.go = async (...asked) => {
    const answer = await go(...asked);
    answers.push(answer);
    return answer;
  };
  const challenge = createHash('sha256').update(randomBytes(32).toString('base64url')).digest('base64url');
  const request = new URLSearchParams({
    client_id: 'contoso',
    redirect_uri: 'https://contoso.test/callback',
    response_type: 'code',
    scope: 'openid',
    state: 'x',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  const first = await browser.visit(`/auth?${request.toString()}`);
  const calling = await enterPassword(browser, first, ada);
  await pickUp(ada, '#');
  const done = await checkAgain(browser, calling);
  code = atClient(browser, done).searchParams.get('code');
  await browser.visit(calling.path);
  const question = await browser.visit('/session/end');
  const { action, hidden } = formTo(question, /\/session\/end\/confirm$/);
  await browser.visit(action, { form: { ...hidden, logout: 'yes' } });
  await browser.visit('/nowhere');
  await browser.visit('/auth');
  cookies = browser.jar.seen.map(cookie => cookie.header);
});
afterAll(() => world.close());

test('a sign-in behind a TLS proxy ends with a code', () => {
  expect(code).not.toBeNull();
});

describe('every answer', () => {
  test('forbids frames, caching and referrers', () => {
    expect(answers.length).toBeGreaterThan(10);
    for (const { path, headers } of answers) {
      expect({ path, ...headers }).toMatchObject({
        path,
        'content-security-policy': expect.stringMatching(
          /default-src 'none'.*frame-ancestors 'none'.*trusted-types 'none'/,
        ),
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'strict-transport-security': expect.stringMatching(/^max-age=\d{8}/),
        'cache-control': expect.stringMatching(/^no-(store|cache, no-store)/),
      });
    }
  });

  test('names only addresses of the issuer and the client', () => {
    const told = answers.flatMap(
      ({ text, headers }) => `${text} ${String(headers['location'])}`.match(/https?:\/\/[^\s"'<&]+/g) ?? [],
    );
    expect(new Set(told.map(each => new URL(each).origin))).toEqual(new Set([issuer, 'https://contoso.test']));
  });
});

describe('every cookie', () => {
  test.each(['__Host-browser', '__Host-start', '__Host-session', '__Secure-interaction', '__Secure-resume'])(
    '%s is set with its signature',
    name => {
      expect(cookies.some(each => each.startsWith(`${name}=`))).toBe(true);
      expect(cookies.some(each => each.startsWith(`${name}.sig=`))).toBe(true);
    },
  );

  test('is Secure, HttpOnly, SameSite=Lax and small', () => {
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__(Host|Secure)-/);
      expect(cookie).toMatch(/; secure/i);
      expect(cookie).toMatch(/; httponly/i);
      expect(cookie).toMatch(/; samesite=lax/i);
      expect(cookie).not.toMatch(/; domain=/i);
      expect(cookie.startsWith('__Host-') && !/; path=\/(;|$)/i.test(cookie)).toBe(false);
      expect(cookie.length).toBeLessThan(4096);
    }
  });

  test('holds no readable data', () => {
    const { ada } = world.people;
    expect(
      cookies.filter(each => each.includes('contoso') || each.includes(ada.user.id) || each.includes('ada')),
    ).toEqual([]);
  });
});
