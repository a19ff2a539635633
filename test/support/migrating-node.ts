/**
 * A process that migrates an SQLite file: `node migrating-node.ts FILE AHEAD KILL`. Its clock is AHEAD milliseconds ahead. It kills
 * itself (SIGKILL) before its call number KILL of the store; 0: never. It prints how many calls it made.
 */
import { openSqliteDurable, openSqliteShortLived } from '../../adapters/sqlite.ts';
import { migrate } from '../../src/migrations/run.ts';
import { createSealer } from '../../src/crypto.ts';
import { createSecretKey } from 'node:crypto';
import { migrations } from '../../src/migrations/steps.ts';
import { itemStep, migrationDeps } from './migrations.ts';
import { withHook } from './world/failing-store.ts';

const [file = '', ahead = '0', kill = '0', key = ''] = process.argv.slice(2);
const clock = (): number => Date.now() + Number(ahead);
let calls = 0;
const { durable } = withHook(
  { durable: openSqliteDurable({ file, clock }), shortLived: openSqliteShortLived({ file, clock }) },
  async () => {
    calls += 1;
    if (calls === Number(kill)) process.kill(process.pid, 'SIGKILL');
  },
);
const sealer = createSealer([{ id: 'n-1', key: createSecretKey(Buffer.from(key, 'base64')) }]);
const next = migrations.length;
await migrate(
  migrationDeps({ durable, clock, sealer, steps: [...migrations, itemStep(next, 4), itemStep(next + 1, 4)] }),
);
process.stdout.write(`${calls}\n`);
// Open stores keep no process alive, but a killed one has closed none either.
process.exit();
