/** The product as it is served, over one store, with people in it. */
import { randomBytes } from 'node:crypto';
import { createApp } from '../server/app.ts';
import { clientsOf, servicesOver, type CommandServices } from '../cli/services.ts';
import { loadSettings } from '../src/config.ts';
import { openResources } from '../server/resources.ts';
import type { Answering } from './server.ts';
import { client, password, type Person } from './visitor.ts';

export interface HouseWish {
  readonly kind: 'house';
  /** `memory:` or `sqlite:PATH`. */
  readonly database: string;
  readonly redisUrl?: string;
  /** Of one password hash, in KiB. */
  readonly memoryKiB: number;
  readonly people: readonly Person[];
}

export const services = async (wish: HouseWish, issuer: string): Promise<Answering> => {
  const settings = loadSettings({
    SALLYPORT_ISSUER: issuer,
    SALLYPORT_DATABASE_URL: wish.database,
    SALLYPORT_FACTORS: 'totp',
    SALLYPORT_SEALING_KEYS: `bench:${randomBytes(32).toString('base64')}`,
    SALLYPORT_PASSWORD_MEMORY_KIB: `${wish.memoryKiB}`,
    // thousands of wrong ones come from one address here, and each is to be compared
    SALLYPORT_WRONG_PASSWORDS_PER_ACCOUNT_AND_HOUR: '1000',
    SALLYPORT_WRONG_PASSWORDS_PER_ADDRESS_AND_MINUTE: '100000',
    SALLYPORT_WRONG_PASSWORDS_PER_NETWORK_AND_MINUTE: '100000',
    ...(wish.redisUrl !== undefined && { REDIS_URL: wish.redisUrl }),
  });
  const parts = await openResources(settings);
  const rules = await servicesOver(parts);
  const { id, secret, redirectUri } = client;
  const clients = await clientsOf(rules);
  await clients.write({
    client_id: id,
    client_name: 'Bench',
    client_secret: secret,
    redirect_uris: [redirectUri],
    first_party: true,
  });
  const passwordHash = (await rules.passwords.hash(password)) ?? '';
  for (const person of wish.people) await moveIn(rules, person, passwordHash);
  const app = await createApp(parts);
  return {
    answer: app.callback,
    async close() {
      app.drain();
      await app.close();
      await parts.close();
    },
  };
};

const moveIn = async (rules: CommandServices, { name, totpSecret }: Person, passwordHash: string): Promise<void> => {
  const added = await rules.users.add({ name, displayName: name, passwordHash }, 'bench');
  if (!added.ok) throw new Error(`${name} cannot be added: ${added.reason}`);
  const data = { secret: totpSecret, lastStep: -1 };
  await rules.authenticators.bind(added.user.id, { type: 'totp', label: 'App', data });
};
