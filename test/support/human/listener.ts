/** Somebody at a telephone of the development world, who does not wait for voices: they speak as fast as the simulator's clock is moved. */
import { setTimeout as wait } from 'node:timers/promises';
import { moveTime, person, SimulatorError, type PersonAtPhone } from '../../../simulator/person.ts';
import type { CallView, PhoneView } from '../../../simulator/simulation/views.ts';

export interface Listener extends PersonAtPhone {
  /** Until it rings: a switchboard may have to be dialled through first. */
  rung(): Promise<CallView>;
  /** Picks up, and waits until the line listens. */
  pickUp(): Promise<void>;
  /** Listens on until this was said. Gives what was heard of it. */
  hearing(words: RegExp): Promise<string>;
  /** The six digits that are dictated. */
  dictated(): Promise<string>;
  /** A code of the app that was not read here before: each works once. */
  newCode(): Promise<string>;
  /** Nobody waits for the voice to say goodbye. */
  putDown(): Promise<void>;
}

const newest = ({ calls }: PhoneView): CallView | undefined => calls[0];
export const saidOn = (call: CallView | undefined): string => (call?.heard ?? []).map(({ text }) => text).join(' ');

/** Codes that were read, by where and who. */
const read = new Map<string, string>();

export const listenerAt = (simulator: string, number: string): Listener => {
  const phone = person(simulator, number);
  /** A second at a time. @throws with what there was at last. */
  const until = async <T>(find: (now: PhoneView) => T | undefined): Promise<T> => {
    for (let seconds = 0; seconds < 60; seconds += 1) {
      const found = find(await phone.phone());
      if (found !== undefined) return found;
      await moveTime(simulator, 1);
      // what is asked over the wire takes its own time
      await wait(30);
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
    },
    // Until the voice goes on, or is gone: what was pressed has reached the server by then.
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
