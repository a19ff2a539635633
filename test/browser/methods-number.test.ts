/** Tests calls that are answered with the number on the page (SALLYPORT_CALL_ANSWER=number), in a real browser. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { resetSimulator } from '../../simulator/person.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { startDevelopment, type Development } from '../support/world/development.ts';
import { listenerAt, type Listener } from '../support/human/listener.ts';
import { inBrowser, manners, visitorAt, type Visitor } from '../support/human/visitor.ts';

const patience = 60_000;

let world: Development;
let browser: Browser;
beforeAll(async () => {
  world = await startDevelopment({ SALLYPORT_CALL_ANSWER: 'number' });
  browser = await launchBrowser();
}, patience);
afterAll(async () => {
  await browser?.close();
  await world?.stop();
}, patience);
// The clock was moved, so the phones are reset.
beforeEach(() => resetSimulator(world.simulator));

/** The six digits that the page shows. */
const numberOn = async ({ page }: Visitor): Promise<string> => {
  const [shown] = /\b\d{3}\s?\d{3}\b/.exec(await page.locator('.number-display').innerText()) ?? [];
  if (shown === undefined) throw new Error('no number is shown');
  return shown.replaceAll(/\s/g, '');
};

describe.each(manners)('$manner', ({ manner }) => {
  it.each([
    { name: 'a call', phone: () => world.person('ada').number, row: undefined, who: 'ada', there: '' },
    { name: 'a call to the office', phone: () => '+12025550150;ext=420', row: 'Office', who: 'grace', there: '#' },
  ])(
    'in number mode by $name, only the digits of the page approve',
    async ({ phone: number, row, who, there }) =>
      inBrowser(browser, { manner }, async page => {
        const visitor = visitorAt(world, page, manner);
        const phone: Listener = listenerAt(world.simulator, number());
        await visitor.signIn(who);
        await visitor.sees(/calling/);
        if (row !== undefined) await visitor.choose('Call me', row);
        await visitor.sees(/calling .* (?:43|50)$/);
        const shown = await numberOn(visitor);
        await phone.pickUp();
        if (there !== '') await phone.press(there);
        for (const wrong of ['#', '000000#']) {
          await phone.hearing(/press pound/);
          await phone.press(wrong);
          await visitor.sees(/calling/);
        }
        if (there !== '') await phone.hearOut();
        await phone.press(`${shown}#`);
        await visitor.checkAgain();
        const arrived = await visitor.arrive();
        for (const said of ['pwd tel mfa', 'auth_time']) expect(arrived).toContain(said);
        expect((await phone.phone()).calls[0]?.pressed).toBe(`${there}#000000#${shown}#`);
        await phone.putDown();
      }),
    patience,
  );
});
