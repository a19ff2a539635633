/** The one place where a process answers for what stopped it. */
import { ConfigError } from '../src/config.ts';
import { isProblem } from '../src/errors.ts';
import { plain } from '../src/masking.ts';

/** sysexits.h: EX_CONFIG. */
const badConfiguration = 78;

/** Says on standard error what went wrong, without a stack, and gives the exit code. */
export const reportProblem = (error: unknown): number => {
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`);
    return badConfiguration;
  }
  process.stderr.write(`${sentence(error)}\n`);
  return 1;
};

const sentence = (error: unknown): string => {
  if (isProblem(error)) return `${plain(error.message)} (${error.label})`;
  return error instanceof Error ? `${error.name}: ${plain(error.message)}` : 'Something that is no error was thrown.';
};
