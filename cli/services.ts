/** The house for one command: opened on the configured stores, beside a running server, and closed again. */
import { loadSettings } from '../src/config.ts';
import { createSealer } from '../src/crypto.ts';
import { Problem } from '../src/errors.ts';
import { createServices, type Services, type Resources } from '../server/services.ts';
import { createLog } from '../src/log.ts';
import type { Clients } from '../src/oidc/clients.ts';
import { openResources } from '../server/resources.ts';
import { oidcDocumentKind, secretKind, type User } from '../src/records.ts';
import { loadSecrets, type InstallationSecrets } from '../src/secrets.ts';
import { commandEnvironment } from './environment.ts';

export interface CommandServices extends Services {
  readonly resources: Resources;
  readonly secrets: InstallationSecrets;
}

/** The rules over parts that are open. The secrets of the house are made where this is its first start. */
export const servicesOver = async (resources: Resources): Promise<CommandServices> => {
  const secrets = await loadSecrets({
    secrets: resources.durable.collection(secretKind),
    sealer: createSealer(resources.settings.sealingKeys),
    clock: resources.clock,
  });
  return { ...createServices(resources, secrets.hashKey), resources, secrets };
};

/** The clients of this house. Loaded when asked for: no other command needs the protocol's library, which takes its time. */
export const clientsOf = async ({ resources, secrets, audit }: CommandServices): Promise<Clients> => {
  const { Clients } = await import('../src/oidc/clients.ts');
  const { ephemeral, notifier } = resources.shortLived;
  const documents = resources.durable.collection(oidcDocumentKind);
  return new Clients({ documents, ephemeral, notifier, clock: resources.clock, secrets, audit });
};

/** Gives `work` the house and closes it, whatever comes of it. Warnings of the log go to standard error. */
export const withServices = async <T>(work: (services: CommandServices) => Promise<T>): Promise<T> => {
  const settings = loadSettings(commandEnvironment(process.env));
  const log = createLog({ level: 'warn', write: line => void process.stderr.write(line) });
  const resources = await openResources(settings, { log });
  try {
    return await work(await servicesOver(resources));
  } finally {
    await resources.close();
  }
};

/** @throws Problem 'not-found' */
export const userNamed = async (services: Services, name: string): Promise<User> => {
  const user = await services.users.find(name);
  if (user === undefined) throw new Problem('not-found', `no account is named ${JSON.stringify(name)}`);
  return user;
};
