/** Adds the commands `clients add | list | remove`. */
import { Option, type Command } from 'commander';
import { Problem } from '../src/errors.ts';
import { acrs, isAcr } from '../src/mfa/assurance.ts';
import type { NewClient } from '../src/oidc/clients.ts';
import { withServices, type CommandServices } from './services.ts';
import { plain } from '../src/masking.ts';
import { columns, print } from './output.ts';

interface AddOptions {
  readonly redirectUri: readonly string[];
  readonly postLogoutRedirectUri?: readonly string[];
  readonly id?: string;
  readonly public?: true;
  readonly firstParty?: true;
  readonly requireMfa?: true;
  readonly minAcr?: string;
  readonly pkce?: 'required' | 'optional';
  readonly claimsInIdToken?: true;
}

/** Adds them to `program`. */
export const addClientCommands = (program: Command): void => {
  const clients = program.command('clients').description('relying parties');

  clients
    .command('add <name>')
    .description('adds a client and prints its id and secret, once')
    .requiredOption('--redirect-uri <uri...>', 'where authorization codes are sent')
    .option('--post-logout-redirect-uri <uri...>', 'where browsers go after sign-out')
    .option('--id <id>', 'its client_id; random by default')
    .option('--public', 'a client that cannot keep a secret: a page, an installed program')
    .option('--first-party', 'a client of your own: people are not asked for consent')
    .option('--require-mfa', 'always require a second step')
    .option('--min-acr <acr>', `the lowest assurance that it accepts: ${acrs.join(', ')}`)
    .addOption(
      new Option(
        '--pkce <rule>',
        'required: also beside a nonce; optional: neither is needed, which is weaker',
      ).choices(['required', 'optional']),
    )
    .option('--claims-in-id-token', 'put name, e-mail address and groups into ID tokens too')
    .action(async (name: string, options: AddOptions) => withServices(async services => add(services, name, options)));

  clients
    .command('list')
    .description('lists the clients')
    .action(async () =>
      withServices(async services => {
        const registry = await services.clients();
        const rows = (await registry.list()).map(({ id, name, redirectUris }) => [id, name, redirectUris.join(' ')]);
        print(columns(['ID', 'NAME', 'REDIRECT URIS'], rows));
      }),
    );

  clients
    .command('remove <id>')
    .description('removes a client; its tokens stop working at once')
    .action(async (id: string) =>
      withServices(async services => {
        const registry = await services.clients();
        if (!(await registry.remove(id, 'cli'))) throw new Problem('not-found', `no client ${JSON.stringify(id)}`);
        print('Removed.');
      }),
    );
};

const add = async (services: CommandServices, name: string, options: AddOptions): Promise<void> => {
  const { id, minAcr, postLogoutRedirectUri } = options;
  if (minAcr !== undefined && !isAcr(minAcr)) {
    throw new Problem('bad-request', `got the assurance ${JSON.stringify(minAcr)}, expected ${acrs.join(', ')}`);
  }
  const registry = await services.clients();
  const metadata: NewClient = {
    client_name: name,
    redirect_uris: options.redirectUri,
    ...(id !== undefined && { client_id: id }),
    ...(postLogoutRedirectUri !== undefined && { post_logout_redirect_uris: postLogoutRedirectUri }),
    ...(options.public && { token_endpoint_auth_method: 'none' }),
    ...(options.firstParty && { first_party: true }),
    ...(options.requireMfa && { require_mfa: true }),
    ...(minAcr !== undefined && { min_acr: minAcr }),
    ...(options.pkce !== undefined && { pkce: options.pkce }),
    ...(options.claimsInIdToken && { claims_in_id_token: true }),
  };
  const added = await registry.add(metadata, 'cli');
  if (!added.ok) throw new Problem(added.reason === 'taken' ? 'conflict' : 'bad-request', added.message);
  print(
    `Added ${plain(name)}.\nissuer         ${services.resources.settings.issuer.origin}\nclient_id      ${added.id}`,
  );
  if (added.secret !== undefined) print(`client_secret  ${added.secret}`);
};
