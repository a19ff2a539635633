import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Changes } from '../changes.ts';
import type { Pace, Timers } from '../timers.ts';
import { personTime } from '../timers.ts';
import type { Wire } from '../wire.ts';
import type { CallDoing } from './behaviours/calls.ts';
import { callDoings, detections } from './behaviours/calls.ts';
import type { Behaviour } from './behaviours/settings.ts';
import { callDoing, reporting, usual } from './behaviours/settings.ts';
import type { Call, Leg, Order } from './call.ts';
import { isOver, newLeg, saidSoFar } from './call.ts';
import type { Wanted } from './conversation.ts';
import { converse } from './conversation.ts';
import { callFields } from './fields.ts';
import type { Live } from './register.ts';
import { Register } from './register.ts';
import type { Reporter } from './reports.ts';
import { extensionPhone, heardTone, toneTime } from './tones.ts';
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

/** How long a switchboard lets an extension ring, and waits for one to be dialled. */
const extensionRings = 30_000;
const extensionAwaited = 10_000;

/** A telephone and its part in a call. */
export interface Engaged {
  readonly call: Call;
  readonly leg: Leg;
}

/** The telephone network: places calls, lets phones ring, performs what the server answers. */
export class Network {
  readonly #parts: Parts;
  readonly #register: Register;

  constructor(parts: Parts) {
    this.#parts = parts;
    const reportingOf = (number: string) => reporting(parts.behaviourOf(number) ?? usual, 'calls');
    this.#register = new Register({ ...parts, reportingOf });
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
    const live = this.#register.admit(order, this.#reached(order.to));
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

  /** The telephone that rings first: an office may put calls through. */
  #reached(number: string): string {
    const [extension] = Object.keys(this.#parts.extensionsOf(number));
    const direct = this.#doing(number)?.first === 'direct' && extension !== undefined;
    return direct ? extensionPhone(number, extension) : number;
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
      if (doing.first === 'menu') this.#takeDigits(live);
      void this.#talk(live, doing);
    }
    void this.#act(live, leg, doing);
    return true;
  }

  /** A switchboard listens, and rings the extension that is dialled. */
  #takeDigits(live: Live): void {
    const nobody = () => this.#register.become(live, 'completed', 'No extension was dialled');
    live.dialled = '';
    live.stopExtension = this.#parts.timers.after(extensionAwaited, nobody);
  }

  #transfer(live: Live, extension: string): void {
    const { timers, extensionsOf, changes } = this.#parts;
    const phone = extensionPhone(live.call.order.to, extension);
    delete live.dialled;
    live.stopExtension();
    const leg = newLeg(phone);
    live.call.legs.push(leg);
    Object.assign(leg, { state: 'ringing', ringingAt: timers.now() });
    const known = Object.hasOwn(extensionsOf(live.call.order.to), extension);
    const doing = known ? this.#doing(phone) : undefined;
    live.stopExtension = this.#ring(live, leg, doing ?? callDoings.unreachable, extensionRings);
    changes.ring();
  }

  /** What the network dials once somebody answered: a switchboard takes it, a person hears tones. */
  async #sendTones(live: Live): Promise<void> {
    const { timers, pace, changes, extensionsOf } = this.#parts;
    const { call, connection } = live;
    for (const key of call.order.sendDigits ?? '') {
      await pass(timers, personTime(pace, toneTime(key)), connection.signal);
      if (connection.isOver) return;
      if (/w/i.test(key)) continue;
      heardTone(call, 'tones', key);
      if (live.dialled !== undefined) {
        live.dialled += key;
        if (Object.hasOwn(extensionsOf(call.order.to), live.dialled)) this.#transfer(live, live.dialled);
      }
      changes.ring();
    }
  }

  /** The person or machine that acts alone: knows only what is heard. */
  async #act({ call, connection }: Live, leg: Leg, { next }: CallDoing): Promise<void> {
    if (next === undefined) return;
    const { changes, timers, pace } = this.#parts;
    const ready = () => {
      const last = call.heard.findLast(each => each.who === 'line');
      return call.listening && last !== undefined && last.spoken === last.words;
    };
    const heardOut = () =>
      new Promise<void>(resolve => {
        const look = () => {
          if (!ready() && !isOver(call.status)) return;
          stop();
          resolve();
        };
        const stop = changes.hear(look);
        look();
      });
    const early = next !== 'hang up' && next.early === true;
    for (const key of next === 'hang up' ? [undefined] : next.press) {
      if (!early) await heardOut();
      await pass(timers, personTime(pace, 600), connection.signal);
      if (connection.isOver) return;
      if (key === undefined) this.hangUp(leg.phone);
      else this.press(leg.phone, key);
      // The network takes this key before the line is listened to again.
      await nextTurn();
    }
  }

  /** Machine detection, where it was ordered: nothing is said before it knows. */
  async #detect({ call, connection }: Live, { voice }: CallDoing): Promise<void> {
    const { timers, pace, changes } = this.#parts;
    const { machineDetection, machineDetectionTimeout } = call.order;
    if (machineDetection === undefined) return;
    const { says, after } = detections[voice][machineDetection];
    const [tries, needs] = [machineDetectionTimeout * 1000, after === 'patience' ? Number.POSITIVE_INFINITY : after];
    const took = Math.min(needs, tries);
    await pass(timers, personTime(pace, took), connection.signal);
    if (connection.isOver) return;
    call.answeredBy = { says: needs > tries ? 'unknown' : says, took };
    changes.ring();
  }

  async #talk(live: Live, doing: CallDoing): Promise<void> {
    const { pace, changes, wire, reporter, accountSid, behaviourOf } = this.#parts;
    const { call, connection } = live;
    const { to, url, method } = call.order;
    const first: Wanted = { url, method, extra: [] };
    const toned = this.#sendTones(live);
    await this.#detect(live, doing);
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

/** Resolves after `ms`, or when the call is over. */
const pass = (timers: Timers, ms: number, signal: AbortSignal): Promise<void> =>
  ms === 0 || signal.aborted
    ? Promise.resolve()
    : new Promise(resolve => {
        const stop = timers.after(ms, resolve);
        signal.addEventListener('abort', () => {
          stop();
          resolve();
        });
      });

/** Keys for the wire: a bare # or 0 is told, digits that may be a code are only counted. */
const about = (to: string, extra: Wanted['extra']): string => {
  const digits = extra.find(([name]) => name === 'Digits')?.[1];
  if (digits === undefined) return to;
  return digits.length <= 1 ? `${to} · pressed ${digits === '' ? 'nothing' : digits}` : `${to} · ${digits.length} keys`;
};
