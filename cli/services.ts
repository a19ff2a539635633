/** Opens the services for one command, on the configured stores and beside a running server, and closes them again. */
import { loadSettings } from '../src/config.ts';
import { createSealer } from '../src/crypto.ts';
import { Problem } from '../src/errors.ts';
import { createServices, type Services, type Resources } from '../server/services.ts';
import { createLog } from '../src/log.ts';
import { type RequestContext, administratorContext } from '../src/mfa/challenge-state/request-context.ts';
import { prepareStore } from '../server/prepare-store.ts';
import { newDatabase, openResources } from '../server/resources.ts';
import type { ShownClient } from '../src/oidc/clients/outcomes.ts';
import type { User } from '../src/records.ts';
import { loadHashKey } from '../src/keys/rings.ts';
import { commandEnvironment } from './environment.ts';

/** The services of the server, with what a command needs to open more of them. */
export interface CommandServices extends Services {
  readonly resources: Resources;
}

/** Creates the services over open resources. The secrets of an installation are created at its first start. */
export const servicesOver = async (resources: Resources): Promise<CommandServices> => {
  const { durable, clock } = resources;
  await prepareStore(resources, 0);
  // The hash key alone, so that commands can replace a key that does not open.
  const hashKey = await loadHashKey({ durable, sealer: createSealer(resources.settings.sealingKeys), clock });
  return { ...createServices(resources, { hashKey }), resources };
};

/** The request context of an enrollment that is led from the command line. */
export const contextOf = ({ resources }: CommandServices, user: User, boundTo: string): RequestContext =>
  administratorContext(user, { boundTo, issuer: resources.settings.issuer, address: 'cli' });

/** Runs `work` with open services and closes them afterwards, also after an error. Warnings go to standard error. */
export const withServices = async <T>(work: (services: CommandServices) => Promise<T>): Promise<T> => {
  const settings = loadSettings(commandEnvironment(process.env));
  const path = newDatabase(settings);
  const log = createLog({ level: 'warn', write: line => void process.stderr.write(line) });
  const resources = await openResources(settings, { log });
  if (path !== undefined) process.stderr.write(`${path} did not exist and was created.\n`);
  try {
    return await work(await servicesOver(resources));
  } finally {
    await resources.close();
  }
};

/** Finds an account by any spelling of its name or e-mail address. @throws Problem 'not-found' */
export const userNamed = async (services: Services, name: string): Promise<User> => {
  const user = await services.users.find(name);
  if (user === undefined)
    throw new Problem('not-found', `no account has the name or e-mail address ${JSON.stringify(name)}`);
  return user;
};

/** Finds a client by its id. @throws Problem 'not-found' */
export const clientNamed = async (services: Services, id: string): Promise<ShownClient> => {
  const client = await (await services.clients()).find(id);
  if (client === undefined) throw new Problem('not-found', `no client ${JSON.stringify(id)}`);
  return client;
};
