/**
 * Tests switching methods in a real browser over the development world: from each method to each, from phone to phone,
 * and the method that a browser remembers. A call of the method before never continues. Slow: many pages, one after
 * another.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { resetSimulator } from '../../simulator/person.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { startDevelopment, type Development } from '../support/world/development.ts';
import { arrivedTexts, glance, readCode } from '../support/human/person.ts';
import { listenerAt, saidOn, type Listener } from '../support/human/listener.ts';
import { inBrowser, manners, visitorAt, type Manner, type Visitor } from '../support/human/visitor.ts';

const patience = 60_000;
const office = '+12025550150';

let world: Development;
let browser: Browser;
beforeAll(async () => {
  // Trying every method sends more messages than the default limits of an hour allow.
  world = await startDevelopment({
    SALLYPORT_SENDS_PER_NUMBER_AND_HOUR: '50',
    SALLYPORT_SENDS_PER_NUMBER_AND_DAY: '50',
    SALLYPORT_ALL_SENDS_PER_NUMBER_AND_DAY: '100',
    SALLYPORT_SENDS_PER_ACCOUNT_AND_HOUR: '100',
    SALLYPORT_SENDS_PER_PREFIX_AND_HOUR: '100',
    SALLYPORT_RESEND_GAP: '5s',
  });
  browser = await launchBrowser();
}, patience);
afterAll(async () => {
  await browser?.close();
  await world?.stop();
}, patience);
// The clock was moved, so apps and phones are reset.
beforeEach(() => resetSimulator(world.simulator));

const at = (who: string): Listener => listenerAt(world.simulator, who);
const phoneOf = (name: string): Listener => at(world.person(name).number);
const visit = (wish: Partial<Manner> & { readonly locale?: string }, tell: (visitor: Visitor) => Promise<void>) =>
  inBrowser(browser, wish, (page, manner) => tell(visitorAt(world, page, manner)));

/** The state of each phone: ringing, on a call, or idle. */
const states = (...phones: readonly Listener[]): Promise<readonly string[]> =>
  Promise.all(phones.map(async phone => (await phone.phone()).state));

const otherOption = 'Use a different verification option';
const methods = {
  call: { row: 'Call me', heading: 'We’re calling +1 ••• 43', rings: true },
  sms: { row: 'Text a code', heading: 'Enter the code we texted you', rings: false },
  spoken: { row: 'Call me with a code', heading: 'We’re calling +1 ••• 43', rings: true },
  app: { row: 'Code from your app', heading: 'Enter the code from your app', rings: false },
} as const;
type Name = keyof typeof methods;
const names = Object.keys(methods) as readonly Name[];

/** From each method to each, and back to the first. */
const round: readonly Name[] = [
  ...(['call', 'sms', 'call', 'spoken', 'call', 'app', 'sms', 'spoken', 'sms', 'app', 'spoken', 'app'] as const),
  'call',
];
const pairs = (way: readonly Name[]): ReadonlySet<string> =>
  new Set(way.slice(1).map((to, index) => `${way[index] ?? ''} → ${to}`));

/** Steps for each manner: the whole round with script, each method once without script and by keyboard. */
const rounds: Readonly<Record<Manner['manner'], readonly Name[]>> = {
  'with script': round,
  'without script': ['call', 'spoken', 'sms', 'app', 'call'],
  'by keyboard alone': ['call', 'app', 'spoken', 'sms', 'call'],
};

describe('switching the method', () => {
  it('every pair of methods is visited', () => {
    const all = names.flatMap(from => names.filter(to => to !== from).map(to => `${from} → ${to}`));
    expect([...pairs(round)].toSorted()).toEqual(all.toSorted());
  });

  it.each(manners)(
    'from method to method in one sign-in, $manner, ends the old call before the new page shows',
    async ({ manner }) =>
      visit({ manner }, async visitor => {
        const ada = phoneOf('ada');
        await visitor.signIn('ada');
        const seen = new Set<string>();
        for (const [turn, name] of rounds[manner].entries()) {
          const { row, heading, rings } = methods[name];
          if (turn > 0) await visitor.choose(row);
          await visitor.sees(heading);
          // The phone of the method before neither rings nor speaks.
          const { calls, state } = await ada.phone();
          const open = calls.filter(({ isOver }) => !isOver);
          expect([name, open.length]).toEqual([name, rings ? 1 : 0]);
          expect(open.filter(({ sid }) => seen.has(sid))).toEqual([]);
          expect([name, state === 'idle']).toEqual([name, open.length === 0 || state === 'idle']);
          for (const { sid } of calls) seen.add(sid);
          // Every second call is answered before the person leaves it.
          if (rings && turn % 2 === 0 && turn < rounds[manner].length - 1) await ada.pickUp();
        }
        await ada.pickUp();
        await ada.press('#');
        await visitor.checkAgain();
        expect(await visitor.arrive()).toContain('pwd tel mfa');
        // One call for each time that a call was chosen, and no more.
        const chosen = rounds[manner].filter(name => methods[name].rings);
        expect((await ada.phone()).calls.length).toBe(chosen.length);
        await ada.putDown();
      }),
    patience,
  );

  it(
    'from phone to phone calls and texts only the chosen one',
    async () =>
      visit({}, async visitor => {
        const phones = [phoneOf('grace'), at('+12025550145'), at(`${office};ext=420`)] as const;
        const [mobile, alternate, extension] = phones;
        await visitor.signIn('grace');
        await visitor.sees('We’re calling +1 ••• 44');
        await mobile.rung();
        await visitor.choose('Call me', 'Another phone');
        await visitor.sees('We’re calling +1 ••• 45');
        await alternate.rung();
        expect(await states(...phones)).toEqual(['idle', 'ringing', 'idle']);
        await visitor.choose('Call me', 'Office');
        await visitor.sees('We’re calling +1 ••• 50');
        await extension.rung();
        expect(await states(...phones)).toEqual(['idle', 'idle', 'ringing']);
        await visitor.choose('Call me with a code', 'Mobile');
        await visitor.sees('We’re calling +1 ••• 44');
        await mobile.rung();
        expect(await states(...phones)).toEqual(['ringing', 'idle', 'idle']);
        await visitor.choose('Text a code', 'Another phone');
        await visitor.sees('Enter the code we texted you');
        expect(await visitor.read()).toContain('Sent to +1 ••• 45');
        expect(await states(...phones)).toEqual(['idle', 'idle', 'idle']);
        await visitor.enter((await glance(alternate)).code);
        expect(await visitor.arrive()).toContain('pwd sms mfa');
        expect(await mobile.messages()).toEqual([]);
      }),
    patience,
  );
});

/** Rows of the options, with the names that a screen reader gives. */
const rowsOf = async (visitor: Visitor, name = otherOption): Promise<readonly string[]> => {
  await visitor.follow(name);
  const rows = await visitor.page.locator('.rows .row').allInnerTexts();
  return rows.map(row => row.replaceAll(/\s+/g, ' '));
};

/** For a client that requires more than a call with #. */
const askStrongly = async (visitor: Visitor): Promise<void> => {
  await visitor.page.goto(`${world.relyingParty}/login?acr_values=aal2&prompt=login`);
  await visitor.write(visitor.page.locator('input[autocomplete^="username"]'), 'ada');
  await visitor.write(visitor.page.locator('input[type="password"]'), world.person('ada').password);
  await visitor.press('Sign in');
};

const lookForText = async (visitor: Visitor): Promise<void> => {
  await visitor.signIn('grace');
  await visitor.choose('Text a code', 'Mobile');
  await visitor.sees('Enter the code we texted you');
  // Without script the behaviour of a script is not promised.
  const isPromised = (await visitor.read()).includes('We check it as soon as');
  expect(isPromised).toBe(visitor.manner !== 'without script');
  await visitor.follow('Not received a text message?');
  await visitor.sees('Not received a text message?');
};

describe('the list of options', () => {
  it(
    'is not offered with one method, and the help page says where to get help',
    async () =>
      visit({}, async visitor => {
        await visitor.signIn('noor');
        await visitor.sees('Enter the code from your app');
        expect(await visitor.page.getByRole('link', { name: otherOption }).count()).toBe(0);
        await visitor.follow('Get help signing in');
        await visitor.sees('You need help to sign in');
        expect(await visitor.read()).toContain('Ask the people who gave you this account.');
        await visitor.follow('Back to signing in');
        await visitor.enter(await at('Noor Inayat Khan').newCode());
        expect(await visitor.arrive()).toContain('Noor Inayat Khan');
      }),
    patience,
  );

  it(
    'shows two methods in the language of the person, on the page and on the phone',
    async () =>
      visit({ locale: 'de-DE' }, async visitor => {
        const { page } = visitor;
        await page.goto(world.relyingParty);
        await visitor.press('Sign in');
        await visitor.sees('Bei Contoso Office anmelden');
        await visitor.signIn('ines');
        await visitor.sees('Nous appelons le +1 ••• 50');
        const ines = at(`${office};ext=421`);
        await ines.rung();
        expect((await rowsOf(visitor, 'Utiliser une autre méthode')).length).toBe(3);
        await page.getByRole('button', { name: /^Code par appel/ }).click();
        await visitor.sees('Nous appelons le +1 ••• 50');
        expect(await states(ines)).toEqual(['idle']);
        await ines.pickUp();
        await ines.press('#');
        await visitor.enter(await ines.dictated());
        expect(await visitor.arrive()).toContain('Inès de Bourgoing');
        const [call] = (await ines.phone()).calls;
        expect(saidOn(call)).toContain('Votre code est');
        // French as it is spoken where the number is.
        expect(new Set(call?.heard.map(({ language }) => language))).toEqual(new Set(['fr-CA']));
        await ines.putDown();
      }),
    patience,
  );

  it(
    'shows the running call first, then three methods, and has no link without another method',
    async () => {
      await visit({}, async visitor => {
        await visitor.signIn('ada');
        await visitor.sees(/calling/);
        const rows = await rowsOf(visitor);
        expect(rows.map(row => row.replace(/ Last used/, ''))).toEqual([
          'Back to the call Waiting +1 ••• 43',
          'Code from your app Works without a network',
          'Text a code +1 ••• 43',
          'Call me with a code hear six digits +1 ••• 43',
          'I can’t use any of these',
        ]);
        await visitor.follow('I can’t use any of these');
        await visitor.sees('You need help to sign in');
        await phoneOf('ada').waitOut();
      });
      await visit({}, async visitor => {
        await visitor.signIn('linus');
        expect(await visitor.arrive()).toContain('sfa');
      });
    },
    patience,
  );
});

describe('the last used method', () => {
  it(
    'is remembered for each browser, when the default does not reach the level',
    async () => {
      await visit({}, async desk => {
        await askStrongly(desk);
        await desk.choose('Text a code');
        await desk.enter((await glance(phoneOf('ada'))).code);
        await desk.arrive();
        await visit({}, async laptop => {
          await askStrongly(laptop);
          await laptop.choose('Call me with a code');
          await laptop.sees('We’re calling +1 ••• 43');
          const ada = phoneOf('ada');
          await ada.pickUp();
          await ada.press('#');
          await laptop.enter(await ada.dictated());
          await laptop.arrive();
          await ada.putDown();
          await askStrongly(laptop);
          await laptop.sees('We’re calling +1 ••• 43');
          await laptop.follow(otherOption);
          expect(await laptop.page.locator('.row').first().innerText()).toContain('Back to the call with a code');
        });
        await askStrongly(desk);
        await desk.sees('Enter the code we texted you');
      });
    },
    patience,
  );
});

describe('a text that does not arrive', () => {
  it.each(manners.filter(({ manner }) => manner !== 'by keyboard alone'))(
    'can be sent again, $manner, after its waiting time and with the same code',
    async ({ manner }) =>
      visit({ manner }, async visitor => {
        await lookForText(visitor);
        // With script the button waits. Without, the server gives the same page back.
        if (manner === 'without script') await visitor.press('Text it again');
        await visitor.sees('Not received a text message?');
        expect(await visitor.read()).toContain('You can ask for it again in');
        const grace = phoneOf('grace');
        const first = await glance(grace);
        await visitor.page.waitForTimeout(5000);
        await visitor.press('Text it again');
        await visitor.sees('Enter the code we texted you');
        expect(await glance(grace)).toEqual(first);
        expect((await arrivedTexts(grace, 2)).map(({ text }) => readCode(text))).toEqual([first.code, first.code]);
        await visitor.enter(first.code);
        expect(await visitor.arrive()).toContain('pwd sms mfa');
      }),
    patience,
  );

  it(
    'can be replaced by a call, by keyboard alone',
    async () =>
      visit({ manner: 'by keyboard alone' }, async visitor => {
        await lookForText(visitor);
        await visitor.press('Call me instead');
        await visitor.sees('We’re calling +1 ••• 44');
        const grace = phoneOf('grace');
        await grace.pickUp();
        await grace.press('#');
        expect(await visitor.arrive()).toContain('pwd tel mfa');
        await grace.putDown();
      }),
    patience,
  );
});
