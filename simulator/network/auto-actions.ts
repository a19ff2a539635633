import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Changes } from '../events/changes.ts';
import type { Pace } from '../time/pace.ts';
import type { Timers } from '../time/timers.ts';
import { personTime } from '../time/pace.ts';
import { pass } from '../time/timers.ts';
import type { CallDoing } from './behaviours/calls.ts';
import type { Call } from './call.ts';
import { isOver } from './call.ts';
import type { Connection } from './connection.ts';

interface Hands {
  readonly changes: Changes;
  readonly timers: Timers;
  readonly pace: Pace;
  press(key: string): unknown;
  hangUp(): unknown;
}

/** Resolves when the line has spoken and listens, or the call is over. */
const heardOut = (call: Call, changes: Changes): Promise<void> => {
  const ready = () => {
    const last = call.heard.findLast(each => each.who === 'line');
    return call.listening && last !== undefined && last.spoken === last.words;
  };
  return new Promise(resolve => {
    const look = () => {
      if (!ready() && !isOver(call.status)) return;
      stop();
      resolve();
    };
    const stop = changes.hear(look);
    look();
  });
};

/** The person or machine that acts without anybody touching the phone: knows only what is heard. */
export const actAlone = async (
  call: Call,
  connection: Connection,
  next: CallDoing['next'],
  hands: Hands,
): Promise<void> => {
  const { changes, timers, pace } = hands;
  const keys = typeof next === 'object' ? next.press.split('') : [];
  const acts = next === 'hang up' ? [() => hands.hangUp()] : keys.map(key => () => hands.press(key));
  const early = typeof next === 'object' && next.early === true;
  for (const act of acts) {
    if (!early) await heardOut(call, changes);
    await pass(timers, personTime(pace, 600), connection.signal);
    if (connection.isOver) return;
    act();
    // The network takes this key before the line is listened to again.
    await nextTurn();
  }
};
