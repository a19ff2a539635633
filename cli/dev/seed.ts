/** Moves the people of the world in: accounts, methods (inserted as proven) and the sample client. A second start finds them. */
import { Problem } from '../../src/errors.ts';
import type { Authenticator } from '../../src/mfa/factor.ts';
import { labelFor, phoneType, type Phone } from '../../src/mfa/factors/phone.ts';
import { clientsOf, type CommandServices } from '../services.ts';
import type { Ports } from './ports.ts';
import type { Inhabitant, World } from './people.ts';

export const seed = async (services: CommandServices, world: World, ports: Ports): Promise<void> => {
  await Promise.all(world.people.map(person => moveIn(services, person)));
  const relyingParty = `http://127.0.0.1:${ports.relyingParty}`;
  const clients = await clientsOf(services);
  // written anew at each start: the port may be another one
  await clients.write({
    client_id: world.client.id,
    client_name: world.client.name,
    client_secret: world.client.secret,
    redirect_uris: [`${relyingParty}/callback`],
    post_logout_redirect_uris: [`${relyingParty}/`],
    first_party: true,
  });
};

const moveIn = async (services: CommandServices, person: Inhabitant): Promise<void> => {
  const { name, displayName, password, language, phones, totpSecret } = person;
  if ((await services.users.find(name)) !== undefined) return;
  const passwordHash = await services.passwords.hash(password);
  if (passwordHash === undefined) throw new Problem('internal', `the password of ${name} cannot be used`);
  const account = { name, displayName, email: `${name}@example.com`, passwordHash, ...(language && { language }) };
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
