import type { Changes } from '../changes.ts';
import type { Pace, Timers } from '../timers.ts';
import { personTime } from '../timers.ts';
import type { Wire } from '../wire.ts';
import type { Behaviour, BehaviourName } from './behaviours.ts';
import { behaviours } from './behaviours.ts';
import type { Call, Order } from './call.ts';
import { isOver } from './call.ts';
import type { Wanted } from './conversation.ts';
import { converse } from './conversation.ts';
import { callFields } from './fields.ts';
import type { Live } from './register.ts';
import { Register } from './register.ts';
import type { TwimlFault } from './twiml.ts';
import type { Webhook } from './webhook.ts';

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

/** The telephone network: places calls, lets phones ring, performs what the server answers. */
export class Network {
  readonly #parts: Parts;
  readonly #register: Register;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#register = new Register(parts);
  }

  /** All calls that are kept, oldest first. */
  get calls(): readonly Call[] {
    return this.#register.calls;
  }

  find(sid: string): Call | undefined {
    return this.#register.find(sid)?.call;
  }

  /** The call at this number that is not over. */
  current(number: string): Call | undefined {
    return this.#register.at(number)?.call;
  }

  /** Takes an order and dials in the next turn. Undefined when 200 calls are under way. */
  place(order: Order): Call | undefined {
    const engaged = this.#register.at(order.to) !== undefined;
    const live = this.#register.admit(order);
    if (live !== undefined) live.stopClock = this.#parts.timers.after(0, () => this.#dial(live, engaged));
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

  answer(number: string): boolean {
    const live = this.#register.at(number, 'ringing');
    if (live === undefined || !this.#register.become(live, 'in-progress')) return false;
    const { timeLimit, url, method } = live.call.order;
    const end = () => this.#register.become(live, 'completed', 'Time limit');
    live.stopClock = this.#parts.timers.after(timeLimit * 1000, end);
    void this.#talk(live, { url, method, extra: [] });
    return true;
  }

  decline(number: string): boolean {
    const live = this.#register.at(number, 'ringing');
    return live !== undefined && this.#register.become(live, 'busy', 'Declined');
  }

  hangUp(number: string): boolean {
    const live = this.#register.at(number, 'in-progress');
    return live !== undefined && this.#register.become(live, 'completed', 'Hung up by the person');
  }

  /** Presses one key. `taken` is false when nobody listened; undefined when there is no call. */
  press(number: string, key: string): { readonly taken: boolean } | undefined {
    const live = this.#register.at(number, 'in-progress');
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
    const live = this.#register.at(number);
    if (live === undefined) return false;
    if (live.call.status !== 'in-progress') return this.#register.become(live, 'no-answer', 'Not answered');
    live.connection.hurry();
    return true;
  }

  /** Ends everything that is under way and forgets all calls; nobody is told. */
  reset(): void {
    this.#register.clear();
  }

  #dial(live: Live, engaged: boolean): void {
    const name = this.#parts.behaviourOf(live.call.order.to);
    this.#register.tell(live, 'initiated');
    const behaviour = name && (engaged ? behaviours.busy : behaviours[name]);
    if (behaviour === undefined || behaviour.first === 'unreachable') {
      this.#register.become(live, 'failed', behaviour === undefined ? 'No such number' : 'Unreachable');
    } else {
      this.#register.become(live, 'ringing');
      this.#ring(live, behaviour, behaviour.first);
    }
  }

  #ring(live: Live, behaviour: Behaviour, first: Exclude<Behaviour['first'], 'unreachable'>): void {
    const { timers, pace } = this.#parts;
    const { to, timeout } = live.call.order;
    const soon = (ms: number) => personTime(pace, ms);
    const unanswered = () => this.#register.become(live, 'no-answer', 'Not answered');
    const pickUp = () => {
      if (this.answer(to)) this.#act(live, behaviour);
    };
    const rows = {
      rings: [timeout * 1000, unanswered],
      'no-answer': [soon(6000), unanswered],
      busy: [soon(400), () => this.#register.become(live, 'busy', 'Line busy')],
      answers: [soon(2000), pickUp],
    } as const;
    const [ms, happens] = rows[first];
    live.stopClock = timers.after(ms, () => void happens());
  }

  /** The person who acts alone: knows only what is heard, and waits until the line has spoken and listens. */
  #act({ call }: Live, { next }: Behaviour): void {
    const { changes, timers, pace } = this.#parts;
    const { to } = call.order;
    const stop = changes.hear(() => {
      const last = call.heard.findLast(each => each.who === 'line');
      const ready = call.listening && last !== undefined && last.spoken === last.words;
      if (ready || isOver(call.status)) stop();
      if (!ready) return;
      timers.after(personTime(pace, 600), () => {
        if (next === 'hang up') this.hangUp(to);
        else if (next !== undefined) this.press(to, next.press);
      });
    });
  }

  async #talk(live: Live, first: Wanted): Promise<void> {
    const { pace, changes, wire, webhook, accountSid } = this.#parts;
    const { call, connection } = live;
    const { to } = call.order;
    const refused = ({ code, message }: TwimlFault) => {
      const line = { direction: 'out', method: 'TwiML', path: new URL(first.url).pathname, reason: to } as const;
      wire.begin(line)('failed', `${to} · ${code} ${message}`);
    };
    const fetch = ({ url, method, extra }: Wanted) => {
      const fields = [...callFields(call, accountSid), ...extra];
      return webhook({ url, method, fields, about: about(to, extra) });
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
