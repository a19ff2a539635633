/** Answers calls to an office: takes the digits of an extension, and lets its telephone ring. */
import type { ChangeNotifier } from '../events/changes.ts';
import type { Pace } from '../time/pace.ts';
import { personTime } from '../time/pace.ts';
import type { Timers } from '../time/timers.ts';
import { delay } from '../time/timers.ts';
import type { CallBehaviour } from './behaviours/calls.ts';
import { callBehaviours } from './behaviours/calls.ts';
import type { Leg } from './call.ts';
import { newLeg } from './call.ts';
import type { CallSession } from './call-registry.ts';
import { extensionPhone, recordTone, toneDuration } from './tones.ts';

/** What a switchboard is made from. */
export interface SwitchboardDeps {
  readonly timers: Timers;
  readonly pace: Pace;
  readonly changes: ChangeNotifier;
  /** The names behind a number, by extension. */
  readonly extensionsOf: (number: string) => Readonly<Record<string, string>>;
  readonly behaviourOf: (phone: string) => CallBehaviour | undefined;
  /** Lets a telephone ring for at most `timeout` milliseconds; the function it returns cancels the timer. */
  readonly ring: (session: CallSession, leg: Leg, behaviour: CallBehaviour, timeout: number) => () => void;
  readonly end: (session: CallSession, reason: string) => unknown;
}

/** Milliseconds for which a switchboard waits for an extension. */
const digitsTimeout = 10_000;
/** A menu that takes digits at once, without a key after them. */
const immediate = { takesAfter: 0, endKey: undefined };
/** Milliseconds for which it lets an extension ring. */
const ringTimeout = 30_000;

/** Makes the switchboard that answers for all offices. */
export const createSwitchboard = (deps: SwitchboardDeps) => {
  const { timers, pace, changes, extensionsOf, behaviourOf } = deps;

  const transfer = (session: CallSession, extension: string): void => {
    const phone = extensionPhone(session.call.parameters.to, extension);
    delete session.dialled;
    session.cancelExtensionTimer();
    const leg: Leg = { ...newLeg(phone), state: 'ringing', ringingAt: timers.now() };
    session.call.legs.push(leg);
    const behaviour = behaviourOf(phone) ?? callBehaviours.unreachable;
    session.cancelExtensionTimer = deps.ring(session, leg, behaviour, ringTimeout);
  };

  /** `at`: milliseconds from the answer to this key. */
  const takeDigit = (session: CallSession, key: string, at: number): void => {
    const { to } = session.call.parameters;
    const { takesAfter, endKey } = behaviourOf(to)?.menu ?? immediate;
    if (session.dialled === undefined || at < takesAfter) return;
    const isEnd = key === endKey;
    if (!isEnd) session.dialled += key;
    const isComplete = isEnd || endKey === undefined;
    if (isComplete && Object.hasOwn(extensionsOf(to), session.dialled)) transfer(session, session.dialled);
  };

  return {
    /** The telephone that rings first when `number` is called: an extension, if the office is set to `direct`. */
    firstPhone(number: string): string {
      const [extension] = Object.keys(extensionsOf(number));
      const isDirect = behaviourOf(number)?.first === 'direct' && extension !== undefined;
      return isDirect ? extensionPhone(number, extension) : number;
    },

    /** Starts to take digits after the switchboard has answered. */
    takeDigits(session: CallSession): void {
      session.dialled = '';
      session.cancelExtensionTimer = timers.after(digitsTimeout, () => deps.end(session, 'No extension was dialled'));
    },

    /** Dials the keys of SendDigits. A switchboard takes them; a person hears tones. */
    async dial(session: CallSession): Promise<void> {
      const { call, connection } = session;
      let at = 0;
      for (const key of call.parameters.sendDigits ?? '') {
        await delay(timers, personTime(pace, toneDuration(key)), connection.signal);
        if (connection.isOver) return;
        const from = at;
        at += toneDuration(key);
        if (/w/i.test(key)) continue;
        recordTone(call, 'tones', key);
        takeDigit(session, key, from);
        changes.notify();
      }
    },
  };
};

/** Answers for offices. */
export type Switchboard = ReturnType<typeof createSwitchboard>;
