/** Computes an account after one of its authenticators was removed: what was chosen for it may not hold any longer. Pure. */
import type { Sealer } from '../crypto.ts';
import type { EpochMillis } from '../ports/time.ts';
import type { AuthenticatorRecord, User } from '../records.ts';
import { passkeyType } from './authenticator-types.ts';
import type { Authenticator } from './factor.ts';
import { mayBeDefault } from './independence.ts';
import { withoutAuthenticator } from './listed-authenticators.ts';
import { countingIn, openRecord, type StoredAuthenticator } from './sealed-authenticators.ts';

/** The authenticators of one account, as they are read for a removal. */
export interface RemovalReadings {
  /** Records of all its authenticators. */
  readonly records: readonly AuthenticatorRecord[];
  /** undefined: the record cannot be opened. */
  readonly open: (record: AuthenticatorRecord) => StoredAuthenticator | undefined;
  /** Those of the records that count for a user. */
  readonly counting: (user: User) => readonly StoredAuthenticator[];
  /** Whether an authenticator can be used now, and reaches the level that a person may choose. */
  readonly meetsChoice: (authenticator: Authenticator) => boolean;
}

/** The readings of these records. `now`: when they were read. */
export const removalReadings = (
  { sealer, now }: { readonly sealer: Sealer; readonly now: EpochMillis },
  records: readonly AuthenticatorRecord[],
  meetsChoice: RemovalReadings['meetsChoice'],
): RemovalReadings => ({
  records,
  open: record => openRecord(sealer, record),
  counting: user => countingIn(sealer, user, records, now),
  meetsChoice,
});

/** The authenticator with this id, and those that were bound with it. */
export const isOrWith =
  (id: string) =>
  (each: Pick<AuthenticatorRecord, 'id' | 'boundWith'>): boolean =>
    each.id === id || each.boundWith === id;

/** The user without this authenticator. A chosen level that no other one reaches goes too: it would lock the person out. */
export const accountWithout = (user: User, id: string, readings: RemovalReadings): User => {
  const { records, open, meetsChoice } = readings;
  const ids = records.filter(isOrWith(id)).map(each => each.id);
  const without = [id, ...ids].reduce((left, each) => withoutAuthenticator(left, each, records), user);
  const next = withLastingDefault(without, readings);
  const { minAcr, ...unchosen } = next;
  if (minAcr === undefined) return next;
  const left = records.filter(record => record.type === passkeyType && next.authenticators.includes(record.id));
  const mayReach = left.some(record => {
    const opened = open(record);
    // One that cannot be decrypted now may reach it: in doubt the account is not weakened.
    return opened === undefined || meetsChoice(opened);
  });
  return mayReach ? next : unchosen;
};

/** The user without a default that may not be one after a removal. */
export const withLastingDefault = (user: User, { counting }: Pick<RemovalReadings, 'counting'>): User => {
  const { defaultMethod, ...rest } = user;
  const left = counting(user);
  const first = left.find(({ id }) => id === defaultMethod?.authenticator);
  return first === undefined || mayBeDefault(first, left) ? user : rest;
};
