/** The command `clients remove`. */
import type { Command } from 'commander';
import { print } from '../output.ts';
import { withServices } from '../services.ts';
import { problemOf } from './refused-change.ts';

/** Declares it. */
export const declareRemove = (clients: Command): void => {
  clients
    .command('remove <id>')
    .description('removes a client; its tokens stop working at once')
    .action(async (id: string) =>
      withServices(async services => {
        const registry = await services.clients();
        const removed = await registry.remove(id, 'cli');
        if (!removed.ok) throw problemOf(removed);
        print('Removed.');
      }),
    );
};
