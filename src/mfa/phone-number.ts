/** Telephone numbers: one spelling to compare and dial, and one to read. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** Longest spelling worth reading; E.164 has at most 15 digits. */
const longest = 40;

/** E.164 of an international number however it is spaced ("+1 (202) 555-0143"); undefined: no number that can be dialled. */
export const canonicalNumber = (spelled: string): string | undefined => {
  if (spelled.length > longest) return undefined;
  const number = parsePhoneNumberFromString(spelled.normalize('NFKC'));
  return number?.isValid() && number.ext === undefined ? number.number : undefined;
};

/** As people read it on a display: `+1 202 555 0100`. */
export const spacedNumber = (e164: string): string => parsePhoneNumberFromString(e164)?.formatInternational() ?? e164;
