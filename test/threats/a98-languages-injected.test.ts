/**
 * A98. The author of a link or a header chooses the language that we look for. It may be a path (`../../etc`), a member
 * of every object (`__proto__`), a header of ten thousand entries, markup, or characters that turn the direction of
 * writing. It must become no file, no text on a page and no hour of work. A tag is looked up in the list of languages,
 * its length is checked first, and English is the fallback. The form that keeps a choice is accepted from our own pages
 * only. It keeps only a supported language, and leads only to our own pages.
 * Guards: `src/locales/wording.ts#primaryOf`, `src/http/language.ts#acceptedLanguages`,
 * `src/http/language.ts#keepLanguage`, `src/http/language.ts#browsersLanguage`, `web/pages/links.ts#placeToReturn`,
 * `src/http/same-origin.ts#requireSameOrigin`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { chosenLanguage, wording } from '../../src/locales/wording.ts';
import { acceptedIn } from '../support/hostile/accept-language.ts';
import { heading, type Answer, type Browser } from '../support/browser/plain.ts';
import { openRelyingParty, signIn, type RelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

let world: World;
let rp: RelyingParty;
beforeAll(async () => {
  world = await startWorld();
  rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
});
afterAll(() => world.close());

const hostile: readonly (readonly [name: string, value: string])[] = [
  ['a path', '../../etc/passwd'],
  ['a path behind a language', 'de/../../etc/passwd'],
  ['__proto__', '__proto__'],
  ['constructor', 'constructor'],
  ['toString', 'toString'],
  ['a member of a catalogue', 'frame'],
  ['a number', '0'],
  ['a right-to-left override', '\u202Eed'],
  ['a left-to-right mark', 'de\u200E'],
  ['markup', '<script>alert(1)</script>'],
  ['a quote', `de" onload="alert(1)`],
  ['a line break', 'de\r\nset-cookie: x=y'],
  ['the test language', 'ar-XB'],
];

/** The language of a page, by its `lang` and by its header. Also checks that the attack is not in the page. */
const languageIn = ({ text, headers }: Answer): string => {
  const [, lang = 'none', dir = ''] = /<html lang="([^"]*)" dir="([^"]*)"/.exec(text) ?? [];
  const odd = /<script(?![^>]* src=")|etc\/passwd|alert\(1\)|[\u200E\u202E]/u.exec(text)?.[0];
  return [lang, ...(dir === 'ltr' ? [] : [dir]), ...(headers['content-language'] === lang ? [] : ['header']), odd ?? '']
    .join(' ')
    .trim();
};

/** The password page for these parameters and headers. */
const open = async (wish: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<Answer> => {
  const browser = world.browser();
  const first = await browser.go((await rp.begin(wish)).url);
  const to = browser.next(first)?.pathname ?? '';
  return browser.go(to, { headers });
};

describe('A98 ui_locales', () => {
  test('A98 the first supported language of ui_locales is used', async () => {
    expect(languageIn(await open({ ui_locales: 'de' }))).toBe('de');
    expect(languageIn(await open({ ui_locales: 'tlh fr-CA de' }))).toBe('fr');
  });

  test.each(hostile)('A98 ui_locales with %s is ignored, and the sign-in continues', async (_, value) => {
    expect(languageIn(await open({ ui_locales: value }))).toBe('en');
    expect(languageIn(await open({ ui_locales: `${value} fr` }))).toBe('fr');
    await expect(signIn(rp, world.browser(), world.people.linus, { ui_locales: value })).resolves.toBeDefined();
  });

  test('A98 ten thousand entries of ui_locales are not all read', async () => {
    expect(chosenLanguage([...Array.from({ length: 10_000 }, () => 'xx'), 'de'])).toBe('en');
    expect(chosenLanguage([`fr-${'x'.repeat(33)}`, 'de'])).toBe('de');
    expect(chosenLanguage([`fr-${'x'.repeat(32)}`, 'de'])).toBe('fr');
    expect(chosenLanguage(['x'.repeat(1_000_000), 'de'])).toBe('de');
    expect(languageIn(await open({ ui_locales: `${'xx '.repeat(1000)}de` }))).toBe('en');
  });
});

describe('A98 Accept-Language', () => {
  test('A98 the supported language with the highest weight is used', async () => {
    expect(languageIn(await open({}, { 'accept-language': 'de-AT,de;q=0.9,en;q=0.5' }))).toBe('de');
    expect(languageIn(await open({}, { 'accept-language': 'de;q=0.1, fr;q=0.9' }))).toBe('fr');
    expect(languageIn(await open({}, { 'accept-language': 'de;q=0, fr' }))).toBe('fr');
  });

  test.each([
    ['de;q=0', 'en'],
    ['de;q=0.000, fr;q=0, tlh', 'en'],
    ['fr;q=0, de;q=0.001', 'de'],
    ['*, de;q=0', 'en'],
  ])('A98 a language that %s refuses is not used', async (header, language) => {
    expect(languageIn(await open({}, { 'accept-language': header }))).toBe(language);
  });

  test.each(hostile.filter(([, value]) => /^[\x20-\x7E]*$/.test(value)))(
    'A98 Accept-Language entries with %s are skipped',
    async (_, value) => {
      expect(languageIn(await open({}, { 'accept-language': value }))).toBe('en');
      expect(languageIn(await open({}, { 'accept-language': `${value},fr;q=0.1` }))).toBe('fr');
    },
  );

  test.each([
    ['ten thousand entries', 'de;q=0.9,'.repeat(10_000)],
    ['ten thousand broken entries', 'en;q=,'.repeat(10_000)],
    ['ten thousand weights', `de;q=0.${'1'.repeat(60_000)}`],
    ['ten thousand spaces', `de${' '.repeat(60_000)};q=1`],
    ['a long tag', 'd'.repeat(60_000)],
  ])('A98 Accept-Language of %s is not read', (_, header) => {
    expect(acceptedIn(header)).toEqual([]);
    // Within the length that is read, the work is bounded too.
    expect(chosenLanguage(acceptedIn(header.slice(0, 1000)))).toMatch(/^(?:en|de)$/);
  });

  test('A98 an Accept-Language of nine thousand characters is ignored over HTTP', async () => {
    expect(languageIn(await open({}, { 'accept-language': 'de;q=0.9,'.repeat(1000) }))).toBe('en');
  });
});

describe('A98 the language form', () => {
  let browser: Browser;
  let here: string;
  beforeEach(async () => {
    browser = world.browser();
    here = (await browser.visit((await rp.begin()).url)).path;
  });
  const choose = (language: string, back = here): Promise<Answer> =>
    browser.go('/language', { form: { language, back } });
  const kept = (): readonly string[] =>
    browser.jar.cookies.filter(({ name }) => name.endsWith('language')).map(({ value }) => value);

  test('A98 a chosen language is kept and redirects to its page', async () => {
    const answer = await choose('de');
    expect([answer.status, answer.headers['location']]).toEqual([303, here]);
    expect(kept()).toEqual(['de']);
    expect(languageIn(await browser.go(here))).toBe('de');
  });

  test.each(hostile)('A98 a choice of %s is not kept', async (_, value) => {
    const answer = await choose(value);
    expect([answer.status, answer.headers['location']]).toEqual([303, here]);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(kept()).toEqual([]);
    expect(languageIn(await browser.go(here))).toBe('en');
  });

  test.each([
    ['a supported language with a region', 'de-AT'] as const,
    ...hostile.filter(([, value]) => /^[!-~]*$/.test(value) && !value.includes('"')),
  ])('A98 a planted cookie of %s is ignored', async (_, value) => {
    expect(
      languageIn(
        await browser.go(here, { headers: { cookie: `sallyport-language=${value}; ${browser.jar.for(here)}` } }),
      ),
    ).toBe('en');
  });

  test.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example',
    'javascript:alert(1)',
    '/interaction/../logout',
    '/interaction/x/password',
    '/interaction/x/factor?reason=nothing-left',
    '/interaction/x/help?reason=https://evil.example',
    '/interaction/x\r\nlocation: https://evil.example',
    `/interaction/${'x'.repeat(65)}`,
    '/session/end',
    '/auth?client_id=x',
    'interaction/x',
    '',
  ])('A98 a choice never redirects to %j', async back => {
    const answer = await choose('de', back);
    expect([answer.status, answer.headers['location']]).toEqual([303, '/']);
  });

  test.each([
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['another host of our site', { 'sec-fetch-site': 'same-site' }],
    ['a program', { 'sec-fetch-site': 'none', origin: 'null' }],
  ])('A98 a choice by %s is refused', async (_, headers) => {
    const answer = await browser.go('/language', { form: { language: 'de', back: here }, headers });
    expect([answer.status, heading(answer)]).toEqual([403, wording('en').problems.forbidden.heading]);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  test.each([
    ['a language that is too long', { language: 'd'.repeat(65) }, 413],
    ['an unknown field', { language: 'de', name: 'x' }, 400],
  ] as const)('A98 a form with %s is refused', async (_, form, status) => {
    expect((await browser.go('/language', { form })).status).toBe(status);
    expect(kept()).toEqual([]);
  });
});
