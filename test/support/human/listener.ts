/** Acts as a person at a phone of the development world. Moves the simulator's clock instead of waiting for the voice. */
import { setTimeout as wait } from 'node:timers/promises';
import { passTime, untilHeard } from '../world/clock.ts';
import { moveTime, person, readWire, SimulatorError, type PersonAtPhone } from '../../../simulator/person.ts';
import type { CallView, PhoneView } from '../../../simulator/simulation/views.ts';
import { untilUnderstood } from './person.ts';

export interface Listener extends PersonAtPhone {
  /** Waits until the phone rings. A switchboard may have to be passed first. */
  rung(): Promise<CallView>;
  /** Picks up, and waits until the call accepts keys and the beginning of its question was heard. */
  pickUp(): Promise<void>;
  /** Listens until these words were said. Returns the matching text. */
  hearing(words: RegExp): Promise<string>;
  /** Hears the question to its end: behind an extension no key approves before. Waits, since the server's clock cannot be moved. */
  hearOut(): Promise<void>;
  /** Listens for the six dictated digits. */
  dictated(): Promise<string>;
  /** A code of the app that was not returned before, because each works once. */
  newCode(): Promise<string>;
  /** Hangs up; the call may have ended already. */
  putDown(): Promise<void>;
}

const newest = ({ calls }: PhoneView): CallView | undefined => calls[0];
export const saidOn = (call: CallView | undefined): string => (call?.heard ?? []).map(({ text }) => text).join(' ');

/** Last code by simulator and phone. */
const read = new Map<string, string>();

export const listenerAt = (simulator: string, number: string): Listener => {
  const phone = person(simulator, number);
  /** Whether the server answers a request of the carrier now, or the carrier one of the server. */
  const isBusy = async (): Promise<boolean> => (await readWire(simulator)).some(({ status }) => status === undefined);
  /** Moves the clock by seconds until `find` finds a value. @throws Error with the last state of the phone. */
  const until = async <T>(find: (now: PhoneView) => T | undefined): Promise<T> => {
    for (let seconds = 0; seconds < 60; seconds += 1) {
      const found = find(await phone.phone());
      if (found !== undefined) return found;
      // A server on a slow machine must not lose the time in which the phone rings or listens.
      await wait(seconds < 20 ? 30 : 500);
      if (!(await isBusy())) await moveTime(simulator, 1);
    }
    throw new Error(`not so: ${JSON.stringify(await phone.phone())}`);
  };
  const listener: Listener = {
    ...phone,
    rung: () => until(now => (now.state === 'ringing' ? newest(now) : undefined)),
    async pickUp() {
      await listener.rung();
      await phone.answer();
      await until(now => newest(now)?.listening || undefined);
      await passTime(untilHeard);
    },
    // Waits until the voice continues or the call is over: by then the server has the keys.
    async press(keys) {
      const heard = newest(await phone.phone())?.heard.length ?? 0;
      const pressed = await phone.press(keys);
      await until(now => {
        const call = newest(now);
        return call === undefined || call.isOver || call.heard.length > heard || undefined;
      });
      return pressed;
    },
    hearing: words => until(now => words.exec(saidOn(newest(now)))?.[0]),
    hearOut: () => wait(untilUnderstood),
    dictated: async () => (await listener.hearing(/(?:\d\. ){5}\d\./)).replaceAll(/\D/g, ''),
    async newCode() {
      const who = `${simulator} ${number}`;
      for (let turn = 0; turn < 320; turn += 1) {
        const code = await phone.code();
        if (code !== read.get(who)) {
          read.set(who, code);
          return code;
        }
        await wait(100);
      }
      throw new Error(`the app of ${number} stands still`);
    },
    async putDown() {
      try {
        await phone.hangUp();
      } catch (error) {
        if (!(error instanceof SimulatorError && error.code === 'not-now')) throw error;
      }
    },
  };
  return listener;
};
