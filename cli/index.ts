/** Runs the command line. Each group of commands has a file; failures are reported here, in one place. */
import { Command, CommanderError } from 'commander';
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { reportProblem } from '../server/report-failure.ts';
import { addAuditCommands } from './audit.ts';
import { addClientCommands } from './clients.ts';
import { addConfigCommands } from './config.ts';
import { addDevCommand } from './dev.ts';
import { addMethodCommands } from './methods.ts';
import { addUserCommands } from './users.ts';

/** Commander has printed its message. Help and version exit with 0; everything else is a usage error. */
const usage = ({ exitCode }: CommanderError): number => (exitCode === 0 ? 0 : 2);

/** A command whose reader has gone (`users list | head -1`) ends quietly, as other programs do. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const packageFile = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
const { version } = z.object({ version: z.string() }).parse(JSON.parse(packageFile));

const program = new Command('sallyport')
  .version(version)
  .description('A self-hosted OpenID Connect identity provider with a second step by phone, text or app.')
  // Set before the commands, which inherit it: a failure is then thrown here instead of ending the process.
  .exitOverride()
  .showHelpAfterError('(see --help)');
addUserCommands(program);
addMethodCommands(program);
addClientCommands(program);
addAuditCommands(program);
addConfigCommands(program);
addDevCommand(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = error instanceof CommanderError ? usage(error) : reportProblem(error);
}
