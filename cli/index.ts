/** The command line: one file a group of commands, and one place that answers for failures. */
import { Command, CommanderError } from 'commander';
import { reportProblem } from '../server/report-failure.ts';
import { addClientCommands } from './clients.ts';
import { addConfigCommands } from './config.ts';
import { addDevCommand } from './dev.ts';
import { addMethodCommands } from './methods.ts';
import { addUserCommands } from './users.ts';

/** Commander has said its own part: help and version are no failure, everything else is how the command was typed. */
const usage = ({ exitCode }: CommanderError): number => (exitCode === 0 ? 0 : 2);

const program = new Command('sallyport')
  .description('A self-hosted OpenID Connect identity provider whose second step is the product.')
  // before the commands: they inherit it, and a failure then comes back here instead of ending the process on the spot
  .exitOverride()
  .showHelpAfterError('(--help tells what is expected)');
addUserCommands(program);
addMethodCommands(program);
addClientCommands(program);
addConfigCommands(program);
addDevCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = error instanceof CommanderError ? usage(error) : reportProblem(error);
}
