import type { Changes } from '../events/changes.ts';
import type { Pace } from '../time/pace.ts';
import type { Timers } from '../time/timers.ts';
import { personTime } from '../time/pace.ts';
import { pass } from '../time/timers.ts';
import type { CallDoing } from './behaviours/calls.ts';
import { callDoings } from './behaviours/calls.ts';
import type { Leg } from './call.ts';
import { newLeg } from './call.ts';
import type { Live } from './call-registry.ts';
import { extensionPhone, heardTone, toneTime } from './tones.ts';

interface Parts {
  readonly timers: Timers;
  readonly pace: Pace;
  readonly changes: Changes;
  /** The telephones behind a number, by extension. */
  readonly extensionsOf: (number: string) => Readonly<Record<string, string>>;
  readonly doingOf: (phone: string) => CallDoing | undefined;
  /** Lets a telephone ring; what it gives stops it. */
  readonly ring: (live: Live, leg: Leg, doing: CallDoing, patience: number) => () => void;
  readonly end: (live: Live, why: string) => unknown;
}

/** How long a switchboard waits for an extension to be dialled, and lets it ring. */
const [awaited, rings] = [10_000, 30_000];

/** What stands behind an office's number: a switchboard that takes digits, and telephones that ring. */
export const createOffice = (parts: Parts) => {
  const { timers, pace, changes, extensionsOf, doingOf } = parts;

  const transfer = (live: Live, extension: string): void => {
    const phone = extensionPhone(live.call.order.to, extension);
    delete live.dialled;
    live.stopExtension();
    const leg: Leg = { ...newLeg(phone), state: 'ringing', ringingAt: timers.now() };
    live.call.legs.push(leg);
    live.stopExtension = parts.ring(live, leg, doingOf(phone) ?? callDoings.unreachable, rings);
  };

  const take = (live: Live, key: string): void => {
    if (live.dialled === undefined) return;
    live.dialled += key;
    if (Object.hasOwn(extensionsOf(live.call.order.to), live.dialled)) transfer(live, live.dialled);
  };

  return {
    /** The telephone that rings first when this number is called: an office may put calls through. */
    reached(number: string): string {
      const [extension] = Object.keys(extensionsOf(number));
      const direct = doingOf(number)?.first === 'direct' && extension !== undefined;
      return direct ? extensionPhone(number, extension) : number;
    },

    /** The switchboard has answered, and listens to what is dialled. */
    takeDigits(live: Live): void {
      live.dialled = '';
      live.stopExtension = timers.after(awaited, () => parts.end(live, 'No extension was dialled'));
    },

    /** The network dials what the order says: a switchboard takes it, a person hears tones. */
    async dial(live: Live): Promise<void> {
      const { call, connection } = live;
      for (const key of call.order.sendDigits ?? '') {
        await pass(timers, personTime(pace, toneTime(key)), connection.signal);
        if (connection.isOver) return;
        if (/w/i.test(key)) continue;
        heardTone(call, 'tones', key);
        take(live, key);
        changes.ring();
      }
    },
  };
};

export type Office = ReturnType<typeof createOffice>;
