/** Reads what Twilio posts about texts: their progress. */
import type { Callback, CarrierEvent } from '../../src/ports/carriers.ts';
import { readTextAddress } from './address.ts';
import { textProgress } from './progress.ts';
import { createFormReader, forged, type Trust } from './signed-form.ts';

/** Fields that are read, and their shapes. */
const shapes = {
  MessageSid: /^(?:SM|MM)[0-9a-f]{32}$/,
  MessageStatus:
    /^(?:accepted|scheduled|queued|sending|sent|partially_delivered|delivered|read|undelivered|failed|canceled)$/,
  ErrorCode: /^[0-9]{0,6}$/,
} as const;

/** Gives the reader. @throws Problem 'forged' for a form that Twilio did not sign for this address, or an unexpected one. */
export const createTextReader = (trust: Trust): ((callback: Callback) => CarrierEvent) => {
  const readFields = createFormReader(trust, shapes);
  return callback => {
    const fields = readFields(callback);
    const token = readTextAddress(callback.path);
    if (token === undefined) throw forged('another address');
    const reference = fields.get('MessageSid');
    const errorCode = fields.get('ErrorCode');
    const progress = textProgress(fields.get('MessageStatus'), errorCode ? Number(errorCode) : undefined);
    if (reference === undefined || progress === undefined)
      throw forged('a form without MessageSid or a known MessageStatus');
    return { token, reference, progress };
  };
};
