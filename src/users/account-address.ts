/** Says what an account is after its e-mail address changed. Pure: `users.ts` writes it. */
import type { EpochMillis } from '../ports/time.ts';
import type { User } from '../records.ts';
import { withoutToken } from './mailed-tokens.ts';
import { signInNames } from './names/sign-in-names.ts';

/** The account without the mailed link to a new password: that link is in the mailbox of the old address. */
export const withoutMailedLink = <Part extends Pick<User, 'passwordReset'>>(user: Part): Part =>
  user.passwordReset === undefined ? user : { ...user, passwordReset: withoutToken(user.passwordReset) };

/** The account with another address, or without one. A link that proves an address is void. */
export const withAddress = (
  { email: _old, emailVerified: _ofOld, addressProof: _proof, ...was }: User,
  {
    email,
    verified,
    now,
  }: { readonly email: string | undefined; readonly verified: boolean; readonly now: EpochMillis },
): User => ({
  ...withoutMailedLink(was),
  ...(email !== undefined && { email, emailVerified: verified }),
  updatedAt: now,
  signInNames: signInNames(was.signInNames[0], email),
});

/** The account with this address, which its person has proven by a mailed link. */
export const withProvenAddress = (was: User, address: string, now: EpochMillis): User => {
  const { addressProof, ...kept } = was;
  return {
    ...(was.email === address ? kept : withoutMailedLink(kept)),
    email: address,
    emailVerified: true,
    updatedAt: now,
    signInNames: signInNames(was.signInNames[0], address),
    ...(addressProof !== undefined && { addressProof: withoutToken(addressProof) }),
  };
};
