/** Reads a number as a person enters it in a form: country, number and extension apart. Pure. */
import { barredBy, phoneNumber, takesTexts, type Reach } from './phone-number.ts';

/**
 * The reason why an entry is refused. unreadable: no number of that country. type, network, country: a number that is not reached
 * (`barredBy`). no-texts: texts do not arrive there, and a text was to prove it. bound: on this account already.
 */
export type PhoneEntryError =
  | 'no-number'
  | 'no-country'
  | 'unreadable'
  | 'extension'
  | 'type'
  | 'network'
  | 'country'
  | 'no-texts'
  | 'bound';

/** The texts of the form. `country`: ISO 3166-1 code, or empty. */
export interface PhoneEntry {
  readonly country: string;
  readonly number: string;
  readonly extension: string;
}

/** ok: the number as `phoneNumber` reads it again, in E.164, with its extension: `+12025550150 x421`. */
export type ReadPhoneEntry =
  | { readonly ok: true; readonly typed: string }
  | { readonly ok: false; readonly error: PhoneEntryError };

/**
 * The entered number. A number that begins with + names its country itself. `via`: the kind of message that is to prove it.
 * `bound`: the phones of the account.
 */
export const readPhoneEntry = (
  { country, number, extension }: PhoneEntry,
  {
    reach,
    via,
    bound,
  }: {
    readonly reach?: Reach | undefined;
    readonly via: 'call' | 'sms';
    readonly bound: readonly { readonly number: string; readonly extension?: string }[];
  },
): ReadPhoneEntry => {
  const typed = number.trim();
  const isInternational = /^[+＋]/u.test(typed);
  if (typed === '') return refused('no-number');
  if (!isInternational && country === '') return refused('no-country');
  if (!/^[0-9]{0,10}$/.test(extension.trim())) return refused('extension');
  const read = phoneNumber(typed, country);
  if (read === undefined) return refused('unreadable');
  const phone = extension.trim() === '' ? read : { ...read, extension: extension.trim() };
  const barred = barredBy(phone.number, reach);
  if (barred !== undefined) return refused(barred);
  const isBound = bound.some(each => each.number === phone.number && each.extension === phone.extension);
  if (isBound) return refused('bound');
  if (via === 'sms' && (phone.extension !== undefined || !takesTexts(phone.number))) return refused('no-texts');
  return { ok: true, typed: phone.extension === undefined ? phone.number : `${phone.number} x${phone.extension}` };
};

const refused = (error: PhoneEntryError): ReadPhoneEntry => ({ ok: false, error });
