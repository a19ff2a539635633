/**
 * Keeps messages to systems outside until they are delivered: at least once, also after a crash or an outage of the recipient.
 *
 *     outbox.ts      adds, lists, retries and removes messages
 *     backlog.ts     caches which messages are waiting
 *     deliveries.ts  sends them, by the sender of their kind
 *
 *     waiting ─sent→ (removed)
 *        │ ↑ └─failed: due again after a back-off
 *        │ └──retried by an operator──┐
 *        └─failed, a day after it was added, or refused for good→ given-up ─14 days→ (removed)
 *
 * Adding is one durable write and never waits for the recipient. A node leases a due message by compare-and-swap for as long as
 * an attempt may take, so that one node sends it. If that node is killed, the lease expires and another attempt follows: the
 * recipient may then get the message twice.
 */
import type { Audit } from '../audit.ts';
import { sealJson, type Sealer } from '../crypto.ts';
import { Problem } from '../errors.ts';
import type { Log } from '../log.ts';
import { newId } from '../new-id.ts';
import { conflict, optimisticWrite } from '../optimistic-write.ts';
import type { Json, Notifier } from '../ports/stores.ts';
import type { Clock, EpochMillis, Millis } from '../ports/time.ts';
import type { OutboxMessage } from '../records.ts';
import { removeAll } from '../remove-all.ts';
import { Backlog, type OutboxMessages } from './backlog.ts';

/** A message to add. */
export interface NewMessage {
  readonly kind: string;
  /** Such as `client:ID`. Shown to operators, so never an address of a person. */
  readonly recipient: string;
  /** Id of the user that it is about. */
  readonly subject?: string;
  /** Not sent before; now where it is absent. */
  readonly notBefore?: EpochMillis;
  readonly data: Json;
}

/** Context to which the data of a message is sealed. */
export const sealedFor = (id: string): string => `outbox:${id}`;

/** Topic published when a process that does not send, such as a command, makes messages due. */
export const outboxTopic = 'outbox';

/** A held message that is neither released nor withdrawn is sent after this time. Longer than any request. */
const holdFor: Millis = 60_000;

/** How long delivery is tried. */
const tryFor: Millis = 86_400_000;

/** Most waiting messages: for one recipient, of one kind, and in total. So logouts that no client takes leave room for mails. */
const maxWaiting = { recipient: 1000, kind: 5000, all: 10_000 };

export interface OutboxDeps {
  readonly messages: OutboxMessages;
  readonly sealer: Sealer;
  readonly notifier: Pick<Notifier, 'publish'>;
  readonly clock: Clock;
  readonly audit: Audit;
  readonly log: Log;
}

/** The messages of this installation. */
export class Outbox {
  readonly backlog: Backlog;
  readonly #deps: OutboxDeps;
  readonly #onDue = new Set<() => void>();

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
    this.backlog = new Backlog(deps);
  }

  /**
   * Stores a message; it is durable when this resolves. `full`: too many are waiting; this one is dropped and logged.
   * @throws the error of the store
   */
  async add(message: NewMessage): Promise<'added' | 'full'> {
    return (await this.#insert(message)) === undefined ? 'full' : 'added';
  }

  /**
   * Stores a message about a change that follows, and gives its id; undefined: full, as for `add`. Unless it is released or withdrawn, it
   * is sent a minute later, so that it is not lost where this process ends in between.
   */
  async hold(message: Omit<NewMessage, 'notBefore'>): Promise<string | undefined> {
    return this.#insert({ ...message, notBefore: this.#deps.clock() + holdFor });
  }

  /** Sends a held message now, with other data. Without effect where it was sent meanwhile. */
  async release(id: string, data: Json): Promise<void> {
    const { messages, sealer, clock } = this.#deps;
    const message = await optimisticWrite(
      async () => {
        const stored = await messages.get(id);
        if (stored === undefined) return undefined;
        const sealed = sealJson(sealer, data, sealedFor(id));
        return (await messages.replace({ ...stored, sealed, dueAt: clock() })) ?? conflict;
      },
      () => undefined,
    );
    if (message === undefined) return;
    this.backlog.note(message);
    await this.#announce();
  }

  /** Removes a held message about a change that was not made. Not audited: the message was never due. */
  async withdraw(id: string): Promise<void> {
    await this.#deps.messages.remove(id);
    this.backlog.forget(id);
  }

  /** The id of the stored message; undefined: full. */
  async #insert({ kind, recipient, subject, notBefore, data }: NewMessage): Promise<string | undefined> {
    const { messages, sealer, clock, log } = this.#deps;
    await this.backlog.refresh();
    const waiting = { ...this.backlog.waiting({ recipient, kind }), all: this.backlog.size };
    if (waiting.recipient >= maxWaiting.recipient || waiting.kind >= maxWaiting.kind || waiting.all >= maxWaiting.all) {
      log.error('outbox.full', { kind, recipient, waiting });
      return undefined;
    }
    const [id, now] = [newId(), clock()];
    const dueAt = Math.max(now, notBefore ?? now);
    const message: OutboxMessage = {
      id,
      rev: 1,
      kind,
      recipient,
      ...(subject !== undefined && { subject }),
      state: 'waiting',
      sealed: sealJson(sealer, data, sealedFor(id)),
      createdAt: now,
      attempts: 0,
      dueAt,
      giveUpAt: dueAt + tryFor,
    };
    await messages.insert(message);
    this.backlog.note(message);
    await this.#announce();
    return id;
  }

  /** One page of messages, the oldest first. Without `state`: in both states. */
  async list(
    state: OutboxMessage['state'] | undefined,
    page: { readonly after?: string; readonly limit?: number },
  ): Promise<readonly OutboxMessage[]> {
    return this.#deps.messages.find(state === undefined ? {} : { state }, page);
  }

  /** Makes a message due now and tries it for one more day, also if it was given up. False: no such message. */
  async retry(id: string, actor: string): Promise<boolean> {
    const { messages, clock, audit } = this.#deps;
    const message = await optimisticWrite(
      async () => {
        const stored = await messages.get(id);
        if (stored === undefined) return undefined;
        const { expiresAt: _expiresAt, ...kept } = stored;
        const now = clock();
        return (await messages.replace({ ...kept, state: 'waiting', dueAt: now, giveUpAt: now + tryFor })) ?? conflict;
      },
      () => {
        throw new Problem('unavailable', `a concurrent writer won every time the message ${id} was written`);
      },
    );
    if (message === undefined) return false;
    await audit({ event: 'message.retried', actor, outcome: 'success', ...factsOf(message) });
    this.backlog.note(message);
    await this.#announce();
    return true;
  }

  /** Removes a message, which is then not sent. False: no such message. An attempt under way is not stopped. */
  async remove(id: string, actor: string): Promise<boolean> {
    const { messages, audit } = this.#deps;
    const message = await messages.get(id);
    if (message === undefined || !(await messages.remove(id))) return false;
    this.backlog.forget(id);
    await audit({ event: 'message.removed', actor, outcome: 'success', ...factsOf(message) });
    return true;
  }

  /** Removes all messages to a recipient that is gone for good. Not audited: the removal of the recipient is. */
  async removeAllTo(recipient: string): Promise<void> {
    for (const id of await removeAll(this.#deps.messages, { recipient })) this.backlog.forget(id);
  }

  /** Calls `onDue` when this process makes a message due. Returns a function that ends the subscription. */
  subscribe(onDue: () => void): () => void {
    this.#onDue.add(onDue);
    return () => this.#onDue.delete(onDue);
  }

  /** Notifies the sender in this process, or, if there is none, other nodes. */
  async #announce(): Promise<void> {
    for (const onDue of this.#onDue) onDue();
    if (this.#onDue.size === 0) await this.#deps.notifier.publish(outboxTopic);
  }
}

/** Audit facts of a message. */
export const factsOf = ({ kind, recipient, subject, attempts, lastError }: OutboxMessage) => ({
  message: kind,
  recipient,
  ...(subject !== undefined && { subject }),
  count: attempts,
  ...(lastError !== undefined && { reason: lastError }),
});
