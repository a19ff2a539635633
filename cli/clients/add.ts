/** The command `clients add`. */
import type { Command } from 'commander';
import { Problem } from '../../src/errors.ts';
import { plain } from '../../src/masking.ts';
import { isCibaClient } from '../../src/oidc/ciba-clients.ts';
import { cibaObstacle } from '../../src/oidc/ciba/offered.ts';
import { applyChange, joinChanges } from '../../src/oidc/clients/change.ts';
import { isForNative } from '../../src/oidc/clients/addresses.ts';
import { defaultGrantTypes, isPublic } from '../../src/oidc/clients/completion.ts';
import type { NewClient } from '../../src/oidc/client-metadata.ts';
import { print } from '../output.ts';
import { withServices, type CommandServices } from '../services.ts';
import { forOption, printSnippet, registrationOf, typedSoftware, type ForOptions } from './for-option.ts';
import { declareOptions, readOptions, type Typed } from './read-options.ts';

type AddOptions = Typed & ForOptions;

/** Declares it. */
export const declareAdd = (clients: Command): void => {
  const command = clients
    .command('add <name>')
    .description('adds a client and prints its id and secret, once')
    .option('--id <id>', 'its client_id; random by default')
    .addOption(forOption('well-known software: registers what it needs, and prints its configuration'))
    .option('--url <address>', 'with --for: the address of the software, such as https://app.example.com');
  declareOptions(command, 'add').action(async (name: string, typed: AddOptions) =>
    withServices(async services => add(services, name, typed)),
  );
};

/** Whether people sign in at this client by a browser. */
const signsPeopleIn = (client: NewClient): boolean =>
  (client.grant_types ?? defaultGrantTypes(client)).includes('authorization_code');

const add = async (services: CommandServices, name: string, typed: AddOptions): Promise<void> => {
  const { id } = typed;
  const client: NewClient = applyChange(
    { client_name: name, redirect_uris: [], ...(typeof id === 'string' && { client_id: id }) },
    joinChanges([registrationOf(typed), readOptions(typed, 'add')]),
  );
  if (client.redirect_uris.length === 0 && signsPeopleIn(client)) {
    throw new Problem('bad-request', 'got no --redirect-uri, expected where authorization codes are sent');
  }
  const obstacle = isCibaClient({ grant_types: [...(client.grant_types ?? [])] }) && cibaObstacle(services.resources);
  if (obstacle) throw new Problem('bad-request', `nobody could approve at this client: see ${obstacle}`);
  const registry = await services.clients();
  const isNative =
    client.application_type === undefined &&
    typed['native'] === undefined &&
    isPublic(client) &&
    client.redirect_uris.some(isForNative);
  const added = await registry.add({ ...client, ...(isNative && { application_type: 'native' }) }, 'cli');
  if (!added.ok) throw new Problem(added.reason === 'taken' ? 'conflict' : 'bad-request', added.message);
  print(
    `Added ${plain(name)}.\nissuer         ${services.resources.settings.issuer.origin}\nclient_id      ${added.id}`,
  );
  if (added.secret !== undefined) print(`client_secret  ${added.secret}`);
  if (isNative) print('Registered as native: an installed program (--no-native for a page that is served there).');
  const known = typedSoftware(typed);
  const [redirectUri] = client.redirect_uris;
  if (known === undefined || redirectUri === undefined) return;
  const { origin: issuer } = services.resources.settings.issuer;
  printSnippet(known, { issuer, clientId: added.id, clientSecret: added.secret ?? '', redirectUri }, client);
};
