/**
 * Tests the first sign-in of a newcomer who has set REDIS_URL: the development world, Contoso Office and a ringing
 * phone, in a real browser. methods.test.ts tests every method, over SQLite alone. Slow: starts Chromium and four
 * servers.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { resetSimulator } from '../../simulator/person.ts';
import { launchBrowser } from '../support/browser/chromium.ts';
import { startDevelopment, type Development } from '../support/world/development.ts';
import { glance } from '../support/human/person.ts';
import { listenerAt, type Listener } from '../support/human/listener.ts';
import { startRedis, type RedisServer } from '../support/world/redis-server.ts';
import { inBrowser, manners, visitorAt, type Visitor } from '../support/human/visitor.ts';

const patience = 60_000;

let redis: RedisServer;
let world: Development;
let browser: Browser;
beforeAll(async () => {
  redis = await startRedis();
  world = await startDevelopment({ REDIS_URL: redis.url });
  browser = await launchBrowser();
}, patience);
afterAll(async () => {
  await browser?.close();
  await world?.stop();
  await redis?.stop();
}, patience);
beforeEach(() => resetSimulator(world.simulator));

const phoneOf = (name: string): Listener => listenerAt(world.simulator, world.person(name).number);

describe.each(manners)('signing in to Contoso Office with Redis, $manner', ({ manner }) => {
  const visit = (tell: (visitor: Visitor) => Promise<void>) =>
    inBrowser(browser, { manner }, page => tell(visitorAt(world, page, manner)));

  it(
    'by call, # on the ringing phone moves the browser on',
    async () =>
      visit(async visitor => {
        await visitor.signIn('ada');
        await visitor.sees('We’re calling +1 ••• 43');
        const ada = phoneOf('ada');
        await ada.rung();
        await visitor.checkAgain();
        await visitor.sees('We’re calling +1 ••• 43');
        await ada.pickUp();
        const status = visitor.page.locator('[data-status]');
        if (manner !== 'without script') await status.getByText('Answered. Now press #').waitFor();
        await ada.press('#');
        await visitor.checkAgain();
        const shown = await visitor.arrive();
        for (const said of ['Ada Lovelace', 'mfa', 'pwd tel mfa', 'auth_time']) expect(shown).toContain(said);
        await ada.putDown();
      }),
    patience,
  );

  it(
    'by text after a switch from the call, which hangs up',
    async () =>
      visit(async visitor => {
        await visitor.signIn('ada');
        await visitor.sees('We’re calling +1 ••• 43');
        const ada = phoneOf('ada');
        await ada.rung();
        await visitor.choose('Text a code');
        await visitor.sees('Enter the code we texted you');
        expect((await ada.phone()).state).toBe('idle');
        await visitor.enter((await glance(ada)).code);
        const shown = await visitor.arrive();
        for (const said of ['Ada Lovelace', 'aal2', 'pwd sms mfa']) expect(shown).toContain(said);
      }),
    patience,
  );
});

it(
  'signing in by a code from an authenticator app, with Redis: Enter right after the last digit sends it once',
  async () =>
    inBrowser(browser, {}, async (page, manner) => {
      const visitor = visitorAt(world, page, manner);
      await visitor.signIn('noor');
      await visitor.sees('Enter the code from your app');
      const sent: string[] = [];
      await page.route('**/interaction/**', async route => {
        if (route.request().method() === 'POST') {
          sent.push(route.request().url());
          // So that Enter comes before the answer.
          await page.waitForTimeout(500);
        }
        await route.continue().catch(() => undefined);
      });
      const field = page.locator('input[data-digits]');
      await field.pressSequentially(await listenerAt(world.simulator, 'Noor Inayat Khan').code());
      await page.waitForTimeout(100);
      await page.keyboard.press('Enter');
      const shown = await visitor.arrive();
      for (const said of ['Noor Inayat Khan', 'aal2', 'pwd otp mfa']) expect(shown).toContain(said);
      expect(sent).toHaveLength(1);
    }),
  patience,
);
