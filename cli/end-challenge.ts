/** Ends the challenge of a command that fails or is interrupted, so that no phone rings on. */
import { print } from './output.ts';
import type { CommandServices } from './services.ts';

/** Runs `command`. Its challenge is cancelled where it throws, and on Ctrl-C, after which `command` finds the challenge ended. */
export const endingChallenge = async <T>(
  { challenges }: Pick<CommandServices, 'challenges'>,
  boundTo: string,
  command: () => Promise<T>,
): Promise<T> => {
  const stop = (): void => {
    challenges.cancel(boundTo).catch((error: unknown) => {
      print(`The request was not ended: ${Error.isError(error) ? error.message : String(error)}`);
    });
  };
  process.once('SIGINT', stop);
  try {
    return await command();
  } catch (error) {
    await challenges.cancel(boundTo);
    throw error;
  } finally {
    process.off('SIGINT', stop);
  }
};
