/** Takes the README's pictures from real pages: the sign-in page of an answered call, and the simulated phone. */
import { mkdir } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { person } from '../simulator/person.ts';
import { startDevelopment } from '../test/support/world/development.ts';

const folder = 'docs/pictures';
// Liberation Sans replaces Debian's system-ui, which is far wider than common system fonts.
const family = "'Liberation Sans', sans-serif";

const development = await startDevelopment();
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
try {
  await mkdir(folder, { recursive: true });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, bypassCSP: true });
  const ada = development.person('ada');
  const page = await context.newPage();
  await page.goto(development.relyingParty);
  await page
    .getByRole('button', { name: 'Sign in' })
    .or(page.getByRole('link', { name: 'Sign in' }))
    .first()
    .click();
  await page.getByLabel('Name or e-mail address').fill(ada.name);
  await page.getByLabel('Password', { exact: true }).fill(ada.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  const phone = person(development.simulator, ada.number);
  await phone.ringing();
  await phone.answer();
  await phone.hear();
  await page.getByText('Answered. Now press #').waitFor();
  await page.addStyleTag({ content: `* { font-family: ${family} }` });
  await page.screenshot({ path: `${folder}/call.png` });

  const phones = await context.newPage();
  await phones.goto(development.simulator);
  await phones.addStyleTag({ content: `:not(code) { font-family: ${family} }` });
  await phones.getByText('On a call').first().waitFor();
  await phones.screenshot({ path: `${folder}/simulator.png` });
  process.stdout.write(`${folder}/call.png and ${folder}/simulator.png\n`);
} finally {
  await browser.close();
  await development.stop();
}
