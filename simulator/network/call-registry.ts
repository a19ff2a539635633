import type { Changes } from '../events/changes.ts';
import type { Timers } from '../time/timers.ts';
import type { Call, CallEvent, CallStatus, Leg, Order } from './call.ts';
import { isOver, mayBecome, newCall } from './call.ts';
import type { Connection } from './connection.ts';
import { createConnection } from './connection.ts';
import { eventFields } from './fields.ts';
import type { Reporting } from './behaviours/callbacks.ts';
import type { Reporter, Reports } from './status-callbacks.ts';
import { newReports } from './status-callbacks.ts';

/** A call with what moves it. */
export interface Live {
  readonly call: Call;
  readonly connection: Connection;
  /** Stops what would happen later: the end of ringing, the time limit. */
  stopClock: () => void;
  /** The same for an extension that rings behind the number. */
  stopExtension: () => void;
  /** How many events there were, subscribed to or not. */
  sequence: number;
  readonly reports: Reports;
  /** Keys that a switchboard has taken; undefined where none listens. */
  dialled?: string;
}

interface Parts {
  readonly accountSid: string;
  readonly timers: Timers;
  readonly changes: Changes;
  readonly reporter: Reporter;
  /** How the network reports about calls to this number. */
  readonly reportingOf: (number: string) => Reporting;
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

  /** The call at this telephone that is not over, and its part in it. `before`: only calls older than this one. */
  at(phone: string, state?: Leg['state'], before?: Live): { readonly live: Live; readonly leg: Leg } | undefined {
    for (const live of this.#lives.values()) {
      if (live === before) return undefined;
      const leg = isOver(live.call.status)
        ? undefined
        : live.call.legs.find(each => each.phone === phone && each.state !== 'over');
      if (leg !== undefined && (state === undefined || leg.state === state)) return { live, leg };
    }
    return undefined;
  }

  /** A new call, whose first ring goes to `phone`. Undefined: 200 are under way, none of them over. */
  admit(order: Order, phone: string): Live | undefined {
    if (!this.#makeRoom()) return undefined;
    const { timers } = this.#parts;
    const live: Live = {
      call: newCall(order, phone, timers.now()),
      connection: createConnection(timers),
      stopClock: () => {},
      stopExtension: () => {},
      sequence: 0,
      reports: newReports(),
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
    const [first] = call.legs;
    if (status === 'ringing') {
      call.ringingAt = now;
      Object.assign(first, { state: 'ringing', ringingAt: now });
    }
    if (status === 'in-progress') {
      call.answeredAt = now;
      Object.assign(first, { state: 'on', answeredAt: now });
    }
    if (isOver(status)) {
      call.endedAt = now;
      call.listening = false;
      if (why !== undefined) call.why = why;
      live.stopExtension();
      for (const leg of call.legs) this.leave(leg, why);
      live.connection.end();
    }
    this.tell(live, eventOf[status] ?? 'completed');
    this.#parts.changes.ring();
    return true;
  }

  /** One telephone is no longer part of its call. */
  leave(leg: Leg, why: string | undefined): void {
    if (leg.state === 'over') return;
    leg.state = 'over';
    leg.endedAt = this.#parts.timers.now();
    if (why !== undefined) leg.why = why;
  }

  /** Sends a status callback where the order asked for this event. */
  tell(live: Live, name: CallEvent): void {
    const { accountSid, timers, reporter, reportingOf } = this.#parts;
    const { statusCallback, statusCallbackMethod, events, to } = live.call.order;
    const { sequence } = live;
    live.sequence += 1;
    if (statusCallback === undefined || !events.includes(name)) return;
    const fields = eventFields(live.call, accountSid, { name, sequence, at: timers.now() });
    const request = { url: statusCallback, method: statusCallbackMethod, fields, about: `${to} · ${name}` };
    reporter.tell(reportingOf(to), live.reports, request, name === 'completed');
  }

  /** Ends everything that is under way and forgets all calls; nobody is told. */
  clear(): void {
    for (const live of this.#lives.values()) {
      live.stopClock();
      live.stopExtension();
      live.connection.end();
    }
    this.#lives.clear();
    this.#parts.changes.ring();
  }

  #makeRoom(): boolean {
    if (this.#lives.size < kept) return true;
    const oldest = [...this.#lives.values()].find(({ call }) => isOver(call.status));
    return oldest !== undefined && this.#lives.delete(oldest.call.sid);
  }
}
