/** Telephone numbers: one spelling to compare and dial, one to read, and which of them we call and text at all. */
import { maskNumber } from '../masking.ts';
import { parsePhoneNumberFromString, type PhoneNumberType } from 'libphonenumber-js/max';

/** Longest spelling worth reading; E.164 has at most 15 digits. */
const longest = 40;

/** The number, and the extension behind it ("+1 202 555 0150 x421"); undefined: nothing that can be dialled. */
export const phoneNumber = (spelled: string): { readonly number: string; readonly extension?: string } | undefined => {
  if (spelled.length > longest) return undefined;
  const number = parsePhoneNumberFromString(spelled.normalize('NFKC'));
  if (!number?.isValid()) return undefined;
  const { ext } = number;
  if (ext !== undefined && !/^[0-9]{1,10}$/.test(ext)) return undefined;
  return { number: number.number, ...(ext !== undefined && { extension: ext }) };
};

/** Numbers whose owner earns by each call, that nobody picks up, or that lead to whoever pays: the ways of toll fraud (A27). */
const refusedTypes: ReadonlySet<PhoneNumberType | undefined> = new Set<PhoneNumberType>([
  'PREMIUM_RATE',
  'SHARED_COST',
  'TOLL_FREE',
  'PAGER',
  'PERSONAL_NUMBER',
  'UAN',
  'VOICEMAIL',
]);

/** Why this number is neither called nor texted; undefined where it may be. `countries`: the only ones, ISO 3166-1; undefined: all. */
export const barredBy = (e164: string, countries: readonly string[] | undefined): 'type' | 'country' | undefined => {
  const number = parsePhoneNumberFromString(e164);
  if (number === undefined || refusedTypes.has(number.getType())) return 'type';
  if (countries === undefined) return undefined;
  return number.country !== undefined && countries.includes(number.country) ? undefined : 'country';
};

/** False for a number that is known to end at a wall: no text arrives there. */
export const takesTexts = (e164: string): boolean => parsePhoneNumberFromString(e164)?.getType() !== 'FIXED_LINE';

/** What may be shown: `+1 ••• 43`, `+1 ••• 50 x421`. */
export const maskPhone = ({ number, extension }: { readonly number: string; readonly extension?: string }): string =>
  extension === undefined ? maskNumber(number) : `${maskNumber(number)} x${extension}`;

/** As people read it on a display: `+1 202 555 0100`. */
export const spacedNumber = (e164: string): string => parsePhoneNumberFromString(e164)?.formatInternational() ?? e164;
