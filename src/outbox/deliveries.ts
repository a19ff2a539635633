/**
 * Sends the messages of the outbox on this node. Each recipient gets one message at a time, the oldest first. After a failure the
 * recipient is backed off, so that one that is down delays no other. Recipients with fewer failures come first.
 */
import type { Audit } from '../audit.ts';
import { openStored, type Sealer } from '../crypto.ts';
import type { Log } from '../log.ts';
import type { Json } from '../ports/stores.ts';
import type { Clock, EpochMillis, Millis, Schedule } from '../ports/time.ts';
import type { OutboxMessage } from '../records.ts';
import { backOff } from './back-off.ts';
import { readAgainAfter, type OutboxMessages, type Waiting } from './backlog.ts';
import { factsOf, sealedFor, type Outbox } from './outbox.ts';

/** The recipient refuses a message for good: it is given up at once, because another attempt would only be refused again. */
export class Undeliverable extends Error {}

/**
 * Sends the data of one message. `dropped`: it no longer has a recipient, and is not tried again.
 * Must end within `lease`, and may run again after it succeeded.
 * @throws Undeliverable if it is refused for good; another error if delivery failed
 */
export type Send = (data: Json) => Promise<'sent' | 'dropped'>;

export interface DeliveriesDeps {
  readonly outbox: Pick<Outbox, 'backlog' | 'subscribe'>;
  readonly messages: OutboxMessages;
  /** By kind of message. */
  readonly senders: Readonly<Record<string, Send>>;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly schedule: Schedule;
  /** At least 0 and below 1. */
  readonly random: () => number;
  readonly audit: Audit;
  readonly log: Log;
}

/** How long a lease keeps other nodes from sending the message. Longer than any attempt. */
const lease: Millis = 30_000;
/** Most recipients that are sent to at the same time. */
const maxConcurrent = 16;
/** How long a message that was given up is kept for the operator. */
const keepGivenUp: Millis = 14 * 86_400_000;
/** Stored length of an error message, in characters. */
const longestError = 300;

interface BackOff {
  readonly failures: number;
  readonly until: EpochMillis;
}

export class Deliveries {
  readonly #deps: DeliveriesDeps;
  /** Deliveries under way, by recipient. */
  readonly #sending = new Map<string, Promise<void>>();
  readonly #backOffs = new Map<string, BackOff>();
  #isStopped = false;
  #timer: { readonly at: EpochMillis; cancel(): void } | undefined;
  #unsubscribe: (() => void) | undefined;

  constructor(deps: DeliveriesDeps) {
    this.#deps = deps;
  }

  /** Starts to send messages that are due, and new ones as soon as they are added. */
  start(): void {
    this.#unsubscribe = this.#deps.outbox.subscribe(() => this.#wait(0));
    this.#wait(0);
  }

  /** Reads the store again and sends due messages. Called when another process has made messages due. */
  wake(): void {
    this.#deps.outbox.backlog.expire();
    this.#wait(0);
  }

  /** Tries every due message once, and then resolves. */
  async run(): Promise<void> {
    if (this.#isStopped) return;
    try {
      await this.#deps.outbox.backlog.refresh();
    } catch (error) {
      this.#deps.log.warn('outbox.unreadable', { error });
      return this.#wait(readAgainAfter);
    }
    this.#fill();
    while (this.#sending.size > 0) await Promise.all(this.#sending.values());
  }

  /** Starts no further attempt. Other nodes, or the next start, send the remaining messages. */
  stop(): void {
    this.#isStopped = true;
    this.#unsubscribe?.();
    this.#timer?.cancel();
  }

  /** Stops, and waits for the attempts under way. */
  async close(): Promise<void> {
    this.stop();
    await Promise.all(this.#sending.values());
  }

  /** Schedules `run` after `pause`. An earlier schedule is kept, so that frequent messages cannot postpone it. */
  #wait(pause: Millis): void {
    const at = this.#deps.clock() + pause;
    if (this.#isStopped || (this.#timer !== undefined && this.#timer.at <= at)) return;
    this.#timer?.cancel();
    const cancel = this.#deps.schedule(pause, () => {
      this.#timer = undefined;
      return this.run();
    });
    this.#timer = { at, cancel };
  }

  /** Starts deliveries to recipients with due messages, up to `maxConcurrent`. */
  #fill(): void {
    while (!this.#isStopped && this.#sending.size < maxConcurrent) {
      const recipient = this.#nextRecipient();
      if (recipient === undefined) break;
      const delivery = this.#sendTo(recipient).finally(() => {
        this.#sending.delete(recipient);
        this.#fill();
      });
      this.#sending.set(recipient, delivery);
    }
    this.#waitForNext();
  }

  /** Schedules `run` for when the next message is due, or the store must be read again. */
  #waitForNext(): void {
    const { clock, outbox } = this.#deps;
    let next = outbox.backlog.staleAt;
    // When one delivery ends, the next one starts.
    if (this.#sending.size === maxConcurrent) return this.#wait(Math.max(0, next - clock()));
    for (const waiting of outbox.backlog.all()) {
      if (!this.#sending.has(waiting.recipient)) next = Math.min(next, this.#dueAt(waiting));
    }
    this.#wait(Math.max(0, next - clock()));
  }

  #dueAt({ dueAt, recipient }: Waiting): EpochMillis {
    return Math.max(dueAt, this.#backOffs.get(recipient)?.until ?? dueAt);
  }

  #isDue(waiting: Waiting): boolean {
    return this.#dueAt(waiting) <= this.#deps.clock();
  }

  #nextRecipient(): string | undefined {
    let best: Waiting | undefined;
    for (const waiting of this.#deps.outbox.backlog.all()) {
      if (this.#sending.has(waiting.recipient) || !this.#isDue(waiting)) continue;
      if (best === undefined || waiting.attempts < best.attempts) best = waiting;
    }
    return best?.recipient;
  }

  /** Sends the due messages of one recipient until one fails. Never throws. */
  async #sendTo(recipient: string): Promise<void> {
    const { outbox, clock, log } = this.#deps;
    const due = [...outbox.backlog.all()].filter(each => each.recipient === recipient && this.#isDue(each));
    try {
      for (const waiting of due.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
        if (this.#isStopped || !(await this.#attempt(waiting))) return;
      }
    } catch (error) {
      log.warn('outbox.unwritable', { recipient, error });
      this.#backOffs.set(recipient, { failures: 1, until: clock() + readAgainAfter });
    }
  }

  /** False: the recipient could not be reached. @throws the error of the store */
  async #attempt({ id }: Waiting): Promise<boolean> {
    const { messages, outbox, log } = this.#deps;
    const leased = await this.#lease(id);
    if (leased === undefined) return true;
    const { kind, recipient, createdAt, attempts } = leased;
    try {
      const result = await this.#send(leased);
      await messages.remove(id);
      outbox.backlog.forget(id);
      this.#backOffs.delete(recipient);
      log.info(`outbox.${result}`, { id, kind, recipient, attempts, after: this.#deps.clock() - createdAt });
      return true;
    } catch (error) {
      if (!(error instanceof Unsent)) throw error;
      await this.#fail(leased, error.cause);
      return false;
    }
  }

  /** The message, for this node alone until the lease ends. undefined: gone, not due, or leased by another node. */
  async #lease(id: string): Promise<OutboxMessage | undefined> {
    const { messages, clock, outbox } = this.#deps;
    const stored = await messages.get(id);
    const now = clock();
    if (stored === undefined || stored.state !== 'waiting') {
      outbox.backlog.forget(id);
      return undefined;
    }
    const isDue = stored.dueAt <= now;
    const next = { ...stored, attempts: stored.attempts + 1, dueAt: now + lease };
    const leased = isDue ? await messages.replace(next) : undefined;
    outbox.backlog.note(leased ?? (isDue ? next : stored));
    return leased;
  }

  /** @throws Unsent */
  async #send({ id, kind, sealed }: OutboxMessage): Promise<'sent' | 'dropped'> {
    const { senders, sealer } = this.#deps;
    try {
      const send = senders[kind];
      if (send === undefined)
        throw new Error(`got a message of the kind ${kind}, expected one that this release sends`);
      const data = openStored(sealer, sealed, sealedFor(id));
      if (data === undefined) throw new Undeliverable('the stored message does not open');
      return await send(data);
    } catch (cause) {
      throw new Unsent('not sent', { cause });
    }
  }

  async #fail(leased: OutboxMessage, error: unknown): Promise<void> {
    const { clock, random, messages, outbox, log } = this.#deps;
    const now = clock();
    const { recipient, attempts, id, kind } = leased;
    const lastError = (Error.isError(error) ? error.message : String(error)).slice(0, longestError);
    if (error instanceof Undeliverable) return this.#giveUp({ ...leased, lastError });
    const failures = (this.#backOffs.get(recipient)?.failures ?? 0) + 1;
    this.#backOffs.set(recipient, { failures, until: now + backOff(failures, random) });
    if (leased.giveUpAt <= now) await this.#giveUp({ ...leased, lastError });
    else {
      const next = { ...leased, lastError, dueAt: now + backOff(attempts, random) };
      outbox.backlog.note((await messages.replace(next)) ?? next);
      log.warn('outbox.retry', { id, kind, recipient, attempts, again: new Date(next.dueAt), reason: lastError });
    }
    await this.#giveUpOthers(recipient, lastError);
  }

  /** Gives up all expired messages to an unreachable recipient. Each would otherwise need a failed attempt of its own. */
  async #giveUpOthers(recipient: string, lastError: string): Promise<void> {
    const { outbox, clock, messages } = this.#deps;
    const old = [...outbox.backlog.all()].filter(
      each => each.recipient === recipient && each.giveUpAt <= clock() && each.dueAt <= clock(),
    );
    for (const { id } of old) {
      const message = await messages.get(id);
      if (message?.state === 'waiting' && message.giveUpAt <= clock()) await this.#giveUp({ ...message, lastError });
      else outbox.backlog.forget(id);
    }
  }

  async #giveUp(message: OutboxMessage): Promise<void> {
    const { messages, outbox, clock, audit, log } = this.#deps;
    const given = await messages.replace({ ...message, state: 'given-up', expiresAt: clock() + keepGivenUp });
    outbox.backlog.forget(message.id);
    if (given === undefined) return;
    log.error('outbox.given-up', { id: message.id, ...factsOf(message) });
    await audit({ event: 'message.given-up', actor: 'system', outcome: 'failure', ...factsOf(message) });
  }
}

/** The sender threw `cause`. Distinguishes failed deliveries from errors of our store. */
class Unsent extends Error {}
