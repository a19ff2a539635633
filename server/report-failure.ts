/** Reports the error that ended a process, and selects the exit code. */
import { ConfigError } from '../src/config.ts';
import { isProblem } from '../src/errors.ts';
import { plain } from '../src/masking.ts';

/** sysexits.h: EX_CONFIG. */
const badConfiguration = 78;

/** Writes the error to standard error, without a stack. Gives the exit code: 78 for bad configuration, otherwise 1. */
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
  return error instanceof Error ? `${error.name}: ${plain(error.message)}` : 'A value that is not an Error was thrown.';
};
