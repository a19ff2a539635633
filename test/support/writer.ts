/**
 * Writes to a SQLite store as a separate process, and prints acknowledged ids to stdout.
 * `writer.ts insert FILE NAME` inserts documents until stdin ends, and prints each id once it is stored.
 * `writer.ts load FILE NAME` writes batches from eight callers at once until stdin ends, and prints the id of each that is stored.
 * `writer.ts count FILE TIMES` makes one document if it is missing, adds to it and to a counter TIMES times, then ends.
 */
import { writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { openSqliteDurable, openSqliteShortLived } from '../../adapters/sqlite.ts';
import { isProblem } from '../../src/errors.ts';
import { inserting, key, replacing, type Doc, type Kind } from '../../src/ports/stores.ts';

export interface Written extends Doc {
  readonly writer: string;
  readonly filling: string;
  readonly count?: number;
}
export const written: Kind<Written, 'writer'> = { name: 'written', index: ['writer'], unique: [] };
export const counter = key<number>('counter');

const [, program, mode, file = '', argument = ''] = process.argv;

const insert = async (): Promise<void> => {
  const durable = openSqliteDurable({ file, clock: Date.now });
  const documents = durable.collection(written);
  process.stdin.resume();
  for (let n = 0; n < 100_000 && !process.stdin.readableEnded; n += 1) {
    const id = `${argument}-${n}`;
    // From a few bytes to several pages of the file.
    await documents.insert({ id, rev: 1, writer: argument, filling: 'x'.repeat((n * 997) % 9000) });
    // Printed at once: an id still in the memory of a killed process was never acknowledged.
    writeSync(1, `${id}\n`);
    if (n % 10 === 9) await new Promise(setImmediate);
  }
  await durable.close();
};

/** Each batch inserts two documents, the id of the second ends with `-too`, and counts itself in a document of its caller. */
const load = async (): Promise<void> => {
  const durable = openSqliteDurable({ file, clock: Date.now });
  const documents = durable.collection(written);
  process.stdin.resume();
  const caller = async (at: number): Promise<void> => {
    const total: Written = { id: `${argument}-${at}`, rev: 1, writer: 'total', filling: '', count: 0 };
    await documents.insert(total);
    for (let n = 1; n < 100_000 && !process.stdin.readableEnded; n += 1) {
      const part = { id: `${total.id}-${n}`, rev: 1, writer: total.id, filling: 'x'.repeat((n * 997) % 9000) };
      const outcome = await durable.batch([
        inserting(written, part),
        replacing(written, { ...total, rev: n, count: n }),
        inserting(written, { ...part, id: `${part.id}-too` }),
      ]);
      if (!outcome.ok) throw new Error(`a batch lost: ${JSON.stringify(outcome)}`);
      writeSync(1, `${part.id}\n`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, at) => caller(at)));
  await durable.close();
};

const count = async (): Promise<void> => {
  const durable = openSqliteDurable({ file, clock: Date.now });
  const shortLived = openSqliteShortLived({ file, clock: Date.now });
  const documents = durable.collection(written);
  try {
    await documents.insert({ id: 'shared', rev: 1, writer: 'whoever is first', filling: '' });
  } catch (error) {
    if (!isProblem(error, 'conflict')) throw error;
  }
  let done = 0;
  for (let attempts = 0; attempts < 100_000 && done < Number(argument); attempts += 1) {
    const read = await documents.get('shared');
    if (read && (await documents.replace({ ...read, count: (read.count ?? 0) + 1 }))) done += 1;
  }
  for (let hits = 0; hits < Number(argument); hits += 1) await shortLived.ephemeral.increment(counter, 3_600_000);
  await Promise.all([durable.close(), shortLived.close()]);
};

if (program !== undefined && import.meta.url === pathToFileURL(program).href) {
  await (mode === 'count' ? count() : mode === 'load' ? load() : insert());
}
