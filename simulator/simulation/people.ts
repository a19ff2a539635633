import type { Behaviour } from '../network/behaviours/settings.ts';
import { usual, usualOffice } from '../network/behaviours/settings.ts';
import { extensionPhone } from '../network/tones.ts';
import { decodeBase32 } from './totp.ts';

/** Somebody who lives in this world, with a phone, an authenticator app, or both; or an office with extensions. */
export interface Person {
  readonly name: string;
  /** E.164. Samples use the fictional +1 202 555 0100 to 0199. */
  readonly number?: string;
  /** Base32; what the authenticator app of this person holds. */
  readonly totpSecret?: string;
  /** Who sits behind the number, by what is dialled for them: `{ '421': 'Ada' }`. */
  readonly extensions?: Readonly<Record<string, string>>;
}

/** A telephone and how it is set. */
export interface Phone {
  readonly name: string;
  /** E.164, or that of the office with `;ext=` behind it. */
  readonly number: string;
  readonly behaviour: Behaviour;
  /** Of an office. */
  readonly extensions?: Readonly<Record<string, string>>;
}

/** Why this person cannot live here, beside those who do; undefined: nothing is wrong. */
export const personFault = (person: Person, others: readonly Person[]): string | undefined => {
  const { name, number, totpSecret, extensions = {} } = person;
  const fault = (what: string) => `${name}: ${what}`;
  if (name.trim() === '' || name.length > 60) return 'a name has 1 to 60 characters';
  if (number !== undefined && !/^\+[1-9][0-9]{6,14}$/.test(number)) return fault(`${number} is no number in E.164`);
  if (number !== undefined && others.some(each => each.number === number)) {
    return fault(`${number} belongs to somebody else`);
  }
  const digits = Object.keys(extensions);
  if (digits.length > 0 && number === undefined) return fault('extensions stand behind a number');
  const odd = digits.find(each => !/^[0-9]{1,10}$/.test(each));
  if (odd !== undefined) return fault(`${odd} is no extension: 1 to 10 digits`);
  const first = digits.find(each => digits.some(other => other !== each && other.startsWith(each)));
  if (first !== undefined) return fault(`${first} begins another extension`);
  try {
    if (totpSecret !== undefined) decodeBase32(totpSecret);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'unknown';
  }
};

/** The telephones of a person: their own, and those behind it. `set`: how they were set, by number. */
export const phonesOf = (
  { name, number, extensions }: Person,
  set: ReadonlyMap<string, Behaviour>,
): readonly Phone[] => {
  if (number === undefined) return [];
  const own = extensions === undefined ? usual : usualOffice;
  return [
    { name, number, behaviour: set.get(number) ?? own, ...(extensions !== undefined && { extensions }) },
    ...Object.entries(extensions ?? {}).map(([digits, whose]) => {
      const phone = extensionPhone(number, digits);
      return { name: whose, number: phone, behaviour: set.get(phone) ?? { ...usual, texts: 'landline' as const } };
    }),
  ];
};
