/** Runs one command of the command line, and ends the process with its exit code. */
import { runCommand } from './program.ts';

/** A command whose reader has gone (`users list | head -1`) ends quietly, as other programs do. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

const failed = await runCommand(process.argv.slice(2));
if (failed !== undefined) process.exitCode = failed;
