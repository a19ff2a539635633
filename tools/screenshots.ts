/**
 * Takes screenshots of every page in every state into `.screenshots/`: light, dark and 320 px wide. The screens of the authenticator
 * (`authenticator/…`) have the size of a phone instead of a desktop. Arguments select by the start of a name, such as `call/`.
 * `--in=de` (fr, rtl, all) selects languages; they are drawn in light colours only, into a folder each.
 */
import { createServer } from 'node:http';
import { mkdir } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { wording, type Words } from '../src/locales/wording.ts';
import { assets } from '../web/assets.ts';
import { catalogue } from '../web/pages/catalogue.ts';
import { openAuthenticatorGallery } from '../test/web/authenticator-gallery.ts';
import { translations } from '../test/web/gallery.ts';

const views = [
  { suffix: '', colorScheme: 'light', viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 },
  { suffix: '-dark', colorScheme: 'dark', viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 },
  { suffix: '-320', colorScheme: 'light', viewport: { width: 320, height: 640 }, deviceScaleFactor: 2 },
] as const;

// Liberation Sans replaces Debian's system-ui (DejaVu Sans), which is far wider than common system fonts.
const fonts = (css: string): string =>
  css.replace('system-ui,', "'Liberation Sans',").replace('ui-monospace,', "'Liberation Mono',");
const given = process.argv.slice(2);
const prefixes = given.filter(each => !each.startsWith('--in='));
const languages = given.filter(each => each.startsWith('--in=')).map(each => each.slice('--in='.length));
const catalogues: readonly (readonly [name: string, words: Words])[] = [
  ['en', wording('en')],
  ...Object.entries(translations),
];
const chosen = catalogues.filter(([name]) =>
  languages.length === 0 ? name === 'en' : languages.includes(name) || languages[0] === 'all',
);
const isChosen = (name: string): boolean => prefixes.length === 0 || prefixes.some(prefix => name.startsWith(prefix));
const samples = catalogue.filter(({ name }) => isChosen(name));

const server = createServer(({ url = '/' }, response) => {
  const asset = assets.get(url);
  const [, language = '', sample = ''] = /^\/([a-z]+)\/(.+)$/u.exec(url) ?? [];
  const page = catalogue.find(({ name }) => name === sample);
  const words = catalogues.find(([name]) => name === language)?.[1] ?? wording('en');
  // A page that refreshes would be gone before the screenshot.
  const html = page?.draw(words).text.replace(/<meta http-equiv="refresh"[^>]*>/u, '');
  response.writeHead(asset || html ? 200 : 204, { 'content-type': asset?.type ?? 'text/html; charset=utf-8' });
  response.end(asset?.type.startsWith('text/css') ? fonts(asset.body.toString()) : (asset?.body ?? html));
});
await new Promise<void>(listening => {
  server.listen(0, '127.0.0.1', listening);
});
const address = server.address();
const port = typeof address === 'object' && address !== null ? address.port : 0;
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-quic',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});
for (const [language] of chosen) await mkdir(`.screenshots/${language === 'en' ? '' : language}`, { recursive: true });
// Other languages have the same colours as English.
const chosenViews = languages.length === 0 ? views : views.filter(({ colorScheme }) => colorScheme === 'light');
let taken = 0;
const fileOf = (language: string, name: string, suffix: string): string =>
  `.screenshots/${language === 'en' ? '' : `${language}/`}${name.replaceAll(/[/ ]/gu, '-')}${suffix}.png`;
for (const { suffix, ...view } of chosenViews) {
  const context = await browser.newContext({ ...view, timezoneId: 'UTC', reducedMotion: 'reduce' });
  // A page that submits a form on load would be gone before the screenshot.
  await context.route('**/assets/autosubmit-*.js', route =>
    route.fulfill({ contentType: 'text/javascript', body: '' }),
  );
  const page = await context.newPage();
  for (const [language] of chosen) {
    for (const { name } of samples) {
      await page.goto(`http://127.0.0.1:${port}/${language}/${name}`);
      await page.screenshot({ path: fileOf(language, name, suffix), fullPage: suffix !== '-320' });
      taken += 1;
    }
  }
  await context.close();
}

const authenticator = await openAuthenticatorGallery(fonts);
/** The app has no right-to-left language. */
const appLanguages = chosen.map(([name]) => name).filter(name => name !== 'rtl');
for (const { suffix, viewport, ...view } of chosenViews) {
  const page = await browser.newPage({
    ...view,
    viewport: suffix === '-320' ? viewport : { width: 390, height: 844 },
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  });
  await page.goto(authenticator.origin);
  const names: readonly string[] = await page.evaluate('catalogue.names');
  for (const language of appLanguages) {
    for (const name of names.filter(each => isChosen(`authenticator/${each}`))) {
      await page.evaluate(`catalogue.show(${JSON.stringify(name)}, ${JSON.stringify(language)})`);
      await page.screenshot({ path: fileOf(language, `authenticator/${name}`, suffix), fullPage: suffix !== '-320' });
      taken += 1;
    }
  }
  await page.close();
}
await authenticator.close();
await browser.close();
server.close();
process.stdout.write(`${taken} screenshots in .screenshots/\n`);
