/** A person as oidc-provider sees one: an id, and what clients may learn. */
import type { Account, FindAccount } from 'oidc-provider';
import { activeAccount } from '../locked-account.ts';
import type { Collection } from '../ports/stores.ts';
import type { User } from '../records.ts';

/** oidc-provider's account with our record in it, so that each request reads the person once. */
export interface Person extends Account {
  readonly user: User;
}

export const isPerson = (account: Account | undefined): account is Person => account !== undefined && 'user' in account;

/** Scopes and the claims each of them opens. Those under `openid` stand in every ID token, and only there. */
export const claims = {
  openid: ['sub', 'acr', 'amr', 'auth_time'],
  profile: ['name', 'preferred_username', 'locale'],
  email: ['email'],
} as const;

/** Whether something of this second (`iat`, `auth_time`) came before the person was last signed out everywhere. */
export const isEnded = ({ signedOutAt = 0 }: User, at: number): boolean => at < Math.floor(signedOutAt / 1000);

/**
 * Absent and locked people are alike to clients: unknown. With that a lock ends refresh, userinfo and silent sign-in at once,
 * and what was given out before it stays ended.
 */
export const findAccount =
  (users: Collection<User, 'canonical'>): FindAccount =>
  async (_ctx, id, token) => {
    const user = activeAccount(await users.get(id));
    if (user === undefined) return undefined;
    if (token !== undefined && isEnded(user, token.iat ?? 0)) return undefined;
    return { accountId: id, user, claims: () => claimsOf(user) } satisfies Person;
  };

/** Everything that may be said; oidc-provider leaves out what the granted scopes do not open. */
const claimsOf = (user: User) => ({
  sub: user.id,
  name: user.displayName,
  preferred_username: user.name,
  ...(user.email !== undefined && { email: user.email }),
  ...(user.language !== undefined && { locale: user.language }),
});
