/** The command `clients list`. */
import type { Command } from 'commander';
import { jsonOption, printList, type ListOptions } from '../output.ts';
import { withServices } from '../services.ts';

/** Declares it. */
export const declareList = (clients: Command): void => {
  clients
    .command('list')
    .description('lists the clients')
    .addOption(jsonOption())
    .action(async (options: ListOptions) =>
      withServices(async services => {
        const registry = await services.clients();
        printList(await registry.list(), options, {
          heading: ['ID', 'NAME', 'REDIRECT URIS'],
          row: ({ id, name, redirectUris }) => [id, name, redirectUris.join(' ')],
        });
      }),
    );
};
