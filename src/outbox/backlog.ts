/**
 * Remembers which messages wait, so that neither a due message nor the limits need a search of the store. It may be out of date
 * by the messages of other nodes: the store decides, and is read again every 15 s.
 */
import type { Collection } from '../ports/stores.ts';
import type { Clock, EpochMillis, Millis } from '../ports/time.ts';
import type { OutboxMessage } from '../records.ts';

/** `durable.collection(outboxKind)` */
export type OutboxMessages = Collection<OutboxMessage, 'state' | 'recipient'>;

/** What is remembered of a waiting message. */
export type Waiting = Pick<OutboxMessage, 'id' | 'recipient' | 'attempts' | 'dueAt' | 'giveUpAt'>;

/** After this long the store is read again: for messages of nodes that ended, and of commands. */
export const readAgainAfter: Millis = 15_000;

/** Documents in one read. */
const pageSize = 500;

export class Backlog {
  readonly #messages: OutboxMessages;
  readonly #clock: Clock;
  #waiting = new Map<string, Waiting>();
  /** What is read at this moment, with the changes since the reading began. */
  #next: Map<string, Waiting> | undefined;
  #reading: Promise<void> | undefined;
  #readAt: EpochMillis = -Infinity;

  constructor({ messages, clock }: { readonly messages: OutboxMessages; readonly clock: Clock }) {
    this.#messages = messages;
    this.#clock = clock;
  }

  /** Messages that wait, of all recipients. */
  get size(): number {
    return this.#waiting.size;
  }

  /** When the store is to be read again. */
  get staleAt(): EpochMillis {
    return this.#readAt + readAgainAfter;
  }

  /** Reads the store where that is due. @throws its error */
  async refresh(): Promise<void> {
    if (this.#clock() < this.staleAt) return;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
      this.#next = undefined;
    });
    await this.#reading;
  }

  /** The next `refresh` reads the store. */
  expire(): void {
    this.#readAt = -Infinity;
  }

  all(): Iterable<Waiting> {
    return this.#waiting.values();
  }

  waitingFor(recipient: string): number {
    let count = 0;
    for (const waiting of this.#waiting.values()) if (waiting.recipient === recipient) count += 1;
    return count;
  }

  /** Remembers the message as it was stored. One that was given up is forgotten. */
  note({ id, recipient, attempts, dueAt, giveUpAt, state }: OutboxMessage): void {
    if (state !== 'waiting') return this.forget(id);
    const waiting = { id, recipient, attempts, dueAt, giveUpAt };
    this.#waiting.set(id, waiting);
    this.#next?.set(id, waiting);
  }

  forget(id: string): void {
    this.#waiting.delete(id);
    this.#next?.delete(id);
  }

  async #read(): Promise<void> {
    const began = this.#clock();
    const next = new Map<string, Waiting>();
    this.#next = next;
    let after = '';
    for (;;) {
      const page = await this.#messages.find({ state: 'waiting' }, { after, limit: pageSize });
      for (const { id, recipient, attempts, dueAt, giveUpAt } of page) {
        // A change since the reading began is newer than the page.
        if (!next.has(id)) next.set(id, { id, recipient, attempts, dueAt, giveUpAt });
      }
      const last = page.at(-1);
      if (last === undefined || page.length < pageSize) break;
      after = last.id;
    }
    this.#waiting = next;
    this.#readAt = began;
  }
}
