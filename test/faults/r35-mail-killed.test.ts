/**
 * R35. A process is killed (SIGKILL) while it queues mails and sends them. Each mail whose storing was acknowledged must arrive at
 * the mail server, from another process if need be. It may arrive twice, where the kill came between sending and removing it.
 * Guards: `src/mail/mail.ts#Mail`, `src/outbox/deliveries.ts#Deliveries`.
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
import { startMailServer, type TestMailServer } from '../support/mail-server.ts';

const sender = fileURLToPath(new URL('../support/mail-sender.ts', import.meta.url));
const kills = 20;
/** Longer than a lease. */
const minute = 60_000;

let folder: string;
let server: TestMailServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-'));
  server = await startMailServer({ tls: 'none' });
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

/**
 * Runs a process, and gives the mails that it queued. It is killed after it has queued the given number of mails, or while the server
 * answers so many of them; or asked to end, once it has queued its mails.
 */
const run = async (
  place: number,
  count: number,
  end: { readonly afterQueued: number } | { readonly whileAnswering: number } | 'asked',
): Promise<readonly string[]> => {
  const parameters = [join(folder, 'store.db'), `p${place}`, `${count}`, `${place * minute}`, `${server.port}`];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', sender, ...parameters], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  let answered = 0;
  server.faults.data = () => {
    answered += 1;
    if (end !== 'asked' && 'whileAnswering' in end && answered === end.whileAnswering) child.kill('SIGKILL');
    return 'accept';
  };
  const ids: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    ids.push(line.replace('queued ', ''));
    if (end === 'asked' && ids.length === count) child.stdin.end();
    if (end !== 'asked' && 'afterQueued' in end && ids.length === end.afterQueued) child.kill('SIGKILL');
  }
  expect(await closed).toEqual(end === 'asked' ? [0, null] : [null, 'SIGKILL']);
  return ids;
};

test(`R35 ${kills} kills lose no mail, and double at most what was being sent`, async () => {
  const queued: string[] = [];
  for (let place = 1; place <= kills; place += 1) {
    // Kills come in every part of queueing and sending.
    const at = 1 + ((place * 7) % 23);
    queued.push(...(await run(place, 60, place % 2 === 0 ? { afterQueued: at } : { whileAnswering: at })));
  }
  const beforeLast = server.arrived.length;
  queued.push(...(await run(kills + 1, 1, 'asked')));
  const arrived = server.arrived.map(({ raw }) => /^Subject: (\S+)/m.exec(raw)?.[1] ?? '');
  // Some mails were sent by the process that queued them, some by a later one, and some twice.
  expect(beforeLast).toBeGreaterThan(kills);
  expect(arrived.length).toBeGreaterThan(new Set(arrived).size);
  expect(queued.filter(id => !arrived.includes(id))).toEqual([]);
  // One process sends to at most 16 addresses at the same time.
  expect(arrived.length - new Set(arrived).size).toBeLessThanOrEqual(kills * 16);
  const durable = openSqliteDurable({ file: join(folder, 'store.db'), clock: Date.now });
  await expect(durable.collection(outboxKind).find({})).resolves.toEqual([]);
  await durable.close();
}, 120_000);
