/** Opens the product as it is served, over one store, with accounts in it. */
import { randomBytes } from 'node:crypto';
import { createApp } from '../server/app.ts';
import { servicesOver } from '../cli/services.ts';
import { loadSettings } from '../src/config.ts';
import type { MadeAuthenticator } from '../src/mfa/factor.ts';
import { pushType, type PushData } from '../src/mfa/push/data.ts';
import { openResources } from '../server/resources.ts';
import { client, password, type Person } from './requests.ts';
import type { DeviceOwner, OpenedServer, ProductSpec } from './server-spec.ts';

/** Opens it for `issuer`. @throws Error if an account cannot be added */
export const openProduct = async (spec: ProductSpec, issuer: string): Promise<OpenedServer> => {
  const { owners = [], stoppedAt } = spec;
  const settings = loadSettings({
    SALLYPORT_ISSUER: issuer,
    SALLYPORT_DATABASE_URL: spec.database,
    SALLYPORT_FACTORS: owners.length > 0 ? 'push' : 'totp',
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
  const resources = await openResources(settings, stoppedAt === undefined ? {} : { clock: () => stoppedAt });
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
  const add = async (name: string, authenticator: MadeAuthenticator): Promise<void> => {
    const added = await services.users.add({ name, displayName: name, passwordHash }, 'bench');
    if (!added.ok) throw new Error(`${name} cannot be added: ${added.reason}`);
    await services.authenticators.bind(added.user.id, authenticator);
  };
  for (const person of spec.people) await add(person.name, appOf(person));
  for (const owner of owners) await add(owner.name, phoneOf(owner));
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

const appOf = ({ totpSecret: secret }: Person): MadeAuthenticator => ({
  type: 'totp',
  label: 'App',
  data: { secret, lastStep: -1 },
});

const phoneOf = ({ handle, key }: DeviceOwner): MadeAuthenticator => ({
  type: pushType,
  label: 'Phone',
  handle,
  data: { key, push: 'none', language: 'en', unlock: 'none', pairedAt: 0 } satisfies PushData,
});
