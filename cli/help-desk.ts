/**
 * Adds the commands of a help desk: `users unlock | unfreeze | require-password-change | forget-browsers | pass`, `methods reset`,
 * `sessions end`. Each takes a reason, which is audited, and stands in the notice to the person.
 */
import { Option, type Command } from 'commander';
import { plain } from '../src/masking.ts';
import type { NoticeSource } from '../src/notice.ts';
import { operatorNote } from '../src/recovery/operator-note.ts';
import type { MadePass } from '../src/recovery/passes.ts';
import { isoTime, print } from './output.ts';
import { refused } from './refusals.ts';
import { userNamed, withServices } from './services.ts';
import { typedTime } from './typed.ts';

interface Reasoned {
  readonly reason: string;
}

const reasonOption = (use = 'recorded, and told to the person'): Option =>
  new Option('--reason <text>', `why; ${use}`).makeOptionMandatory();

const by = ({ reason }: Reasoned): NoticeSource => ({ actor: 'cli', reason: operatorNote(reason) });

interface PassOptions extends Reasoned {
  readonly minutes: string;
  readonly start?: string;
  readonly many?: true;
}

/** Adds those of accounts to the group `users`. */
export const addUserHelpCommands = (users: Command): void => {
  users
    .command('unlock <name>')
    .description('unlocks an account, ends its pause of calls, and forgets wrong codes')
    .addOption(reasonOption())
    .action(async (name: string, options: Reasoned) => {
      const source = by(options);
      await withServices(async services => {
        await services.helpDesk.unlock(await userNamed(services, name), source);
        print(`${plain(name)} is unlocked.`);
      });
    });

  users
    .command('unfreeze <name>')
    .description('allows changes again that "This wasn\'t me" has stopped for 7 days')
    .addOption(reasonOption())
    .action(async (name: string, options: Reasoned) => {
      const source = by(options);
      await withServices(async services => {
        const { id } = await userNamed(services, name);
        const wasFrozen = await services.freezes.unfreeze(id, source);
        print(wasFrozen ? `${plain(name)} can be changed again.` : `Changes of ${plain(name)} were not stopped.`);
      });
    });

  users
    .command('require-password-change <name>')
    .description('the person must choose a new password in the next sign-in; sessions stay')
    // The person is not told: the next sign-in says it.
    .addOption(reasonOption('recorded'))
    .action(async (name: string, options: Reasoned) => {
      const source = by(options);
      await withServices(async services => {
        const { id } = await userNamed(services, name);
        if (!(await services.users.requirePasswordChange(id, source))) {
          throw refused('got an account without a password, expected one with a password');
        }
        print(`${plain(name)} must choose a new password at the next sign-in.`);
      });
    });

  users
    .command('forget-browsers <name>')
    .description('forgets all browsers in which the person is not asked for the second step; sessions stay')
    // The person is not told: the next sign-in asks.
    .addOption(reasonOption('recorded'))
    .action(async (name: string, options: Reasoned) => {
      const source = by(options);
      await withServices(async services => {
        const { id } = await userNamed(services, name);
        const count = await services.rememberedBrowsers.forgetAll(id, source);
        print(`Forgot ${count === 1 ? 'one browser' : `${count} browsers`} of ${plain(name)}.`);
      });
    });

  users
    .command('pass <name>')
    .description('makes a temporary access pass: with the password it signs in, and sets up new methods')
    .addOption(new Option('--minutes <number>', 'how long it is valid, 5 to 1440').default('60'))
    .option('--start <time>', 'when it becomes valid, such as 2026-12-01T08:00:00+01:00; default: now')
    .option('--many', 'it can be used again until it ends; default: once')
    .addOption(reasonOption())
    .action(async (name: string, options: PassOptions) => {
      const source = by(options);
      const terms = {
        lifetime: Number(options.minutes) * 60_000,
        isReusable: options.many === true,
        ...(options.start !== undefined && { startsAt: typedTime('--start', options.start) }),
      };
      await withServices(async services => {
        const { id } = await userNamed(services, name);
        printPass(name, await services.passes.issue(id, terms, source));
      });
    });
};

/** Adds that of methods to the group `methods`. */
export const addMethodHelpCommands = (methods: Command): void => {
  methods
    .command('reset <user>')
    .description('removes all methods and recovery codes of a person, ends their sessions, and makes a pass')
    .option('--without-pass', 'makes no pass: whoever knows the password can then set up methods')
    .addOption(reasonOption())
    .action(async (name: string, options: Reasoned & { readonly withoutPass?: true }) => {
      const source = by(options);
      await withServices(async services => {
        const user = await userNamed(services, name);
        const withPass = options.withoutPass !== true;
        const pass = await services.helpDesk.resetMethods(user, source, { withPass });
        print(`${plain(name)} has no methods, recovery codes and sessions any more.`);
        if (pass === undefined) print('The next sign-in sets up new methods by the password alone.');
        else printPass(name, pass);
      });
    });
};

/** Adds the group `sessions`. */
export const addSessionCommands = (program: Command): void => {
  program
    .command('sessions')
    .description('sessions of people')
    .command('end <user>')
    .description('ends all sessions of a person, and all that their apps may do')
    .addOption(reasonOption())
    .action(async (name: string, options: Reasoned) => {
      const source = by(options);
      await withServices(async services => {
        const { id } = await userNamed(services, name);
        const count = await services.accountSessions.endAll(id, source);
        print(`Ended ${count === 1 ? 'one session' : `${count} sessions`} of ${plain(name)}.`);
      });
    });
};

const printPass = (name: string, { pass, startsAt, endsAt }: MadePass): void => {
  print(`Temporary access pass of ${plain(name)}: ${pass}`);
  print(`It is valid from ${isoTime(startsAt)} to ${isoTime(endsAt)}, and is not shown again.`);
};
