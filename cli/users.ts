/** `users add | list | set-password | lock | unlock` */
import { Option, type Command } from 'commander';
import { Problem } from '../src/errors.ts';
import type { User } from '../src/records.ts';
import { longestPassword } from '../src/users/password.ts';
import { languages } from '../src/locales/wording.ts';
import { userNamed, withServices, type CommandServices } from './services.ts';
import { askPassword } from './input.ts';
import { plain } from '../src/plain-text.ts';
import { columns, day, say } from './output.ts';

export const addUserCommands = (program: Command): void => {
  const users = program.command('users').description('people and their accounts');

  users
    .command('add <name>')
    .description('adds an account; the password is asked for, or read from standard input')
    .requiredOption('--display-name <text>', 'how pages and clients name the person')
    .option('--email <address>', 'told to clients that ask for it')
    .addOption(new Option('--language <tag>', 'of pages, calls and texts').choices(languages))
    .option('--no-password', 'an account that cannot use a password')
    .action(
      async (name: string, options: { displayName: string; email?: string; language?: string; password: boolean }) =>
        withServices(async services => {
          const passwordHash = options.password ? await hashAsked(services) : undefined;
          const outcome = await services.users.add(
            {
              name,
              displayName: options.displayName,
              ...(options.email !== undefined && { email: options.email }),
              ...(options.language !== undefined && { language: options.language }),
              ...(passwordHash !== undefined && { passwordHash }),
            },
            'cli',
          );
          if (!outcome.ok) throw refusals[outcome.reason](name);
          say(`Added ${plain(outcome.user.name)} (${outcome.user.id}).`);
        }),
    );

  users
    .command('list')
    .description('lists the accounts, oldest first')
    .action(async () =>
      withServices(async services => {
        const rows: (readonly string[])[] = [];
        for await (const user of everyone(services)) rows.push(rowOf(user));
        say(columns(['NAME', 'DISPLAY NAME', 'STATE', 'METHODS', 'ADDED', 'ID'], rows));
      }),
    );

  users
    .command('set-password <name>')
    .description('gives an account a new password, asked for or read from standard input')
    .action(async (name: string) =>
      withServices(async services => {
        const { id } = await userNamed(services, name);
        await services.users.setPassword(id, await hashAsked(services), 'cli');
        say(`${plain(name)} has a new password.`);
      }),
    );

  users
    .command('lock <name>')
    .description('refuses every sign-in of an account')
    .action(async (name: string) =>
      withServices(async services => {
        await services.users.lock((await userNamed(services, name)).id, 'cli');
        say(`${plain(name)} is locked.`);
      }),
    );

  users
    .command('unlock <name>')
    .description('lets an account sign in again')
    .action(async (name: string) =>
      withServices(async services => {
        await services.users.unlock((await userNamed(services, name)).id, 'cli');
        say(`${plain(name)} is not locked.`);
      }),
    );
};

const refusals = {
  name: (name: string) =>
    new Problem(
      'bad-request',
      `got the name ${JSON.stringify(name)}, expected letters of one script, digits and . _ @ + ' -`,
    ),
  taken: (name: string) => new Problem('conflict', `an account has the name ${JSON.stringify(name)} in some spelling`),
} as const;

const hashAsked = async (services: CommandServices): Promise<string> => {
  const hash = await services.passwords.hash(await askPassword('Password'));
  if (hash === undefined) {
    throw new Problem(
      'bad-request',
      `got no password that can be used, expected 1 to ${longestPassword} bytes of UTF-8`,
    );
  }
  return hash;
};

async function* everyone(services: CommandServices): AsyncGenerator<User> {
  let after = '';
  for (;;) {
    const page = await services.users.list({ after });
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

const rowOf = (user: User): readonly string[] => [
  user.name,
  user.displayName,
  user.lockedAt === undefined ? 'active' : `locked ${day(user.lockedAt)}`,
  `${user.authenticators.length}`,
  day(user.createdAt),
  user.id,
];
