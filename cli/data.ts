/** Adds the commands `data export | import | verify`, which move all durable data to another store or host by a file. */
import { unlink } from 'node:fs/promises';
import type { Command } from 'commander';
import { release } from '../server/release.ts';
import { createAudit } from '../src/audit.ts';
import { plain } from '../src/masking.ts';
import { auditEventKind } from '../src/records.ts';
import { exportData } from '../src/transfer/export.ts';
import { importData, isSame, verifyData, type Tally, type TransferDeps } from '../src/transfer/import.ts';
import { createProgress, withDurableStore, type OpenStore } from './durable-store.ts';
import { bytesOf, exitData, openFile } from './files.ts';
import { columns, print } from './output.ts';

/** Adds them to `program`. */
export const addDataCommands = (program: Command): void => {
  const data = program.command('data').description('all durable data in a file, to move it to another store');

  data
    .command('export <file>')
    .description('writes all durable data to a new file, readable by its owner only; stop the servers before')
    .action(async (file: string) => withDurableStore(async store => exportTo(file, store)));

  data
    .command('import <file>')
    .description('fills an empty store from a file and verifies it; run it again after an interruption')
    .action(async (file: string) => withDurableStore(async store => importFrom(file, store), { mayCreate: true }));

  data
    .command('verify <file>')
    .description('compares the store with a file, document by document; exits with 65 where they differ')
    .action(async (file: string) =>
      withDurableStore(async store => {
        const progress = createProgress();
        const tally = await verifyData(transferDeps(file, store, progress));
        progress.end();
        printTally(tally);
      }),
    );
};

/** Characters that are written at a time. */
const chunkLength = 65_536;

const exportTo = async (path: string, { durable, settings, clock, log }: OpenStore): Promise<void> => {
  // 'wx': an existing file may be readable by others.
  const file = await openFile(path, 'wx');
  const progress = createProgress();
  try {
    const audit = createAudit({ events: durable.collection(auditEventKind), clock, log });
    // Recorded before the first byte is written, so that each export is in the audit.
    await audit({ event: 'data.exported', actor: 'cli', outcome: 'info' });
    let [lines, chunk] = [0, ''];
    for await (const line of exportData({ durable, issuer: settings.issuer, release, clock })) {
      lines += 1;
      chunk += line;
      if (chunk.length < chunkLength) continue;
      await file.appendFile(chunk);
      chunk = '';
      progress.show(`${lines} documents …`);
    }
    await file.appendFile(chunk);
    await file.sync();
    progress.end();
    // The header and the trailer are no documents.
    print(`Wrote ${lines - 2} documents to ${plain(path)}. Keep it as secret as the database.`);
  } catch (error) {
    await unlink(path);
    throw error;
  } finally {
    await file.close();
  }
};

const importFrom = async (file: string, store: OpenStore): Promise<void> => {
  const progress = createProgress();
  const tally = await importData(transferDeps(file, store, progress));
  progress.end();
  printTally(tally);
};

const transferDeps = (
  file: string,
  { durable, sealer, settings, clock }: OpenStore,
  progress: ReturnType<typeof createProgress>,
): TransferDeps => ({
  durable,
  sealer,
  issuer: settings.issuer,
  clock,
  openFile: async () => bytesOf(file),
  onProgress: (step, documents) => progress.show(`${step}: ${documents} documents …`),
});

const printTally = (tally: Tally): void => {
  const rows = [...tally.kinds].map(([kind, { equal, ended, missing, foreign, different }]) =>
    [kind, equal, ended, missing, foreign, different].map(String),
  );
  print(columns(['KIND', 'EQUAL', 'ENDED', 'MISSING', 'NOT IN FILE', 'DIFFERENT'], rows));
  for (const { kind, id, outcome } of tally.examples) print(plain(`${outcome}: ${kind} ${id}`));
  if (isSame(tally)) print('The store has the data of the file.');
  else {
    print('The store differs from the file.');
    process.exitCode = exitData;
  }
};
