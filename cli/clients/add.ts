/** The command `clients add`. */
import type { Command } from 'commander';
import { Problem } from '../../src/errors.ts';
import { plain } from '../../src/masking.ts';
import { applyChange } from '../../src/oidc/clients/change.ts';
import type { NewClient } from '../../src/oidc/client-metadata.ts';
import { print } from '../output.ts';
import { withServices, type CommandServices } from '../services.ts';
import { declareOptions, readOptions, type Typed } from './read-options.ts';

/** Declares it. */
export const declareAdd = (clients: Command): void => {
  const command = clients
    .command('add <name>')
    .description('adds a client and prints its id and secret, once')
    .option('--id <id>', 'its client_id; random by default');
  declareOptions(command, 'add').action(async (name: string, typed: Typed) =>
    withServices(async services => add(services, name, typed)),
  );
};

const add = async (services: CommandServices, name: string, typed: Typed): Promise<void> => {
  const { id } = typed;
  const client: NewClient = applyChange(
    { client_name: name, redirect_uris: [], ...(typeof id === 'string' && { client_id: id }) },
    readOptions(typed, 'add'),
  );
  const registry = await services.clients();
  const added = await registry.add(client, 'cli');
  if (!added.ok) throw new Problem(added.reason === 'taken' ? 'conflict' : 'bad-request', added.message);
  print(
    `Added ${plain(name)}.\nissuer         ${services.resources.settings.issuer.origin}\nclient_id      ${added.id}`,
  );
  if (added.secret !== undefined) print(`client_secret  ${added.secret}`);
};
