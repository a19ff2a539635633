/** Holds requests before an application and admits them one at a time, so that no two of them mix in a trace. */
import type { RequestListener } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { takeEntries, type Entry } from './probes.ts';

export interface Answered {
  readonly status: number;
  /** From the arrival of the request until its answer was sent. */
  readonly entries: readonly Entry[];
  /** Entries since the request before: 0 unless a timer ran, or a request went on after its answer. */
  readonly strays: number;
}

export interface Gate {
  /** Stands before the application. */
  readonly front: (answer: RequestListener) => RequestListener;
  /** Waits for the next request and lets it in. */
  admit(): Promise<Answered>;
}

export const createGate = (): Gate => {
  const held: (() => Promise<Answered>)[] = [];
  let arrived = Promise.withResolvers<void>();
  return {
    front: answer => (request, response) => {
      held.push(async () => {
        const strays = takeEntries().length;
        const closed = new Promise<void>(resolve => void response.once('close', resolve));
        answer(request, response);
        await closed;
        // The last promises of the request settle in this turn.
        await nextTurn();
        return { status: response.statusCode, entries: takeEntries(), strays };
      });
      arrived.resolve();
    },
    async admit() {
      for (;;) {
        const next = held.shift();
        if (next !== undefined) return next();
        arrived = Promise.withResolvers();
        await arrived.promise;
      }
    },
  };
};
