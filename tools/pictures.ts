/** Takes the README's pictures from real pages: an answered call, the simulated phone, the first step of setting up methods, the security page. */
import { mkdir } from 'node:fs/promises';
import { chromium, type Page } from 'playwright-core';
import { person } from '../simulator/person.ts';
import { startDevelopment } from '../test/support/world/development.ts';

const folder = 'docs/pictures';
// Liberation Sans replaces Debian's system-ui, which is far wider than common system fonts.
const family = "'Liberation Sans', sans-serif";

const view = { viewport: { width: 1280, height: 800 }, bypassCSP: true } as const;

interface Account {
  readonly name: string;
  readonly password: string;
}

const typePassword = async (page: Page, { name, password }: Account): Promise<void> => {
  await page.getByLabel('Name or e-mail address').fill(name);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
};
const beginAs = async (page: Page, relyingParty: string, account: Account): Promise<void> => {
  await page.goto(relyingParty);
  await page
    .getByRole('button', { name: 'Sign in' })
    .or(page.getByRole('link', { name: 'Sign in' }))
    .first()
    .click();
  await typePassword(page, account);
};

const development = await startDevelopment({ SALLYPORT_REQUIRED_METHODS: '2' });
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
  const context = await browser.newContext(view);
  const ada = development.person('ada');
  const page = await context.newPage();
  await beginAs(page, development.relyingParty, ada);
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

  const settingUp = await (await browser.newContext(view)).newPage();
  await beginAs(settingUp, development.relyingParty, development.person('linus'));
  await settingUp.getByText('Step 1 of 3').waitFor();
  await settingUp.addStyleTag({ content: `* { font-family: ${family} }` });
  await settingUp.screenshot({ path: `${folder}/set-up.png` });

  const grace = development.person('grace');
  const security = await (await browser.newContext(view)).newPage();
  await security.goto(`${development.issuer}/account`);
  await typePassword(security, grace);
  const phoneOfGrace = person(development.simulator, grace.number);
  await phoneOfGrace.ringing();
  await phoneOfGrace.answer();
  await phoneOfGrace.hear();
  await security.getByText('Answered. Now press #').waitFor();
  // A key counts only after the beginning of the question was heard.
  await security.waitForTimeout(1500);
  await phoneOfGrace.press('#');
  await security.getByRole('heading', { name: 'Security', level: 1 }).waitFor();
  await security.addStyleTag({ content: `:not(code) { font-family: ${family} }` });
  await security.screenshot({ path: `${folder}/security.png` });
  process.stdout.write(`call.png, simulator.png, set-up.png and security.png in ${folder}\n`);
} finally {
  await browser.close();
  await development.stop();
}
