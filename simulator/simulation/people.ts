/** Defines the people of a simulation, and the telephones and authenticator apps they have. */
import type { BehaviourSettings } from '../network/behaviours/settings.ts';
import { defaultOfficeSettings, defaultSettings } from '../network/behaviours/settings.ts';
import { extensionPhone } from '../network/tones.ts';
import { decodeBase32 } from './totp.ts';

/** A person with a phone, an authenticator app, or both; or an office with extensions. */
export interface Person {
  readonly name: string;
  /** E.164. Samples use the fictional +1 202 555 0100 to 0199. */
  readonly number?: string;
  /** Base32; the secret in the authenticator app of this person. */
  readonly totpSecret?: string;
  /** Names behind the number of an office, by extension: `{ '421': 'Ada' }`. */
  readonly extensions?: Readonly<Record<string, string>>;
}

/** A telephone and its settings. */
export interface Phone {
  readonly name: string;
  /** E.164; for an extension with `;ext=` at the end (RFC 3966). */
  readonly number: string;
  readonly behaviour: BehaviourSettings;
  /** Of an office: names by extension. */
  readonly extensions?: Readonly<Record<string, string>>;
}

/** Why this person cannot be added to `others`; undefined: they can. */
export const personError = (person: Person, others: readonly Person[]): string | undefined => {
  const { name, number, totpSecret, extensions = {} } = person;
  const error = (what: string) => `${name}: ${what}`;
  if (name.trim() === '' || name.length > 60) return 'A name has 1 to 60 characters';
  if (number !== undefined && !/^\+[1-9][0-9]{6,14}$/.test(number)) {
    return error(`${number} is not a number in E.164 format`);
  }
  if (number !== undefined && others.some(each => each.number === number)) {
    return error(`${number} belongs to another person`);
  }
  const digits = Object.keys(extensions);
  if (digits.length > 0 && number === undefined) return error('extensions need a number');
  const invalid = digits.find(each => !/^[0-9]{1,10}$/.test(each));
  if (invalid !== undefined) return error(`the extension ${invalid} is not 1 to 10 digits`);
  const prefix = digits.find(each => digits.some(other => other !== each && other.startsWith(each)));
  if (prefix !== undefined) return error(`the extension ${prefix} is the beginning of another one`);
  try {
    if (totpSecret !== undefined) decodeBase32(totpSecret);
    return undefined;
  } catch (cause) {
    return cause instanceof Error ? cause.message : 'unknown error';
  }
};

/** The telephones of a person: their own, and those of extensions. `settings` has the changed settings by number. */
export const phonesOf = (
  { name, number, extensions }: Person,
  settings: ReadonlyMap<string, BehaviourSettings>,
): readonly Phone[] => {
  if (number === undefined) return [];
  const own = extensions === undefined ? defaultSettings : defaultOfficeSettings;
  return [
    { name, number, behaviour: settings.get(number) ?? own, ...(extensions !== undefined && { extensions }) },
    ...Object.entries(extensions ?? {}).map(([digits, person]) => {
      const phone = extensionPhone(number, digits);
      const behaviour = settings.get(phone) ?? { ...defaultSettings, texts: 'landline' as const };
      return { name: person, number: phone, behaviour };
    }),
  ];
};
