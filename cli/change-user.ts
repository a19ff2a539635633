/** Adds the commands `users set | remove`. */
import { Option, type Command } from 'commander';
import { Problem } from '../src/errors.ts';
import { plain } from '../src/masking.ts';
import { factors } from '../src/mfa/factors/index.ts';
import { authenticatorOf } from '../src/mfa/factor.ts';
import { removePerson } from '../src/people/remove.ts';
import {
  authenticatorKind,
  failedAttemptsKind,
  notMeLinkKind,
  oidcDocumentKind,
  pushRequestsKind,
  clientMemberKind,
  rememberedBrowserKind,
  userKind,
  type User,
  sessionRecordKind,
} from '../src/records.ts';
import { emailAddress } from '../src/users/names/email-address.ts';
import { checkProfile, type ProfileChanges } from '../src/users/profile.ts';
import { openQuestions } from './input.ts';
import { print } from './output.ts';
import { refusals } from './refusals.ts';
import { userNamed, withServices, type CommandServices } from './services.ts';

/** Commander gives false for `--no-…`. */
interface SetFlags {
  readonly displayName?: string;
  readonly email?: string | false;
  readonly emailVerified?: boolean;
  readonly language?: string | false;
  readonly zoneinfo?: string | false;
  readonly addGroup?: readonly string[];
  readonly removeGroup?: readonly string[];
}

/** Adds them to the group `users`. */
export const addUserChangeCommands = (users: Command): void => {
  users
    .command('set <name>')
    .description('changes what people and clients see of an account')
    .option('--display-name <text>', 'name shown on pages and to clients')
    .option('--email <address>', 'new e-mail address; unverified without --email-verified')
    .option('--no-email', 'removes the e-mail address')
    .addOption(new Option('--email-verified', 'marks the address as verified: it belongs to this person'))
    .addOption(new Option('--no-email-verified', 'marks the address as unverified'))
    .option('--language <tag>', 'BCP 47, such as de')
    .option('--no-language', 'removes the language')
    .option('--zoneinfo <zone>', 'IANA time zone, such as Europe/Berlin')
    .option('--no-zoneinfo', 'removes the time zone')
    .option('--add-group <name...>', 'adds the person to these groups')
    .option('--remove-group <name...>', 'removes the person from these groups')
    .action(async (name: string, flags: SetFlags) => withServices(async services => set(services, name, flags)));

  users
    .command('remove <name>')
    .description('removes an account with its methods, sessions and tokens; its name becomes free')
    .option('--yes', 'does not ask for confirmation')
    .action(async (name: string, { yes }: { readonly yes?: true }) =>
      withServices(async services => {
        const user = await userNamed(services, name);
        if (yes !== true) await confirm(user);
        if (!(await remove(services, user.id))) throw new Problem('not-found', 'another process removed the account');
        print(`Removed ${plain(user.name)} (${user.id}).`);
      }),
    );
};

const set = async (services: CommandServices, name: string, flags: SetFlags): Promise<void> => {
  if (Object.keys(flags).length === 0)
    throw new Problem('bad-request', 'got no option, expected one that changes the account (see --help)');
  const { users } = services;
  const { id } = await userNamed(services, name);
  const { displayName, email, emailVerified, language, zoneinfo, addGroup, removeGroup } = flags;
  const changes: ProfileChanges = {
    ...(displayName !== undefined && { displayName }),
    ...(language !== undefined && { language: language === false ? undefined : language }),
    ...(zoneinfo !== undefined && { zoneinfo: zoneinfo === false ? undefined : zoneinfo }),
  };
  // All are checked before the first is written.
  const checked = checkProfile({ ...changes, ...(addGroup !== undefined && { groups: addGroup }) });
  if (!checked.ok) throw refusals[checked.mistake]({ ...(displayName !== undefined && { displayName }) });
  if (typeof email === 'string' && emailAddress(email) === undefined) throw refusals.email({ email });
  if (email !== undefined) {
    const address = email === false ? undefined : email;
    const outcome = await users.setEmail(id, address, 'cli', { verified: emailVerified === true });
    if (outcome !== 'set') throw refusals[outcome]({ email: address ?? '' });
  } else if (emailVerified !== undefined && (await users.setEmailVerified(id, emailVerified, 'cli')) === 'none') {
    throw new Problem('bad-request', 'got an account without an e-mail address, expected one with an address');
  }
  if (addGroup !== undefined || removeGroup !== undefined) {
    const groups = { ...(addGroup && { add: addGroup }), ...(removeGroup && { remove: removeGroup }) };
    if ((await users.changeGroups(id, groups, 'cli')) !== 'set') throw refusals.groups();
  }
  if (Object.keys(changes).length > 0) await users.setProfile(id, changes, 'cli');
  print(`Changed ${plain(name)}.`);
};

/** @throws Problem 'bad-request' unless the name is typed again. */
const confirm = async ({ name }: User): Promise<void> => {
  const questions = openQuestions();
  try {
    const typed = await questions.ask(`This cannot be undone. Type the name ${plain(name)} to remove it: `);
    if (typed?.trim() !== name) throw new Problem('bad-request', 'got another name; nothing was removed');
  } finally {
    questions.close();
  }
};

const remove = async ({ resources, users, audit }: CommandServices, id: string): Promise<boolean> => {
  const { durable } = resources;
  return removePerson(
    {
      accounts: users,
      users: durable.collection(userKind),
      records: durable.collection(authenticatorKind),
      failedAttempts: durable.collection(failedAttemptsKind),
      documents: durable.collection(oidcDocumentKind),
      links: durable.collection(notMeLinkKind),
      pushRequests: durable.collection(pushRequestsKind),
      rememberedBrowsers: durable.collection(rememberedBrowserKind),
      clientMembers: durable.collection(clientMemberKind),
      sessions: durable.collection(sessionRecordKind),
      audit,
      types: [...new Set(factors.flatMap(factor => [factor.type, authenticatorOf(factor)]))],
    },
    id,
    'cli',
  );
};
