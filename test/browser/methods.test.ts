/**
 * Tests every second step in a real browser over the development world, from the sample relying party: with script,
 * without it, and by keyboard alone. Slow: three manners times seven people who sign in.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { resetSimulator } from '../../simulator/person.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { startDevelopment, type Development } from '../support/world/development.ts';
import { glance } from '../support/human/person.ts';
import { listenerAt, type Listener } from '../support/human/listener.ts';
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
const ada = (): Listener => at(world.person('ada').number);
const desk = (): Listener => at(office);
const extension = (): Listener => at(`${office};ext=420`);
const visit = (wish: Partial<Manner> & { readonly locale?: string }, tell: (visitor: Visitor) => Promise<void>) =>
  inBrowser(browser, wish, (page, manner) => tell(visitorAt(world, page, manner)));

/** A switchboard that has answered does not mean that the extension has. */
const saysWhere = async (visitor: Visitor): Promise<void> => {
  await visitor.checkAgain();
  await visitor.page.locator('[data-status]').getByText('Press # at the extension').waitFor();
};

/** Answers and approves. Behind a switchboard the extension first presses #, which approves no sign-in. */
const approve = async (visitor: Visitor, phone: Listener, isBehind = false): Promise<void> => {
  await phone.pickUp();
  if (isBehind) {
    await phone.press('#');
    await phone.hearing(/signing in to/);
    await saysWhere(visitor);
    await phone.hearOut();
  }
  await phone.press('#');
  await visitor.checkAgain();
};

interface Way {
  readonly name: string;
  readonly who: string;
  /** The row to choose, where it is not the default method. */
  readonly chosen?: readonly [method: string, target: string];
  readonly heading: string | RegExp;
  readonly amr: string;
  readonly acr: string;
  /** The phone that rings, and the keys for each of its calls, newest first. */
  readonly rings?: () => Listener;
  readonly pressed?: readonly string[];
  /** Keys for a call to the office. */
  readonly office?: 'switchboard' | 'rings' | 'direct';
  readonly answer: (visitor: Visitor) => Promise<void>;
}

const tel = { amr: 'pwd tel mfa', acr: 'mfa' } as const;
const toOffice = {
  who: 'grace',
  chosen: ['Call me', 'extension 420'],
  heading: 'We’re calling +1 ••• 50',
  ...tel,
} as const;

const ways: readonly Way[] = [
  {
    name: 'a call',
    who: 'ada',
    heading: 'We’re calling +1 ••• 43',
    ...tel,
    rings: ada,
    pressed: ['#'],
    answer: visitor => approve(visitor, ada()),
  },
  {
    name: 'a call to the office: its switchboard takes the extension',
    ...toOffice,
    rings: extension,
    pressed: ['##'],
    office: 'switchboard',
    answer: visitor => approve(visitor, extension(), true),
  },
  {
    name: 'a call to the office: a receptionist answers, and puts it through',
    ...toOffice,
    rings: desk,
    pressed: ['##'],
    office: 'rings',
    async answer(visitor) {
      await desk().rung();
      await desk().answer();
      await desk().hearing(/put it through to extension 4 2 0/);
      // From here on Grace answers the phone.
      await desk().press('#');
      await desk().hearing(/signing in to/);
      await visitor.sees(/calling/);
      await desk().hearOut();
      await desk().press('#');
      await visitor.checkAgain();
    },
  },
  {
    name: 'a call to the office, answered at the extension',
    ...toOffice,
    rings: extension,
    pressed: ['##'],
    office: 'direct',
    answer: visitor => approve(visitor, extension(), true),
  },
  {
    name: 'a text',
    who: 'ada',
    chosen: ['Text a code', '+1 ••• 43'],
    heading: 'Enter the code we texted you',
    amr: 'pwd sms mfa',
    acr: 'aal2',
    answer: async visitor => visitor.enter((await glance(ada())).code),
  },
  {
    name: 'a code that a call dictates',
    who: 'ada',
    chosen: ['Call me with a code', '+1 ••• 43'],
    heading: 'We’re calling +1 ••• 43',
    amr: 'pwd tel mfa',
    acr: 'aal2',
    rings: ada,
    // The first call was left for it.
    pressed: ['#', ''],
    async answer(visitor) {
      await ada().pickUp();
      await ada().press('#');
      await visitor.enter(await ada().dictated());
    },
  },
  {
    name: 'a code from an app',
    who: 'noor',
    heading: 'Enter the code from your app',
    amr: 'pwd otp mfa',
    acr: 'aal2',
    answer: async visitor => visitor.enter(await at('Noor Inayat Khan').newCode()),
  },
];

describe.each(manners)('$manner', ({ manner }) => {
  it.each(ways)(
    'signs in by $name',
    async way => {
      await desk().behave(way.office ?? 'switchboard');
      await visit({ manner }, async visitor => {
        const { who, chosen, heading, rings, amr, acr } = way;
        await visitor.signIn(who);
        if (chosen !== undefined) await visitor.choose(...chosen);
        const phone = rings?.();
        await visitor.sees(heading);
        await way.answer(visitor);
        const shown = await visitor.arrive();
        for (const said of [amr, acr, 'auth_time']) expect(shown).toContain(said);
        // One call, and no key too many.
        expect((await phone?.phone())?.calls.map(call => call.pressed)).toEqual(way.pressed);
        await phone?.putDown();
      });
    },
    patience,
  );
});
