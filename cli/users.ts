/** Adds the commands `users add | list | set-password | set-email | lock`, and those of other files of this group. */
import { Option, type Command } from 'commander';
import { eachOf } from '../src/all-pages.ts';
import type { User } from '../src/records.ts';
import type { PasswordFault } from '../src/password-fault.ts';
import { minPasswordLength, type PasswordOwner } from '../src/users/passwords/password-rules.ts';
import { maxPasswordBytes } from '../src/users/passwords/password-text.ts';
import { languages } from '../src/locales/wording.ts';
import { userNamed, withServices, type CommandServices } from './services.ts';
import { addUserChangeCommands } from './change-user.ts';
import { addUserHelpCommands } from './help-desk.ts';
import { askPassword } from './input.ts';
import { addPeopleCommands } from './people.ts';
import { refused, refusals } from './refusals.ts';
import { addVerifyCallerCommand } from './verify-caller.ts';
import { plain } from '../src/masking.ts';
import { isoDate, isoTime, jsonOption, print, printList, type ListOptions } from './output.ts';

/** Adds them to `program`. */
export const addUserCommands = (program: Command): void => {
  const users = program.command('users').description('accounts of people');

  users
    .command('add <name>')
    .description('adds an account; asks for the password or reads it from standard input')
    .requiredOption('--display-name <text>', 'name shown on pages and to clients')
    .option('--email <address>', 'e-mail address, to sign in with and for clients that request it')
    .addOption(new Option('--language <tag>', 'language of pages, calls and texts').choices(languages))
    .option('--no-password', 'create an account without a password')
    .action(
      async (name: string, options: { displayName: string; email?: string; language?: string; password: boolean }) =>
        withServices(async services => {
          const passwordHash = options.password ? await askAndHash(services, { name, ...options }) : undefined;
          const added = await services.users.add(
            {
              name,
              displayName: options.displayName,
              ...(options.email !== undefined && { email: options.email }),
              ...(options.language !== undefined && { language: options.language }),
              ...(passwordHash !== undefined && { passwordHash }),
            },
            'cli',
          );
          if (!added.ok) throw refusals[added.reason]({ name, ...options });
          print(`Added ${plain(added.user.name)} (${added.user.id}).`);
        }),
    );

  users
    .command('list')
    .description('lists the accounts, oldest first')
    .addOption(jsonOption())
    .action(async (options: ListOptions) =>
      withServices(async services => {
        const listed: ListedUser[] = [];
        for await (const user of eachOf(page => services.users.list(page))) listed.push(toListed(user));
        printList(listed, options, {
          heading: ['NAME', 'DISPLAY NAME', 'STATE', 'METHODS', 'ADDED', 'ID'],
          row: ({ name, displayName, lockedAt, methods, addedAt, id }) => [
            name,
            displayName,
            lockedAt === undefined ? 'active' : `locked ${isoDate(lockedAt)}`,
            `${methods}`,
            isoDate(addedAt),
            id,
          ],
        });
      }),
    );

  users
    .command('set-password <name>')
    .description('sets a new password; asks for it or reads it from standard input')
    .option('--temporary', 'the person must choose another one in the next sign-in')
    .action(async (name: string, { temporary = false }: { readonly temporary?: boolean }) =>
      withServices(async services => {
        const user = await userNamed(services, name);
        await services.users.setPassword(user.id, await askAndHash(services, user), 'cli', { temporary });
        print(
          `${plain(name)} has a new password${temporary ? ', and must choose another one at the next sign-in' : ''}.`,
        );
      }),
    );

  users
    .command('set-email <name> [address]')
    .description('sets the e-mail address; removes it where none is given')
    .action(async (name: string, address: string | undefined) =>
      withServices(async services => {
        const outcome = await services.users.setEmail((await userNamed(services, name)).id, address, 'cli');
        if (outcome !== 'set') throw refusals[outcome]({ email: address ?? '' });
        print(`${plain(name)} has ${address === undefined ? 'no e-mail address' : 'a new e-mail address'}.`);
      }),
    );

  users
    .command('lock <name>')
    .description('locks an account: every sign-in is refused')
    .action(async (name: string) =>
      withServices(async services => {
        await services.users.lock((await userNamed(services, name)).id, 'cli');
        print(`${plain(name)} is locked.`);
      }),
    );

  addUserHelpCommands(users);
  addUserChangeCommands(users);
  addPeopleCommands(users);
  addVerifyCallerCommand(users);
};

const askAndHash = async (services: CommandServices, owner: PasswordOwner): Promise<string> => {
  const hashed = await services.passwords.hashNew(await askPassword('Password'), owner);
  if (hashed.ok) return hashed.hash;
  throw refused(passwordRefusals[hashed.fault]);
};

const passwordRefusals: Readonly<Record<PasswordFault, string>> = {
  unreadable: `got no password or too long a one, expected ${minPasswordLength} characters or more in at most ${maxPasswordBytes} bytes`,
  short: `got too short a password, expected ${minPasswordLength} characters or more`,
  common: 'got a password that is on the list of common ones, which attackers try first; expected another one',
  pattern: 'got a password that is a repetition or a sequence, which attackers try first; expected another one',
  breached: 'got a password from the list of leaked ones (SALLYPORT_BREACHED_PASSWORDS_URL); expected another one',
  same: 'got the password that the account has; expected another one',
  personal: 'got a password made of the name of its owner or of this service; expected another one',
};

/** An account in a list: no hash, no sealed value. Times as in ISO 8601. */
const toListed = ({ id, name, displayName, email, language, lockedAt, createdAt, authenticators }: User) => ({
  id,
  name,
  displayName,
  email,
  language,
  lockedAt: lockedAt === undefined ? undefined : isoTime(lockedAt),
  methods: authenticators.length,
  addedAt: isoTime(createdAt),
});
type ListedUser = ReturnType<typeof toListed>;
