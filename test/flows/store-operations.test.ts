/**
 * Tests that a sign-in by call costs at most sixty store operations, from the first request to the token, callbacks
 * included, and that remembered browsers cost those nothing who do not have one.
 */
import { afterEach, expect, test } from '@jest/globals';
import { countOperations } from '../support/counts/operations.ts';
import {
  atClient,
  checkAgain,
  enterPassword,
  openRelyingParty,
  pickUp,
  signIn,
} from '../support/world/relying-party.ts';
import { passwordAlone, leaveSession, signInAndRemember } from '../support/world/remember.ts';
import { givePasskey, usePasskey, withPasskeys } from '../support/world/passkeys.ts';
import { startWorld, type World } from '../support/world/world.ts';

const most = 60;

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

const detections = ['before', 'during'] as const;
test.each(detections)(
  'a sign-in by call, machines detected %s our words, needs at most 60 store operations',
  async when => {
    const operations = countOperations();
    world = await startWorld({ wrap: operations.wrap, env: { SALLYPORT_MACHINE_DETECTION: when } });
    const { grace } = world.people;
    const rp = await openRelyingParty(world, await world.addClient({ id: 'contoso' }));
    const browser = world.browser();
    operations.done.length = 0;
    const marks: string[] = [];
    const mark = (what: string): void => void marks.push(`${String(operations.done.length).padStart(3)} ${what}`);

    const request = await rp.begin();
    const first = await browser.visit(request.url);
    mark('password page');
    const calling = await enterPassword(browser, first, grace);
    mark('calling');
    await pickUp(grace, '#');
    mark('answered');
    const done = await checkAgain(browser, calling);
    mark('through');
    await request.redeem(atClient(browser, done));
    mark('token');

    process.stdout.write(
      `store operations of a sign-in by call, machines detected ${when} our words:\n${marks.join('\n')}\n${table(operations.done)}\n`,
    );
    expect(operations.done.length).toBeLessThanOrEqual(most);
  },
);

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
