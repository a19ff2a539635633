/** Opens the durable store alone, for commands that work with any schema of the stored documents. */
import { existsSync } from 'node:fs';
import { openDurable, newDatabase } from '../server/resources.ts';
import { loadSettings, type Settings } from '../src/config.ts';
import { createSealer, type Sealer } from '../src/crypto.ts';
import { Problem } from '../src/errors.ts';
import { createLog, type Log } from '../src/log.ts';
import type { DurableStore } from '../src/ports/stores.ts';
import type { Clock } from '../src/ports/time.ts';
import { commandEnvironment } from './environment.ts';

/** An open store, with settings, sealer, clock and log. */
export interface OpenStore {
  readonly durable: DurableStore;
  readonly settings: Settings;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Runs `work` with the open store and closes it afterwards, also after an error.
 * @throws Problem 'not-found' for a database file that does not exist, unless it may be created
 */
export const withDurableStore = async <T>(
  work: (store: OpenStore) => Promise<T>,
  { mayCreate = false }: { readonly mayCreate?: boolean } = {},
): Promise<T> => {
  const settings = loadSettings(commandEnvironment(process.env));
  const missing = newDatabase(settings);
  if (missing !== undefined && !mayCreate)
    throw new Problem('not-found', `got no database at ${missing}, expected one: check SALLYPORT_DATABASE_URL`);
  const log = createLog({ level: 'warn', write: line => void process.stderr.write(line) });
  const clock = Date.now;
  const durable = await openDurable(settings, clock, log);
  if (missing !== undefined && existsSync(missing)) process.stderr.write(`${missing} did not exist and was created.\n`);
  try {
    return await work({ durable, settings, sealer: createSealer(settings.sealingKeys), clock, log });
  } finally {
    await durable.close();
  }
};

/** Shows progress on a terminal, and removes it at the end. */
export const createProgress = (): { show(text: string): void; end(): void } => {
  const isShown = process.stderr.isTTY;
  let shownAt = 0;
  return {
    show(text) {
      if (!isShown || Date.now() - shownAt < 100) return;
      shownAt = Date.now();
      process.stderr.write(`\r\u001B[K${text}`);
    },
    end: () => void (isShown && process.stderr.write('\r\u001B[K')),
  };
};
