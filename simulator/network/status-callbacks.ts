import { randomUUID } from 'node:crypto';
import type { Timers } from '../time/timers.ts';
import { pass } from '../time/timers.ts';
import type { Reporting } from './behaviours/callbacks.ts';
import type { Webhook, WebhookRequest } from './webhook.ts';

/** The status callbacks of one call or message: they leave one after the other. */
export interface Reports {
  told: Promise<unknown>;
  /** One that waits to change places with the next. */
  held?: () => Promise<unknown>;
}

export const newReports = (): Reports => ({ told: Promise.resolve() });

/** How long one waits for a neighbour with which it may change places. */
const longestHeld = 10_000;

/** Tells the server what happens, as well or as badly as the network is set to. */
export const createReporter = (parts: { readonly timers: Timers; readonly webhook: Webhook }) => {
  const { timers, webhook } = parts;

  /** As many equal requests as the network sends, one after the other. */
  const send = ({ times }: Reporting, request: WebhookRequest) => {
    const same = { ...request, idempotency: randomUUID() };
    const first = webhook(same);
    return { first, all: times === 1 ? first : first.then(() => webhook(same)) };
  };

  /** Rises when the world starts over: what was late until then is never told. */
  let age = 0;

  return {
    forget(): void {
      age += 1;
    },

    /** Asks for TwiML. Undefined where the request is lost, or met no usable answer. */
    ask: async (how: Reporting, request: WebhookRequest): Promise<string | undefined> =>
      how.loses === 'all' ? undefined : send(how, request).first,

    /** Sends a status callback. `last` marks the final one. */
    tell(how: Reporting, reports: Reports, request: WebhookRequest, last: boolean): void {
      if (how.loses === 'all' || how.loses === 'status' || (how.loses === 'last' && last)) return;
      const waited = how.late > 0 ? pass(timers, how.late) : undefined;
      const born = age;
      const leave = async () => {
        await waited;
        if (born === age) await send(how, request).all;
      };
      const next = (sending: () => Promise<unknown>) => {
        reports.told = reports.told.then(sending);
      };
      const { held } = reports;
      if (!how.swaps) next(leave);
      else if (held !== undefined) {
        delete reports.held;
        next(leave);
        next(held);
      } else if (last) next(leave);
      else {
        reports.held = leave;
        timers.after(longestHeld, () => {
          if (reports.held !== leave) return;
          delete reports.held;
          next(leave);
        });
      }
    },
  };
};

export type Reporter = ReturnType<typeof createReporter>;
