/**
 * A69, A70. An employee enters the addresses of others as their own new one. If the answer, the work behind it or a limit differs for an
 * address that has an account, it makes a list of accounts. So a request does the same for each address, and only the outbox, after the
 * answer, looks for another account.
 * Guards: `src/account/address-proofs.ts#AddressProofs`.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { openAccount } from '../portals/support/portal.ts';
import type { Browser } from '../support/browser/plain.ts';
import { countOperations } from '../support/counts/operations.ts';
import { startThreatWorld, type ThreatWorld } from './support/threat-world.ts';

const operations = countOperations();
let world: ThreatWorld;
beforeAll(async () => {
  world = await startThreatWorld({ wrap: operations.wrap });
  const { users } = world.services;
  await users.setEmail(world.people.ada.user.id, 'taken@example.com', 'cli', { verified: true });
});
afterAll(() => world.close());
beforeEach(() => world.nextDay());

/** Asks for a link: the answer, and what it cost. */
const ask = async (browser: Browser, email: string): Promise<readonly unknown[]> => {
  operations.done.length = 0;
  const { status, headers } = await browser.go('/account/email', { form: { email } });
  return [status, headers['location'], [...operations.done]];
};
const signedIn = async (who: 'grace' | 'linus'): Promise<Browser> => {
  const browser = world.browser();
  await openAccount(browser, world.people[who]);
  return browser;
};

test('A69 an address with an account gets the answer and the work of one without', async () => {
  const browser = await signedIn('grace');
  // The first request of a process may read what later ones know.
  await ask(browser, 'first@example.com');
  const free = await ask(browser, 'freed@example.com');
  // A later request makes the earlier link void, so that its mail would not be sent any more.
  expect((await world.mailsTo('freed@example.com')).length).toBe(1);
  expect(await ask(browser, 'taken@example.com')).toEqual(free);
  expect(free[1]).toBe('/account/profile');
  expect(await world.mailsTo('taken@example.com')).toEqual([]);
});

test('A69 the limit of mails to an address does not tell that it is free', async () => {
  const browsers = [await signedIn('grace'), await signedIn('linus')];
  const answers: unknown[] = [];
  for (const browser of browsers) {
    for (let at = 0; at < 3; at += 1) answers.push((await ask(browser, 'another@example.com')).slice(0, 2));
  }
  expect(answers).toEqual(Array.from({ length: 6 }, () => [303, '/account/profile']));
});
