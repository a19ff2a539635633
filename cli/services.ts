/** The house for one command: opened on the configured stores, beside a running server, and closed again. */
import { loadSettings } from '../src/config.ts';
import { createSealer } from '../src/crypto.ts';
import { Problem } from '../src/errors.ts';
import { buildHouse, type House, type Parts } from '../server/services.ts';
import { createLog } from '../src/log.ts';
import type { Clients } from '../src/oidc/clients.ts';
import { openParts } from '../server/resources.ts';
import { oidcDocumentKind, secretKind as secretKind, type User } from '../src/records.ts';
import { loadSecrets, type HouseSecrets } from '../src/secrets.ts';
import { commandEnvironment } from './environment.ts';

export interface OpenHouse extends House {
  readonly parts: Parts;
  readonly secrets: HouseSecrets;
}

/** The rules over parts that are open. The secrets of the house are made where this is its first start. */
export const houseOver = async (parts: Parts): Promise<OpenHouse> => {
  const secrets = await loadSecrets({
    secrets: parts.durable.collection(secretKind),
    sealer: createSealer(parts.settings.sealingKeys),
    clock: parts.clock,
  });
  return { ...buildHouse(parts, secrets.hashKey), parts, secrets };
};

/** The clients of this house. Loaded when asked for: no other command needs the protocol's library, which takes its time. */
export const clientsOf = async ({ parts, secrets, audit }: OpenHouse): Promise<Clients> => {
  const { Clients } = await import('../src/oidc/clients.ts');
  const { ephemeral, notifier } = parts.shortLived;
  const documents = parts.durable.collection(oidcDocumentKind);
  return new Clients({ documents, ephemeral, notifier, clock: parts.clock, secrets, audit });
};

/** Gives `work` the house and closes it, whatever comes of it. Warnings of the log go to standard error. */
export const withHouse = async <T>(work: (house: OpenHouse) => Promise<T>): Promise<T> => {
  const settings = loadSettings(commandEnvironment(process.env));
  const log = createLog({ level: 'warn', write: line => void process.stderr.write(line) });
  const parts = await openParts(settings, { log });
  try {
    return await work(await houseOver(parts));
  } finally {
    await parts.close();
  }
};

/** @throws Problem 'not-found' */
export const someone = async (house: House, name: string): Promise<User> => {
  const user = await house.users.find(name);
  if (user === undefined) throw new Problem('not-found', `no account is named ${JSON.stringify(name)}`);
  return user;
};
