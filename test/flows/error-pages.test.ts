/** Tests the pages of error codes as people and developers reach them: from View details, and from `error_uri`. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { explainedCodes, explainedError } from '../../src/error-reference/reference.ts';
import { wording } from '../../src/locales/wording.ts';
import { catalogue } from '../../web/pages/catalogue.ts';
import { heading, type Browser } from '../support/browser/plain.ts';
import { startWorld, type World } from '../support/world/world.ts';

let world: World;
let browser: Browser;
beforeAll(async () => {
  world = await startWorld();
  await world.addClient({ id: 'contoso' });
  browser = world.browser();
});
afterAll(() => world.close());

const errorLink = (text: string): string => /href="(\/errors\/[^"]*)"/.exec(text)?.[1] ?? '';

test('a page about a problem leads to the page of its code, which says what to do', async () => {
  const failed = await browser.visit('/auth?client_id=contoso&redirect_uri=https%3A%2F%2Fcontoso.test%2Fcallback%2F');
  expect([failed.status, errorLink(failed.text)]).toEqual([400, '/errors/IDP-4101']);
  const page = await browser.visit(errorLink(failed.text));
  expect([page.status, heading(page)]).toEqual([200, 'Error IDP-4101']);
  expect(page.text).toContain('Send exactly a registered address');
  expect(page.text).toContain('<code>clients set ID --add-redirect-uri</code>');
});

test.each(['/', '/no-such-page', '/session/end/success'])('%s leads on to the own account', async path => {
  const page = await browser.visit(path);
  const to = /class="button" href="([^"]+)"/.exec(page.text)?.[1] ?? '';
  expect(heading(await browser.visit(to))).toBe('Sign in to Sallyport');
});

test('the address that a client got leads to a page', async () => {
  const told = await browser.go(
    '/auth?client_id=contoso&redirect_uri=https%3A%2F%2Fcontoso.test%2Fcallback&response_type=code&scope=openid&state=s',
  );
  const to = new URL(String(told.headers['location'])).searchParams.get('error_uri');
  expect(to).toBe(new URL('/errors/IDP-4304', world.issuer).href);
  expect((await browser.visit(to ?? '')).text).toContain('code_challenge_method=S256');
});

test.each(['en', 'de', 'fr'])(
  'the frame is in the language of the person (%s), the explanation in English',
  async tag => {
    const { text } = await world.browser().visit('/errors/IDP-1504', { headers: { 'accept-language': tag } });
    const words = wording(tag).pages.errorCode;
    expect(text).toContain(`<html lang="${tag}"`);
    expect(text).toContain(words.heading('IDP-1504'));
    expect(text).toContain(words.readers.operator);
    expect(text).toContain('<p class="lead" lang="en">A store cannot be reached');
    expect(text.includes(words.english)).toBe(tag !== 'en');
  },
);

test('every code has a page, in any letter case, without a mark of Markdown left', async () => {
  for (const code of explainedCodes) {
    const { status, text } = await browser.go(`/errors/${code.toLowerCase()}`);
    expect([code, status]).toEqual([code, 200]);
    const [explained = ''] = /<p class="lead"[^]*?<\/section>/.exec(text) ?? [];
    expect(explained.replaceAll(/<code>[^<]*<\/code>|<[^>]*>/g, '')).not.toMatch(/`|\]\(|(?:^|\s)_\w|undefined/);
  }
});

test.each(['/errors', '/errors/', '/errors/IDP-0000', '/errors/constructor', '/errors/%00', '/errors/IDP-1001/x'])(
  '%s is no page',
  async path => {
    expect((await browser.go(path)).status).toBe(404);
  },
);

test('every code that a page of the catalogue shows leads to a page', () => {
  const links = catalogue.flatMap(({ draw }) =>
    [...draw(wording('en')).text.matchAll(/href="\/errors\/([^"]*)"/g)].map(([, code = '']) => code),
  );
  expect(new Set(links).size).toBeGreaterThan(30);
  expect(links.filter(code => explainedError(code) === undefined)).toEqual([]);
});
