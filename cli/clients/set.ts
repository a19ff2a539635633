/** The command `clients set`. */
import type { Command } from 'commander';
import { print } from '../output.ts';
import { withServices, type CommandServices } from '../services.ts';
import { problemOf } from './refused-change.ts';
import { declareOptions, readOptions, type Typed } from './read-options.ts';

/** Declares it. */
export const declareSet = (clients: Command): void => {
  const command = clients
    .command('set <id>')
    .description('changes a client; running servers use the change at once. `--no-…` resets an option to its default');
  declareOptions(command, 'set').action(async (id: string, typed: Typed) =>
    withServices(async services => set(services, id, typed)),
  );
};

const set = async (services: CommandServices, id: string, typed: Typed): Promise<void> => {
  const registry = await services.clients();
  const changed = await registry.change(id, readOptions(typed, 'set'), 'cli');
  if (!changed.ok) throw problemOf(changed);
  print(changed.members.length === 0 ? 'Nothing to change.' : `Changed: ${changed.members.join(', ')}.`);
};
