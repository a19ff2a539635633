import type { Changes } from '../changes.ts';
import type { Pace, Timers } from '../timers.ts';
import { personTime } from '../timers.ts';
import type { Wire } from '../wire.ts';
import type { Behaviour, BehaviourName } from './behaviours.ts';
import { behaviours } from './behaviours.ts';
import type { Call, CallEvent, CallStatus, Order } from './call.ts';
import { isOver, mayBecome, newCall } from './call.ts';
import type { Connection } from './connection.ts';
import { createConnection } from './connection.ts';
import { converse } from './conversation.ts';
import { callFields, eventFields } from './fields.ts';
import type { Webhook } from './webhook.ts';

const keptCalls = 200;

interface Live {
  readonly call: Call;
  readonly connection: Connection;
  /** Stops what would happen later: the end of ringing, the time limit. */
  stopClock: () => void;
  sequence: number;
  /** Status callbacks leave one after the other. */
  told: Promise<unknown>;
}

interface Parts {
  readonly accountSid: string;
  readonly timers: Timers;
  readonly pace: Pace;
  readonly changes: Changes;
  readonly wire: Wire;
  readonly webhook: Webhook;
  /** What the number does; undefined where no such number exists. */
  readonly behaviourOf: (number: string) => BehaviourName | undefined;
}

/** The telephone network: places calls, lets phones ring, performs what the server answers, and tells how calls go. */
export class Network {
  readonly #parts: Parts;
  readonly #lives = new Map<string, Live>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** All calls that are kept, oldest first. */
  get calls(): readonly Call[] {
    return [...this.#lives.values()].map(live => live.call);
  }

  find(sid: string): Call | undefined {
    return this.#lives.get(sid)?.call;
  }

  /** The call that rings or is on at this number. */
  current(number: string): Call | undefined {
    return this.#at(number)?.call;
  }

  /** Takes an order and dials in the next turn. Undefined when 200 calls are under way. */
  place(order: Order): Call | undefined {
    const { timers } = this.#parts;
    if (!this.#makeRoom()) return undefined;
    const engaged = this.#at(order.to) !== undefined;
    const call = newCall(order, timers.now());
    const live: Live = {
      call,
      connection: createConnection(timers),
      stopClock: () => {},
      sequence: 0,
      told: Promise.resolve(),
    };
    this.#lives.set(call.sid, live);
    live.stopClock = timers.after(0, () => this.#dial(live, engaged));
    return call;
  }

  /** What UpdateCall does: `canceled` ends what only rings, `completed` ends it in any case. False: not in this state. */
  end(sid: string, how: 'canceled' | 'completed'): boolean {
    const live = this.#lives.get(sid);
    if (live === undefined || isOver(live.call.status)) return false;
    const connected = live.call.status === 'in-progress';
    if (connected && how === 'canceled') return false;
    return this.#become(live, connected ? 'completed' : 'canceled', 'Cancelled by the caller');
  }

  answer(number: string): boolean {
    const live = this.#at(number, 'ringing');
    if (live === undefined || !this.#become(live, 'in-progress')) return false;
    const { timeLimit, url, method } = live.call.order;
    live.stopClock = this.#parts.timers.after(timeLimit * 1000, () => this.#become(live, 'completed', 'Time limit'));
    void this.#talk(live, { url, method, extra: [] });
    return true;
  }

  decline(number: string): boolean {
    const live = this.#at(number, 'ringing');
    return live !== undefined && this.#become(live, 'busy', 'Declined');
  }

  hangUp(number: string): boolean {
    const live = this.#at(number, 'in-progress');
    return live !== undefined && this.#become(live, 'completed', 'Hung up by the person');
  }

  /** Presses one key. `taken` is false when nobody listened; undefined when there is no call. */
  press(number: string, key: string): { readonly taken: boolean } | undefined {
    const live = this.#at(number, 'in-progress');
    if (live === undefined) return undefined;
    const { heard } = live.call;
    const last = heard.at(-1);
    if (last?.who === 'person') last.keys += key;
    else heard.push({ who: 'person', keys: key });
    const taken = live.connection.press(key);
    this.#parts.changes.ring();
    return { taken };
  }

  /** The person lets the time pass: ringing is not answered, or the line that listens hears nothing. */
  letTimePass(number: string): boolean {
    const live = this.#at(number);
    if (live === undefined) return false;
    if (live.call.status === 'in-progress') live.connection.hurry();
    else this.#become(live, 'no-answer', 'Not answered');
    return true;
  }

  /** Ends everything that is under way and forgets all calls; nobody is told. */
  reset(): void {
    for (const live of this.#lives.values()) {
      live.stopClock();
      live.connection.end();
    }
    this.#lives.clear();
    this.#parts.changes.ring();
  }

  #at(number: string, status?: CallStatus): Live | undefined {
    const lives = [...this.#lives.values()].filter(({ call }) => call.order.to === number && !isOver(call.status));
    return lives.find(({ call }) => status === undefined || call.status === status);
  }

  #makeRoom(): boolean {
    if (this.#lives.size < keptCalls) return true;
    const oldest = [...this.#lives.values()].find(live => isOver(live.call.status));
    return oldest !== undefined && this.#lives.delete(oldest.call.sid);
  }

  #dial(live: Live, engaged: boolean): void {
    const name = this.#parts.behaviourOf(live.call.order.to);
    this.#tell(live, 'initiated');
    if (name === undefined) {
      this.#become(live, 'failed', 'No such number');
      return;
    }
    const behaviour: Behaviour = engaged ? behaviours.busy : behaviours[name];
    if (behaviour.first === 'unreachable') {
      this.#become(live, 'failed', 'Unreachable');
      return;
    }
    this.#become(live, 'ringing');
    this.#ring(live, behaviour);
  }

  #ring(live: Live, behaviour: Behaviour): void {
    const { timers, pace } = this.#parts;
    const { to, timeout } = live.call.order;
    const soon = (ms: number, run: () => void) => {
      live.stopClock = timers.after(personTime(pace, ms), run);
    };
    switch (behaviour.first) {
      case 'busy':
        soon(400, () => this.#become(live, 'busy', 'Line busy'));
        break;
      case 'no-answer':
        soon(6000, () => this.#become(live, 'no-answer', 'Not answered'));
        break;
      case 'answers':
        soon(2000, () => {
          if (this.answer(to)) this.#act(live, behaviour);
        });
        break;
      case 'unreachable':
      case 'rings':
        live.stopClock = timers.after(timeout * 1000, () => this.#become(live, 'no-answer', 'Not answered'));
    }
  }

  /** The person who acts by herself: sees only what is heard, and whether the line listens. */
  #act(live: Live, behaviour: Behaviour): void {
    const { changes, timers, pace } = this.#parts;
    const { call } = live;
    const stop = changes.hear(() => {
      const last = call.heard.findLast(each => each.who === 'line');
      const ready = call.listening && last !== undefined && last.spoken === last.words;
      if (isOver(call.status)) stop();
      if (isOver(call.status) || !ready) return;
      stop();
      timers.after(personTime(pace, 600), () => {
        if (behaviour.next === 'hang up') this.hangUp(call.order.to);
        else if (behaviour.next !== undefined) this.press(call.order.to, behaviour.next.press);
      });
    });
  }

  async #talk(live: Live, first: Parameters<typeof converse>[1]): Promise<void> {
    const { timers, pace, changes, wire, webhook, accountSid } = this.#parts;
    const { call, connection } = live;
    const why = await converse(
      {
        call,
        connection,
        pace,
        timers,
        changed: () => changes.ring(),
        refused: fault => {
          const shown = { direction: 'out', method: 'TwiML', path: new URL(first.url).pathname, reason: '' } as const;
          wire.begin(shown)('failed', `${call.order.to} · ${fault.code} ${fault.message}`);
        },
        fetch: ({ url, method, extra }) =>
          webhook({
            url,
            method,
            fields: [...callFields(call, accountSid), ...extra],
            about: aboutKeys(call.order.to, extra.find(([name]) => name === 'Digits')?.[1]),
          }),
      },
      first,
    );
    this.#become(live, 'completed', why);
  }

  /** The only place where a status changes. False: a call does not go that way. */
  #become(live: Live, status: CallStatus, why?: string): boolean {
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
    this.#tell(live, status === 'ringing' ? 'ringing' : status === 'in-progress' ? 'answered' : 'completed');
    this.#parts.changes.ring();
    return true;
  }

  #tell(live: Live, name: CallEvent): void {
    const { accountSid, timers, webhook } = this.#parts;
    const { statusCallback, statusCallbackMethod, events, to } = live.call.order;
    const { sequence } = live;
    live.sequence += 1;
    if (statusCallback === undefined || !events.includes(name)) return;
    const fields = eventFields(live.call, accountSid, { name, sequence, at: timers.now() });
    const request = { url: statusCallback, method: statusCallbackMethod, fields, about: `${to} · ${name}` };
    live.told = live.told.then(() => webhook(request));
  }
}

/** Keys for the wire: a bare # or 0 is told, digits that may be a code are only counted. */
const aboutKeys = (to: string, digits: string | undefined): string => {
  if (digits === undefined) return to;
  return digits.length <= 1 ? `${to} · pressed ${digits === '' ? 'nothing' : digits}` : `${to} · ${digits.length} keys`;
};
