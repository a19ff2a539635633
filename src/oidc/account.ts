/** Finds the account of a person for oidc-provider, and gives the claims that clients may learn. */
import type { Account, FindAccount } from 'oidc-provider';
import { activeAccount } from '../locked-account.ts';
import type { Collection } from '../ports/stores.ts';
import type { User } from '../records.ts';
import { ownMetadata } from './own-metadata.ts';
import { isEnded, lastOf, sessionDigest, type Issued } from './ended-sessions.ts';

/** oidc-provider's account together with our record, so that each request reads the record once. */
export interface AccountWithUser extends Account {
  readonly user: User;
}

/** Whether this account came from `findAccount` below. */
export const hasUser = (account: Account | undefined): account is AccountWithUser =>
  account !== undefined && 'user' in account;

/**
 * For `findAccount` of oidc-provider. Absent and locked accounts are both unknown: a lock so ends refresh, userinfo and
 * sign-in without a page at once. Tokens issued before the lock, or in a session that was ended, stay invalid.
 */
export const findAccount =
  (users: Collection<User, 'signInNames'>): FindAccount =>
  async (ctx, id, token) => {
    const user = activeAccount(await users.get(id));
    if (user === undefined) return undefined;
    if (token !== undefined && isEnded(user, issued(token))) return undefined;
    return {
      accountId: id,
      user,
      claims: (use, _scope, requested) => {
        const all = claimsOf(user);
        if (use !== 'id_token' || (ctx.oidc.client && ownMetadata(ctx.oidc.client).claims_in_id_token)) return all;
        // An ID token travels in addresses (`id_token_hint`), so it holds only what was asked for one by one.
        const asked = Object.entries(all).filter(([name]) => Object.hasOwn(requested, name));
        return { ...Object.fromEntries(asked), sub: user.id };
      },
    } satisfies AccountWithUser;
  };

/**
 * When its person signed in to get a code or refresh token, and in which session. A request that read the account before all of it was
 * signed out may make a code after that: the code is younger, and its sign-in is not. An access token does not know its sign-in, but
 * each is made from one of these.
 */
const issued = (token: NonNullable<Parameters<FindAccount>[2]>): Issued => {
  const uid: unknown = Reflect.get(token, 'sessionUid');
  const signedInAt: unknown = Reflect.get(token, 'authTime');
  return {
    at: lastOf(typeof signedInAt === 'number' ? signedInAt : (token.iat ?? 0)),
    ...(typeof uid === 'string' && { session: sessionDigest(uid) }),
  };
};

/** All claims. oidc-provider removes those that neither a granted scope nor the `claims` parameter opens. */
const claimsOf = (user: User) => ({
  sub: user.id,
  name: user.displayName,
  preferred_username: user.name,
  updated_at: Math.floor((user.updatedAt ?? user.createdAt) / 1000),
  ...(user.language !== undefined && { locale: user.language }),
  ...(user.zoneinfo !== undefined && { zoneinfo: user.zoneinfo }),
  ...(user.email !== undefined && { email: user.email, email_verified: user.emailVerified === true }),
  ...(user.groups !== undefined && { groups: [...user.groups] }),
});
