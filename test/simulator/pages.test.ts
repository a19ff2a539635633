/** Tests the pages in a browser: valid, accessible, updated by script, and usable without script. */
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { HtmlValidate } from 'html-validate';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { addPhone, moveTime, readWire } from '../../simulator/person.ts';
import type { Simulator } from '../../simulator/start.ts';
import { axeFindings } from '../support/browser/axe.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import type { FakeProvider } from './fake-provider.ts';
import { clientId, clientSecret, startFakeProvider } from './fake-provider.ts';
import type { Webhooks } from './support.ts';
import {
  accountSid,
  ada,
  call,
  caller,
  grace,
  manualTimers,
  rest,
  startWebhooks,
  startTestSimulator,
} from './support.ts';

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
  simulator = await startTestSimulator({ pace: 20, relyingParty: { issuer: provider.issuer, clientId, clientSecret } });
});
afterEach(() => simulator.close());
afterAll(async () => {
  await browser.close();
  await provider.close();
  await webhooks.close();
});

const open = async (
  options: BrowserContextOptions,
  look: (page: Page) => Promise<void>,
  expected: readonly string[] = [],
): Promise<void> => {
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
  expect(strange).toEqual(expected);
};

/** Waits until an expression is true. Playwright's own wait evaluates it in the page, where our policy forbids that. */
const becomesTrue = async (page: Page, expression: string): Promise<void> => {
  for (let turn = 0; turn < 300; turn += 1) {
    if ((await page.evaluate(expression)) === true) return;
    await wait(30);
  }
  throw new Error(`never true: ${expression}`);
};

const office = '+12025550150';
const message = '482913 is your Contoso code <b>.\n\n@login.contoso.example #482913';
const send = (to: string, body = message) =>
  rest(simulator, 'POST', `${accountSid}/Messages.json`, [
    ['To', to],
    ['From', caller],
    ['Body', body],
  ]);

/** Ada's phone rings and Grace is on a call. Before, there were a busy call, a call to a switchboard, and texts. */
const busyWorld = async () => {
  const [adas, graces] = [simulator.person(ada), simulator.person(grace)];
  await addPhone(simulator.url, { name: 'Inès', number: '+33199001234' });
  await addPhone(simulator.url, { name: 'Noor', number: '+442079460018' });
  await addPhone(simulator.url, { name: 'Contoso', number: office, extensions: { '421': 'Linus' } });
  const [ines, noor] = [simulator.person('+33199001234'), simulator.person('+442079460018')];
  await ines.behave({ texts: 'doubled', callbacks: 'late', api: { calls: 'too-many' } });
  await noor.behave({ texts: 'late', calls: 'voicemail' });
  await call(simulator, webhooks, office, [['SendDigits', '421']]);
  await Promise.all([send('+33199001234'), send('+442079460018')]);
  await moveTime(simulator.url, 4);
  await adas.behave('busy');
  const sid = await call(simulator, webhooks);
  await webhooks.waitFor(({ fields }) => fields.get('CallSid') === sid && fields.get('CallStatus') === 'busy');
  await adas.behave('rings');
  await call(simulator, webhooks);
  await call(simulator, webhooks, grace);
  await Promise.all([adas.ringing(), graces.ringing()]);
  await graces.answer();
  await graces.hear();
};

describe('the HTML', () => {
  test('the page of phones is valid HTML in each state', async () => {
    expect(await faults(simulator.url)).toEqual([]);
    await busyWorld();
    expect(await faults(simulator.url)).toEqual([]);
    expect(await faults(`${simulator.url}/nothing`)).toEqual([]);
  });

  test('the pages of Contoso Office are valid HTML in each state', async () => {
    expect(await faults(simulator.relyingPartyUrl)).toEqual([]);
    expect(await faults(`${simulator.relyingPartyUrl}/callback`)).toEqual([]);
    await open({}, async page => {
      await page.goto(simulator.relyingPartyUrl);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('button', { name: 'Fetch userinfo' }).click();
      const [cookie] = await page.context().cookies();
      expect(await faults(simulator.relyingPartyUrl, `${cookie?.name}=${cookie?.value}`)).toEqual([]);
    });
  });

  test('spoken text is escaped on the page', async () => {
    await busyWorld();
    const page = await (await fetch(simulator.url)).text();
    expect(page).not.toContain('<b>.');
    expect(page.split('&lt;b&gt;.').length).toBeGreaterThan(2);
  });
});

/** Milliseconds: axe needs a second or more, and other tests use the same processors. */
const patience = 30_000;

describe.each([
  { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'dark', viewport: { width: 1280, height: 800 } },
  { colorScheme: 'light', viewport: { width: 320, height: 640 } },
] as const)('accessibility in $colorScheme at $viewport.width px', view => {
  const check = async (page: Page) => {
    expect((await axeFindings(page)).violations).toEqual([]);
    const [is, fits] = [await page.evaluate('document.documentElement.scrollWidth'), view.viewport.width];
    expect(is).toBeLessThanOrEqual(fits);
  };

  test(
    'the page of phones has no axe violation and does not scroll sideways',
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
    'Contoso Office has no axe violation and does not scroll sideways',
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

/** Unfolds the phone of a person, to reach its settings. */
const unfold = async (page: Page, name: string) => {
  const card = page.getByRole('region', { name, exact: true });
  await card.locator('summary').click();
  await card.getByLabel('Calls').waitFor();
  return card;
};

/** Presses Tab until an element with this name has the focus. */
const tabTo = async (page: Page, name: RegExp) => {
  const focused = async () =>
    String(await page.evaluate('document.activeElement.innerText || document.activeElement.id'));
  for (let step = 0; step < 80 && !name.test(await focused()); step += 1) await page.keyboard.press('Tab');
  expect(await focused()).toMatch(name);
};

describe('with script', () => {
  test('an open page shows ringing and the word being spoken, and takes # from the keyboard', async () => {
    await simulator.close();
    const timers = manualTimers();
    simulator = await startTestSimulator({ pace: 2, timers });
    await open({}, async page => {
      await page.goto(simulator.url);
      await page.evaluate('document.body.dataset.same = "yes"');
      await call(simulator, webhooks);
      timers.advance(0);
      const handset = page.getByRole('region', { name: 'Ada' }).locator('.handset');
      await handset.getByText('Incoming call').waitFor();
      await handset.getByRole('button', { name: 'Answer' }).click();
      await handset.locator('mark', { hasText: 'Hello' }).waitFor();
      await handset.getByRole('button', { name: '5', exact: true }).focus();
      timers.advance(500);
      await handset.locator('mark', { hasText: 'Ada' }).waitFor();
      expect(await page.evaluate('document.activeElement.value')).toBe('5');
      await page.keyboard.press('#');
      await handset.getByText('You pressed #').waitFor();
      expect((await webhooks.waitFor(({ url }) => url === '/keys')).fields.get('Digits')).toBe('#');
      await page.getByRole('listitem').filter({ hasText: 'pressed #' }).waitFor();
      expect(await page.evaluate('document.body.dataset.same')).toBe('yes');
    });
  });

  test('the page sets a number to busy', async () => {
    await open({}, async page => {
      await page.goto(simulator.url);
      await (await unfold(page, 'Ada')).getByLabel('Calls').selectOption('Busy');
      await page.getByText('Busy until you change').waitFor();
      expect(await simulator.person(ada).phone()).toMatchObject({ behaviour: 'busy' });
      expect(await simulator.person(grace).phone()).toMatchObject({ behaviour: 'rings' });
    });
  });

  test('an open page shows each arrival of a text, and copies its code', async () => {
    await simulator.person(grace).behave({ texts: 'doubled' });
    await open({ permissions: ['clipboard-read', 'clipboard-write'] }, async page => {
      await page.goto(simulator.url);
      const card = page.getByRole('region', { name: 'Grace' });
      await send(grace);
      await card.getByText('Sent').waitFor();
      await moveTime(simulator.url, 2);
      await card.getByText('Arrived again').waitFor();
      expect(await card.locator('.bubble').allTextContents()).toEqual(
        Array(2).fill('482913 is your Contoso code <b>.@login.contoso.example #482913'),
      );
      expect(await card.locator('.bubble b').first().textContent()).toBe('482913');
      await card.locator('output', { hasText: '1 message' }).waitFor();
      await card.getByRole('button', { name: 'Copy 482913' }).click();
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe('482913');
    });
  });

  test('the page delivers a late text', async () => {
    await open({}, async page => {
      await page.goto(simulator.url);
      const card = await unfold(page, 'Grace');
      await card.getByLabel('Texts').selectOption('Late');
      await card.getByText('Texts arrive after 90 s').waitFor();
      await send(grace);
      await card.getByRole('button', { name: 'Deliver now' }).click();
      await card.getByText('482913 is your').waitFor();
      expect(await simulator.person(grace).messages()).toHaveLength(1);
    });
  });

  test('a select sets one behaviour of calls or texts, and shows several that the API has set', async () => {
    const person = simulator.person(ada);
    await person.behave({ texts: 'late', callbacks: { texts: 'doubled' } });
    await open({}, async page => {
      await page.goto(simulator.url);
      const card = await unfold(page, 'Ada');
      // The attribute comes from the server, so it shows what the server has set.
      const chosen = (label: string) =>
        card.getByLabel('Calls').locator('option[selected]', { hasText: label }).waitFor({ state: 'attached' });
      await card.getByLabel('Calls').selectOption('Too many');
      await chosen('Too many');
      expect((await person.phone()).behaves).toEqual({
        calls: 'rings',
        texts: 'late',
        callbacks: { calls: 'normal', texts: 'doubled' },
        api: { calls: 'too-many', texts: 'answers' },
      });
      expect(await card.getByLabel('Texts').locator('option:checked').textContent()).toContain(
        'Late, Doubled callbacks',
      );
      await card.getByLabel('Texts').selectOption('At once');
      await card.getByLabel('Calls').selectOption('Reordered callbacks');
      await chosen('Reordered callbacks');
      expect((await person.phone()).behaves).toEqual({
        calls: 'rings',
        texts: 'at-once',
        callbacks: { calls: 'reordered', texts: 'normal' },
        api: { calls: 'answers', texts: 'answers' },
      });
    });
  });

  test('the page moves the clock, and a ringing call is missed', async () => {
    await simulator.close();
    simulator = await startTestSimulator({ timers: manualTimers() });
    await call(simulator, webhooks);
    await moveTime(simulator.url, 0);
    await open({}, async page => {
      await page.goto(simulator.url);
      await page.getByText('Ringing,').waitFor();
      await page.getByRole('button', { name: '+5 min' }).click();
      // In the list of the unfolded phone, or in its line once it has folded.
      await page.locator('.recent, .facts').getByText('Missed').filter({ visible: true }).first().waitFor();
      expect(await simulator.person(ada).phone()).toMatchObject({ state: 'idle', calls: [{ status: 'no-answer' }] });
      await page.getByText('5 min ahead').waitFor();
      await page.getByRole('button', { name: '+30 s' }).click();
      await page.getByText('5 min 30 s ahead').waitFor();
      await page.getByRole('button', { name: 'Start over' }).click();
      await page.getByText('Real time').waitFor();
    });
  });

  test('a switchboard shows the extension that rings and is answered', async () => {
    await addPhone(simulator.url, { name: 'Contoso', number: office, extensions: { '421': 'Linus' } });
    await open({}, async page => {
      await page.goto(simulator.url);
      await call(simulator, webhooks, office, [['SendDigits', '421']]);
      await moveTime(simulator.url, 3);
      await page.locator('.board').getByText('ringing').waitFor();
      await page.getByRole('region', { name: 'Linus, ext. 421' }).getByRole('button', { name: 'Answer' }).click();
      await page.locator('.board').getByText('on a call').waitFor();
      expect(await simulator.person(`${office};ext=421`).phone()).toMatchObject({ state: 'on-call' });
    });
  });

  test('a person with a keyboard only adds a phone, answers a call and presses a key', async () => {
    await open({}, async page => {
      await page.goto(simulator.url);
      await tabTo(page, /^Phone$/);
      await page.keyboard.press('Enter');
      await tabTo(page, /new-name/);
      await page.keyboard.type('Linus');
      await page.keyboard.press('Enter');
      await page.getByRole('region', { name: 'Linus' }).waitFor();
      const number = '+12025550144';
      const sid = await call(simulator, webhooks, number);
      await simulator.person(number).ringing();
      await page.getByRole('button', { name: 'Answer' }).waitFor();
      await tabTo(page, /^Answer$/);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Hang up' }).waitFor();
      await tabTo(page, /^1$/);
      // The line takes no key before its first document has come.
      await page.locator('button.lit').waitFor();
      await page.keyboard.press('#');
      // Not what the screen shows: the call ends a moment after the key.
      const { fields } = await webhooks.waitFor(each => each.url === '/keys' && each.fields.get('CallSid') === sid);
      expect(fields.get('Digits')).toBe('#');
      const { calls } = await simulator.person(number).phone();
      expect(calls.map(({ pressed }) => pressed)).toEqual(['#']);
    });
  });

  test('the page shows the code of an authenticator app', async () => {
    await open({}, async page => {
      await page.goto(simulator.url);
      const before = await simulator.person(ada).code();
      const shown = (await page.locator('.code').textContent())?.replaceAll(/\D/g, '');
      expect([before, await simulator.person(ada).code()]).toContain(shown);
    });
  });
});

describe('the phones', () => {
  test('idle ones are one line each; one that rings unfolds, comes first and into view', async () => {
    for (let n = 0; n < 8; n += 1) await addPhone(simulator.url, { name: `Phone ${n}`, number: `+1202555016${n}` });
    await open({ viewport: { width: 390, height: 640 } }, async page => {
      await page.goto(simulator.url);
      const highest = 'Math.max(...[...document.querySelectorAll(".person")].map(each => each.clientHeight))';
      expect(await page.evaluate(highest)).toBeLessThan(120);
      await page.evaluate('scrollTo(0, document.body.scrollHeight)');
      await call(simulator, webhooks, '+12025550167');
      const last = page.getByRole('region', { name: 'Phone 7' });
      await last.getByRole('button', { name: 'Answer' }).waitFor();
      expect(await page.locator('.person h2').first().textContent()).toBe('Phone 7');
      const place = 'document.querySelector(".go").getBoundingClientRect()';
      await becomesTrue(page, `${place}.top >= 0 && ${place}.bottom <= innerHeight`);
    });
  });

  test('one that the person unfolded stays so while another rings, and folds when they say', async () => {
    await open({}, async page => {
      await page.goto(simulator.url);
      const card = await unfold(page, 'Grace');
      await call(simulator, webhooks);
      await page.getByRole('button', { name: 'Answer' }).waitFor();
      expect(await card.locator('details').getAttribute('open')).toBe('');
      await card.locator('summary').click();
      await page.getByRole('button', { name: 'Decline' }).click();
      await page.locator('.recent').getByText('Declined').waitFor();
      expect(await card.locator('details').getAttribute('open')).toBeNull();
    });
  });

  test('after Answer the keyboard presses the keys of the only phone on a call, but not while text is typed', async () => {
    await open({}, async page => {
      await page.goto(simulator.url);
      const sid = await call(simulator, webhooks);
      await page.getByRole('button', { name: 'Answer' }).press('Enter');
      await page.locator('.keypad:focus').waitFor();
      await page.locator('summary', { hasText: 'Phone' }).first().click();
      await page.getByLabel('Number').pressSequentially('#');
      await page.locator('h1').click();
      await page.locator('button.lit').waitFor();
      await page.keyboard.press('5');
      // Not what the screen shows: the call ends a moment after the key.
      const { fields } = await webhooks.waitFor(each => each.url === '/keys' && each.fields.get('CallSid') === sid);
      expect(fields.get('Digits')).toBe('5');
    });
  });

  test('a long name is shown in full', async () => {
    const name = 'Grace Brewster Murray Hopper, rear admiral, second phone';
    await addPhone(simulator.url, { name, number: '+12025550166' });
    await open({ viewport: { width: 320, height: 640 } }, async page => {
      await page.goto(simulator.url);
      await page.getByRole('heading', { name }).waitFor();
      const isCut = '[...document.querySelectorAll("h2")].some(each => each.scrollWidth > each.clientWidth)';
      expect(await page.evaluate(isCut)).toBe(false);
    });
  });

  test('are silent until the person switches sound on; then they ring, and speak each sentence once', async () => {
    await open({}, async page => {
      await page.addInitScript(`
        Object.assign(window, { tones: 0, spoken: [] });
        window.OscillatorNode = class extends OscillatorNode {
          constructor(...given) {
            super(...given);
            tones += 1;
          }
        };
        speechSynthesis.speak = ({ text, lang }) => spoken.push([text, lang]);
      `);
      await page.goto(simulator.url);
      const sound = page.getByRole('button', { name: 'Sound' });
      expect(await sound.getAttribute('aria-pressed')).toBe('false');
      await call(simulator, webhooks);
      await page.getByRole('button', { name: 'Answer' }).waitFor();
      expect(await page.evaluate('tones')).toBe(0);
      await sound.click();
      await becomesTrue(page, 'tones === 2');
      await page.reload();
      expect(await sound.getAttribute('aria-pressed')).toBe('true');
      await page.getByRole('button', { name: 'Answer' }).click();
      await becomesTrue(page, 'spoken.length > 0');
      await simulator.person(ada).hear();
      await page.locator('button.lit').waitFor();
      expect(await page.evaluate('spoken')).toEqual([[announcement, 'en-US']]);
    });
  });
});

describe('without script', () => {
  test('plain forms answer a call, press a key, and change settings', async () => {
    await open({ javaScriptEnabled: false }, async page => {
      await call(simulator, webhooks);
      const person = simulator.person(ada);
      await person.ringing();
      await page.goto(simulator.url);
      await page.getByRole('button', { name: 'Answer' }).click();
      await person.hear();
      await page.getByRole('link', { name: 'Reload' }).click();
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

  test('plain forms add a phone and move the clock', async () => {
    await open({ javaScriptEnabled: false }, async page => {
      await page.goto(simulator.url);
      await page.locator('summary', { hasText: 'Phone' }).click();
      await page.getByLabel('Name').fill('Linus');
      await page.getByLabel('Number').fill('+1 202 555 0177');
      await page.getByRole('button', { name: 'Add phone' }).click();
      const card = await unfold(page, 'Linus');
      await card.getByLabel('Texts').selectOption('Late');
      await card.getByRole('button', { name: 'Set' }).click();
      await send('+12025550177');
      await page.getByRole('button', { name: '+5 min' }).click();
      await card.getByText('482913').first().waitFor();
      await page.getByText('5 min ahead').waitFor();
      expect(await card.getByRole('button', { name: 'Copy' }).isVisible()).toBe(false);
    });
  });

  test('a number that is taken is refused on a page with a link back', async () => {
    await open(
      {},
      async page => {
        await page.goto(simulator.url);
        await page.locator('summary', { hasText: 'Phone' }).click();
        await page.getByLabel('Name').fill('Eve');
        await page.getByLabel('Number').fill(ada);
        await page.getByRole('button', { name: 'Add phone' }).click();
        await page.getByText('belongs to another person').waitFor();
        await page.getByRole('link', { name: 'Back to the phones' }).click();
        expect(await page.getByRole('region', { name: 'Eve' }).count()).toBe(0);
      },
      ['Failed to load resource: the server responded with a status of 400 (Bad Request)'],
    );
  });

  test('a plain form makes the carrier API unavailable', async () => {
    await open({ javaScriptEnabled: false }, async page => {
      await page.goto(simulator.url);
      await page.getByLabel('Carrier API').selectOption('Unavailable');
      await page.getByRole('button', { name: 'Set for all' }).click();
      expect((await rest(simulator, 'GET', `${accountSid}.json`)).status).toBe(503);
      expect((await readWire(simulator.url)).at(-1)).toMatchObject({ status: 503 });
      await page.getByRole('button', { name: 'Start over' }).click();
      expect((await rest(simulator, 'GET', `${accountSid}.json`)).status).toBe(200);
    });
  });
});
