import type { Gather } from './twiml.ts';

/** listen: for more keys. submit: ask the action address. fall through: the verb after this one. */
export type Step =
  | { readonly next: 'listen'; readonly digits: string }
  | { readonly next: 'submit'; readonly digits: string; readonly finishedOnKey: string }
  | { readonly next: 'fall through' };

type Rules = Pick<Gather, 'numDigits' | 'finishOnKey' | 'actionOnEmptyResult'>;

const close = (rules: Rules, digits: string, finishedOnKey: string): Step =>
  digits === '' && !rules.actionOnEmptyResult ? { next: 'fall through' } : { next: 'submit', digits, finishedOnKey };

/**
 * What one key does. The finishing key is never part of the digits, and before any digit it makes no request
 * (unless actionOnEmptyResult). With finishOnKey="" every key is a digit, # included.
 * https://www.twilio.com/docs/voice/twiml/gather
 */
export const onKey = (rules: Rules, digits: string, key: string): Step => {
  if (key === rules.finishOnKey) return close(rules, digits, key);
  const more = digits + key;
  return more.length === rules.numDigits
    ? { next: 'submit', digits: more, finishedOnKey: '' }
    : { next: 'listen', digits: more };
};

/** What silence does when the time is up. */
export const onSilence = (rules: Rules, digits: string): Step => close(rules, digits, '');
