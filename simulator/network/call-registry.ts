/** Keeps the calls. The only place where the status of a call changes and is reported. */
import type { ChangeNotifier } from '../events/changes.ts';
import type { Timers } from '../time/timers.ts';
import type { CallbackBehaviour } from './behaviours/callbacks.ts';
import type { Call, CallEvent, CallParameters, CallStatus, Leg } from './call.ts';
import { canBecome, isOver, newCall } from './call.ts';
import type { Connection } from './connection.ts';
import { createConnection } from './connection.ts';
import { eventFields } from './fields.ts';
import type { CallbackQueue, CallbackSender } from './status-callbacks.ts';
import { newCallbackQueue } from './status-callbacks.ts';

/** A call, and the state of the network about it. */
export interface CallSession {
  readonly call: Call;
  readonly connection: Connection;
  /** Cancels the end of ringing, or the time limit. */
  cancelTimer: () => void;
  /** Cancels the end of ringing of an extension. */
  cancelExtensionTimer: () => void;
  /** Counts the events, whether a status callback reports them or not. */
  sequence: number;
  readonly callbacks: CallbackQueue;
  /** Digits that a switchboard has taken; undefined while no switchboard listens. */
  dialled?: string;
}

/** What the registry is made from. */
export interface CallRegistryDeps {
  readonly accountSid: string;
  readonly timers: Timers;
  readonly changes: ChangeNotifier;
  readonly callbackSender: CallbackSender;
  /** How webhooks about calls to this number are sent. */
  readonly callbacksOf: (number: string) => CallbackBehaviour;
}

const maxCalls = 200;
const eventOf: Readonly<Partial<Record<CallStatus, CallEvent>>> = { ringing: 'ringing', 'in-progress': 'answered' };

/** All calls by SID, and the transitions of their statuses. */
export class CallRegistry {
  readonly #deps: CallRegistryDeps;
  readonly #sessions = new Map<string, CallSession>();

  constructor(deps: CallRegistryDeps) {
    this.#deps = deps;
  }

  /** Oldest first. */
  get calls(): readonly Call[] {
    return [...this.#sessions.values()].map(({ call }) => call);
  }

  find(sid: string): CallSession | undefined {
    return this.#sessions.get(sid);
  }

  /** The call at this telephone that is not over, and its leg. `before`: only calls older than this one. */
  findAt(
    phone: string,
    state?: Leg['state'],
    before?: CallSession,
  ): { readonly session: CallSession; readonly leg: Leg } | undefined {
    for (const session of this.#sessions.values()) {
      if (session === before) return undefined;
      const leg = isOver(session.call.status)
        ? undefined
        : session.call.legs.find(each => each.phone === phone && each.state !== 'ended');
      if (leg !== undefined && (state === undefined || leg.state === state)) return { session, leg };
    }
    return undefined;
  }

  /** Adds a call. Its first leg leads to `phone`. Undefined: 200 calls are in progress. */
  add(parameters: CallParameters, phone: string): CallSession | undefined {
    if (!this.#makeRoom()) return undefined;
    const { timers } = this.#deps;
    const session: CallSession = {
      call: newCall(parameters, phone, timers.now()),
      connection: createConnection(timers),
      cancelTimer: () => {},
      cancelExtensionTimer: () => {},
      sequence: 0,
      callbacks: newCallbackQueue(),
    };
    this.#sessions.set(session.call.sid, session);
    return session;
  }

  /** Changes a status and reports it. False: the transition is not allowed, or the call was removed. */
  setStatus(session: CallSession, status: CallStatus, reason?: string): boolean {
    const { call } = session;
    if (!canBecome(call.status, status) || this.#sessions.get(call.sid) !== session) return false;
    const now = this.#deps.timers.now();
    session.cancelTimer();
    call.status = status;
    call.updatedAt = now;
    const [first] = call.legs;
    if (status === 'ringing') {
      call.ringingAt = now;
      Object.assign(first, { state: 'ringing', ringingAt: now });
    }
    if (status === 'in-progress') {
      call.answeredAt = now;
      Object.assign(first, { state: 'answered', answeredAt: now });
    }
    if (isOver(status)) {
      call.endedAt = now;
      call.listening = false;
      if (reason !== undefined) call.reason = reason;
      session.cancelExtensionTimer();
      for (const leg of call.legs) this.endLeg(leg, reason);
      session.connection.end();
    }
    this.report(session, eventOf[status] ?? 'completed');
    this.#deps.changes.notify();
    return true;
  }

  /** Ends one leg of a call. */
  endLeg(leg: Leg, reason: string | undefined): void {
    if (leg.state === 'ended') return;
    leg.state = 'ended';
    leg.endedAt = this.#deps.timers.now();
    if (reason !== undefined) leg.reason = reason;
  }

  /** Sends a status callback if the call subscribes to this event. */
  report(session: CallSession, name: CallEvent): void {
    const { accountSid, timers, callbackSender, callbacksOf } = this.#deps;
    const { statusCallback, statusCallbackMethod, events, to } = session.call.parameters;
    const { sequence } = session;
    session.sequence += 1;
    if (statusCallback === undefined || !events.includes(name)) return;
    const fields = eventFields(session.call, accountSid, { name, sequence, at: timers.now() });
    const request = { url: statusCallback, method: statusCallbackMethod, fields, about: `${to} · ${name}` };
    callbackSender.sendStatus(callbacksOf(to), session.callbacks, request, name === 'completed');
  }

  /** Ends and removes all calls without reporting it. */
  clear(): void {
    for (const session of this.#sessions.values()) {
      session.cancelTimer();
      session.cancelExtensionTimer();
      session.connection.end();
    }
    this.#sessions.clear();
    this.#deps.changes.notify();
  }

  /** Removes the oldest call that is over, if there are too many. */
  #makeRoom(): boolean {
    if (this.#sessions.size < maxCalls) return true;
    const oldest = [...this.#sessions.values()].find(({ call }) => isOver(call.status));
    return oldest !== undefined && this.#sessions.delete(oldest.call.sid);
  }
}
