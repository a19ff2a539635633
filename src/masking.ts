/**
 * Masks what must not be shown as it is: telephone numbers, e-mail addresses, tokens in paths, and control characters in text.
 * Pages, calls, logs and the command line follow the same rules.
 */

/** Country calling codes of one and of two digits (ITU-T E.164); all others have three. */
const shortCallingCodes = /^(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;
const telephoneNumber = /(?:\+|%2B)[1-9](?:[ ().-]{0,2}\d){6,14}/gi;

/** `+4915112345642` → `+49 ••• 42`: enough for its owner to recognise, too little to call it. */
export const maskNumber = (number: string): string => {
  const digits = number.replace(/^%2B/i, '').replaceAll(/\D/g, '');
  const callingCode = shortCallingCodes.exec(digits)?.[0] ?? digits.slice(0, 3);
  return `+${callingCode} ••• ${digits.slice(-2)}`;
};

/** `ada@example.com` → `a•••@example.com`: enough for its owner to recognise. */
export const maskAddress = (address: string): string => {
  const [first = ''] = address;
  return `${first}•••${address.slice(address.lastIndexOf('@'))}`;
};

/** The text with each telephone number in it masked. */
export const maskNumbers = (text: string): string => text.replaceAll(telephoneNumber, maskNumber);

/** The path without its long random parts, which belong to one person: the token of a call, the id of a sign-in. */
export const maskTokens = (path: string): string => path.replaceAll(/[\w-]{22,}/g, '…');

/** The text without control and format characters. Anyone may choose a display name, and terminals obey such characters. */
export const plain = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '');

/** Whether the text has no character that turns, hides or breaks a line, so that a person reads what it says. */
export const isPlain = (text: string): boolean => text === plain(text);
