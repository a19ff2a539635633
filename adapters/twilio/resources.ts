/** Names the resources of an account that we read and change, and reads their members. https://www.twilio.com/docs/voice/api */
import type { RestAnswer } from './rest.ts';

/** Path of a call. `reference`: its id. */
export const callPath = (reference: string): string => `Calls/${encodeURIComponent(reference)}`;
/** Path of a text. */
export const textPath = (reference: string): string => `Messages/${encodeURIComponent(reference)}`;

const textIn = (body: RestAnswer['body'], name: string): string | undefined => {
  const value = body[name];
  return typeof value === 'string' ? value : undefined;
};

/** The status of a call, a text or an account; undefined: the answer names none. */
export const statusIn = (body: RestAnswer['body']): string | undefined => textIn(body, 'status');

/** The code of the error that ended a text, where there was one. */
export const errorCodeIn = ({ error_code: code }: RestAnswer['body']): number | undefined =>
  typeof code === 'number' ? code : undefined;

/** Whether this is a trial account, which reaches verified numbers only. */
export const isTrial = (body: RestAnswer['body']): boolean => textIn(body, 'type') === 'Trial';

/** The abilities of this number, in a list of numbers: Twilio also finds those that contain it. undefined: it is not in the list. */
export const abilitiesIn = (
  { incoming_phone_numbers: numbers }: RestAnswer['body'],
  number: string,
): { readonly voice: boolean; readonly sms: boolean } | undefined => {
  const listed: readonly unknown[] = Array.isArray(numbers) ? numbers : [];
  const found = listed.find(each => memberOf(each, 'phone_number') === number);
  if (found === undefined) return undefined;
  const has = (ability: string): boolean => memberOf(memberOf(found, 'capabilities'), ability) === true;
  return { voice: has('voice'), sms: has('sms') };
};

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
