/**
 * Adds the sample people with their methods (bound without a proof) to the store, unless they exist. Writes the sample client
 * at each start.
 */
import { Problem } from '../../src/errors.ts';
import type { Authenticator } from '../../src/mfa/factor.ts';
import { labelFor, phoneType, type Phone } from '../../src/mfa/factors/phone.ts';
import type { NewPassword } from '../../src/users/passwords/password.ts';
import type { CommandServices } from '../services.ts';
import type { Ports } from './ports.ts';
import type { SeedPerson, SeedData } from './seed-data.ts';

/** Fills the store. @throws Problem 'internal' if a sample account cannot be added */
export const seed = async (services: CommandServices, seedData: SeedData, ports: Ports): Promise<void> => {
  const unknown: SeedPerson[] = [];
  for (const person of seedData.people) {
    if ((await services.users.find(person.name)) === undefined) unknown.push(person);
  }
  const hashes = await Promise.all(unknown.map(person => services.passwords.hashNew(person.password, person)));
  // One after the other, so that they are listed in this order.
  for (const [place, person] of unknown.entries()) await addPerson(services, person, hashes[place]);
  const relyingParty = `http://127.0.0.1:${ports.relyingParty}`;
  const clients = await services.clients();
  // Its redirect URIs contain the port, which may have changed.
  await clients.write({
    client_id: seedData.client.id,
    client_name: seedData.client.name,
    client_secret: seedData.client.secret,
    redirect_uris: [`${relyingParty}/callback`],
    post_logout_redirect_uris: [`${relyingParty}/`],
    first_party: true,
  });
};

const addPerson = async (
  services: CommandServices,
  person: SeedPerson,
  hashed: NewPassword | undefined,
): Promise<void> => {
  const { name, displayName, language, groups, phones, totpSecret } = person;
  if (!hashed?.ok) throw new Problem('internal', `the password of ${name} cannot be used`);
  const account = {
    name,
    displayName,
    email: `${name}@example.com`,
    emailVerified: true,
    passwordHash: hashed.hash,
    ...(language && { language }),
    ...(groups && { groups }),
  };
  const added = await services.users.add(account, 'system');
  if (!added.ok) throw new Problem('internal', `${name} cannot be added: ${added.reason}`);
  const { id } = added.user;
  const bound: Authenticator<Phone>[] = [];
  for (const { number, extension } of phones) {
    const data = { number, ...(extension !== undefined && { extension }) };
    const made = await services.authenticators.bind(id, { type: phoneType, label: labelFor(data, bound), data });
    bound.push({ ...made, data });
  }
  const [first] = bound;
  if (first !== undefined) await services.authenticators.prefer(id, first.id, 'call');
  if (totpSecret !== undefined) {
    await services.authenticators.bind(id, {
      type: 'totp',
      label: 'Authenticator app',
      data: { secret: totpSecret, lastStep: -1 },
    });
  }
};
