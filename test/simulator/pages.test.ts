/** The phones and Contoso Office as a browser has them: valid, accessible, alive with script and usable without. */
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { HtmlValidate } from 'html-validate';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Simulator } from '../../simulator/start.ts';
import { launchBrowser } from '../support/chromium.ts';
import type { FakeProvider } from './fake-provider.ts';
import { clientId, clientSecret, startFakeProvider } from './fake-provider.ts';
import type { Webhooks } from './support.ts';
import { ada, call, grace, heldTimers, startWebhooks, startWorld } from './support.ts';

const announcement = 'Hello Ada & "friends" <b>. Someone is signing in to Contoso Office. If this is you, press pound.';
const escaped = announcement.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const asks = `<Response><Gather numDigits="1" finishOnKey="" timeout="600" action="/keys"><Say>${escaped}</Say></Gather></Response>`;

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:recommended'],
  rules: {
    'attribute-boolean-style': 'off',
    'attribute-empty-style': 'off',
    'void-style': ['error', { style: 'omit' }],
    'no-trailing-whitespace': 'off',
    'no-inline-style': 'error',
    'require-sri': 'off',
  },
});
const faults = async (address: string, cookie = ''): Promise<readonly string[]> => {
  const page = await (await fetch(address, { headers: { cookie } })).text();
  const { results } = await validator.validateString(page, 'page.html');
  return results.flatMap(({ messages }) => messages.map(each => `${each.ruleId} ${each.line}: ${each.message}`));
};

let browser: Browser;
let provider: FakeProvider;
let webhooks: Webhooks;
let simulator: Simulator;

beforeAll(async () => {
  browser = await launchBrowser();
  provider = await startFakeProvider();
  webhooks = await startWebhooks();
  webhooks.answer('/voice', asks);
  webhooks.answer('/keys', '<Response><Say>Thank you</Say></Response>');
});
beforeEach(async () => {
  simulator = await startWorld({ pace: 20, relyingParty: { issuer: provider.issuer, clientId, clientSecret } });
});
afterEach(() => simulator.close());
afterAll(async () => {
  await browser.close();
  await provider.close();
  await webhooks.close();
});

const open = async (options: BrowserContextOptions, look: (page: Page) => Promise<void>): Promise<void> => {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const strange: string[] = [];
  page.on('pageerror', error => strange.push(error.message));
  page.on('console', message => strange.push(message.text()));
  page.on('request', request => {
    const { hostname } = new URL(request.url());
    if (hostname !== '127.0.0.1') strange.push(request.url());
  });
  try {
    await look(page);
  } finally {
    await context.close();
  }
  expect(strange).toEqual([]);
};

/** Ada's phone rings, Grace is on a call, and there was a busy call before. */
const busyWorld = async () => {
  const [adas, graces] = [simulator.person(ada), simulator.person(grace)];
  await adas.behave('busy');
  const sid = await call(simulator, webhooks);
  await webhooks.asked(({ fields }) => fields.get('CallSid') === sid && fields.get('CallStatus') === 'busy');
  await adas.behave('rings');
  await call(simulator, webhooks);
  await call(simulator, webhooks, grace);
  await Promise.all([adas.ringing(), graces.ringing()]);
  await graces.answer();
  await graces.hear();
};

describe('as text', () => {
  test('the pages of phones are valid in each state', async () => {
    expect(await faults(simulator.url)).toEqual([]);
    await busyWorld();
    expect(await faults(simulator.url)).toEqual([]);
    expect(await faults(`${simulator.url}/nothing`)).toEqual([]);
  });

  test('the pages of Contoso Office are valid in each state', async () => {
    expect(await faults(simulator.relyingPartyUrl)).toEqual([]);
    expect(await faults(`${simulator.relyingPartyUrl}/callback`)).toEqual([]);
    await open({}, async page => {
      await page.goto(simulator.relyingPartyUrl);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('button', { name: 'Ask userinfo' }).click();
      const [cookie] = await page.context().cookies();
      expect(await faults(simulator.relyingPartyUrl, `${cookie?.name}=${cookie?.value}`)).toEqual([]);
    });
  });

  test('what a voice says is text on the page, whatever it holds', async () => {
    await busyWorld();
    const page = await (await fetch(simulator.url)).text();
    expect(page).not.toContain('<b>.');
    expect(page).toContain('&lt;b&gt;.');
  });
});

/** Axe reads a page for a second or more, and other tests use the same processors. */
const patience = 30_000;

describe.each([
  { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'light', viewport: { width: 320, height: 640 } },
] as const)('accessible in $colorScheme at $viewport.width px', view => {
  const check = async (page: Page) => {
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(each => each.html).join(' ')}`)).toEqual([]);
    const [is, fits] = [await page.evaluate('document.documentElement.scrollWidth'), view.viewport.width];
    expect(is).toBeLessThanOrEqual(fits);
  };

  test(
    'the phones',
    async () => {
      expect.hasAssertions();
      await open({ ...view, reducedMotion: 'reduce' }, async page => {
        await busyWorld();
        await page.goto(simulator.url);
        await check(page);
      });
    },
    patience,
  );

  test(
    'Contoso Office',
    async () => {
      expect.hasAssertions();
      await open(view, async page => {
        await page.goto(simulator.relyingPartyUrl);
        await check(page);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByRole('button', { name: 'Sign out' }).waitFor();
        await check(page);
      });
    },
    patience,
  );
});

describe('alive', () => {
  test('a phone rings on an open page, is answered, marks the word being spoken, and takes # from the keyboard', async () => {
    await simulator.close();
    const timers = heldTimers();
    simulator = await startWorld({ pace: 2, timers });
    await open({}, async page => {
      await page.goto(simulator.url);
      await page.evaluate('document.body.dataset.same = "yes"');
      await call(simulator, webhooks);
      timers.advance(0);
      const handset = page.locator('.handset').first();
      await handset.getByText('Incoming call').waitFor();
      await handset.getByRole('button', { name: 'Answer' }).click();
      await handset.locator('mark', { hasText: 'Hello' }).waitFor();
      await handset.getByRole('button', { name: '5', exact: true }).focus();
      timers.advance(500);
      await handset.locator('mark', { hasText: 'Ada' }).waitFor();
      expect(await page.evaluate('document.activeElement.value')).toBe('5');
      await page.keyboard.press('#');
      await handset.getByText('You pressed #').waitFor();
      expect((await webhooks.asked(({ url }) => url === '/keys')).fields.get('Digits')).toBe('#');
      await page.getByRole('row').filter({ hasText: 'pressed #' }).waitFor();
      expect(await page.evaluate('document.body.dataset.same')).toBe('yes');
    });
  });

  test('a number is set to busy from the page', async () => {
    await open({}, async page => {
      await page.goto(simulator.url);
      await page.getByLabel('Calls').first().selectOption('Busy');
      await page.getByText('Engaged until you change').waitFor();
      expect(await simulator.person(ada).phone()).toMatchObject({ behaviour: 'busy' });
      expect(await simulator.person(grace).phone()).toMatchObject({ behaviour: 'rings' });
    });
  });

  test('an authenticator app shows its code', async () => {
    await open({}, async page => {
      await page.goto(simulator.url);
      const before = await simulator.person(ada).code();
      const shown = (await page.locator('.code').textContent())?.replaceAll(/\D/g, '');
      expect([before, await simulator.person(ada).code()]).toContain(shown);
    });
  });
});

describe('without script', () => {
  test('a call is answered, heard and pressed by plain forms', async () => {
    await open({ javaScriptEnabled: false }, async page => {
      await call(simulator, webhooks);
      const person = simulator.person(ada);
      await person.ringing();
      await page.goto(simulator.url);
      await page.getByRole('button', { name: 'Answer' }).click();
      await person.hear();
      await page.getByRole('link', { name: 'Look again' }).click();
      await page.getByText('Hello').waitFor();
      await page.getByRole('button', { name: 'Pound' }).click();
      await page.waitForURL(`${simulator.url}/`);
      expect(await person.hear()).toMatchObject({ pressed: '#' });
      await page.getByLabel('Calls').first().selectOption('Unreachable');
      await page.getByRole('button', { name: 'Set' }).first().click();
      expect(await person.phone()).toMatchObject({ behaviour: 'unreachable' });
      await page.getByRole('button', { name: 'Start over' }).click();
      expect(await person.phone()).toMatchObject({ behaviour: 'rings', calls: [] });
    });
  });
});
