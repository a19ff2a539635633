/** Reads what Twilio posts about calls: keys that were pressed, the progress of a call, and who answered it. */
import type { Answerer, Callback, CarrierEvent } from '../../src/ports/carriers.ts';
import { readAddress } from './address.ts';
import { callProgress } from './progress.ts';
import { createFormReader, forged, type Trust } from './signed-form.ts';

/** Fields that are read, and their shapes. */
const shapes = {
  CallSid: /^CA[0-9a-f]{32}$/,
  CallStatus: /^(?:queued|initiated|ringing|in-progress|completed|busy|failed|no-answer|canceled)$/,
  Digits: /^[0-9*#]{0,7}$/,
  AnsweredBy: /^(?:human|machine_start|machine_end_beep|machine_end_silence|machine_end_other|fax|unknown)$/,
  ErrorCode: /^[0-9]{0,6}$/,
} as const;

/** Who picked up, by Twilio's words. Other words are machines. */
const answerers: Readonly<Record<string, Answerer | undefined>> = {
  human: 'human',
  fax: 'machine',
  unknown: 'unknown',
};

/** Gives the reader. @throws Problem 'forged' for a form that Twilio did not sign for this address, or an unexpected one. */
export const createReader = (trust: Trust): ((callback: Callback) => CarrierEvent) => {
  const readFields = createFormReader(trust, shapes);
  return callback => {
    const fields = readFields(callback);
    const address = readAddress(callback.path);
    if (address === undefined) throw forged('another address');
    const { token, step, previousKeys } = address;
    const reference = fields.get('CallSid');
    const digits = fields.get('Digits') ?? '';
    if (reference === undefined) throw forged('a form without CallSid');

    if (step === 'status') {
      const progress = callProgress(fields.get('CallStatus'));
      if (progress === undefined) throw forged('a status without CallStatus');
      return { token, reference, progress };
    }
    if (step !== 'keys' && digits !== '') throw forged('keys that no prompt asked for');
    const answeredBy = fields.get('AnsweredBy');
    const by = answerers[answeredBy ?? 'unknown'] ?? 'machine';
    if (step === 'answerer') {
      if (answeredBy === undefined) throw forged('a verdict without AnsweredBy');
      return { token, reference, answerer: by };
    }
    return {
      token,
      reference,
      step: step === 'keys' ? 'keys' : 'picked-up',
      keys: previousKeys + digits,
      isSilent: digits === '',
      isConnected: fields.get('CallStatus') === 'in-progress',
      by,
      ...(step === 'fallback' && { failure: fields.get('ErrorCode') ?? '' }),
    };
  };
};
