/** Tests the cookie that binds a sign-in to its browser, and the one that lists the people who signed in with it. */
import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { beforeEach, describe, expect, test } from '@jest/globals';
import Koa, { type Context } from 'koa';
import { createCookies } from '../../interactions/cookies.ts';
import { createSealer, type SealingKey } from '../../src/crypto.ts';

const key = (id: string): SealingKey => ({ id, key: createSecretKey(randomBytes(32)) });
const [one, two] = [key('one'), key('two')];
const cookiesOf = (keys: readonly [SealingKey, ...SealingKey[]], isHttps = true) =>
  createCookies({ isHttps, sealer: createSealer(keys) });
const cookies = cookiesOf([one]);

const koa = new Koa();
koa.keys = ['signs'];
koa.proxy = true;

/** The cookies that the browser keeps. */
let jar: Map<string, string>;
beforeEach(() => {
  jar = new Map();
});
/** Runs one request and keeps the cookies that it sets. Returns its Set-Cookie headers. */
const visit = (run: (ctx: Context) => unknown): readonly string[] => {
  const request = new IncomingMessage(new Socket());
  request.headers = {
    'x-forwarded-proto': 'https',
    cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
  };
  const ctx = koa.createContext(request, new ServerResponse(request));
  run(ctx);
  const set = [ctx.response.get('set-cookie')].flat().filter(each => each !== '');
  for (const header of set) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(header) ?? [];
    if (/expires=Thu, 01 Jan 1970/.test(header)) jar.delete(name);
    else jar.set(name, value);
  }
  return set;
};
const knownBrowser = (by = cookies) => {
  let found: ReturnType<typeof by.knownBrowser>;
  visit(ctx => void (found = by.knownBrowser(ctx)));
  return found;
};
const sealed = '__Host-known';
const secretOf = (): string => {
  let secret = '';
  visit(ctx => void (secret = cookies.browser(ctx)));
  return secret;
};
const isKnown = (): boolean => {
  let known = false;
  visit(ctx => void (known = cookies.isKnown(ctx)));
  return known;
};

describe('the cookie that binds a sign-in to its browser', () => {
  const [name, signature] = ['__Host-browser', '__Host-browser.sig'];
  test('is made once, and keeps its value with its signature', () => {
    expect(isKnown()).toBe(false);
    const secret = secretOf();
    expect([secretOf(), isKnown()]).toEqual([secret, true]);
  });

  test.each<[string, () => void]>([
    ['a wrong signature', () => jar.set(signature, 'A'.repeat(27))],
    ['no signature', () => jar.delete(signature)],
    ['the signature of another cookie', () => jar.set(signature, jar.get('__Host-known.sig') ?? '')],
    ['a value that somebody else chose', () => jar.set(name, 'A'.repeat(22))],
  ])('with %s does not count, and is replaced', (_, change) => {
    visit(ctx => cookies.remember(ctx, { userId: 'ada', at: 1 }));
    const secret = secretOf();
    change();
    const planted = jar.get(name);
    expect(isKnown()).toBe(false);
    const made = secretOf();
    expect([secret, planted]).not.toContain(made);
    expect([secretOf(), isKnown()]).toEqual([made, true]);
  });
});

describe('the cookie of a known browser', () => {
  test('is set by a sign-in and read by the next one', () => {
    expect(knownBrowser()).toBeUndefined();
    visit(ctx => cookies.remember(ctx, { userId: 'ada', at: 1, method: 'totp' }));
    visit(ctx => cookies.remember(ctx, { userId: 'noor', at: 2 }));
    expect(knownBrowser()?.people).toEqual([
      { userId: 'noor', at: 2 },
      { userId: 'ada', at: 1, method: 'totp' },
    ]);
    visit(ctx => expect(cookies.lastMethod(ctx, 'ada')).toBe('totp'));
    visit(ctx => expect(cookies.lastMethod(ctx, 'noor')).toBeUndefined());
  });

  test('is sealed, lasts 180 days, is bound to its host and hidden from scripts', () => {
    const [value = '', signature = ''] = visit(ctx => cookies.remember(ctx, { userId: 'ada', at: 1, method: 'totp' }));
    expect(value).toMatch(/^__Host-known=1\.one\.[\w-]+; path=\/; expires=[^;]+; samesite=lax; secure; httponly$/i);
    expect(signature).toMatch(/^__Host-known\.sig=/);
    const days = (Date.parse(/expires=([^;]+)/.exec(value)?.[1] ?? '') - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(180);
    const plain = cookiesOf([one], false);
    jar.clear();
    expect(visit(ctx => plain.remember(ctx, { userId: 'ada' }))[0]).toMatch(
      /^sallyport-known=.*samesite=lax; httponly$/i,
    );
  });

  test('fits into the size limit of browsers with the longest entries', () => {
    for (let at = 0; at < 9; at += 1) {
      visit(ctx =>
        cookies.remember(ctx, { userId: randomUUID(), at: 9_999_999_999_999, method: `${'é'.repeat(63)}${at}` }),
      );
    }
    expect(knownBrowser()?.people).toHaveLength(5);
    const [header = ''] = visit(ctx => cookies.remember(ctx, { userId: randomUUID() }));
    expect(Buffer.byteLength(header)).toBeLessThanOrEqual(4096);
  });

  test.each<[string, () => void]>([
    ['of another signature', () => jar.set(`${sealed}.sig`, 'A'.repeat(27))],
    ['without one', () => jar.delete(`${sealed}.sig`)],
    [
      'that was changed',
      () =>
        jar.set(
          sealed,
          (jar.get(sealed) ?? '').replace(/.$/, last => (last === 'A' ? 'B' : 'A')),
        ),
    ],
    ['of another make', () => jar.set(sealed, 'ada')],
  ])('is ignored if it is one %s', (_, change) => {
    visit(ctx => cookies.remember(ctx, { userId: 'ada', at: 1 }));
    expect(knownBrowser()?.people).toHaveLength(1);
    change();
    expect(knownBrowser()).toBeUndefined();
  });

  test('is ignored if it was sealed for another purpose or is too long, also with a valid signature', () => {
    const sealer = createSealer([one]);
    const plant = (boundTo: string, id: string): void => {
      const text = JSON.stringify({ id, people: [{ userId: 'ada', at: 1 }] });
      visit(ctx => ctx.cookies.set(sealed, sealer.seal(text, boundTo), { signed: true, secure: true }));
    };
    plant('known-device-1', 'x');
    expect(knownBrowser()?.id).toBe('x');
    for (const [boundTo, id] of [
      ['start-again', 'x'],
      ['known-device-0', 'x'],
      ['known-device-1', 'x'.repeat(4000)],
    ] as const) {
      plant(boundTo, id);
      expect(jar.has(`${sealed}.sig`)).toBe(true);
      expect(knownBrowser()).toBeUndefined();
    }
  });

  test('sealed by an older key is read while that key is configured', () => {
    visit(ctx => cookies.remember(ctx, { userId: 'ada', at: 1 }));
    expect(knownBrowser(cookiesOf([two, one]))?.people).toHaveLength(1);
    expect(knownBrowser(cookiesOf([two]))).toBeUndefined();
    visit(ctx => cookiesOf([two]).remember(ctx, { userId: 'noor', at: 2 }));
    expect(knownBrowser(cookiesOf([two]))?.people).toEqual([{ userId: 'noor', at: 2 }]);
  });
});
