/** Reads what Twilio posts to us about calls: keys that were pressed, and how far a call got. */
import type { Callback, CarrierEvent } from '../../src/ports/carriers.ts';
import { readAddress } from './address.ts';
import { callProgress } from './progress.ts';
import { createFormReader, forged, type Trust } from './signed-form.ts';

/** The fields that are read. */
const shapes = {
  CallSid: /^CA[0-9a-f]{32}$/,
  CallStatus: /^(?:queued|initiated|ringing|in-progress|completed|busy|failed|no-answer|canceled)$/,
  Digits: /^[0-9*#]{0,7}$/,
  AnsweredBy: /^(?:human|machine_start|machine_end_beep|machine_end_silence|machine_end_other|fax|unknown)$/,
} as const;

const answerers: Readonly<Record<string, 'human' | 'machine' | 'unknown' | undefined>> = {
  human: 'human',
  fax: 'machine',
  unknown: 'unknown',
};

/** @throws Problem 'forged' for anything Twilio did not sign for this very address. */
export const createReader = (trust: Trust): ((callback: Callback) => CarrierEvent) => {
  const readFields = createFormReader(trust, shapes);
  return callback => {
    const fields = readFields(callback);
    const ours = readAddress(callback.path);
    if (ours === undefined) throw forged('an address that is not ours');
    const { token, step, heard } = ours;
    const reference = fields.get('CallSid');
    const digits = fields.get('Digits') ?? '';
    if (reference === undefined) throw forged('a form without CallSid');

    if (step === 'status') {
      const progress = callProgress(fields.get('CallStatus'));
      if (progress === undefined) throw forged('a status without CallStatus');
      return { token, reference, progress };
    }
    if (step === 'answered' && digits !== '') throw forged('keys before anything was said');
    const by = answerers[fields.get('AnsweredBy') ?? 'unknown'] ?? 'machine';
    return { token, reference, keys: heard + digits, by };
  };
};
