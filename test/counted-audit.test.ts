/** Tests the audit of events that anyone can cause: what is kept is bounded by hours and addresses, not by their number. */
import { describe, expect, test } from '@jest/globals';
import { auditEventKind, type AuditRecord } from '../src/records.ts';
import type { AuditEvent } from '../src/audit.ts';
import { CountedAudit, maxCountedRecords } from '../src/counted-audit.ts';
import { Problem } from '../src/errors.ts';
import { createLog } from '../src/log.ts';
import { ipPrefixesOf } from '../src/users/limits/ip-prefix.ts';
import { createClock } from './support/world/clock.ts';
import { stores, type Node } from './support/world/stores.ts';

const hour = 3_600_000;
const forged: AuditEvent = {
  event: 'callback.refused',
  actor: 'carrier',
  outcome: 'refused',
  reason: 'forged',
  address: '203.0.113.9',
};

const subscriberOf = (address: string | undefined): string => ipPrefixesOf(address).address;

type Events = ConstructorParameters<typeof CountedAudit>[0]['events'];

const counts = (found: readonly AuditRecord[]) => found.map(({ facts }) => Number(facts['count']));

/** Counts one after another, so that each write ends before the next begins. `written`: waits for those under way. */
const flood = async (
  { counted, written }: { readonly counted: CountedAudit; readonly written: () => Promise<void> },
  times: number,
  event: AuditEvent,
): Promise<void> => {
  for (let n = 0; n < times; n += 1) {
    counted.count(event);
    // A write begins within these turns.
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    await written();
  }
};

describe.each(stores)('events that anyone can cause, counted on $name', ({ open }) => {
  const opened = async () => {
    const clock = createClock();
    const store = await open(clock);
    const lines: string[] = [];
    const log = createLog({ level: 'info', write: line => lines.push(line) });
    let writes = 0;
    const underWay = new Set<Promise<unknown>>();
    const noted = async <T>(write: Promise<T>): Promise<T> => {
      writes += 1;
      underWay.add(write);
      return write.finally(() => underWay.delete(write));
    };
    const on = ({ durable }: Node, wrap = (events: Events): Events => events) => {
      const events: Events = durable.collection(auditEventKind);
      const counting: Events = {
        ...events,
        insert: async record => noted(events.insert(record)),
        replace: async next => noted(events.replace(next)),
      };
      return new CountedAudit({ events: wrap(counting), clock, log, subscriberOf, schedule: clock.after });
    };
    const rows = async (): Promise<readonly AuditRecord[]> =>
      store.durable.collection(auditEventKind).find({}, { limit: 1000 });
    const written = async (): Promise<void> => {
      while (underWay.size > 0) {
        await Promise.allSettled(underWay);
        // What follows a write runs after it.
        for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
      }
    };
    return { clock, store, lines, on, rows, written, writes: () => writes };
  };

  test('a flood of one address is one record an hour with its count, and few writes', async () => {
    const { clock, store, lines, on, rows, writes, written } = await opened();
    const counted = on(store);
    await flood({ counted, written }, 3000, { ...forged, reference: 'AB12CD34' });
    clock.advance(hour);
    await clock.fired();
    expect(await rows()).toEqual([
      expect.objectContaining({ event: 'callback.refused', outcome: 'refused', reference: 'AB12CD34' }),
    ]);
    expect((await rows())[0]?.facts).toEqual({ reason: 'forged', address: '203.0.113.9', count: 3000 });
    // 1, 2, 4 … 2048, and the end of the hour
    expect(writes()).toBe(13);
    expect(lines).toHaveLength(3000);

    counted.count(forged);
    await counted.close();
    expect(counts(await rows())).toEqual([3000, 1]);
    await store.close();
  });

  test('the count that is stored is never less than half of what came, while the hour lasts', async () => {
    const { store, on, rows, written } = await opened();
    const counted = on(store);
    await flood({ counted, written }, 700, forged);
    expect(counts(await rows())).toEqual([512]);
    await counted.close();
    expect(counts(await rows())).toEqual([700]);
    await store.close();
  });

  test('any number of addresses fills a fixed number of records, and all of them are counted', async () => {
    const { store, on, rows } = await opened();
    const counted = on(store);
    for (let n = 0; n < 1000; n += 1) counted.count({ ...forged, address: `198.18.${n % 250}.${Math.floor(n / 250)}` });
    // One subscriber has all addresses of its /64.
    for (let n = 0; n < 500; n += 1) counted.count({ ...forged, address: `2001:db8::${n}` });
    await counted.close();
    const found = await rows();
    expect(found).toHaveLength(maxCountedRecords + 1);
    expect(found.find(({ facts }) => facts['address'] === undefined)?.facts).toEqual({ reason: 'forged', count: 1400 });
    expect(counts(found).reduce((sum, count) => sum + count, 0)).toBe(1500);
    await store.close();
  });

  test('a record that stands for events of many names none of them', async () => {
    const { store, on, rows } = await opened();
    const counted = on(store);
    const issued: AuditEvent = { event: 'token.issued', actor: 'client:contoso', outcome: 'success' };
    const changed: AuditEvent = { event: 'value.unreadable', actor: 'system', outcome: 'failure', reason: 'changed' };
    for (let n = 0; n < 300; n += 1) {
      counted.count({ ...issued, actor: `client:service-${n}`, client: `service-${n}`, reference: `AB12CD${n}` });
      counted.count({ ...changed, subject: `user-${n}`, record: `authenticator:user-${n}:app` });
    }
    await counted.close();
    const found = await rows();
    expect(found).toHaveLength(maxCountedRecords + 2);
    const shared = found.filter(({ facts }) => Number(facts['count']) > 1);
    expect(shared.map(({ id: _id, rev: _rev, at: _at, ...members }) => members)).toEqual([
      { event: 'token.issued', actor: 'client', outcome: 'success', facts: { count: 250 } },
      { event: 'value.unreadable', actor: 'system', outcome: 'failure', facts: { reason: 'changed', count: 250 } },
    ]);
    await store.close();
  });

  test('equal events of one IPv6 subscriber are one record, which names its /64', async () => {
    const { store, on, rows } = await opened();
    const counted = on(store);
    for (let n = 0; n < 4; n += 1) counted.count({ ...forged, address: `2001:db8:7:8::${n}` });
    await counted.close();
    expect((await rows()).map(({ facts }) => facts)).toEqual([
      { reason: 'forged', address: '2001:db8:7:8::/64', count: 4 },
    ]);
    await store.close();
  });

  test('other reasons, clients and events have records of their own', async () => {
    const { store, on, rows } = await opened();
    const counted = on(store);
    const different: readonly AuditEvent[] = [
      forged,
      { ...forged, reason: 'unknown' },
      { ...forged, event: 'token.refused', client: 'contoso' },
      { ...forged, event: 'token.refused', client: 'fabrikam' },
    ];
    for (const event of [...different, ...different]) counted.count(event);
    await counted.close();
    expect(counts(await rows())).toEqual([2, 2, 2, 2]);
    await store.close();
  });

  test('two nodes and a restart in the middle of an hour each keep a record of their own', async () => {
    const { store, on, rows } = await opened();
    const [one, two] = [on(store), on(await store.reopen())];
    for (let n = 0; n < 5; n += 1) for (const node of [one, two]) node.count(forged);
    await one.close();
    const restarted = on(store);
    for (let n = 0; n < 3; n += 1) restarted.count(forged);
    await Promise.all([two.close(), restarted.close()]);
    expect(counts(await rows()).toSorted((a, b) => a - b)).toEqual([3, 5, 5]);
    await store.close();
  });

  test('one write each: refusals under way at once are all counted, by one write for each', async () => {
    const { store, on, rows, writes } = await opened();
    const counted = on(store);
    await Promise.all(Array.from({ length: 20 }, async () => counted.countWithOneWrite(forged)));
    expect([counts(await rows()), writes()]).toEqual([[20], 20]);
    await store.close();
  });

  test.each(['insert', 'replace'] as const)(
    'a lost answer to %s fails no later event and makes none wait for more than its one write',
    async method => {
      const { store, on, rows, writes } = await opened();
      let isLost = false;
      const read = Promise.withResolvers<void>();
      const counted = on(store, events => ({
        ...events,
        get: async id => read.promise.then(async () => events.get(id)),
        [method]: async (record: AuditRecord) => {
          const answer = await events[method](record);
          if (isLost) throw new Problem('unavailable', 'answer lost');
          return answer;
        },
      }));
      if (method === 'replace') await counted.countWithOneWrite(forged);
      isLost = true;
      await expect(counted.countWithOneWrite(forged)).rejects.toMatchObject({ code: 'unavailable' });
      isLost = false;
      const before = writes();
      await counted.countWithOneWrite(forged);
      expect(writes()).toBe(before + 1);
      read.resolve();
      for (let n = 0; n < 5; n += 1) await counted.countWithOneWrite(forged);
      const total = method === 'replace' ? 8 : 7;
      expect(counts(await rows())).toEqual([total]);
      counted.count(forged);
      await counted.close();
      expect(counts(await rows())).toEqual([total + 1]);
      await store.close();
    },
  );

  test('a record that was deleted meanwhile is begun again with all that it counted', async () => {
    const { store, on, rows } = await opened();
    const counted = on(store);
    for (let n = 0; n < 3; n += 1) await counted.countWithOneWrite(forged);
    for (const { id } of await rows()) await store.durable.collection(auditEventKind).remove(id);
    await counted.countWithOneWrite(forged);
    await counted.close();
    expect(counts(await rows())).toEqual([4]);
    await store.close();
  });

  test('a store that fails is told in the log a few times, and no request fails by it', async () => {
    const { store, lines, on, rows } = await opened();
    let isDown = true;
    const counted = on(store, events => ({
      ...events,
      insert: async record => {
        if (isDown) throw new Problem('unavailable', 'disk full');
        await events.insert(record);
      },
    }));
    for (let n = 0; n < 1000; n += 1) counted.count(forged);
    await expect(counted.countWithOneWrite(forged)).rejects.toMatchObject({ code: 'unavailable' });
    expect(lines.filter(line => line.includes('audit.not-counted'))).toHaveLength(10);
    isDown = false;
    await counted.close();
    expect(counts(await rows())).toEqual([1001]);
    await store.close();
  });
});
