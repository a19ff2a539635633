/** Parses, formats and masks telephone numbers, and decides which of them are called and texted. */
import { maskNumber } from '../masking.ts';
import { parsePhoneNumberFromString, type PhoneNumberType } from 'libphonenumber-js/max';

/** Longest input that is parsed; E.164 has at most 15 digits. */
const longest = 40;

/** The number, and the extension behind it ("+1 202 555 0150 x421"); undefined: it cannot be dialled. */
export const phoneNumber = (spelled: string): { readonly number: string; readonly extension?: string } | undefined => {
  if (spelled.length > longest) return undefined;
  const number = parsePhoneNumberFromString(spelled.normalize('NFKC'));
  if (!number?.isValid()) return undefined;
  const { ext } = number;
  if (ext !== undefined && !/^[0-9]{1,10}$/.test(ext)) return undefined;
  return { number: number.number, ...(ext !== undefined && { extension: ext }) };
};

/** Types of numbers that toll fraud uses: their owners earn by each call, or no person answers. */
const refusedTypes: ReadonlySet<PhoneNumberType | undefined> = new Set<PhoneNumberType>([
  'PREMIUM_RATE',
  'SHARED_COST',
  'TOLL_FREE',
  'PAGER',
  'PERSONAL_NUMBER',
  'UAN',
  'VOICEMAIL',
]);

/** The reason why this number is neither called nor texted; undefined: it may be. `countries`: ISO 3166-1; undefined: all. */
export const barredBy = (e164: string, countries: readonly string[] | undefined): 'type' | 'country' | undefined => {
  const number = parsePhoneNumberFromString(e164);
  if (number === undefined || refusedTypes.has(number.getType())) return 'type';
  if (countries === undefined) return undefined;
  return number.country !== undefined && countries.includes(number.country) ? undefined : 'country';
};

/** The country of a number (ISO 3166-1), where its first digits tell it. */
export const countryOf = (e164: string): string | undefined => parsePhoneNumberFromString(e164)?.country;

/** False for a number that is known to be a landline: no text arrives there. */
export const takesTexts = (e164: string): boolean => parsePhoneNumberFromString(e164)?.getType() !== 'FIXED_LINE';

/** Masked for pages and logs: `+1 ••• 43`, `+1 ••• 50 x421`. */
export const maskPhone = ({ number, extension }: { readonly number: string; readonly extension?: string }): string =>
  extension === undefined ? maskNumber(number) : `${maskNumber(number)} x${extension}`;

/** As people read it on a display: `+1 202 555 0100`. */
export const spacedNumber = (e164: string): string => parsePhoneNumberFromString(e164)?.formatInternational() ?? e164;
