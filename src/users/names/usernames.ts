/**
 * Computes the canonical form of a username or an e-mail address, in which both are compared: all spellings lead to one account.
 * Passwords are not: `passwords/password-text.ts`.
 */
import { domainToUnicode } from 'node:url';
import { asciiDigits } from '../../digits.ts';
import { skeleton } from './confusables.ts';
import { trimInvisible } from './trim.ts';

/** UTF-16 units of the typed text. Checked first, because NFKC can make a text 18 times as long. */
const maxTypedLength = 256;
/** UTF-16 units of the canonical form. */
const maxNameLength = 128;

/**
 * Sets of scripts that may be mixed in one name (UTS #39 §5.2, highly restrictive): one script, or those that Chinese, Japanese
 * and Korean use beside Latin. A Cyrillic а in a Latin name would imitate the name of another person.
 */
const scripts: readonly RegExp[] = [
  /^[\p{scx=Latin}\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}]*$/u,
  /^[\p{scx=Latin}\p{scx=Han}\p{scx=Hangul}]*$/u,
  /^\p{scx=Cyrillic}*$/u,
  /^\p{scx=Greek}*$/u,
  /^\p{scx=Arabic}*$/u,
  /^\p{scx=Hebrew}*$/u,
  /^\p{scx=Armenian}*$/u,
  /^\p{scx=Georgian}*$/u,
  /^\p{scx=Ethiopic}*$/u,
  /^\p{scx=Devanagari}*$/u,
  /^\p{scx=Bengali}*$/u,
  /^\p{scx=Gurmukhi}*$/u,
  /^\p{scx=Gujarati}*$/u,
  /^\p{scx=Tamil}*$/u,
  /^\p{scx=Telugu}*$/u,
  /^\p{scx=Kannada}*$/u,
  /^\p{scx=Malayalam}*$/u,
  /^\p{scx=Sinhala}*$/u,
  /^\p{scx=Thai}*$/u,
  /^\p{scx=Lao}*$/u,
  /^\p{scx=Khmer}*$/u,
  /^\p{scx=Myanmar}*$/u,
];

/**
 * Letters, their marks, digits, and the signs of e-mail addresses, staff numbers, service accounts (`_backup`) and Entra ID, whose
 * guests are `ada_contoso.example#EXT#@fabrikam.example`. No space, control or format character; no `-` first, which commands read
 * as an option.
 */
const wellFormed = /^[\p{L}\p{Nd}_][\p{L}\p{M}\p{Nd}._@+'!#^~-]*$/u;

/** Characters that do not occur in real names, and could hide in imitated ones. */
const refused: readonly RegExp[] = [
  // Invisible letters: the Hangul fillers, the inherent vowels of Khmer.
  /\p{Default_Ignorable_Code_Point}/u,
  // Modifier letters that look like accents, dots and dashes.
  /[\u02B0-\u02FF]/u,
  // Latin letters without a capital (phonetic signs, clicks, small capitals), and historic ones.
  /(?=\p{Script=Latin})(?!\p{Changes_When_Uppercased})\p{L}/u,
  /[\u0185\u01A8\u01BD\u01BF\u021D\u0223\u1EFA-\u1EFF\u2184\u2C60-\u2C7F\uA720-\uA7FF]/u,
  // Parts of Korean syllables that NFKC did not compose (one of them is a stroke like l).
  /[\u1100-\u11FF\uA960-\uA97F\uD7B0-\uD7FF]/u,
  // Marks of phonetics and of music.
  // oxlint-disable-next-line no-misleading-character-class -- the class is meant to match marks alone
  /[\u0332-\u0341\u0343\u0344\u0346-\u0357\u0359-\u036F\u0951\u0952\u20F0\u302A-\u302D\u3099\u309A]/u,
  // A mark on the same mark looks like one. Five marks cannot be told apart.
  /(\p{M})\1/u,
  /\p{M}{5}/u,
];

/** Runs of Chinese and Japanese letters. Those of only these letters look like - l / and _. */
const eastAsian = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}]+/gu;
const strokesOnly = /^[\u30CE\u30FC\u3031-\u3035\u4E00\u4E28\u4E36\u4E3F]+$/u;
const hidesStrokes = (name: string): boolean => (name.match(eastAsian) ?? []).some(run => strokesOnly.test(run));

/**
 * The form of `typed` that is stored and compared; undefined for a text that cannot be a name.
 * Case folding and NFKC, twice, as one may undo the other: `Alice`, `ＡＬＩＣＥ` and ` alice ` are one account, and so are
 * both normal forms of `André`. Then look-alikes: `O’Brien` and `O'Brien`, `сара` and `capa`, `علي١` and `علي1`.
 * In an address the part before the @ and each label of the domain stand alone (UTS #39 §3.3), and Punycode is the same domain.
 */
export const canonicalName = (typed: string): string | undefined => {
  let name = canonicalOnce(typed);
  // Repeat until the form is stable, so that canonicalisation is idempotent: mapped letters may compose with marks.
  for (let pass = 0; pass < maxPasses && name !== undefined; pass += 1) {
    const next = canonicalOnce(name);
    if (next === name) return name;
    name = next;
  }
  return undefined;
};

/** The name as it is stored and shown: in normal form, as ſ is compared as s, but would be read as f. */
export const nameAsShown = (typed: string): string => trimInvisible(typed.normalize('NFKC'));

/** More than any name needs. */
const maxPasses = 4;

const canonicalOnce = (typed: string): string | undefined => {
  if (typed.length > maxTypedLength || !typed.isWellFormed() || hasIotaBelow.test(typed.normalize('NFD')))
    return undefined;
  const name = decodedDomain(plainMarks(trimInvisible(folded(folded(typed)))));
  if (
    name === undefined ||
    name.length > maxNameLength ||
    !wellFormed.test(name) ||
    refused.some(each => each.test(name))
  )
    return undefined;
  const parts = partsOf(name).map(canonicalPart);
  const canonical = parts.join('');
  return parts.includes(undefined) || canonical.length > maxNameLength ? undefined : canonical;
};

/** A name is one part; an address is its local part, the labels of its domain, and the signs between them. */
const partsOf = (name: string): readonly string[] => {
  const at = name.lastIndexOf('@');
  return at < 0 ? [name] : [name.slice(0, at), ...name.slice(at).split(/([@.])/)];
};

/** Domains are written as `bücher.example` or, in ASCII, as `xn--bcher-kva.example` (RFC 3492). undefined: not decodable. */
const decodedDomain = (name: string): string | undefined => {
  const at = name.lastIndexOf('@');
  if (at < 0 || !name.includes('xn--', at)) return name;
  const domain = domainToUnicode(name.slice(at + 1));
  return domain === '' ? undefined : `${name.slice(0, at)}@${domain}`;
};

const canonicalPart = (name: string): string | undefined => {
  // ASCII digits may be mixed with each script; dots and dashes have no script.
  const letters = name.replaceAll(/[^\p{L}\p{M}\p{Nd}]|[0-9]/gu, '');
  if (!scripts.some(script => script.test(letters)) || hidesStrokes(name)) return undefined;
  // Digits of other scripts need letters that show which script it is: a Bengali ৪ alone reads as an 8.
  if (/^\p{Nd}+$/u.test(letters)) return undefined;
  return skeleton(asciiDigits(name));
};

/** The iota of ancient Greek that is a letter in capitals, and a mark in small ones. Case folding can so reorder marks. */
const hasIotaBelow = /\u0345/u;

/** Upper case comes first: ß becomes SS, and ſ becomes S, only there (Unicode, full case folding). */
const folded = (text: string): string => text.toUpperCase().toLowerCase().normalize('NFKC');

/** One form of apostrophe; no second dot on a letter that has one (İ in small letters); no stretching line in Arabic. */
const plainMarks = (name: string): string =>
  name
    .replaceAll(/[\u2018\u2019\u02B9\u02BB-\u02BD]/gu, "'")
    .replaceAll(/(?<=\p{Soft_Dotted}\p{M}{0,4})\u0307|\u0640/gu, '');
