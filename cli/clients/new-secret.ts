/** The commands `clients new-secret` and `clients remove-secret`: rotation of a client's secret. */
import { Option, type Command } from 'commander';
import { isoTime, print } from '../output.ts';
import { withServices, type CommandServices } from '../services.ts';
import { typedSpan } from '../typed.ts';
import { problemOf } from './refused-change.ts';

interface NewSecretOptions {
  readonly expiresIn: string;
  readonly now?: true;
}

/** Declares both commands. */
export const declareSecrets = (clients: Command): void => {
  clients
    .command('new-secret <id>')
    .description('gives a client a second secret, printed once; the old one keeps working for a while')
    .option('--expires-in <time>', 'how long the old secret works, such as 12h or 30d', '7d')
    .addOption(new Option('--now', 'the old secret ends at once').conflicts('expires-in'))
    .action(async (id: string, options: NewSecretOptions) =>
      withServices(async services => addSecret(services, id, options)),
    );
  clients
    .command('remove-secret <id>')
    .description('ends the old one of two secrets at once')
    .option(
      '--new',
      'ends the new one instead, for example if it was lost; the old one then works without a time limit',
    )
    .action(async (id: string, options: { readonly new?: true }) =>
      withServices(async services => {
        const registry = await services.clients();
        const removed = await registry.secrets.remove(id, options.new ? 'new' : 'old', 'cli');
        if (!removed.ok) throw problemOf(removed);
        print(`Removed. The ${options.new ? 'old' : 'new'} secret is the only one.`);
      }),
    );
};

const addSecret = async (services: CommandServices, id: string, options: NewSecretOptions): Promise<void> => {
  const registry = await services.clients();
  const added = await registry.secrets.add(id, options.now ? 0 : typedSpan('--expires-in', options.expiresIn), 'cli');
  if (!added.ok) throw problemOf(added);
  const old = options.now
    ? 'The old secret no longer works.'
    : `The old secret works until ${isoTime(added.previousUntil)}; \`clients remove-secret\` ends it earlier.`;
  print(`client_secret  ${added.secret}\n${old}`);
};
