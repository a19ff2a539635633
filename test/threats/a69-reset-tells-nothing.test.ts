/**
 * A69, A70. The page for a forgotten password takes a name from anybody. If its answer, its time or the work behind it differs for a
 * name with an account, it makes a list of accounts. So a request does the same for every name, and only the outbox, after the answer,
 * looks for the account.
 * Guards: `src/account/password-reset.ts#PasswordResets`, `src/users/limits/reset-limits.ts#ResetLimits`.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { outboxKind } from '../../src/records.ts';
import type { Answer } from '../support/browser/plain.ts';
import { countOperations } from '../support/counts/operations.ts';
import { hashOf } from '../support/hash-of.ts';
import { askForLink, linksTo } from '../support/world/reset-link.ts';
import { behindProxy, countHashes } from './support/passwords.ts';
import { startThreatWorld, type ThreatWorld } from './support/threat-world.ts';

const operations = countOperations();
const hashes = countHashes();
let world: ThreatWorld;
beforeAll(async () => {
  world = await startThreatWorld({ env: behindProxy, wrap: resources => hashes.wrap(operations.wrap(resources)) });
  const { users } = world.services;
  const passwordHash = await hashOf(world.services, 'correct-horse-battery');
  await users.add({ name: 'qempx', displayName: 'No password', email: 'e@example.com', emailVerified: true }, 'system');
  await users.add({ name: 'qmlex', displayName: 'No mail', passwordHash }, 'system');
  await users.add({ name: 'qunvx', displayName: 'Unverified', email: 'u@example.com', passwordHash }, 'system');
  const locked = { name: 'qlatx', displayName: 'Locked', email: 'l@example.com', emailVerified: true, passwordHash };
  const added = await users.add(locked, 'system');
  if (added.ok) await users.lock(added.user.id, 'system');
});
afterAll(() => world.close());

/** Of one length, so that the length of an answer can be compared. */
const others = [
  ['an account with a verified address', 'linus'],
  ['an account without a password', 'qempx'],
  ['an account without an address', 'qmlex'],
  ['an account with an unverified address', 'qunvx'],
  ['a locked account', 'qlatx'],
  ['a text that is no name', 'a  b '],
] as const;

let networks = 0;

/** Asks five times from one address: answers without what is new each time, and what each cost. */
const walk = async (name: string) => {
  networks += 1;
  const address = `198.18.${networks}.1`;
  const seen: unknown[] = [];
  for (let at = 0; at < 5; at += 1) {
    operations.done.length = 0;
    hashes.compared = 0;
    const browser = world.recordingBrowser();
    const asked = await askForLink(browser, name, { 'x-forwarded-for': address });
    const sent = await browser.visit(browser.next(asked)?.href ?? '');
    seen.push(
      [asked, sent].map(each => masked(each)),
      [...operations.done],
      hashes.compared,
      browser.jar.cookies.length,
    );
  }
  return seen;
};

const masked = ({ status, headers, text }: Answer): unknown => {
  const { date: _date, ...rest } = headers;
  return { status, headers: rest, text: text.replaceAll(/\b[0-9A-Z]{4}-?[0-9A-Z]{4}\b/g, 'REFERENCE') };
};

test('A69 a person who asks gets a link', async () => {
  await askForLink(world.browser(), 'noor', { 'x-forwarded-for': '198.18.0.1' });
  expect(await linksTo(world, world.people.noor)).toHaveLength(1);
});

test.each(others)(
  'A69 the answer for %s equals that for an unknown name, and costs the same calls of the stores',
  async (_desc, name) => {
    const unknown = await walk('qghox');
    expect(await walk(name)).toEqual(unknown);
    // The mails are sent afterwards, so that the next walk begins with the same waiting messages.
    await linksTo(world, world.people.linus);
    expect(await world.store.durable.collection(outboxKind).find({})).toEqual([]);
  },
);

test('A69 the page of a link that no account has equals that of one that was used', async () => {
  const seen = async (token: string) => masked(await world.browser().visit(`/password/reset?token=${token}`));
  const { id } = world.people.noor.user;
  const unknown = await seen(`${'0'.repeat(id.length)}.${'a'.repeat(43)}`);
  expect(await seen(`${id}.${'a'.repeat(43)}`)).toEqual(unknown);
  expect(await seen('x')).toEqual(unknown);
});
