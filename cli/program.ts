/** Declares and runs every command. Failures are reported here, in one place. */
import { Command, CommanderError } from 'commander';
import { release } from '../server/release.ts';
import { reportProblem } from '../server/report-failure.ts';
import { addAuditCommands } from './audit.ts';
import { addAuthenticatorCommands } from './authenticator.ts';
import { addCertificationCommand } from './certification.ts';
import { addClientCommands } from './clients.ts';
import { addConfigCommands } from './config.ts';
import { addDataCommands } from './data.ts';
import { addDevCommand } from './dev.ts';
import { addSessionCommands } from './help-desk.ts';
import { addKeyCommands } from './keys.ts';
import { addMethodCommands } from './methods.ts';
import { addMigrateCommand } from './migrate.ts';
import { addOutboxCommands } from './outbox.ts';
import { addRegistrationTokenCommands } from './registration-tokens.ts';
import { addPolicyCommands } from './policy.ts';
import { addTokenCommands } from './tokens.ts';
import { addUserCommands } from './users.ts';

/** Commander has printed its message. Help and version exit with 0; everything else is a usage error. */
const usage = ({ exitCode }: CommanderError): number => (exitCode === 0 ? 0 : 2);

/** Runs one command. Gives the exit code of a failure, after it was reported; undefined: it did not fail. */
export const runCommand = async (args: readonly string[]): Promise<number | undefined> => {
  try {
    await createProgram().parseAsync(args, { from: 'user' });
    return undefined;
  } catch (error) {
    return error instanceof CommanderError ? usage(error) : reportProblem(error);
  }
};

/** The program. A mistake in its arguments is a thrown CommanderError. */
const createProgram = (): Command => {
  const program = new Command('sallyport')
    .version(release)
    .description('A self-hosted OpenID Connect identity provider with a second step by phone, text or app.')
    // Set before the commands, which inherit it: a failure is then thrown instead of ending the process.
    .exitOverride()
    .showHelpAfterError('(see --help)');
  addUserCommands(program);
  addMethodCommands(program);
  addAuthenticatorCommands(program);
  addTokenCommands(program);
  addSessionCommands(program);
  addClientCommands(program);
  addRegistrationTokenCommands(program);
  addAuditCommands(program);
  addPolicyCommands(program);
  addOutboxCommands(program);
  addDataCommands(program);
  addMigrateCommand(program);
  addKeyCommands(program);
  addConfigCommands(program);
  addDevCommand(program);
  addCertificationCommand(program);
  return program;
};
