/** Tests that migrations run once among nodes, continue after an interruption, and refuse what a release cannot read. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { awaitSchema } from '../../src/migrations/await-schema.ts';
import { leaseTime } from '../../src/migrations/lease.ts';
import { forecast, type Forecast } from '../../src/migrations/dry-run.ts';
import type { Migration } from '../../src/migrations/migration.ts';
import { migrate } from '../../src/migrations/run.ts';
import { storedSchema } from '../../src/migrations/schema.ts';
import { migrations } from '../../src/migrations/steps.ts';
import { migrationLeaseKind, schemaKind } from '../../src/records.ts';
import { allItems, itemKind, itemStep, migrationDeps, newItems } from '../support/migrations.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { withHook } from '../support/world/failing-store.ts';
import { everyStore, type Node, type OpenStore } from '../support/world/stores.ts';

const [first, second]: readonly [Migration, Migration] = [itemStep(0), itemStep(1)];
/** The step of the release after, which removes what only the first step's release still needed. */
const contraction: Migration = { ...itemStep(2), phase: 'contract', completes: 1 };

test('the number of each step of the product is its place, and names are used once', () => {
  expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, at) => at));
  expect(new Set(migrations.map(({ name }) => name)).size).toBe(migrations.length);
});

const everyItemPassed = (...steps: readonly number[]) => Array.from({ length: 35 }, () => steps);

describe.each(everyStore.filter(({ name }) => name !== 'redis'))('migrations on $name', ({ open }) => {
  let store: OpenStore;
  let clock: TestClock;
  beforeEach(async () => {
    clock = createClock();
    store = await open(clock);
    await store.durable.collection(itemKind).insertMany(newItems(35));
  });
  afterEach(() => store.close());

  const run = (steps: readonly Migration[], { durable }: Pick<Node, 'durable'> = store, release = '2.0.0') =>
    migrate(migrationDeps({ durable, clock, steps, release }));
  const passed = async () => (await allItems(store.durable.collection(itemKind))).map(item => item.passed);
  /** The store, whose process is killed at its `call` number `at`: no later call of it does anything. */
  const killedAt = (at: number, call: string) => {
    let calls = 0;
    return withHook(store, async name => {
      if (name === call || calls >= at) calls += 1;
      if (calls >= at) throw new Error('killed');
    });
  };

  test('run in order, once, and record the last one', async () => {
    await run([first, second]);
    expect(await passed()).toEqual(everyItemPassed(0, 1));
    const schema = await storedSchema(store.durable);
    expect(schema).toMatchObject({ finished: 1, readableFrom: -1, release: '2.0.0' });
    await run([first, second]);
    expect(await storedSchema(store.durable)).toEqual(schema);
    expect(await store.durable.collection(migrationLeaseKind).find({})).toEqual([]);
  });

  test('change each document once where several nodes start together', async () => {
    const nodes = [store, await store.reopen(), await store.reopen()];
    await Promise.all(nodes.map(node => run([first, second], node)));
    expect(await passed()).toEqual(everyItemPassed(0, 1));
  });

  test('continue at the last page after a kill, once the lease of the killed node has ended', async () => {
    await expect(run([first, second], killedAt(13, 'replace migrated-items'))).rejects.toThrow('killed');
    expect(await storedSchema(store.durable)).toMatchObject({
      finished: -1,
      running: { step: 0, cursor: '00009', seen: 10, changed: 10 },
    });
    const cursors: string[] = [];
    const watched: Migration = {
      ...first,
      run: async (context, cursor) => {
        cursors.push(cursor);
        return first.run(context, cursor);
      },
    };
    const waiting = run([watched, second]);
    expect(await passed()).not.toEqual(everyItemPassed(0, 1));
    clock.advance(leaseTime);
    await waiting;
    expect(cursors[0]).toBe('00009');
    expect(await passed()).toEqual(everyItemPassed(0, 1));
  });

  test('stop in a node that has lost its lease', async () => {
    const stopped: Migration = {
      ...first,
      run: async (context, cursor) => {
        const page = await first.run(context, cursor);
        if (cursor === '') {
          // This node stood still for longer than its lease, and another one finished the step.
          clock.advance(leaseTime);
          await run([first]);
        } else throw new Error('got a second page, expected none');
        return page;
      },
    };
    await run([stopped]);
    expect(await passed()).toEqual(everyItemPassed(0));
  });

  test('keep what a server writes at the same time', async () => {
    const items = store.durable.collection(itemKind);
    const touch = withHook(store, async call => {
      if (call !== 'replace migrated-items') return;
      const untouched = (await allItems(items)).find(item => item.touched === undefined);
      if (untouched !== undefined) await items.replace({ ...untouched, touched: 1 });
    });
    await run([first], touch);
    expect(await passed()).toEqual(everyItemPassed(0));
    expect((await allItems(items)).every(({ touched }) => touched === 1)).toBe(true);
  });

  test('leave the previous release able to start, until a contract step begins', async () => {
    await run([first]);
    await run([first, second]);
    await run([first], store, '1.0.0');
    expect(await storedSchema(store.durable)).toMatchObject({ finished: 1, release: '2.0.0' });

    const thirdRelease = [first, second, contraction];
    await expect(
      migrate(migrationDeps({ ...killedAt(1, 'get migrated-items'), clock, steps: thirdRelease, release: '3.0.0' })),
    ).rejects.toThrow('killed');
    const refusal = {
      code: 'unavailable',
      message: expect.stringContaining('start release 3.0.0 or a later one') as unknown,
    };
    await expect(run([first], store, '1.0.0')).rejects.toMatchObject(refusal);
    clock.advance(leaseTime);
    await run(thirdRelease, store, '3.0.0');
    await expect(run([first], store, '1.0.0')).rejects.toMatchObject(refusal);
    await run([first, second]);
  });

  test('are awaited where another process runs them', async () => {
    const deps = migrationDeps({ ...store, clock, steps: [first] });
    await expect(awaitSchema(deps, 0)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'got stored data of schema none, expected 0: run "npm run cli -- migrate"',
    });
    const waiting = awaitSchema(deps, 10_000);
    await run([first]);
    await waiting;
    expect(await passed()).toEqual(everyItemPassed(0));
  });

  test('say in a dry run what they would change, and change no document', async () => {
    const before = await allItems(store.durable.collection(itemKind));
    const told: Forecast[] = [];
    for await (const each of forecast(migrationDeps({ ...store, clock, steps: [first, second] }))) told.push(each);
    expect(told.map(({ step, seen, changed }) => [step.number, seen, changed])).toEqual([
      [0, 35, 35],
      [1, 35, 35],
    ]);
    expect(await allItems(store.durable.collection(itemKind))).toEqual(before);
    expect(await store.durable.collection(schemaKind).find({})).toEqual([]);
  });

  test('end with an error where a step does not move on', async () => {
    const stuck: Migration = { ...first, run: async () => ({ seen: 1, changed: 0, next: '' }) };
    await expect(run([stuck])).rejects.toMatchObject({ code: 'internal' });
  });

  test('end a dry run with an error where a step does not move on without its writes', async () => {
    const unwritten: Migration = { ...first, run: async () => ({ seen: 1, changed: 1, next: 'again' }) };
    const told = forecast(migrationDeps({ ...store, clock, steps: [unwritten] }));
    await expect(told.next()).rejects.toMatchObject({ code: 'internal' });
  });
});
