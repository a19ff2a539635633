/**
 * Tests how many store operations and durable commits a sign-in costs, from the first request to the token, callbacks included, and
 * that remembered browsers cost people without one nothing. A commit waits for the disk.
 */
import { afterEach, expect, test } from '@jest/globals';
import { commitsIn, countByRequest, tableOf } from '../support/counts/by-request.ts';
import { countOperations } from '../support/counts/operations.ts';
import { atClient, openRelyingParty, signIn } from '../support/world/relying-party.ts';
import { passwordAlone, leaveSession, signInAndRemember } from '../support/world/remember.ts';
import { givePasskey, usePasskey, withPasskeys } from '../support/world/passkeys.ts';
import { startWorld, type World } from '../support/world/world.ts';

let world: World;
afterEach(() => world.close());

/** `12 get challenge`, the most frequent first. */
const table = (done: readonly string[]): string => {
  const counts = new Map<string, number>();
  for (const each of done) counts.set(each, (counts.get(each) ?? 0) + 1);
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .map(([name, count]) => `${String(count).padStart(3)} ${name}`)
    .join('\n');
};

/** A message is recorded before it is sent. A key burns before it passes, and is recorded after. */
const callCommits = {
  'POST /interaction/…/password': 2,
  'POST /callbacks/twilio/call/…/keys': 2,
} as const;

/** The most store operations of a sign-in, and the most durable commits of each of its requests: 1 unless it is named. */
const signIns = {
  'by the password alone': { person: 'linus', most: 23, commits: {} },
  'by an app': {
    person: 'noor',
    most: 36,
    // The count of a code must be durable before the code is compared, what a right one changes before it passes, its record after.
    commits: { 'POST /interaction/…/factor': 3 },
  },
  'by call, machines detected before our words': {
    person: 'grace',
    env: { SALLYPORT_MACHINE_DETECTION: 'before' },
    most: 48,
    commits: callCommits,
  },
  'by call, machines detected during our words': {
    person: 'grace',
    env: { SALLYPORT_MACHINE_DETECTION: 'during' },
    most: 50,
    commits: callCommits,
  },
} as const satisfies Record<
  string,
  {
    readonly person: keyof World['people'];
    readonly env?: Readonly<Record<string, string>>;
    readonly most: number;
    readonly commits: Readonly<Record<string, number>>;
  }
>;

test.each(Object.entries(signIns))(
  'a sign-in %s needs at most so many store operations, and commits in each request',
  async (name, { person, most, commits, ...more }) => {
    const counts = countByRequest();
    world = await startWorld({ ...counts.world, ...more });
    const rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
    counts.reset();

    await signIn(rp, world.browser(), world.people[person]);

    const { requests } = counts;
    const operations = requests.flatMap(({ done }) => done);
    process.stdout.write(
      `a sign-in ${name}: ${operations.length} store operations, ${commitsIn(operations)} commits\n${tableOf(requests)}\n`,
    );
    expect(operations.length).toBeLessThanOrEqual(most);
    const allowed = new Map<string, number>(Object.entries(commits));
    const tooMany = requests.filter(({ what, done }) => commitsIn(done) > (allowed.get(what) ?? 1));
    expect(tooMany.map(({ what, done }) => `${what}: ${commitsIn(done)} commits`)).toEqual([]);
  },
);

test('a session gives the first code of another client in 11 store operations and 2 commits, each later one in 8 and 1', async () => {
  const counts = countByRequest();
  world = await startWorld(counts.world);
  const [contoso, fabrikam] = [await world.addClient({ id: 'contoso' }), await world.addClient({ id: 'fabrikam' })];
  const browser = world.browser();
  await signIn(await openRelyingParty(world, contoso), browser, world.people.noor);
  const rp = await openRelyingParty(world, fabrikam);
  for (const [most, commits] of [
    [11, 2],
    [8, 1],
  ] as const) {
    counts.reset();
    atClient(browser, await browser.visit((await rp.begin()).url));
    const done = counts.requests.flatMap(request => request.done);
    process.stdout.write(`a code in a session:\n${tableOf(counts.requests)}\n`);
    expect([done.length <= most, commitsIn(done)]).toEqual([true, commits]);
  }
});

test('a sign-in by a passkey alone needs at most 40', async () => {
  const operations = countOperations();
  world = await startWorld({ ...withPasskeys, wrap: operations.wrap });
  const { authenticator } = await givePasskey(world, world.people.noor);
  const rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  const browser = world.browser();
  operations.done.length = 0;
  const request = await rp.begin();
  const done = await usePasskey(world, browser, await browser.visit(request.url), authenticator);
  await request.redeem(atClient(browser, done));
  process.stdout.write(`store operations of a sign-in by a passkey alone:\n${table(operations.done)}\n`);
  expect(operations.done.length).toBeLessThanOrEqual(40);
});

test('a sign-in in a browser that is not remembered costs nothing more where browsers are remembered', async () => {
  const costs: string[][] = [];
  for (const lifetime of ['0s', '14d']) {
    const operations = countOperations();
    world = await startWorld({ wrap: operations.wrap, env: { SALLYPORT_REMEMBER_BROWSER: lifetime } });
    const rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
    const browser = world.browser();
    operations.done.length = 0;
    await signIn(rp, browser, world.people.noor);
    await rp.begin().then(async request => request.redeem(atClient(browser, await browser.visit(request.url))));
    costs.push([...operations.done]);
    if (lifetime === '0s') await world.close();
  }
  expect(costs[0]?.length).toBeGreaterThan(20);
  expect(costs[1]).toEqual(costs[0]);
});

test('a sign-in in a remembered browser costs six store operations more than its password', async () => {
  const operations = countOperations();
  world = await startWorld({ wrap: operations.wrap, env: { SALLYPORT_REMEMBER_BROWSER: '14d' } });
  const rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
  const { noor, linus } = world.people;
  const [browser, other] = [world.browser(), world.browser()];
  await signInAndRemember(rp, browser, noor);
  await passwordAlone(rp, other, linus);
  const cost = async (by: typeof browser, person: typeof noor): Promise<number> => {
    leaveSession(by);
    operations.done.length = 0;
    await passwordAlone(rp, by, person);
    return operations.done.length;
  };
  const [spared, without] = [await cost(browser, noor), await cost(other, linus)];
  process.stdout.write(`store operations: ${spared} in a remembered browser, ${without} without a method\n`);
  expect(spared).toBeLessThanOrEqual(without + 6);
});
