import type { Changes } from '../events/changes.ts';
import type { Pace } from '../time/pace.ts';
import type { Timers } from '../time/timers.ts';
import { personTime } from '../time/pace.ts';
import { pass } from '../time/timers.ts';
import type { Voice } from './behaviours/calls.ts';
import { detections } from './behaviours/calls.ts';
import type { Call } from './call.ts';
import type { Connection } from './connection.ts';

/**
 * Machine detection, where it was ordered: resolves once it knows who picked up, or has tried as long as the order lets
 * it. Nothing is asked for or said before.
 */
export const detect = async (
  call: Call,
  connection: Connection,
  voice: Voice,
  parts: { readonly timers: Timers; readonly pace: Pace; readonly changes: Changes },
): Promise<void> => {
  const { machineDetection, machineDetectionTimeout } = call.order;
  if (machineDetection === undefined) return;
  const { says, after } = detections[voice][machineDetection];
  const tries = machineDetectionTimeout * 1000;
  const knows = after !== 'patience' && after <= tries;
  const took = knows ? after : tries;
  await pass(parts.timers, personTime(parts.pace, took), connection.signal);
  if (connection.isOver) return;
  call.answeredBy = { says: knows ? says : 'unknown', took };
  parts.changes.ring();
};
