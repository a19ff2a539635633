/** Changes the list of authenticators in a user record, which alone decides which of them count. Pure. */
import type { EpochMillis } from '../ports/time.ts';
import type { AuthenticatorRecord, User } from '../records.ts';

type Listing = Pick<User, 'everHadMethodAt' | 'firstMethodAt' | 'authenticators'>;
type Added = Pick<AuthenticatorRecord, 'id' | 'createdAt'>;

/** Ids of all authenticators of a person that count: methods, then recovery codes and a pass. */
export const countingIds = ({ authenticators, recoveryAuthenticators = [] }: User): readonly string[] => [
  ...authenticators,
  ...recoveryAuthenticators,
];

/**
 * True once anything but the password was ever bound to this account, disabled and removed ones included. Accounts of earlier
 * versions have no `everHadMethodAt`: only an administrator could remove a method then.
 */
export const hasEverHadMethod = ({ everHadMethodAt, firstMethodAt, authenticators }: Listing): boolean =>
  everHadMethodAt !== undefined || firstMethodAt !== undefined || authenticators.length > 0;

const othersThan = (ids: readonly string[], gone: readonly string[]): readonly string[] =>
  ids.filter(id => !gone.includes(id));

const firstEver = ({ everHadMethodAt, firstMethodAt }: Omit<Listing, 'authenticators'>, now: EpochMillis) =>
  everHadMethodAt ?? firstMethodAt ?? now;

/** The user with this method, which is bound from `createdAt` on. One that is listed already moves to the end. */
export const withMethod = (user: User, { id, createdAt }: Added): User => ({
  ...user,
  authenticators: [...othersThan(user.authenticators, [id]), id],
  firstMethodAt: user.firstMethodAt ?? createdAt,
  everHadMethodAt: firstEver(user, createdAt),
});

/** The user with these recovery codes or this pass. `replaced`: ids of those that do not count any more. */
export const withRecovery = (user: User, { id, createdAt }: Added, replaced: readonly string[]): User => ({
  ...user,
  recoveryAuthenticators: [...othersThan(user.recoveryAuthenticators ?? [], replaced), id],
  everHadMethodAt: firstEver(user, createdAt),
});

/**
 * The user without this authenticator. The oldest of the others becomes the first method: a proof from before it was bound is then
 * not enough.
 */
export const withoutAuthenticator = (user: User, id: string, records: readonly AuthenticatorRecord[]): User => {
  const { defaultMethod, firstMethodAt, recoveryAuthenticators = [], ...rest } = user;
  const everHadMethodAt = user.everHadMethodAt ?? firstMethodAt;
  const left = othersThan(user.authenticators, [id]);
  const recovery = othersThan(recoveryAuthenticators, [id]);
  const first = left.length === 0 ? undefined : (records.find(each => each.id === left[0])?.createdAt ?? firstMethodAt);
  return {
    ...rest,
    authenticators: left,
    ...(recovery.length > 0 && { recoveryAuthenticators: recovery }),
    ...(first !== undefined && { firstMethodAt: first }),
    // Otherwise a thief with only the password could bind a first method once the last one was removed.
    ...(everHadMethodAt !== undefined && { everHadMethodAt }),
    ...(defaultMethod !== undefined && defaultMethod.authenticator !== id && { defaultMethod }),
  };
};

/**
 * The user without any authenticator, and signed out. With a pass (`instead`) the account still had a method once. Without one
 * nothing tells that it ever had: the password alone may bind a first one again.
 */
export const withoutAuthenticators = (user: User, now: EpochMillis, instead: string | undefined): User => {
  const {
    defaultMethod: _method,
    firstMethodAt,
    everHadMethodAt,
    enrollmentAskedAt: _asked,
    recoveryAuthenticators: _recovery,
    minAcr: _least,
    ...rest
  } = user;
  const none = { ...rest, authenticators: [], signedOutAt: now };
  if (instead === undefined) return none;
  const since = everHadMethodAt ?? firstMethodAt ?? user.createdAt;
  return { ...none, recoveryAuthenticators: [instead], everHadMethodAt: since };
};
