/** Parses, formats and masks telephone numbers, and decides which of them are called and texted. */
import { maskNumber } from '../masking.ts';
import type * as Numbering from 'libphonenumber-js/max';
import { lazily } from '../lazily.ts';
import { plainSpelling } from './number-spelling.ts';

/** The numbering plans of all countries take 11 MB. */
const numbering = lazily<typeof Numbering>('libphonenumber-js/max');

/** Longest input that is parsed; E.164 has at most 15 digits. */
const longest = 40;

/**
 * The number, and the extension behind it ("+1 202 555 0150 x421"); undefined: it cannot be dialled. `country`: ISO 3166-1 code of
 * the country in which a number without + is dialled so.
 */
export const phoneNumber = (
  spelled: string,
  country?: string,
): { readonly number: string; readonly extension?: string } | undefined => {
  if (spelled.length > longest) return undefined;
  const known = country !== undefined && numbering().isSupportedCountry(country) ? country : undefined;
  const number = numbering().parsePhoneNumberFromString(plainSpelling(spelled), known);
  if (!number?.isValid()) return undefined;
  const { ext } = number;
  if (ext !== undefined && !/^[0-9]{1,10}$/.test(ext)) return undefined;
  return { number: number.number, ...(ext !== undefined && { extension: ext }) };
};

/** Types of numbers that toll fraud uses: their owners earn by each call, or no person answers. */
const refusedTypes: ReadonlySet<Numbering.PhoneNumberType | undefined> = new Set<Numbering.PhoneNumberType>([
  'PREMIUM_RATE',
  'SHARED_COST',
  'TOLL_FREE',
  'PAGER',
  'PERSONAL_NUMBER',
  'UAN',
  'VOICEMAIL',
]);

/**
 * Ranges of the type UAN whose numbers are desks: a call costs as one to a landline there, its owner must not earn by it, and one
 * person answers behind the number. In order: Czech offices, Dutch, Finnish, British, Hungarian, Irish, Slovak, Swedish and Swiss
 * ones. Hotlines of this type (0570 in Japan, 0806 in France) stay refused.
 */
const desks = /^\+(?:420(?:95|97[2-4])|3188|358(?:29|30)|443[0347]|3638|353818|42196|4610|415[18])/;

/** The numbers that an operator wants to be reached. */
export interface Reach {
  /** ISO 3166-1 codes of the only countries; undefined: all. */
  readonly countries?: readonly string[];
  /** ISO 3166-1 codes of countries that are not reached. */
  readonly blocked?: readonly string[];
  /** First digits, with + and country code, of numbers that are reached whatever their type or country. */
  readonly prefixes?: readonly string[];
}

/**
 * The reason why this number is neither called nor texted; undefined: it may be. type: calls to it earn money, or no person
 * answers. network: satellites and other networks of no country (ITU-T E.164.1), whose calls cost several euros a minute.
 */
export const barredBy = (
  e164: string,
  { countries, blocked = [], prefixes = [] }: Reach = {},
): 'type' | 'network' | 'country' | undefined => {
  if (prefixes.some(prefix => e164.startsWith(prefix))) return undefined;
  const number = numbering().parsePhoneNumberFromString(e164);
  if (number === undefined) return 'type';
  if (refusedTypes.has(number.getType()) && !(number.getType() === 'UAN' && desks.test(e164))) return 'type';
  if (number.isNonGeographic()) return 'network';
  const { country } = number;
  if (country !== undefined && blocked.includes(country)) return 'country';
  if (countries === undefined) return undefined;
  return country !== undefined && countries.includes(country) ? undefined : 'country';
};

/** The countries that are called and texted, as ISO 3166-1 codes with their calling codes. */
export const reachableCountries = ({ countries, blocked = [] }: Reach = {}): readonly {
  readonly code: string;
  readonly callingCode: string;
}[] =>
  numbering()
    .getCountries()
    .filter(code => (countries === undefined || countries.includes(code)) && !blocked.includes(code))
    .map(code => ({ code, callingCode: numbering().getCountryCallingCode(code) }));

/** The country of a number (ISO 3166-1), where its first digits tell it. */
export const countryOf = (e164: string): string | undefined => numbering().parsePhoneNumberFromString(e164)?.country;

/** False for a number that is known to be a landline: no text arrives there. */
export const takesTexts = (e164: string): boolean =>
  numbering().parsePhoneNumberFromString(e164)?.getType() !== 'FIXED_LINE';

/** Masked for pages and logs: `+1 ••• 43`, `+1 ••• 50 x421`. */
export const maskPhone = ({ number, extension }: { readonly number: string; readonly extension?: string }): string =>
  extension === undefined ? maskNumber(number) : `${maskNumber(number)} x${extension}`;

/** As people read it on a display: `+1 202 555 0100`. */
export const spacedNumber = (e164: string): string =>
  numbering().parsePhoneNumberFromString(e164)?.formatInternational() ?? e164;
