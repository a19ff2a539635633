import type { Changes } from '../changes.ts';
import type { Timers } from '../timers.ts';
import type { Call, CallEvent, CallStatus, Order } from './call.ts';
import { isOver, mayBecome, newCall } from './call.ts';
import type { Connection } from './connection.ts';
import { createConnection } from './connection.ts';
import { eventFields } from './fields.ts';
import type { Webhook } from './webhook.ts';

/** A call with what moves it. */
export interface Live {
  readonly call: Call;
  readonly connection: Connection;
  /** Stops what would happen later: the end of ringing, the time limit. */
  stopClock: () => void;
  /** How many events there were, subscribed to or not. */
  sequence: number;
  /** Status callbacks leave one after the other. */
  told: Promise<unknown>;
}

interface Parts {
  readonly accountSid: string;
  readonly timers: Timers;
  readonly changes: Changes;
  readonly webhook: Webhook;
}

const kept = 200;
const eventOf: Readonly<Partial<Record<CallStatus, CallEvent>>> = { ringing: 'ringing', 'in-progress': 'answered' };

/** The calls that are kept, and the one place where a status changes and is told. */
export class Register {
  readonly #parts: Parts;
  readonly #lives = new Map<string, Live>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Oldest first. */
  get calls(): readonly Call[] {
    return [...this.#lives.values()].map(live => live.call);
  }

  find(sid: string): Live | undefined {
    return this.#lives.get(sid);
  }

  /** The call to this number that is not over. */
  at(number: string, status?: CallStatus): Live | undefined {
    return [...this.#lives.values()].find(
      ({ call }) => call.order.to === number && (status === undefined ? !isOver(call.status) : call.status === status),
    );
  }

  /** A new call. Undefined: 200 are under way, none of them over. */
  admit(order: Order): Live | undefined {
    if (!this.#makeRoom()) return undefined;
    const { timers } = this.#parts;
    const live: Live = {
      call: newCall(order, timers.now()),
      connection: createConnection(timers),
      stopClock: () => {},
      sequence: 0,
      told: Promise.resolve(),
    };
    this.#lives.set(live.call.sid, live);
    return live;
  }

  /** Changes a status and tells of it. False: a call does not go that way, or is forgotten. */
  become(live: Live, status: CallStatus, why?: string): boolean {
    const { call } = live;
    if (!mayBecome(call.status, status) || this.#lives.get(call.sid) !== live) return false;
    const now = this.#parts.timers.now();
    live.stopClock();
    call.status = status;
    call.updatedAt = now;
    if (status === 'ringing') call.ringingAt = now;
    if (status === 'in-progress') call.answeredAt = now;
    if (isOver(status)) {
      call.endedAt = now;
      call.listening = false;
      if (why !== undefined) call.why = why;
      live.connection.end();
    }
    this.tell(live, eventOf[status] ?? 'completed');
    this.#parts.changes.ring();
    return true;
  }

  /** Sends a status callback where the order asked for this event. */
  tell(live: Live, name: CallEvent): void {
    const { accountSid, timers, webhook } = this.#parts;
    const { statusCallback, statusCallbackMethod, events, to } = live.call.order;
    const { sequence } = live;
    live.sequence += 1;
    if (statusCallback === undefined || !events.includes(name)) return;
    const fields = eventFields(live.call, accountSid, { name, sequence, at: timers.now() });
    const request = { url: statusCallback, method: statusCallbackMethod, fields, about: `${to} · ${name}` };
    live.told = live.told.then(() => webhook(request));
  }

  /** Ends everything that is under way and forgets all calls; nobody is told. */
  clear(): void {
    for (const live of this.#lives.values()) {
      live.stopClock();
      live.connection.end();
    }
    this.#lives.clear();
    this.#parts.changes.ring();
  }

  #makeRoom(): boolean {
    if (this.#lives.size < kept) return true;
    const oldest = [...this.#lives.values()].find(live => isOver(live.call.status));
    return oldest !== undefined && this.#lives.delete(oldest.call.sid);
  }
}
