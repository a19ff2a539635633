/** Acts on a phone that is set to act without a person: presses keys or hangs up. Knows only the transcript. */
import { setImmediate } from 'node:timers/promises';
import type { ChangeNotifier } from '../events/changes.ts';
import type { Pace } from '../time/pace.ts';
import { personTime } from '../time/pace.ts';
import type { Timers } from '../time/timers.ts';
import { delay } from '../time/timers.ts';
import type { CallBehaviour } from './behaviours/calls.ts';
import type { Call } from './call.ts';
import { isOver } from './call.ts';
import type { Connection } from './connection.ts';

/** What acting needs beside the call. */
export interface AutoActionsDeps {
  readonly changes: ChangeNotifier;
  readonly timers: Timers;
  readonly pace: Pace;
  press(key: string): unknown;
  hangUp(): unknown;
}

/** Resolves when the announcement has ended and keys are accepted, or at the end of the call. */
const announcementEnd = (call: Call, changes: ChangeNotifier): Promise<void> => {
  const isReady = () => {
    const last = call.heard.findLast(each => each.who === 'line');
    return call.listening && last !== undefined && last.spoken === last.words;
  };
  return new Promise(resolve => {
    const check = () => {
      if (!isReady() && !isOver(call.status)) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = changes.subscribe(check);
    check();
  });
};

/** Performs the actions that `next` lists, each after the announcement before it. */
export const runAutoActions = async (
  call: Call,
  connection: Connection,
  next: CallBehaviour['next'],
  deps: AutoActionsDeps,
): Promise<void> => {
  const { changes, timers, pace } = deps;
  const keys = typeof next === 'object' ? next.press.split('') : [];
  const actions = next === 'hang up' ? [() => deps.hangUp()] : keys.map(key => () => deps.press(key));
  const isEarly = typeof next === 'object' && next.early === true;
  for (const action of actions) {
    if (!isEarly) await announcementEnd(call, changes);
    await delay(timers, personTime(pace, 600), connection.signal);
    if (connection.isOver) return;
    action();
    // Lets the network read this key before the next check.
    await setImmediate();
  }
};
