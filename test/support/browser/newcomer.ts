/** Adds people for tests that change accounts, so that each test has one of its own. */
import { randomUUID } from 'node:crypto';
import { generateSecret } from 'otplib';
import { hashOf } from '../hash-of.ts';
import type { TestPerson, World } from '../world/world.ts';

export type Newcomer = Pick<TestPerson, 'name' | 'password' | 'user'>;

/** A new account with a password and nothing else. */
export const addNewcomer = async ({ services }: Pick<World, 'services'>): Promise<Newcomer> => {
  const [name, password] = [`newcomer-${randomUUID().slice(0, 8)}`, 'oasis-comet-basil'];
  const passwordHash = await hashOf(services, password);
  const added = await services.users.add({ name, displayName: name, passwordHash }, 'system');
  if (!added.ok) throw new Error(added.reason);
  return { name, password, user: added.user };
};

/** Gives a person an authenticator app. Returns the person with its seed. */
export const giveApp = async (
  { services }: Pick<World, 'services'>,
  person: Newcomer,
): Promise<Newcomer & { readonly totpSecret: string }> => {
  const secret = generateSecret({ length: 20 });
  await services.authenticators.bind(person.user.id, { type: 'totp', label: 'App', data: { secret, lastStep: -1 } });
  return { ...person, totpSecret: secret };
};
