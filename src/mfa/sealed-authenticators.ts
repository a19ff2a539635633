/** Seals and opens the records of authenticators, and finds those that count. */
import { openStored, sealJson, type Sealer } from '../crypto.ts';
import type { EpochMillis } from '../ports/time.ts';
import type { AuthenticatorRecord, User } from '../records.ts';
import type { Authenticator } from './factor.ts';
import { countingIds } from './listed-authenticators.ts';

/** An authenticator with the revision it was read at, and its owner. */
export type StoredAuthenticator = Authenticator & {
  readonly rev: number;
  readonly userId: string;
  readonly expiresAt?: EpochMillis;
  readonly lastChallenge?: string;
};

/** Name to which the data of an authenticator is sealed. */
export const sealedTo = (of: { readonly id: string; readonly userId: string }): string =>
  `authenticator:${of.userId}:${of.id}`;

/** The record of an authenticator, with its data sealed. */
export const sealRecord = (
  sealer: Sealer,
  stored: Omit<StoredAuthenticator, 'rev'>,
  rev: number,
): AuthenticatorRecord => {
  const { data, ...rest } = stored;
  return { ...rest, rev, sealed: sealJson(sealer, data, sealedTo(stored)) };
};

/** The authenticator in a record; undefined: it cannot be opened. */
export const openRecord = (sealer: Sealer, record: AuthenticatorRecord): StoredAuthenticator | undefined => {
  const { sealed, ...rest } = record;
  const data = openStored(sealer, sealed, sealedTo(record));
  return data === undefined ? undefined : { ...rest, data };
};

/** Of these records, the authenticators that count for this user now. One that cannot be opened is left out. */
export const countingIn = (
  sealer: Sealer,
  user: User,
  records: readonly AuthenticatorRecord[],
  now: EpochMillis,
): readonly StoredAuthenticator[] => {
  const counting = countingIds(user);
  return records
    .filter(({ id, expiresAt = Infinity }) => counting.includes(id) && now < expiresAt)
    .flatMap(record => openRecord(sealer, record) ?? []);
};
