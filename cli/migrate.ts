/** Adds the command `migrate`, which runs the pending migrations or lists them. */
import type { Command } from 'commander';
import { migrationDepsOf } from '../server/prepare-store.ts';
import { forecast } from '../src/migrations/dry-run.ts';
import { migrate } from '../src/migrations/run.ts';
import { storedSchema } from '../src/migrations/schema.ts';
import { createProgress, withDurableStore, type OpenStore } from './durable-store.ts';
import { print } from './output.ts';

/** EX_TEMPFAIL of sysexits.h: steps are pending. */
const exitPending = 75;

/** Adds it to `program`. */
export const addMigrateCommand = (program: Command): void => {
  program
    .command('migrate')
    .description('runs the pending migrations; continues an interrupted one')
    .option('--dry-run', 'lists pending migrations and changes no document; exits with 75 if there are any')
    .action(async ({ dryRun }: { readonly dryRun?: true }) =>
      withDurableStore(dryRun ? tellPending : runPending, { mayCreate: dryRun !== true }),
    );
};

const tellPending = async (store: OpenStore): Promise<void> => {
  let steps = 0;
  for await (const { step, seen, changed } of forecast(migrationDepsOf(store))) {
    print(`Pending: step ${step.number} ${step.name} (${step.phase}), ${changed} of ${seen} documents to change.`);
    steps += 1;
  }
  print(`${await schemaLine(store)} ${steps === 0 ? 'No step is' : `${steps} steps are`} pending.`);
  if (steps > 0) process.exitCode = exitPending;
};

const runPending = async (store: OpenStore): Promise<void> => {
  const progress = createProgress();
  await migrate(migrationDepsOf(store), ({ step, seen, changed, isFinished }) => {
    const counts = `${seen} documents seen, ${changed} changed`;
    if (!isFinished) return progress.show(`Step ${step.number} ${step.name}: ${counts} …`);
    progress.end();
    print(`Step ${step.number} ${step.name} (${step.phase}): ${counts}.`);
  });
  print(await schemaLine(store));
};

const schemaLine = async ({ durable }: OpenStore): Promise<string> => {
  const { finished, release } = await storedSchema(durable);
  return finished < 0
    ? 'The store has no schema number.'
    : `The store is at schema ${finished} (written by release ${release}).`;
};
