/** `clients add | list | remove` */
import type { Command } from 'commander';
import { randomToken } from '../crypto.ts';
import { Problem } from '../errors.ts';
import { acrs, isAcr } from '../mfa/assurance.ts';
import { withHouse, type OpenHouse } from './house.ts';
import { plain } from '../plain-text.ts';
import { columns, say } from './output.ts';

/** Loaded with the protocol's library, which no other command needs. */
const registry = () => import('./client-registry.ts');

interface AddOptions {
  readonly redirectUri: readonly string[];
  readonly postLogoutRedirectUri?: readonly string[];
  readonly id?: string;
  readonly public?: true;
  readonly firstParty?: true;
  readonly requireMfa?: true;
  readonly minAcr?: string;
}

export const addClientCommands = (program: Command): void => {
  const clients = program.command('clients').description('relying parties');

  clients
    .command('add <name>')
    .description('adds a client and prints its id and secret, once')
    .requiredOption('--redirect-uri <uri...>', 'where codes are sent')
    .option('--post-logout-redirect-uri <uri...>', 'where browsers go after signing out')
    .option('--id <id>', 'its client_id; random unless told')
    .option('--public', 'it cannot keep a secret: a page, an installed program')
    .option('--first-party', 'one of our own: people are not asked what it may know')
    .option('--require-mfa', 'it always needs a second step')
    .option('--min-acr <acr>', `the least assurance it accepts: ${acrs.join(', ')}`)
    .action(async (name: string, options: AddOptions) => withHouse(async house => add(house, name, options)));

  clients
    .command('list')
    .description('lists the clients')
    .action(async () =>
      withHouse(async house => {
        const { listClients } = await registry();
        const rows = (await listClients(house)).map(({ id, name, redirectUris }) => [id, name, redirectUris]);
        say(columns(['ID', 'NAME', 'REDIRECT URIS'], rows));
      }),
    );

  clients
    .command('remove <id>')
    .description('removes a client; what it holds is worth nothing from then on')
    .action(async (id: string) =>
      withHouse(async house => {
        const { removeClient } = await registry();
        if (!(await removeClient(house, id))) throw new Problem('not-found', `no client ${JSON.stringify(id)}`);
        await house.audit({ event: 'client.removed', actor: 'cli', outcome: 'success', client: id });
        say('Removed.');
      }),
    );
};

const add = async (house: OpenHouse, name: string, options: AddOptions): Promise<void> => {
  const { id = randomToken(), minAcr } = options;
  if (!/^[\w.~-]{1,128}$/.test(id)) {
    throw new Problem('bad-request', `got the id ${JSON.stringify(id)}, expected 1 to 128 letters, digits and . _ ~ -`);
  }
  if (minAcr !== undefined && !isAcr(minAcr)) {
    throw new Problem('bad-request', `got the assurance ${JSON.stringify(minAcr)}, expected ${acrs.join(', ')}`);
  }
  const { hasClient, newClientSecret, writeClient } = await registry();
  if (await hasClient(house, id)) throw new Problem('conflict', `there is a client ${JSON.stringify(id)}`);
  const secret = options.public ? undefined : newClientSecret();
  await writeClient(house, {
    id,
    name,
    redirectUris: options.redirectUri,
    postLogoutRedirectUris: options.postLogoutRedirectUri ?? [],
    ...(secret !== undefined && { secret }),
    ...(options.firstParty && { first_party: true }),
    ...(options.requireMfa && { require_mfa: true }),
    ...(minAcr !== undefined && { min_acr: minAcr }),
  });
  await house.audit({ event: 'client.added', actor: 'cli', outcome: 'success', client: id });
  say(`Added ${plain(name)}.\nissuer         ${house.parts.settings.issuer.origin}\nclient_id      ${id}`);
  if (secret !== undefined) say(`client_secret  ${secret}`);
};
