/** Runs the command line beside the development server, as an operator does. */
import { start } from '../../../test/support/world/programs.ts';

/** What a command printed. `folder`: in which `npm start` was started. @throws Error with the output of a command that failed */
export const cli = async (folder: string, ...args: readonly string[]): Promise<string> => {
  const { ended, said } = start('cli/index.ts', args, { cwd: folder });
  const code = await ended;
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}:\n${said.out}${said.err}`);
  return said.out;
};
