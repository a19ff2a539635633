/** What may be shown of a telephone number, and of an address of ours: the rules for pages, calls, logs and the command line. */

/** Country calling codes of one and of two digits (ITU-T E.164); all others have three. */
const shortCallingCodes = /^(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;
const telephoneNumber = /(?:\+|%2B)[1-9](?:[ ().-]{0,2}\d){6,14}/gi;

/** `+4915112345642` → `+49 ••• 42`: enough to recognise one's own number by, too little to call it. */
export const maskNumber = (number: string): string => {
  const digits = number.replace(/^%2B/i, '').replaceAll(/\D/g, '');
  const callingCode = shortCallingCodes.exec(digits)?.[0] ?? digits.slice(0, 3);
  return `+${callingCode} ••• ${digits.slice(-2)}`;
};

/** The text with every number in it masked. */
export const maskNumbers = (text: string): string => text.replaceAll(telephoneNumber, maskNumber);

/** A path without the long random parts that make it somebody's: the token of a call, the name of a sign-in. */
export const impersonal = (path: string): string => path.replaceAll(/[\w-]{22,}/g, '…');
