/** Runs an asynchronous step once, for callers that all need it done. */

/** Gives a function that runs `step` with its first call. Later calls get the same result; after a failure the next one runs it again. */
export const once = <T>(step: () => Promise<T>): (() => Promise<T>) => {
  let running: Promise<T> | undefined;
  return async () => {
    running ??= step();
    const current = running;
    try {
      return await current;
    } catch (error) {
      // A later call may have begun another run already.
      if (running === current) running = undefined;
      throw error;
    }
  };
};
