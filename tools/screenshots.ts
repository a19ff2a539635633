/**
 * Pictures of every page × state, light, dark and at 320 px, into `.screenshots/`. Arguments narrow by name: `call/`; `--in=de`
 * (fr, rtl) draws in another language, light alone, `--in=all` in every one: `.screenshots/de/`.
 */
import { createServer } from 'node:http';
import { mkdir } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { wording, type Words } from '../src/locales/wording.ts';
import { assets } from '../web/assets.ts';
import { catalogue } from '../web/pages/catalogue.ts';
import { tongues } from '../test/web/gallery.ts';

const views = [
  { suffix: '', colorScheme: 'light', viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 },
  { suffix: '-dark', colorScheme: 'dark', viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1 },
  { suffix: '-320', colorScheme: 'light', viewport: { width: 320, height: 640 }, deviceScaleFactor: 2 },
] as const;

// Debian's system-ui is DejaVu Sans, far wider than what people have; Liberation Sans stands in for it.
const fonts = (css: string): string =>
  css.replace('system-ui,', "'Liberation Sans',").replace('ui-monospace,', "'Liberation Mono',");
const given = process.argv.slice(2);
const wanted = given.filter(each => !each.startsWith('--in='));
const asked = given.filter(each => each.startsWith('--in=')).map(each => each.slice('--in='.length));
const catalogues: readonly (readonly [name: string, words: Words])[] = [
  ['en', wording('en')],
  ...Object.entries(tongues),
];
const chosen = catalogues.filter(([name]) =>
  asked.length === 0 ? name === 'en' : asked.includes(name) || asked[0] === 'all',
);
const samples = catalogue.filter(({ name }) => wanted.length === 0 || wanted.some(part => name.startsWith(part)));

const server = createServer(({ url = '/' }, response) => {
  const asset = assets.get(url);
  const [, tongue = '', sample = ''] = /^\/([a-z]+)\/(.+)$/u.exec(url) ?? [];
  const page = catalogue.find(({ name }) => name === sample);
  const words = catalogues.find(([name]) => name === tongue)?.[1] ?? wording('en');
  // A page that moves on by itself would be gone before its picture is taken.
  const drawn = page?.draw(words).text.replace(/<meta http-equiv="refresh"[^>]*>/u, '');
  response.writeHead(asset || drawn ? 200 : 204, { 'content-type': asset?.type ?? 'text/html; charset=utf-8' });
  response.end(asset?.type.startsWith('text/css') ? fonts(asset.body.toString()) : (asset?.body ?? drawn));
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
for (const [tongue] of chosen) await mkdir(`.screenshots/${tongue === 'en' ? '' : tongue}`, { recursive: true });
// The colours are those of English.
const looks = asked.length === 0 ? views : views.filter(({ colorScheme }) => colorScheme === 'light');
for (const { suffix, ...view } of looks) {
  const context = await browser.newContext({ ...view, timezoneId: 'UTC', reducedMotion: 'reduce' });
  // A page that posts itself on would be gone before its picture is taken.
  await context.route('**/assets/onward-*.js', route => route.fulfill({ contentType: 'text/javascript', body: '' }));
  const page = await context.newPage();
  for (const [tongue] of chosen) {
    const folder = tongue === 'en' ? '.screenshots' : `.screenshots/${tongue}`;
    for (const { name } of samples) {
      await page.goto(`http://127.0.0.1:${port}/${tongue}/${name}`);
      await page.screenshot({ path: `${folder}/${name.replace('/', '-')}${suffix}.png`, fullPage: suffix !== '-320' });
    }
  }
  await context.close();
}
await browser.close();
server.close();
process.stdout.write(`${samples.length * looks.length * chosen.length} pictures in .screenshots/\n`);
