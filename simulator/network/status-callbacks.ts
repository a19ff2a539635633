/** Sends webhooks as well or as badly as the network is set to: late, twice, in another order, or not at all. */
import { randomUUID } from 'node:crypto';
import type { Timers } from '../time/timers.ts';
import { delay } from '../time/timers.ts';
import type { CallbackBehaviour } from './behaviours/callbacks.ts';
import type { Webhook, WebhookRequest } from './webhook.ts';

/** The status callbacks of one call or text. They are sent one after the other. */
export interface CallbackQueue {
  sent: Promise<unknown>;
  /** A status callback that waits to be sent after the next one. */
  held?: () => Promise<unknown>;
}

/** A queue without status callbacks. */
export const newCallbackQueue = (): CallbackQueue => ({ sent: Promise.resolve() });

/** What the sender is made from. */
export interface CallbackSenderDeps {
  readonly timers: Timers;
  readonly webhook: Webhook;
}

/** Milliseconds for which a status callback waits for the next one, to be sent after it. */
const maxHold = 10_000;

/** Makes the sender of all webhooks. */
export const createCallbackSender = ({ timers, webhook }: CallbackSenderDeps) => {
  /** Sends the request, and its copies after it. */
  const send = ({ times }: CallbackBehaviour, request: WebhookRequest) => {
    const same = { ...request, idempotency: randomUUID() };
    const first = webhook(same);
    return { first, all: times === 1 ? first : first.then(() => webhook(same)) };
  };

  /** Counts the resets. A status callback from before a reset is not sent after it. */
  let resets = 0;

  return {
    /** Drops the status callbacks that are still delayed. */
    reset(): void {
      resets += 1;
    },

    /** Requests TwiML. Undefined: the request was lost, or got no usable answer. */
    requestTwiml: async (behaviour: CallbackBehaviour, request: WebhookRequest): Promise<string | undefined> =>
      behaviour.loses === 'all' ? undefined : send(behaviour, request).first,

    /** Sends the result of machine detection, if it has a request of its own. */
    async sendVerdict(behaviour: CallbackBehaviour, request: WebhookRequest): Promise<void> {
      if (['all', 'status', 'verdict'].includes(behaviour.loses)) return;
      const resetsBefore = resets;
      await delay(timers, behaviour.verdictDelay ?? behaviour.delay);
      if (resetsBefore === resets) await send(behaviour, request).all;
    },

    /** Sends a status callback. `isLast` marks the final status. */
    sendStatus(behaviour: CallbackBehaviour, queue: CallbackQueue, request: WebhookRequest, isLast: boolean): void {
      const { loses } = behaviour;
      if (loses === 'all' || loses === 'status' || (loses === 'last' && isLast)) return;
      const delayed = behaviour.delay > 0 ? delay(timers, behaviour.delay) : undefined;
      const resetsBefore = resets;
      const sendNow = async () => {
        await delayed;
        if (resetsBefore === resets) await send(behaviour, request).all;
      };
      const enqueue = (sending: () => Promise<unknown>) => {
        queue.sent = queue.sent.then(sending);
      };
      const { held } = queue;
      if (!behaviour.swaps) enqueue(sendNow);
      else if (held !== undefined) {
        delete queue.held;
        enqueue(sendNow);
        enqueue(held);
      } else if (isLast) enqueue(sendNow);
      else {
        queue.held = sendNow;
        timers.after(maxHold, () => {
          if (queue.held !== sendNow) return;
          delete queue.held;
          enqueue(sendNow);
        });
      }
    },
  };
};

/** Sends webhooks as the network is set to. */
export type CallbackSender = ReturnType<typeof createCallbackSender>;
