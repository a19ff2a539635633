import { createHash } from 'node:crypto';

/** A number that the account has at this carrier. */
export interface OwnNumber {
  /** E.164. */
  readonly number: string;
  readonly voice: boolean;
  readonly sms: boolean;
}

/** The number that samples call from. */
export const usualNumbers: readonly OwnNumber[] = [{ number: '+12025550100', voice: true, sms: true }];

export const mayUse = (numbers: readonly OwnNumber[], from: string, how: 'voice' | 'sms'): boolean =>
  numbers.some(each => each.number === from && each[how]);

/** A SID that belongs to a number for good: PN and 32 hexadecimal digits. */
const numberSid = (number: string): string => `PN${createHash('sha256').update(number).digest('hex').slice(0, 32)}`;

/** An IncomingPhoneNumber as the REST API shows it, as far as this network knows it. */
export const numberResource = (
  { number, voice, sms }: OwnNumber,
  base: string,
  accountSid: string,
): Readonly<Record<string, unknown>> => ({
  sid: numberSid(number),
  account_sid: accountSid,
  friendly_name: number,
  phone_number: number,
  capabilities: { voice, sms, mms: sms, fax: false },
  api_version: '2010-04-01',
  status: 'in-use',
  uri: `${base}/IncomingPhoneNumbers/${numberSid(number)}.json`,
});
