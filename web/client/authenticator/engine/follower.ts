/** Follows the events of all accounts while the app is on the screen. */
import type { Accounts } from './accounts.ts';
import type { Api } from './api.ts';
import type { Timer } from './context.ts';
import { watch } from './events.ts';

export interface Follower {
  start(): void;
  stop(): void;
  /** Begins with accounts that were added, and ends with those that are gone. */
  update(): void;
}

/** Streams at once. Browsers allow six connections to a server by HTTP/1.1; further accounts ask from time to time. */
const maxStreams = 3;

export const createFollower = ({
  accounts,
  api,
  fetch,
  timer,
}: {
  readonly accounts: Pick<Accounts, 'served'>;
  readonly api: Pick<Api, 'events'>;
  readonly fetch: (id: string) => Promise<void>;
  readonly timer: Timer;
}): Follower => {
  const followed = new Map<string, AbortController>();
  let isOn = false;

  const end = (id: string): void => {
    followed.get(id)?.abort();
    followed.delete(id);
  };
  const update = (): void => {
    const served = isOn ? accounts.served() : [];
    for (const id of [...followed.keys()].filter(each => served.every(account => account.id !== each))) end(id);
    for (const { id, key } of served.filter(each => !followed.has(each.id))) {
      const mine = new AbortController();
      const hasStream = followed.size < maxStreams;
      followed.set(id, mine);
      const open = async (signal: AbortSignal): ReturnType<Api['events']> =>
        hasStream ? api.events(key, signal) : undefined;
      void watch({ open, fetchNow: () => fetch(id), timer }, mine.signal);
    }
  };
  return {
    start() {
      isOn = true;
      update();
    },
    stop() {
      isOn = false;
      update();
    },
    update,
  };
};
