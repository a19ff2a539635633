/** Places calls, lets telephones ring, and performs the TwiML that the server answers. */
import type { ChangeNotifier } from '../events/changes.ts';
import type { WireLog } from '../events/wire.ts';
import type { Pace } from '../time/pace.ts';
import { personTime } from '../time/pace.ts';
import type { Timers } from '../time/timers.ts';
import { runAutoActions } from './auto-actions.ts';
import type { CallBehaviour } from './behaviours/calls.ts';
import { callBehaviours } from './behaviours/calls.ts';
import type { BehaviourSettings } from './behaviours/settings.ts';
import { callbackBehaviourOf, callBehaviourOf, defaultSettings } from './behaviours/settings.ts';
import type { Call, CallParameters, Leg } from './call.ts';
import { spokenSoFar } from './call.ts';
import type { CallSession } from './call-registry.ts';
import { CallRegistry } from './call-registry.ts';
import { runCall } from './call-runner.ts';
import type { CallbackSender } from './status-callbacks.ts';
import type { Switchboard } from './switchboard.ts';
import { createSwitchboard } from './switchboard.ts';
import { recordTone } from './tones.ts';

/** What the network is made from. */
export interface NetworkDeps {
  readonly accountSid: string;
  readonly timers: Timers;
  readonly pace: Pace;
  readonly changes: ChangeNotifier;
  readonly wire: WireLog;
  readonly callbackSender: CallbackSender;
  /** The settings of a telephone; undefined: no such number exists. */
  readonly behaviourOf: (phone: string) => BehaviourSettings | undefined;
  /** The names behind a number, by extension. */
  readonly extensionsOf: (number: string) => Readonly<Record<string, string>>;
}

/** A call and the leg at one telephone. */
export interface CallAtPhone {
  readonly call: Call;
  readonly leg: Leg;
}

/** The part of the telephone network that carries calls. */
export class Network {
  readonly #deps: NetworkDeps;
  readonly #registry: CallRegistry;
  readonly #switchboard: Switchboard;

  constructor(deps: NetworkDeps) {
    this.#deps = deps;
    this.#registry = new CallRegistry({ ...deps, callbacksOf: number => this.#callbacksOf(number) });
    this.#switchboard = createSwitchboard({
      ...deps,
      behaviourOf: phone => this.#behaviourOf(phone),
      ring: (session, leg, behaviour, timeout) => this.#ring(session, leg, behaviour, timeout),
      end: (session, reason) => this.#registry.setStatus(session, 'completed', reason),
    });
  }

  /** The last calls, oldest first. */
  get calls(): readonly Call[] {
    return this.#registry.calls;
  }

  find(sid: string): Call | undefined {
    return this.#registry.find(sid)?.call;
  }

  /** The call at this telephone that is not over. */
  current(phone: string): CallAtPhone | undefined {
    const found = this.#registry.findAt(phone);
    return found && { call: found.session.call, leg: found.leg };
  }

  /** Queues a call; dialling starts with the next timer. Undefined: 200 calls are in progress. */
  place(parameters: CallParameters): Call | undefined {
    const session = this.#registry.add(parameters, this.#switchboard.firstPhone(parameters.to));
    if (session !== undefined) session.cancelTimer = this.#deps.timers.after(0, () => this.#dial(session));
    return session?.call;
  }

  /** Performs UpdateCall: `canceled` ends a call before the answer, `completed` any call. False: not in this state. */
  end(sid: string, how: 'canceled' | 'completed'): boolean {
    const session = this.#registry.find(sid);
    if (session === undefined) return false;
    const isAnswered = session.call.status === 'in-progress';
    if (isAnswered && how === 'canceled') return false;
    return this.#registry.setStatus(session, isAnswered ? 'completed' : 'canceled', 'Cancelled by the caller');
  }

  /** False: the telephone does not ring. */
  answer(phone: string): boolean {
    const found = this.#registry.findAt(phone, 'ringing');
    return found !== undefined && this.#pickUp(found.session, found.leg, callBehaviours.rings);
  }

  /** False: the telephone does not ring. */
  decline(phone: string): boolean {
    const found = this.#registry.findAt(phone, 'ringing');
    return found !== undefined && this.#failLeg(found.session, found.leg, 'busy', 'Declined');
  }

  /** False: the telephone is not on a call. */
  hangUp(phone: string): boolean {
    const found = this.#registry.findAt(phone, 'answered');
    return found !== undefined && this.#registry.setStatus(found.session, 'completed', 'Hung up by the person');
  }

  /** Presses one key. `taken` is false while no Gather accepts keys. Undefined: there is no call. */
  press(phone: string, key: string): { readonly taken: boolean } | undefined {
    const found = this.#registry.findAt(phone, 'answered');
    if (found === undefined) return undefined;
    const { call, connection } = found.session;
    recordTone(call, 'person', key);
    const taken = connection.press(key);
    this.#deps.changes.notify();
    return { taken };
  }

  /** Lets a timeout pass: ringing ends unanswered, or a Gather hears silence. False: there is no call. */
  waitOut(phone: string): boolean {
    const found = this.#registry.findAt(phone);
    if (found === undefined) return false;
    if (found.leg.state !== 'answered') return this.#failLeg(found.session, found.leg, 'no-answer', 'Not answered');
    found.session.connection.skipSilence();
    return true;
  }

  /** Ends and removes all calls without reporting it. */
  reset(): void {
    this.#registry.clear();
  }

  #behaviourOf(phone: string): CallBehaviour | undefined {
    const settings = this.#deps.behaviourOf(phone);
    return settings && callBehaviourOf(settings);
  }

  #callbacksOf(number: string) {
    return callbackBehaviourOf(this.#deps.behaviourOf(number) ?? defaultSettings, 'calls');
  }

  #dial(session: CallSession): void {
    const [leg] = session.call.legs;
    this.#registry.report(session, 'initiated');
    const behaviour = this.#behaviourOf(leg.phone);
    if (behaviour === undefined || behaviour.first === 'unreachable') {
      this.#registry.setStatus(session, 'failed', behaviour === undefined ? 'No such number' : 'Unreachable');
    } else {
      this.#registry.setStatus(session, 'ringing');
      session.cancelTimer = this.#ring(session, leg, behaviour, session.call.parameters.timeout * 1000);
    }
  }

  /** Lets a telephone ring for at most `timeout` milliseconds. The function it returns cancels the timer. */
  #ring(session: CallSession, leg: Leg, behaviour: CallBehaviour, timeout: number): () => void {
    const { timers, pace } = this.#deps;
    const real = (ms: number) => personTime(pace, ms);
    const isEngaged = behaviour.first !== 'menu' && this.#registry.findAt(leg.phone, undefined, session) !== undefined;
    const unanswered = () => this.#failLeg(session, leg, 'no-answer', 'Not answered');
    const busy = () => this.#failLeg(session, leg, 'busy', 'Line busy');
    const pickUp = () => this.#pickUp(session, leg, behaviour);
    const rows = {
      rings: [timeout, unanswered],
      // An extension has no extensions of its own, so `direct` rings like any phone.
      direct: [timeout, unanswered],
      'no-answer': [real(6000), unanswered],
      unreachable: [real(400), unanswered],
      busy: [real(400), busy],
      answers: [real(2000), pickUp],
      menu: [real(1000), pickUp],
    } as const;
    const [ms, action] = isEngaged ? rows.busy : rows[behaviour.first];
    return timers.after(ms, () => void action());
  }

  /** Ends a leg that was not answered. If it is an extension, the switchboard ends its call, which is `completed`. */
  #failLeg(session: CallSession, leg: Leg, status: 'busy' | 'no-answer', reason: string): boolean {
    if (leg === session.call.legs[0]) return this.#registry.setStatus(session, status, reason);
    this.#registry.endLeg(leg, reason);
    return this.#registry.setStatus(session, 'completed', `The extension: ${reason.toLowerCase()}`);
  }

  #pickUp(session: CallSession, leg: Leg, behaviour: CallBehaviour): boolean {
    const { timers, changes } = this.#deps;
    const { call } = session;
    if (leg !== call.legs[0]) {
      session.cancelExtensionTimer();
      Object.assign(leg, { state: 'answered', answeredAt: timers.now(), missed: spokenSoFar(call) });
      changes.notify();
    } else {
      if (!this.#registry.setStatus(session, 'in-progress')) return false;
      const { timeLimit } = call.parameters;
      const end = () => this.#registry.setStatus(session, 'completed', 'Time limit');
      session.cancelTimer = timers.after(timeLimit * 1000, end);
      if (behaviour.first === 'menu') this.#switchboard.takeDigits(session);
      void this.#talk(session, behaviour);
    }
    if (behaviour.carriesKeys === true) session.connection.carryKeys();
    void runAutoActions(call, session.connection, behaviour.next, {
      ...this.#deps,
      press: key => this.press(leg.phone, key),
      hangUp: () => this.hangUp(leg.phone),
    });
    return true;
  }

  /** Performs the TwiML of an answered call, then ends the call. */
  async #talk(session: CallSession, behaviour: CallBehaviour): Promise<void> {
    const dialled = this.#switchboard.dial(session);
    const callbacksOf = (number: string) => this.#callbacksOf(number);
    const reason = await runCall({ ...this.#deps, callbacksOf }, session, behaviour.party, dialled);
    this.#registry.setStatus(session, 'completed', reason);
  }
}
