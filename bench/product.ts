/** Opens the product as it is served, over one store, with accounts in it. */
import { randomBytes } from 'node:crypto';
import { createApp } from '../server/app.ts';
import { servicesOver, type CommandServices } from '../cli/services.ts';
import { loadSettings } from '../src/config.ts';
import { openResources } from '../server/resources.ts';
import { client, password, type Person } from './requests.ts';
import type { OpenedServer, ProductSpec } from './server-spec.ts';

/** Opens it for `issuer`. @throws Error if an account cannot be added */
export const openProduct = async (spec: ProductSpec, issuer: string): Promise<OpenedServer> => {
  const settings = loadSettings({
    SALLYPORT_ISSUER: issuer,
    SALLYPORT_DATABASE_URL: spec.database,
    SALLYPORT_FACTORS: 'totp',
    SALLYPORT_INVITATIONS: 'off',
    SALLYPORT_SEALING_KEYS: `bench:${randomBytes(32).toString('base64')}`,
    SALLYPORT_PASSWORD_MEMORY_KIB: `${spec.memoryKiB}`,
    // All sign-ins begin at one address here.
    SALLYPORT_BEGUN_SIGN_INS_PER_ADDRESS_AND_MINUTE: '100000',
    SALLYPORT_BEGUN_SIGN_INS_PER_NETWORK_AND_MINUTE: '100000',
    // Thousands of wrong passwords come from one address here, and each must be compared.
    SALLYPORT_WRONG_PASSWORDS_PER_ACCOUNT_AND_HOUR: '1000',
    SALLYPORT_WRONG_PASSWORDS_PER_ADDRESS_AND_MINUTE: '100000',
    SALLYPORT_WRONG_PASSWORDS_PER_NETWORK_AND_MINUTE: '100000',
    ...(spec.redisUrl !== undefined && { REDIS_URL: spec.redisUrl }),
  });
  const resources = await openResources(settings);
  const services = await servicesOver(resources);
  const { id, secret, redirectUri } = client;
  const clients = await services.clients();
  await clients.write({
    client_id: id,
    client_name: 'Bench',
    client_secret: secret,
    redirect_uris: [redirectUri],
    first_party: true,
  });
  const hashed = await services.passwords.hashNew(password, { name: 'bench' });
  const passwordHash = hashed.ok ? hashed.hash : '';
  for (const person of spec.people) await addPerson(services, person, passwordHash);
  const app = await createApp(resources);
  return {
    answer: app.callback,
    async close() {
      app.drain();
      await app.close();
      await resources.close();
    },
  };
};

const addPerson = async (
  services: CommandServices,
  { name, totpSecret }: Person,
  passwordHash: string,
): Promise<void> => {
  const added = await services.users.add({ name, displayName: name, passwordHash }, 'bench');
  if (!added.ok) throw new Error(`${name} cannot be added: ${added.reason}`);
  const data = { secret: totpSecret, lastStep: -1 };
  await services.authenticators.bind(added.user.id, { type: 'totp', label: 'App', data });
};
