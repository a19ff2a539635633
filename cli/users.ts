/** `users add | list | set-password | lock | unlock` */
import { Option, type Command } from 'commander';
import { Problem } from '../src/errors.ts';
import type { User } from '../src/records.ts';
import { longestPassword } from '../src/users/password.ts';
import { languages } from '../src/locales/wording.ts';
import { someone, withHouse, type OpenHouse } from './services.ts';
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
        withHouse(async house => {
          const passwordHash = options.password ? await hashAsked(house) : undefined;
          const outcome = await house.users.add(
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
      withHouse(async house => {
        const rows: (readonly string[])[] = [];
        for await (const user of everyone(house)) rows.push(rowOf(user));
        say(columns(['NAME', 'DISPLAY NAME', 'STATE', 'METHODS', 'ADDED', 'ID'], rows));
      }),
    );

  users
    .command('set-password <name>')
    .description('gives an account a new password, asked for or read from standard input')
    .action(async (name: string) =>
      withHouse(async house => {
        const { id } = await someone(house, name);
        await house.users.setPassword(id, await hashAsked(house), 'cli');
        say(`${plain(name)} has a new password.`);
      }),
    );

  users
    .command('lock <name>')
    .description('refuses every sign-in of an account')
    .action(async (name: string) =>
      withHouse(async house => {
        await house.users.lock((await someone(house, name)).id, 'cli');
        say(`${plain(name)} is locked.`);
      }),
    );

  users
    .command('unlock <name>')
    .description('lets an account sign in again')
    .action(async (name: string) =>
      withHouse(async house => {
        await house.users.unlock((await someone(house, name)).id, 'cli');
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

const hashAsked = async (house: OpenHouse): Promise<string> => {
  const hash = await house.passwords.hash(await askPassword('Password'));
  if (hash === undefined) {
    throw new Problem(
      'bad-request',
      `got no password that can be used, expected 1 to ${longestPassword} bytes of UTF-8`,
    );
  }
  return hash;
};

async function* everyone(house: OpenHouse): AsyncGenerator<User> {
  let after = '';
  for (;;) {
    const page = await house.users.list({ after });
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
