/** Detects answering machines. https://www.twilio.com/docs/voice/answering-machine-detection */
import type { ChangeNotifier } from '../events/changes.ts';
import type { Pace } from '../time/pace.ts';
import { personTime } from '../time/pace.ts';
import type { Timers } from '../time/timers.ts';
import { delay } from '../time/timers.ts';
import type { AnsweringParty } from './behaviours/calls.ts';
import { detections } from './behaviours/calls.ts';
import type { Call } from './call.ts';
import type { Connection } from './connection.ts';

/** What detection needs beside the call. */
export interface DetectionDeps {
  readonly timers: Timers;
  readonly pace: Pace;
  readonly changes: ChangeNotifier;
}

/**
 * Runs machine detection if the call asks for it. Resolves with a result, or after the requested timeout. Without AsyncAmd
 * the caller requests no document until then.
 */
export const detectMachine = async (
  call: Call,
  connection: Connection,
  party: AnsweringParty,
  { timers, pace, changes }: DetectionDeps,
): Promise<void> => {
  const { machineDetection, machineDetectionTimeout } = call.parameters;
  if (machineDetection === undefined) return;
  const { result, after } = detections[party][machineDetection];
  const timeout = machineDetectionTimeout * 1000;
  const isDetected = after !== 'timeout' && after <= timeout;
  const took = isDetected ? after : timeout;
  await delay(timers, personTime(pace, took), connection.signal);
  if (connection.isOver) return;
  call.answeredBy = { result: isDetected ? result : 'unknown', took };
  changes.notify();
};
