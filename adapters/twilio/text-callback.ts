/** Reads what Twilio posts to us about texts: how far one got. */
import type { Callback, CarrierEvent } from '../../src/ports/carriers.ts';
import { readTextAddress } from './address.ts';
import { textProgress } from './progress.ts';
import { createFormReader, forged, type Trust } from './signed-form.ts';

/** The fields that are read. Why a text did not arrive is Twilio's own to show: nobody here acts on it. */
const shapes = {
  MessageSid: /^(?:SM|MM)[0-9a-f]{32}$/,
  MessageStatus:
    /^(?:accepted|scheduled|queued|sending|sent|partially_delivered|delivered|read|undelivered|failed|canceled)$/,
  ErrorCode: /^[0-9]{0,6}$/,
} as const;

/** @throws Problem 'forged' for anything Twilio did not sign for this very address. */
export const createTextReader = (trust: Trust): ((callback: Callback) => CarrierEvent) => {
  const readFields = createFormReader(trust, shapes);
  return callback => {
    const fields = readFields(callback);
    const token = readTextAddress(callback.path);
    if (token === undefined) throw forged('an address that is not ours');
    const reference = fields.get('MessageSid');
    const progress = textProgress(fields.get('MessageStatus'));
    if (reference === undefined || progress === undefined) throw forged('no text, or none of its states');
    return { token, reference, progress };
  };
};
