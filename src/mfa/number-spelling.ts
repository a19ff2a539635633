/** Rewrites spellings of telephone numbers that people use and libphonenumber does not know. */

/** Words for an extension, and the letters by which address books of mobiles mean a pause before its digits. */
const extensionWords = 'poste|ramal|interno|toestel|wewn|anknytning|p|w';
/** German and Austrian words for the last digits of a number that leads past the switchboard. */
const directDialWords = 'dw|durchwahl|kl|klappe|nst|nebenstelle';

const digitsAfter = (words: string): string =>
  `[\\s,;:(-]*\\b(?:${words})(?![a-z])\\s*[.:]?\\s*(?<digits>[0-9]{1,10})\\)?\\s*$`;
const extension = new RegExp(digitsAfter(`${extensionWords}|${directDialWords}`), 'iu');
// The 0 after a dash is the switchboard itself; the direct digits take its place.
const directDial = new RegExp(`^(?<base>\\s*\\+(?:49|43)[^a-z]*?)(?:-\\s*0)?${digitsAfter(directDialWords)}`, 'iu');
/** Mexican mobiles had a 1 after the country code until 2019. Many address books and WhatsApp still have it. */
const formerMexican = /^(?<before>\s*\+\s*52)[\s().-]*1(?=(?:[\s().-]*[0-9]){10}(?:[^0-9]|$))/u;

/**
 * The number as libphonenumber reads it: `poste 421` and `w421` as an extension, `DW 421` as the last digits in Germany and
 * Austria and as an extension elsewhere, `+52 1 55…` without the 1, full-width signs as ASCII. Anything else stays.
 */
export const plainSpelling = (typed: string): string =>
  typed
    .normalize('NFKC')
    // `p421` and `w421` directly behind a digit begin no word.
    .replace(/(?<=[0-9])(?=[pw][0-9])/iu, ' ')
    .replace(directDial, '$<base>$<digits>')
    .replace(extension, ' ext. $<digits>')
    .replace(formerMexican, '$<before> ');
