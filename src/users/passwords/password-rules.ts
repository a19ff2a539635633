/**
 * Decides whether a password may be set (NIST SP 800-63B-4 §3.1.1.2): at least 8 characters, none that attackers try first. Rules
 * of composition (digits, capitals) are not used, as NIST requires. A password that was set before is never judged.
 * `Passwords.hashNew` adds the rules that need more than the text: leaked passwords, and the one that is replaced.
 */
import type { PasswordFault } from '../../password-fault.ts';
import { isHashable, normalizedPassword } from './password-text.ts';

/** Code points. It is one of two factors, or of one where the operator requires no second. */
export const minPasswordLength = 8;

/** Texts that an attacker knows of the owner. */
export interface PasswordOwner {
  readonly name: string;
  readonly displayName?: string;
  readonly email?: string;
}

/** The first rule that `typed` breaks; undefined: it may be set. `service`: host name of the issuer. */
export const passwordFault = async (
  typed: string,
  { name, displayName = '', email = '' }: PasswordOwner,
  service: string,
): Promise<Exclude<PasswordFault, 'breached' | 'same'> | undefined> => {
  if (!isHashable(typed)) return 'unreadable';
  const password = normalizedPassword(typed);
  if (Array.from(password).length < minPasswordLength) return 'short';
  const folded = password.normalize('NFKC').toLowerCase();
  if (isPattern(folded)) return 'pattern';
  const known = [name, displayName, email, service, 'sallyport'].flatMap(wordsOf);
  if (isMadeOf(folded, known)) return 'personal';
  return (await commonPasswords()).has(folded) ? 'common' : undefined;
};

/** One to four characters again and again, or characters at equal distances: `abababab`, `abcdefgh`, `87654321`. */
const isPattern = (password: string): boolean => {
  const codes = Array.from(password, each => each.codePointAt(0) ?? 0);
  const isRepeated = [1, 2, 3, 4].some(length => codes.every((code, place) => code === codes[place % length]));
  const [first = 0, second = 0] = codes;
  return isRepeated || codes.every((code, place) => code - first === place * (second - first));
};

/** The text and its words in small letters, without signs, with and without digits: `Ada L.` gives `adal`, `ada` and `l`. */
const wordsOf = (text: string): readonly string[] => {
  const folded = text.normalize('NFKC').toLowerCase();
  const words = [folded, ...folded.split(/[^\p{L}\p{M}\p{N}]+/u)].map(withoutSigns);
  return [...words, ...words.map(withoutDigits)].filter(word => word !== '');
};
const withoutSigns = (text: string): string => text.replaceAll(/[^\p{L}\p{M}\p{N}]/gu, '');
const withoutDigits = (text: string): string => text.replaceAll(/\p{N}/gu, '');

/**
 * True for one of the words, however often, with any signs and digits around it: NIST SP 800-63B-4 §3.1.1.2 names derivatives. A
 * word in a longer password is no fault, as the password is compared as a whole.
 */
const isMadeOf = (folded: string, words: readonly string[]): boolean => {
  const plain = withoutSigns(folded);
  return [plain, withoutDigits(plain)].some(
    text => text !== '' && words.some(word => text.replaceAll(word, '') === ''),
  );
};

let loading: Promise<ReadonlySet<string>> | undefined;

/** Loaded at the first use: 49,000 texts take 5 MB, and most processes never set a password. */
const commonPasswords = (): Promise<ReadonlySet<string>> => (loading ??= load());

const load = async (): Promise<ReadonlySet<string>> => {
  const { dictionary } = await import('@zxcvbn-ts/language-common');
  return new Set(dictionary['passwords-common']);
};
