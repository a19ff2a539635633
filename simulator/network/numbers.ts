/** Describes the phone numbers of the account, as Twilio's IncomingPhoneNumber resource. */
import { createHash } from 'node:crypto';

/** A number that the account has at this carrier, and its capabilities. */
export interface OwnNumber {
  /** E.164. */
  readonly number: string;
  readonly voice: boolean;
  readonly sms: boolean;
}

/** The number of the account unless others are configured. */
export const defaultNumbers: readonly OwnNumber[] = [{ number: '+12025550100', voice: true, sms: true }];

/** Whether the account may call or text from this number. */
export const canUse = (numbers: readonly OwnNumber[], from: string, capability: 'voice' | 'sms'): boolean =>
  numbers.some(each => each.number === from && each[capability]);

/** The SID of a number, always the same: PN and 32 hexadecimal digits. */
const numberSid = (number: string): string => `PN${createHash('sha256').update(number).digest('hex').slice(0, 32)}`;

/** The IncomingPhoneNumber resource of a number, without the fields that this network does not know. */
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
