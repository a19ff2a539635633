import type { Changes } from '../events/changes.ts';
import type { Pace } from '../time/pace.ts';
import type { Timers } from '../time/timers.ts';
import { personTime } from '../time/pace.ts';
import type { Wire } from '../events/wire.ts';
import type { CallDoing } from './behaviours/calls.ts';
import { callDoings } from './behaviours/calls.ts';
import type { Behaviour } from './behaviours/settings.ts';
import { callDoing, reporting, usual } from './behaviours/settings.ts';
import type { Call, Leg, Order } from './call.ts';
import { saidSoFar } from './call.ts';
import { actAlone } from './auto-actions.ts';
import type { Wanted } from './call-flow.ts';
import { converse } from './call-flow.ts';
import { detect } from './detection.ts';
import { callFields } from './fields.ts';
import type { Office } from './switchboard.ts';
import { createOffice } from './switchboard.ts';
import type { Live } from './call-registry.ts';
import { Register } from './call-registry.ts';
import type { Reporter } from './status-callbacks.ts';
import { heardTone } from './tones.ts';
import type { TwimlFault } from './twiml.ts';

interface Parts {
  readonly accountSid: string;
  readonly timers: Timers;
  readonly pace: Pace;
  readonly changes: Changes;
  readonly wire: Wire;
  readonly reporter: Reporter;
  /** How a telephone is set; undefined where no such number exists. */
  readonly behaviourOf: (phone: string) => Behaviour | undefined;
  /** The telephones behind a number, by extension. */
  readonly extensionsOf: (number: string) => Readonly<Record<string, string>>;
}

/** A telephone and its part in a call. */
export interface Engaged {
  readonly call: Call;
  readonly leg: Leg;
}

/** The telephone network: places calls, lets phones ring, performs what the server answers. */
export class Network {
  readonly #parts: Parts;
  readonly #register: Register;
  readonly #office: Office;

  constructor(parts: Parts) {
    this.#parts = parts;
    const reportingOf = (number: string) => reporting(parts.behaviourOf(number) ?? usual, 'calls');
    this.#register = new Register({ ...parts, reportingOf });
    this.#office = createOffice({
      ...parts,
      doingOf: phone => this.#doing(phone),
      ring: (live, leg, doing, patience) => this.#ring(live, leg, doing, patience),
      end: (live, why) => this.#register.become(live, 'completed', why),
    });
  }

  /** All calls that are kept, oldest first. */
  get calls(): readonly Call[] {
    return this.#register.calls;
  }

  find(sid: string): Call | undefined {
    return this.#register.find(sid)?.call;
  }

  /** What this telephone is engaged in. */
  current(phone: string): Engaged | undefined {
    const found = this.#register.at(phone);
    return found && { call: found.live.call, leg: found.leg };
  }

  /** Takes an order and dials in the next turn. Undefined when 200 calls are under way. */
  place(order: Order): Call | undefined {
    const live = this.#register.admit(order, this.#office.reached(order.to));
    if (live !== undefined) live.stopClock = this.#parts.timers.after(0, () => this.#dial(live));
    return live?.call;
  }

  /** What UpdateCall does: `canceled` ends what only rings, `completed` ends it in any case. False: not in this state. */
  end(sid: string, how: 'canceled' | 'completed'): boolean {
    const live = this.#register.find(sid);
    if (live === undefined) return false;
    const connected = live.call.status === 'in-progress';
    if (connected && how === 'canceled') return false;
    return this.#register.become(live, connected ? 'completed' : 'canceled', 'Cancelled by the caller');
  }

  answer(phone: string): boolean {
    const found = this.#register.at(phone, 'ringing');
    return found !== undefined && this.#pickUp(found.live, found.leg, callDoings.rings);
  }

  decline(phone: string): boolean {
    const found = this.#register.at(phone, 'ringing');
    return found !== undefined && this.#notReached(found.live, found.leg, 'busy', 'Declined');
  }

  hangUp(phone: string): boolean {
    const found = this.#register.at(phone, 'on');
    return found !== undefined && this.#register.become(found.live, 'completed', 'Hung up by the person');
  }

  /** Presses one key. `taken` is false when nobody listened; undefined when there is no call. */
  press(phone: string, key: string): { readonly taken: boolean } | undefined {
    const found = this.#register.at(phone, 'on');
    if (found === undefined) return undefined;
    const { call, connection } = found.live;
    heardTone(call, 'person', key);
    const taken = connection.press(key);
    this.#parts.changes.ring();
    return { taken };
  }

  /** The person lets the time pass: ringing is not answered, or the line that listens hears nothing. */
  letTimePass(phone: string): boolean {
    const found = this.#register.at(phone);
    if (found === undefined) return false;
    if (found.leg.state !== 'on') return this.#notReached(found.live, found.leg, 'no-answer', 'Not answered');
    found.live.connection.hurry();
    return true;
  }

  /** Ends everything that is under way and forgets all calls; nobody is told. */
  reset(): void {
    this.#register.clear();
  }

  #doing(phone: string): CallDoing | undefined {
    const behaviour = this.#parts.behaviourOf(phone);
    return behaviour && callDoing(behaviour);
  }

  #dial(live: Live): void {
    const [leg] = live.call.legs;
    this.#register.tell(live, 'initiated');
    const doing = this.#doing(leg.phone);
    if (doing === undefined || doing.first === 'unreachable') {
      this.#register.become(live, 'failed', doing === undefined ? 'No such number' : 'Unreachable');
    } else {
      this.#register.become(live, 'ringing');
      live.stopClock = this.#ring(live, leg, doing, live.call.order.timeout * 1000);
    }
  }

  /** Lets a telephone ring for `patience` at most. What it gives stops it. */
  #ring(live: Live, leg: Leg, doing: CallDoing, patience: number): () => void {
    const { timers, pace } = this.#parts;
    const soon = (ms: number) => personTime(pace, ms);
    const engaged = doing.first !== 'menu' && this.#register.at(leg.phone, undefined, live) !== undefined;
    const unanswered = () => this.#notReached(live, leg, 'no-answer', 'Not answered');
    const busy = () => this.#notReached(live, leg, 'busy', 'Line busy');
    const pickUp = () => this.#pickUp(live, leg, doing);
    const rows = {
      rings: [patience, unanswered],
      // A way to an extension leads no further.
      direct: [patience, unanswered],
      'no-answer': [soon(6000), unanswered],
      unreachable: [soon(400), unanswered],
      busy: [soon(400), busy],
      answers: [soon(2000), pickUp],
      menu: [soon(1000), pickUp],
    } as const;
    const [ms, happens] = engaged ? rows.busy : rows[doing.first];
    return timers.after(ms, () => void happens());
  }

  /** A telephone that rang is not on the line. Behind a switchboard, that ends the call which the switchboard holds. */
  #notReached(live: Live, leg: Leg, status: 'busy' | 'no-answer', why: string): boolean {
    if (leg === live.call.legs[0]) return this.#register.become(live, status, why);
    this.#register.leave(leg, why);
    return this.#register.become(live, 'completed', `The extension: ${why.toLowerCase()}`);
  }

  #pickUp(live: Live, leg: Leg, doing: CallDoing): boolean {
    const { timers, changes } = this.#parts;
    const { call } = live;
    if (leg !== call.legs[0]) {
      live.stopExtension();
      Object.assign(leg, { state: 'on', answeredAt: timers.now(), missed: saidSoFar(call) });
      changes.ring();
    } else {
      if (!this.#register.become(live, 'in-progress')) return false;
      const { timeLimit } = call.order;
      const end = () => this.#register.become(live, 'completed', 'Time limit');
      live.stopClock = timers.after(timeLimit * 1000, end);
      if (doing.first === 'menu') this.#office.takeDigits(live);
      void this.#talk(live, doing);
    }
    void actAlone(call, live.connection, doing.next, {
      ...this.#parts,
      press: key => this.press(leg.phone, key),
      hangUp: () => this.hangUp(leg.phone),
    });
    return true;
  }

  async #talk(live: Live, doing: CallDoing): Promise<void> {
    const { pace, changes, wire, reporter, accountSid, behaviourOf } = this.#parts;
    const { call, connection } = live;
    const { to, url, method } = call.order;
    const first: Wanted = { url, method, extra: [] };
    const toned = this.#office.dial(live);
    await detect(call, connection, doing.voice, this.#parts);
    if (connection.isOver) return;
    const refused = ({ code, message }: TwimlFault) => {
      const line = { direction: 'out', method: 'TwiML', path: new URL(first.url).pathname, reason: to } as const;
      wire.begin(line)('failed', `${to} · ${code} ${message}`);
    };
    const fetch = async (wanted: Wanted) => {
      const fields = [...callFields(call, accountSid), ...wanted.extra];
      const how = reporting(behaviourOf(to) ?? usual, 'calls');
      const asked = { url: wanted.url, method: wanted.method, fields, about: about(to, wanted.extra) };
      // Asked for as soon as anything answers; the first word comes after the last tone.
      const [document] = await Promise.all([reporter.ask(how, asked), toned]);
      return document;
    };
    const changed = () => changes.ring();
    const why = await converse({ call, connection, pace, changed, refused, fetch }, first);
    this.#register.become(live, 'completed', why);
  }
}

/** Keys for the wire: a bare # or 0 is told, digits that may be a code are only counted. */
const about = (to: string, extra: Wanted['extra']): string => {
  const digits = extra.find(([name]) => name === 'Digits')?.[1];
  if (digits === undefined) return to;
  return digits.length <= 1 ? `${to} · pressed ${digits === '' ? 'nothing' : digits}` : `${to} · ${digits.length} keys`;
};
