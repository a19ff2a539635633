/**
 * Caches which messages are waiting, so that neither delivery nor limits query the store each time. Changes by other nodes are seen
 * when the store is read again, every 15 s; the store decides.
 */
import type { Collection } from '../ports/stores.ts';
import type { Clock, EpochMillis, Millis } from '../ports/time.ts';
import type { OutboxMessage } from '../records.ts';

/** `durable.collection(outboxKind)` */
export type OutboxMessages = Collection<OutboxMessage, 'state' | 'recipient'>;

/** Cached members of a waiting message. */
export type Waiting = Pick<
  OutboxMessage,
  'id' | 'kind' | 'recipient' | 'createdAt' | 'attempts' | 'dueAt' | 'giveUpAt'
>;

/** How often the store is read again, to find messages of commands and of nodes that have stopped. */
export const readAgainAfter: Millis = 15_000;

/** Documents per read. */
const pageSize = 500;

export class Backlog {
  readonly #messages: OutboxMessages;
  readonly #clock: Clock;
  #waiting = new Map<string, Waiting>();
  /** Result of the read under way, with changes since it began. */
  #next: Map<string, Waiting> | undefined;
  #reading: Promise<void> | undefined;
  #readAt: EpochMillis = -Infinity;

  constructor({ messages, clock }: { readonly messages: OutboxMessages; readonly clock: Clock }) {
    this.#messages = messages;
    this.#clock = clock;
  }

  /** Number of waiting messages, of all recipients. */
  get size(): number {
    return this.#waiting.size;
  }

  /** When the store is to be read again. */
  get staleAt(): EpochMillis {
    return this.#readAt + readAgainAfter;
  }

  /** Reads the store if it was not read for 15 s. @throws the error of the store */
  async refresh(): Promise<void> {
    if (this.#clock() < this.staleAt) return;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
      this.#next = undefined;
    });
    await this.#reading;
  }

  /** Makes the next `refresh` read the store. */
  expire(): void {
    this.#readAt = -Infinity;
  }

  all(): Iterable<Waiting> {
    return this.#waiting.values();
  }

  /** How many messages wait for this recipient, and how many are of this kind. */
  waiting({ recipient, kind }: Pick<Waiting, 'recipient' | 'kind'>): {
    readonly recipient: number;
    readonly kind: number;
  } {
    const count = { recipient: 0, kind: 0 };
    for (const waiting of this.#waiting.values()) {
      if (waiting.recipient === recipient) count.recipient += 1;
      if (waiting.kind === kind) count.kind += 1;
    }
    return count;
  }

  /** Updates the cache with a stored message; removes it if it was given up. */
  note({ id, kind, recipient, createdAt, attempts, dueAt, giveUpAt, state }: OutboxMessage): void {
    if (state !== 'waiting') return this.forget(id);
    const waiting = { id, kind, recipient, createdAt, attempts, dueAt, giveUpAt };
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
      for (const { id, kind, recipient, createdAt, attempts, dueAt, giveUpAt } of page) {
        // Changes since the read began are newer than the page.
        if (!next.has(id)) next.set(id, { id, kind, recipient, createdAt, attempts, dueAt, giveUpAt });
      }
      const last = page.at(-1);
      if (last === undefined || page.length < pageSize) break;
      after = last.id;
    }
    this.#waiting = next;
    this.#readAt = began;
  }
}
