/** Decides how one key or a silence affects a Gather. https://www.twilio.com/docs/voice/twiml/gather */
import type { Gather } from './twiml.ts';

/** listen: wait for more keys. submit: request the action URL. fall through: continue with the next verb. */
export type GatherResult =
  | { readonly next: 'listen'; readonly digits: string }
  | { readonly next: 'submit'; readonly digits: string; readonly finishedOnKey: string }
  | { readonly next: 'fall through' };

type Rules = Pick<Gather, 'numDigits' | 'finishOnKey' | 'actionOnEmptyResult'>;

const finish = (rules: Rules, digits: string, finishedOnKey: string): GatherResult =>
  digits === '' && !rules.actionOnEmptyResult ? { next: 'fall through' } : { next: 'submit', digits, finishedOnKey };

/**
 * The effect of one key after `digits`. The finishing key is never part of the digits. As the first key it makes no
 * request, unless actionOnEmptyResult is set. With finishOnKey="" every key is a digit, # included.
 */
export const onKey = (rules: Rules, digits: string, key: string): GatherResult => {
  if (key === rules.finishOnKey) return finish(rules, digits, key);
  const more = digits + key;
  return more.length === rules.numDigits
    ? { next: 'submit', digits: more, finishedOnKey: '' }
    : { next: 'listen', digits: more };
};

/** The effect of silence for the whole timeout, after `digits`. */
export const onSilence = (rules: Rules, digits: string): GatherResult => finish(rules, digits, '');
