/** Checks an account to add, and makes its first document. Pure. */
import type { EpochMillis } from '../ports/time.ts';
import type { User } from '../records.ts';
import { emailAddress } from './names/email-address.ts';
import { checkProfile, shownName, type Profile, type ProfileMistake } from './profile.ts';
import { signInNames } from './names/sign-in-names.ts';
import { canonicalName, nameAsShown } from './names/usernames.ts';

/** An account to add. */
export interface NewUser extends Profile {
  readonly name: string;
  /** One address; the account is found by it as by its name. */
  readonly email?: string;
  /** True: the address is known to be this person's. Clients learn it as `email_verified`. */
  readonly emailVerified?: boolean;
  /** PHC string; absent: this account cannot use a password. */
  readonly passwordHash?: string;
}

/** The text that cannot be what it should (`names/`, `profile.ts`). */
export type NewUserMistake = 'name' | 'email' | ProfileMistake;

/** The document of a new account, or the first mistake. */
export const newUserDocument = (
  { name, displayName: typedName, email: typedEmail, emailVerified = false, passwordHash, ...profile }: NewUser,
  { id, now }: { readonly id: string; readonly now: EpochMillis },
): { readonly ok: true; readonly user: User } | { readonly ok: false; readonly reason: NewUserMistake } => {
  const canonical = canonicalName(name);
  if (canonical === undefined) return { ok: false, reason: 'name' };
  const displayName = shownName(typedName);
  if (displayName === undefined) return { ok: false, reason: 'display-name' };
  const checked = checkProfile(profile);
  if (!checked.ok) return { ok: false, reason: checked.mistake };
  const email = typedEmail === undefined ? undefined : emailAddress(typedEmail);
  if (typedEmail !== undefined && email === undefined) return { ok: false, reason: 'email' };
  const user: User = {
    ...checked.profile,
    name: nameAsShown(name),
    displayName,
    ...(email !== undefined && { email, emailVerified }),
    ...(passwordHash !== undefined && { passwordHash }),
    signInNames: signInNames(canonical, email),
    id,
    rev: 1,
    createdAt: now,
    authenticators: [],
  };
  return { ok: true, user };
};
