/** Changes the password of a signed-in person. Verifies the current one again, with the limits of wrong passwords. */
import type { NoticeSource } from '../notice.ts';
import type { PasswordFault } from '../password-fault.ts';
import type { EpochMillis } from '../ports/time.ts';
import type { User } from '../records.ts';
import type { KnownBrowser } from '../users/known-browser.ts';
import type { Passwords } from '../users/passwords/password.ts';

/** The two fields of the form. */
export interface TypedPasswords {
  readonly current: string;
  readonly next: string;
}

/** Where the request came from. */
export interface ChangeSource extends Omit<NoticeSource, 'actor' | 'reference' | 'address'> {
  readonly reference: string;
  readonly address: string;
  /** Browser in which people signed in before: its wrong passwords are counted apart. */
  readonly knownBrowser?: KnownBrowser | undefined;
  /** Digest of the session that goes on. */
  readonly keep: string;
}

/** wrong: the current password does not match. wait: too many attempts, it was not compared. changed: another request set one meanwhile. */
export type PasswordChanged =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'wrong' | 'changed' }
  | { readonly ok: false; readonly reason: 'wait'; readonly until: EpochMillis }
  | { readonly ok: false; readonly reason: 'fault'; readonly fault: PasswordFault };

/**
 * Sets the new password, and ends all other sessions and tokens.
 * @throws Problem 'overloaded' or 'unavailable' where a password could not be counted or checked
 */
export const changePassword = async (
  passwords: Pick<Passwords, 'verify' | 'replace'>,
  user: User,
  { current, next }: TypedPasswords,
  { knownBrowser, keep, ...by }: ChangeSource,
): Promise<PasswordChanged> => {
  const { reference, address } = by;
  const proven = await passwords.verify(user.name, current, {
    reference,
    address,
    ...(knownBrowser && { knownBrowser }),
  });
  if (!proven.ok) {
    return proven.reason === 'wait'
      ? { ok: false, reason: 'wait', until: proven.until }
      : { ok: false, reason: 'wrong' };
  }
  // The name may lead to another account by now.
  if (proven.user.id !== user.id) return { ok: false, reason: 'changed' };
  const replaced = await passwords.replace(proven.user, next, { ...by, reason: 'changed', keep });
  return replaced.ok ? { ok: true } : replaced;
};
