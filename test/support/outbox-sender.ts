/**
 * Adds messages to the outbox of a SQLite file and sends them, as a separate process that a test kills.
 * `outbox-sender.ts FILE NAME COUNT AHEAD`: adds COUNT messages, prints `added ID` once each is stored and `sent ID` where it
 * arrives, and goes on until stdin ends. Its clock is AHEAD milliseconds ahead, so that leases of earlier processes have ended.
 */
import { createSecretKey } from 'node:crypto';
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { openSqliteDurable } from '../../adapters/sqlite.ts';
import { timers } from '../../server/timers.ts';
import { createSealer } from '../../src/crypto.ts';
import { createInProcessNotifier } from '../../src/in-process-notifier.ts';
import { silentLog } from '../../src/log.ts';
import { Deliveries } from '../../src/outbox/deliveries.ts';
import { Outbox } from '../../src/outbox/outbox.ts';
import { outboxKind } from '../../src/records.ts';

const [, , file = '', name = '', count = '', ahead = ''] = process.argv;
const clock = (): number => Date.now() + Number(ahead);
const durable = openSqliteDurable({ file, clock });
const common = {
  messages: durable.collection(outboxKind),
  sealer: createSealer([{ id: 'a', key: createSecretKey(Buffer.alloc(32)) }]),
  clock,
  audit: async () => {},
  log: silentLog,
};
const outbox = new Outbox({ ...common, notifier: createInProcessNotifier() });
const deliveries = new Deliveries({
  ...common,
  outbox,
  senders: {
    note: async data => {
      // As a request would take: kills must also come between leasing, sending and removing.
      await setTimeout(2);
      writeSync(1, `sent ${typeof data === 'string' ? data : ''}\n`);
      await setTimeout(2);
      return 'sent';
    },
  },
  schedule: timers,
  random: Math.random,
});
deliveries.start();
process.stdin.resume();
for (let n = 0; n < Number(count); n += 1) {
  const id = `${name}-${n}`;
  await outbox.add({ kind: 'note', recipient: `client:${n % 4}`, data: id });
  // Printed at once: an id still in the memory of a killed process was never acknowledged.
  writeSync(1, `added ${id}\n`);
  await setTimeout(1);
}
if (!process.stdin.readableEnded) await once(process.stdin, 'end');
await deliveries.run();
await deliveries.close();
await durable.close();
