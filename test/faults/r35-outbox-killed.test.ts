/**
 * R35. A process is killed (SIGKILL) while it adds messages to the outbox and sends them: before or after a message is stored,
 * leased, sent or removed. Each message whose storing was acknowledged must arrive, from another process if need be. It may arrive
 * twice where the kill came between sending and removing: once more for each recipient and kill, and not otherwise.
 * Guards: `src/outbox/outbox.ts#Outbox`, `src/outbox/deliveries.ts#Deliveries`.
 * Takes some seconds: starts a process for each kill.
 */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openSqliteDurable } from '../../adapters/sqlite.ts';
import { outboxKind } from '../../src/records.ts';

const sender = fileURLToPath(new URL('../support/outbox-sender.ts', import.meta.url));
const kills = 16;
/** Longer than a lease. */
const minute = 60_000;

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-'));
  file = join(folder, 'store.db');
});
afterEach(() => rm(folder, { recursive: true }));

/** Runs the process until `lines` lines were read, then ends it in the given way. Returns what it printed. */
const run = async (
  place: number,
  count: number,
  lines: number,
  end: 'asked' | 'killed',
): Promise<readonly string[]> => {
  const parameters = [sender, file, `p${place}`, `${count}`, `${place * minute}`];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...parameters], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const printed: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    printed.push(line);
    if (printed.length !== lines) continue;
    if (end === 'asked') child.stdin.end();
    else child.kill('SIGKILL');
  }
  expect(await closed).toEqual(end === 'asked' ? [0, null] : [null, 'SIGKILL']);
  return printed;
};

const named = (printed: readonly string[], what: string): readonly string[] =>
  printed.flatMap(line => (line.startsWith(`${what} `) ? [line.slice(what.length + 1)] : []));

const waiting = async (): Promise<number> => {
  const durable = openSqliteDurable({ file, clock: Date.now });
  const { length } = await durable.collection(outboxKind).find({}, { limit: 1000 });
  await durable.close();
  return length;
};

test('R35 a process that stops normally has sent each of its messages once', async () => {
  const printed = await run(0, 40, 80, 'asked');
  const added = named(printed, 'added');
  expect(added).toHaveLength(40);
  expect(named(printed, 'sent').toSorted()).toEqual(added.toSorted());
  expect(await waiting()).toBe(0);
});

test(`R35 ${kills} kills lose no message, and double at most what was being sent`, async () => {
  const printed: string[] = [];
  for (let place = 1; place <= kills; place += 1) {
    // Kills come in every part of adding and sending.
    printed.push(...(await run(place, 200, 1 + ((place * 37) % 61), 'killed')));
  }
  printed.push(...(await run(kills + 1, 1, 2, 'asked')));
  const [added, sent] = [named(printed, 'added'), named(printed, 'sent')];
  expect(new Set(added.map(id => id.split('-')[0])).size).toBeGreaterThan(kills / 2);
  expect(added.filter(id => !sent.includes(id))).toEqual([]);
  expect(sent.length - new Set(sent).size).toBeLessThanOrEqual(kills * 4);
  expect(await waiting()).toBe(0);
}, 120_000);
