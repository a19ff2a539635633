/**
 * Tests that each real sign-in keeps its trace at no cost of its own: 1,000 sign-ins on SQLite, with a hundred rules, write as often as
 * without a policy, at most one durable write for each decision, and none is longer than 1 KiB.
 */
import { afterEach, expect, test } from '@jest/globals';
import { auditEventKind } from '../../src/records.ts';
import { longestTrace, readTrace } from '../../src/policy/trace.ts';
import { commitsIn, countByRequest } from '../support/counts/by-request.ts';
import { atClient, openRelyingParty, signIn } from '../support/world/relying-party.ts';
import { stores } from '../support/world/stores.ts';
import { startWorld, type World } from '../support/world/world.ts';

const rules = Array.from(
  { length: 100 },
  (_, at) =>
    `  - { name: a-rule-with-a-name-of-forty-letters-${String(at).padStart(3, '0')}, when: { ${at % 2 ? 'clients: [contoso]' : 'groups: [x]'} }, require: { acr: mfa } }`,
);
const policy = `rules:\n${rules.join('\n')}\n`;

let world: World;
afterEach(() => world.close());

const sqlite = stores.find(({ name }) => name === 'sqlite');
const many = 1000;

/** Signs in so often; gives the durable commits of each sign-in, from its request to the code. */
const commitsOf = async (count: number, env: Readonly<Record<string, string>>): Promise<readonly number[]> => {
  const counts = countByRequest();
  world = await startWorld({ ...counts.world, ...(sqlite && { store: sqlite }), env });
  const rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  const browser = world.browser();
  await signIn(rp, browser, world.people.noor);
  const commits: number[] = [];
  for (let at = 0; at < count; at += 1) {
    counts.reset();
    atClient(browser, await browser.visit((await rp.begin()).url));
    commits.push(counts.requests.reduce((sum, { done }) => sum + commitsIn(done), 0));
  }
  return commits;
};

const traces = async (): Promise<readonly unknown[]> => {
  const events = world.services.resources.durable.collection(auditEventKind);
  const found: unknown[] = [];
  let after: string | undefined;
  for (let page = 0; page <= many; page += 1) {
    const records = await events.find({ subject: world.people.noor.user.id }, { limit: 100, ...(after && { after }) });
    if (records.length === 0) return found;
    found.push(...records.filter(({ event }) => event === 'sign-in.finished').map(({ facts }) => facts['policy']));
    after = records.at(-1)?.id;
  }
  return found;
};

// Slow: a thousand sign-ins, each with its commit on disk.
test('1,000 sign-ins with a hundred rules write as often as without a policy, and each has a trace', async () => {
  const without = await commitsOf(10, {});
  await world.close();
  const commits = await commitsOf(many, { SALLYPORT_POLICY: policy });
  const most = Math.max(...without);
  process.stdout.write(
    `durable commits of a sign-in in a session: at most ${most} without a policy, ${Math.max(...commits)} with a hundred rules; ` +
      `${commits.reduce((sum, each) => sum + each, 0)} in ${many} sign-ins\n`,
  );
  expect(Math.max(...commits)).toBeLessThanOrEqual(most);
  const kept = await traces();
  expect(kept).toHaveLength(many + 1);
  expect(kept.filter(text => readTrace(text) === undefined)).toEqual([]);
  expect(Math.max(...kept.map(text => Buffer.byteLength(String(text))))).toBeLessThanOrEqual(longestTrace);
  expect(readTrace(kept.at(-1))).toMatchObject({ acr: 'mfa', second: { how: 'session', factor: 'totp' } });
}, 300_000);
