/**
 * Queues mails in a SQLite file and sends them, as a separate process that a test kills.
 * `mail-sender.ts FILE NAME COUNT AHEAD PORT`: queues COUNT mails to the mail server at PORT, prints `queued ID` once each is stored, and
 * goes on until stdin ends. Its clock is AHEAD milliseconds ahead, so that leases of earlier processes have ended.
 */
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { openSqliteDurable } from '../../adapters/sqlite.ts';
import { timers } from '../../server/timers.ts';
import { createInProcessNotifier } from '../../src/in-process-notifier.ts';
import { silentLog } from '../../src/log.ts';
import { mailNode } from './mail-node.ts';

const [, , file = '', name = '', count = '', ahead = '', port = ''] = process.argv;
const clock = (): number => Date.now() + Number(ahead);
const durable = openSqliteDurable({ file, clock });
const { mail, deliveries } = mailNode({
  durable,
  notifier: createInProcessNotifier(),
  clock,
  schedule: timers,
  smtp: {
    host: '127.0.0.1',
    port: Number(port),
    tls: 'none',
    from: { name: '', address: 'login@example.com' },
  },
  log: silentLog,
  audit: async () => {},
});
deliveries.start();
process.stdin.resume();
for (let n = 0; n < Number(count); n += 1) {
  const id = `${name}-${n}`;
  const message = { subject: id, heading: id, paragraphs: ['Hello.'] };
  await mail.queue({ to: `${id}@example.com`, message });
  // Printed at once: a mail still in the memory of a killed process was never acknowledged.
  writeSync(1, `queued ${id}\n`);
  await setTimeout(1);
}
if (!process.stdin.readableEnded) await once(process.stdin, 'end');
await deliveries.run();
await deliveries.close();
await durable.close();
