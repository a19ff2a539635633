/** Checks a row of a file. Returns the person, or all mistakes. Stores nothing. */
import { isProblem } from '../errors.ts';
import type { Authenticator } from '../mfa/factor.ts';
import { labelFor, phoneType, wantedPhone, type Phone } from '../mfa/factors/phone.ts';
import type { TotpSeed } from '../mfa/factors/totp.ts';
import { readOtpauth } from '../mfa/otpauth.ts';
import type { Reach } from '../mfa/phone-number.ts';
import type { User } from '../records.ts';
import { emailAddress } from '../users/names/email-address.ts';
import { expected } from '../users/expected.ts';
import { readHash } from '../users/passwords/foreign-hash.ts';
import { checkProfile, shownName, type Profile } from '../users/profile.ts';
import { signInNames } from '../users/names/sign-in-names.ts';
import { canonicalName, nameAsShown } from '../users/names/usernames.ts';
import type { FileRow, Member, RowMistake } from './members.ts';

/** A phone with its label: `mobile`, `alternate` or `office`, which pages translate. */
export interface LabelledPhone {
  readonly label: string;
  readonly phone: Phone;
}

/** A person as described by a row. */
export interface FilePerson {
  readonly line: number;
  /** Members that have a value in the row. */
  readonly given: ReadonlySet<Member>;
  /** Members whose secret is easy to guess if it leaks. */
  readonly weak: readonly Member[];
  readonly account: Pick<User, 'name' | 'signInNames' | 'email' | 'emailVerified' | 'passwordHash'> & Profile;
  readonly locked: boolean;
  readonly phones: readonly LabelledPhone[];
  readonly seeds: readonly TotpSeed[];
}

/** Limits: more phones slow down each sign-in, and a guessed code is compared with every app. */
const most = { phones: 10, seeds: 5 } as const;
const phoneLabels: ReadonlySet<unknown> = new Set(['mobile', 'alternate', 'office']);

/** Thrown to refuse one member. `message` contains no secret. */
class Mistake extends Error {}

/** The person of a row, or all its mistakes. `reach`: the numbers that may be called. */
export const personIn = (
  { line, values }: FileRow,
  reach: Reach | undefined,
): FilePerson | { readonly mistakes: readonly RowMistake[] } => {
  const mistakes: RowMistake[] = [];
  /** The result of `read`; undefined if the row has no such member or a mistake in it. */
  const member = <T>(name: Member, read: (value: unknown) => T): T | undefined => {
    const value = values.get(name);
    if (value === undefined) return undefined;
    try {
      return read(value);
    } catch (error) {
      if (!(error instanceof Mistake) && !isProblem(error)) throw error;
      mistakes.push({ line, member: name, message: error.message });
      return undefined;
    }
  };
  const weak: Member[] = [];
  const name = member('name', value => {
    const typed = textIn(value);
    const canonical = canonicalName(typed);
    if (canonical === undefined) throw new Mistake(`got ${quoted(typed)}, expected ${expected.name}`);
    return { shown: nameAsShown(typed), canonical };
  });
  if (!values.has('name')) mistakes.push({ line, member: 'name', message: 'got none, expected one' });
  const email = member('email', value => {
    const typed = textIn(value);
    const address = emailAddress(typed);
    if (address === undefined) throw new Mistake(`got ${quoted(typed)}, expected ${expected.email}`);
    return address;
  });
  const emailVerified = member('email_verified', booleanIn);
  if (emailVerified === true && !values.has('email'))
    mistakes.push({ line, member: 'email_verified', message: 'got true without an address, expected one' });
  const displayName = member('display_name', value => {
    const typed = textIn(value);
    const shown = shownName(typed);
    if (shown === undefined) throw new Mistake(`got ${quoted(typed)}, expected ${expected['display-name']}`);
    return shown;
  });
  const profile = {
    ...member('language', value => profileOf('language', textIn(value))),
    ...member('zoneinfo', value => profileOf('zoneinfo', textIn(value))),
    ...member('groups', value => {
      const names = textsIn(value);
      return names.length === 0 ? {} : profileOf('groups', names);
    }),
  };
  const passwordHash = member('password_hash', value => {
    const read = readHash(textIn(value));
    if (!read.ok) throw new Mistake(read.reason);
    if (read.weak) weak.push('password_hash');
    return read.phc;
  });
  const phones = member('phones', value => phonesIn(value, reach)) ?? [];
  const seeds = member('totp', value => {
    const read = textsIn(typeof value === 'string' ? [value] : value).map(readOtpauth);
    const seedsIn = read.map(each => {
      if (!each.ok) throw new Mistake(each.reason);
      if (each.weak) weak.push('totp');
      return each.seed;
    });
    if (seedsIn.length > most.seeds) throw new Mistake(`got ${seedsIn.length}, expected at most ${most.seeds}`);
    if (new Set(seedsIn.map(({ secret }) => secret)).size < seedsIn.length)
      throw new Mistake('got a seed twice, expected each once');
    return seedsIn;
  });
  const locked = member('locked', booleanIn) ?? false;
  if (name === undefined || mistakes.length > 0) return { mistakes };
  return {
    line,
    given: new Set(values.keys()),
    weak,
    account: {
      ...profile,
      name: name.shown,
      displayName: displayName ?? shownName(name.shown) ?? name.shown,
      signInNames: signInNames(name.canonical, email),
      ...(email !== undefined && { email, emailVerified: emailVerified ?? false }),
      ...(passwordHash !== undefined && { passwordHash }),
    },
    locked,
    phones,
    seeds: seeds ?? [],
  };
};

const quoted = (typed: string): string => JSON.stringify(typed.slice(0, 100));

const textIn = (value: unknown): string => {
  if (typeof value === 'string') return value;
  // A number in JSON, such as a staff number.
  if (typeof value === 'number') return String(value);
  throw new Mistake('got a value of another type, expected a text');
};

const textsIn = (value: unknown): readonly string[] => {
  if (!Array.isArray(value)) throw new Mistake('got a value of another type, expected a list of texts');
  return value.map(textIn);
};

const booleanIn = (value: unknown): boolean => {
  if (typeof value === 'boolean') return value;
  throw new Mistake(`got ${typeof value === 'string' ? quoted(value) : 'another type'}, expected true or false`);
};

const profileOf = <Name extends 'language' | 'zoneinfo' | 'groups'>(
  name: Name,
  value: NonNullable<Profile[Name]>,
): Partial<Profile> => {
  const checked = checkProfile({ [name]: value });
  if (checked.ok) return checked.profile;
  const got = typeof value === 'string' ? quoted(value) : 'invalid group names';
  throw new Mistake(`got ${got}, expected ${expected[name]}`);
};

/** @throws Mistake or Problem for the first number that cannot be called. */
const phonesIn = (value: unknown, reach: Reach | undefined): readonly LabelledPhone[] => {
  if (!Array.isArray(value)) throw new Mistake('got a value of another type, expected a list of numbers');
  if (value.length > most.phones) throw new Mistake(`got ${value.length}, expected at most ${most.phones}`);
  const bound: Authenticator<Phone>[] = [];
  for (const each of value) {
    const { label, ...input } = phoneInput(each);
    const phone = wantedPhone(
      input.dialling === undefined ? input.typed : { ...input, dialling: input.dialling },
      bound,
      reach,
    );
    const used = label ?? labelFor(phone, bound);
    bound.push({ id: String(bound.length), type: phoneType, label: used, data: phone, createdAt: 0 });
  }
  return bound.map(({ label, data: phone }) => ({ label, phone }));
};

interface PhoneInput {
  readonly typed: string;
  readonly label?: string;
  readonly dialling?: { readonly wait?: number; readonly confirmKey?: true };
}

const labelled = /^\s*(mobile|alternate|office)\s*:(.*)$/is;

/** `+1 202 555 0143`, `office: +1 202 555 0150 x421`, or an object with number, extension, label, wait (s) and confirm_key. */
const phoneInput = (value: unknown): PhoneInput => {
  if (typeof value === 'string') {
    const [, label, number] = labelled.exec(value) ?? [];
    return label === undefined || number === undefined
      ? { typed: value }
      : { typed: number, label: label.toLowerCase() };
  }
  if (typeof value !== 'object' || value === null) throw new Mistake('got a value of another type, expected a number');
  const {
    number,
    extension,
    label,
    wait,
    confirm_key: confirmKey,
    ...unknown
  } = Object.fromEntries(Object.entries(value));
  const [other] = Object.keys(unknown);
  if (other !== undefined)
    throw new Mistake(`got ${quoted(other)}, expected number, extension, label, wait, confirm_key`);
  if (label !== undefined && !phoneLabels.has(label))
    throw new Mistake('got another label, expected mobile, alternate or office');
  if (wait !== undefined && typeof wait !== 'number')
    throw new Mistake('got no number of seconds to wait, expected 0 to 20');
  if (confirmKey !== undefined && typeof confirmKey !== 'boolean')
    throw new Mistake('got another confirm_key, expected true or false');
  const dialling = {
    ...(wait !== undefined && { wait: wait * 1000 }),
    ...(confirmKey === true && { confirmKey: true as const }),
  };
  return {
    typed: extension === undefined ? textIn(number) : `${textIn(number)} x${textIn(extension)}`,
    ...(typeof label === 'string' && { label }),
    ...(Object.keys(dialling).length > 0 && { dialling }),
  };
};
