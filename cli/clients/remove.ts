/** The command `clients remove`. */
import type { Command } from 'commander';
import { Problem } from '../../src/errors.ts';
import { print } from '../output.ts';
import { withServices } from '../services.ts';

/** Declares it. */
export const declareRemove = (clients: Command): void => {
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
