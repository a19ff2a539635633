/** Starts the server of the profile, and writes what the suite needs beside it. */
import { join } from 'node:path';
import { loadSettings } from '../../../src/config.ts';
import { Problem } from '../../../src/errors.ts';
import type { KnownClient } from '../../../src/oidc/clients/outcomes.ts';
import { standardPolicy } from '../../../src/oidc/registration/policies.ts';
import { maxUses } from '../../../src/oidc/registration/registration-tokens.ts';
import type { Millis } from '../../../src/ports/time.ts';
import { print } from '../../output.ts';
import type { CommandServices } from '../../services.ts';
import { startServer } from '../server.ts';
import { writeState } from '../state.ts';
import { certificationClients, fapiClients, hasFapi, hasMtls, mtlsClients, type SuiteAddress } from './clients.ts';
import { planFiles } from './plans.ts';
import { profileEnvironment, type ProfileAddress } from './settings.ts';
import { loadProfileState, profileFolder, publicPart, type ProfileState } from './state.ts';

/** Longer than a run of all plans. */
const tokenLifetime: Millis = 24 * 3_600_000;

/** The person whom the suite signs in. */
const person = { name: 'certification', displayName: 'Certified Person', email: 'certification@example.com' } as const;

/** Resolves after it was stopped by a signal. @throws ConfigError for an address that cannot be used */
export const runCertification = async (address: ProfileAddress & SuiteAddress): Promise<void> => {
  const clients = certificationClients(address);
  const state = await loadProfileState(clients.map(({ client_id: id }) => id));
  const settings = loadSettings(profileEnvironment(address, { folder: profileFolder, sealingKey: state.sealingKey }));
  const fapiKeys = [publicPart(state.fapiKeys[0]), publicPart(state.fapiKeys[1])] as const;
  const all = [
    ...withSecrets(clients, state),
    ...(hasFapi(address) ? fapiClients(address, fapiKeys) : []),
    ...(hasMtls(address) ? mtlsClients(address, state.fapiCertificates) : []),
  ];
  let registrationToken = '';
  const server = await startServer(settings, async services => {
    await prepare(services, state, all);
    const wish = { policy: standardPolicy, uses: maxUses, expiresIn: tokenLifetime, label: 'Conformance suite' };
    registrationToken = await services.registrationTokens.add(wish, 'system');
  });
  const files = planFiles({ ...address, name: person.name, state, registrationToken });
  const paths = Object.entries(files).map(([name, content]) => {
    const path = join(profileFolder, `${name}.json`);
    writeState(path, content);
    return path;
  });
  print(
    [
      '',
      `Issuer ${address.issuer}, on 127.0.0.1:${address.port}, for the suite at ${address.suite}`,
      `Person ${person.name}, password ${state.password}`,
      `Upload to the suite: ${paths.join(', ')}`,
      'Weaker than a server for people: see docs/certification.md. Ctrl-C stops it.',
      '',
    ].join('\n'),
  );
  await new Promise<void>(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => resolve());
  });
  await server.close();
};

const withSecrets = (clients: readonly KnownClient[], { secrets }: ProfileState): readonly KnownClient[] =>
  clients.map(client => {
    const secret = secrets[client.client_id];
    if (secret === undefined) {
      throw new Problem('unreadable', `no secret of ${client.client_id}: delete the folder ${profileFolder}`);
    }
    return { ...client, client_secret: secret };
  });

/** Adds the person, and writes the clients, whose addresses may have changed. */
const prepare = async (
  services: CommandServices,
  { password }: ProfileState,
  all: readonly KnownClient[],
): Promise<void> => {
  const clients = await services.clients();
  for (const client of all) await clients.write(client);
  if ((await services.users.find(person.name)) !== undefined) return;
  const hashed = await services.passwords.hashNew(password, person);
  if (!hashed.ok) throw new Problem('internal', 'the password of the profile cannot be used');
  const added = await services.users.add({ ...person, emailVerified: true, passwordHash: hashed.hash }, 'system');
  if (!added.ok) throw new Problem('internal', `${person.name} cannot be added: ${added.reason}`);
};
