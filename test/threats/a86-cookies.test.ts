/**
 * A86. A cookie is readable by scripts, travels without TLS, names a person, or can be planted by a host of the same
 * domain. Each of these has let attackers in elsewhere. The test judges every line that sets or removes a cookie while
 * it visits every route. It does so on plain loopback and behind a proxy that ends TLS.
 * Guards: `src/oidc/provider.ts#cookies`, `interactions/cookies.ts#createCookies`,
 * `src/oidc/http/request-cookies.ts#createRequestCookies`, `portals/admission/cookies.ts#createPortalCookies`, `src/http/language.ts#keepLanguage`, and sealed values.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bareName, cookieViolations, readCookie } from '../support/surface/cookies.ts';
import { crawlSurface, type SurfaceCrawl } from '../support/surface/crawl.ts';

const places = [
  { name: 'plain loopback', isHttps: false, wish: {} },
  { name: 'a proxy that ends TLS', isHttps: true, wish: { issuer: 'https://login.example.test' } },
] as const;

describe.each(places)('A86 on $name', ({ isHttps, wish }) => {
  let crawl: SurfaceCrawl;
  beforeAll(async () => {
    crawl = await crawlSurface(wish);
  }, 60_000);
  afterAll(() => crawl.world.close());

  /** Values that would tell the person or the client. */
  const personal = (): readonly string[] => [
    ...Object.values(crawl.world.people).flatMap(({ user, number, password }) => [
      user.id,
      user.email ?? '',
      number?.slice(1) ?? '',
      password,
    ]),
    'linus',
    'contoso',
    'stranger',
  ];

  test('A86 each cookie is set, signed unless its value is sealed or public, and removed again', () => {
    const read = crawl.cookies.map(readCookie);
    const bare = new Set(read.map(({ name }) => bareName(name)));
    const signed = ['session', 'interaction', 'resume', 'browser', 'start', 'known'];
    // `request`, `reset` and those of the portals are sealed; `requests` lists addresses of the browser's own sign-ins.
    const unsigned = [
      'language',
      'request',
      'requests',
      'reset',
      'account',
      'account-sign-in',
      'account-notice',
      'developer-sign-in',
    ];
    expect([...bare].toSorted()).toEqual([...signed, ...signed.map(name => `${name}.sig`), ...unsigned].toSorted());
    const gone = read.filter(({ attributes }) => Date.parse(attributes.get('expires') ?? '') === 0);
    expect(gone.map(({ name }) => bareName(name))).toEqual(expect.arrayContaining(['interaction', 'resume']));
    expect(crawl.cookies.length).toBeGreaterThan(50);
  });

  test('A86 each cookie is HttpOnly, SameSite, bound to host and path, small, and names no person', () => {
    expect(crawl.cookies.flatMap(line => cookieViolations(line, isHttps, personal()))).toEqual([]);
  });

  test('A86 no cookie lasts longer than a year, and no sign-in cookie longer than the sign-in can be begun anew', () => {
    const now = crawl.world.clock();
    const days = (line: string): readonly [string, number] => {
      const { name, attributes } = readCookie(line);
      const expires = attributes.get('expires');
      return [bareName(name), expires === undefined ? 0 : (Date.parse(expires) - now) / 86_400_000];
    };
    const halfDay = { request: 0.5, requests: 0.5 };
    const most: Readonly<Record<string, number>> = {
      language: 365,
      known: 180,
      start: 1,
      session: 1,
      ...halfDay,
      'account-sign-in': 15 / 1440,
      'developer-sign-in': 15 / 1440,
    };
    const old = crawl.cookies
      .map(days)
      .filter(([name, lifetime]) => lifetime > (most[name.replace(/\.sig$/, '')] ?? 10 / 1440) + 0.001);
    expect(old).toEqual([]);
  });
});

test('A86 the rules of this test find bad cookies', () => {
  const good = '__Host-browser=x; path=/; secure; httponly; samesite=lax';
  expect(cookieViolations(good, true, ['ada'])).toEqual([]);
  const bad = [
    good.replace('; secure', ''),
    good.replace('; httponly', ''),
    good.replace('samesite=lax', 'samesite=none'),
    `${good}; domain=example.test`,
    good.replace('path=/', 'path=/auth'),
    good.replace('__Host-', ''),
    good.replace('=x', `=${Buffer.from('{"name":"Ada"}').toString('base64url')}`),
    good.replace('=x', `=${'x'.repeat(5000)}`),
    good.replace('browser', 'other'),
  ];
  expect(bad.filter(line => cookieViolations(line, true, ['ada']).length === 0)).toEqual([]);
});
