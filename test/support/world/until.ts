/** Waits for something that another process does in its own time. */

/** Asks until the answer is true, for half a minute at most. A rejection counts as false. @throws Error after that. */
export const until = async (ask: () => Promise<boolean>): Promise<void> => {
  for (let attempts = 0; attempts < 1200; attempts += 1) {
    if (await ask().catch(() => false)) return;
    await new Promise(resolve => setTimeout(resolve, 25));
  }
  throw new Error('did not become true within half a minute');
};
