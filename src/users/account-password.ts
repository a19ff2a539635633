/** Says what an account is after its password changed. Pure: `users.ts` writes it. */
import type { EpochMillis } from '../ports/time.ts';
import type { User } from '../records.ts';
import { withoutToken } from './mailed-tokens.ts';

/** A password that a person chose. */
export interface Replacement {
  readonly isAllowed: (user: User) => boolean;
  /** Its hash, which is unique by its salt. */
  readonly next: string;
  /** For the audit. `mailed-link`: a forgotten password was reset. `required`: an administrator wanted another one. */
  readonly reason: 'mailed-link' | 'required' | 'changed';
  /** Digest of the session in which it was chosen. It goes on, and all others end. */
  readonly keep?: string | undefined;
}

/**
 * The account with another password: sessions and tokens from before `now` have ended, mailed links are void, and the
 * marks of the old password are gone. `keep`: digest of the one session that goes on.
 */
export const withNewPassword = (user: User, passwordHash: string, now: EpochMillis, keep?: string): User => {
  const {
    resetByMailAt: _reset,
    resetByMailTo: _mailbox,
    passwordChangeRequiredAt: _required,
    addressProof: _proof,
    passwordReset,
    ...kept
  } = user;
  return {
    ...kept,
    passwordHash,
    ...(keep === undefined ? { signedOutAt: now } : { othersSignedOut: { at: now, except: keep } }),
    ...(passwordReset !== undefined && { passwordReset: withoutToken(passwordReset) }),
  };
};

/** The account with the password that its person chose. After a mailed link the mailbox is no second step until `confirmReset`. */
export const withReplacement = (user: User, { next, reason, keep }: Replacement, now: EpochMillis): User => {
  const changed = withNewPassword(user, next, now, keep);
  if (reason !== 'mailed-link') return changed;
  return { ...changed, resetByMailAt: now, ...(user.email !== undefined && { resetByMailTo: user.email }) };
};

/** The account once its person has taken a second step with the password that was reset by mail. */
export const withConfirmedReset = (user: User): User => {
  const { resetByMailAt, resetByMailTo: _mailbox, ...kept } = user;
  return resetByMailAt === undefined ? user : kept;
};
