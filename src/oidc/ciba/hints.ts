/**
 * Finds the person whom a client names (OpenID CIBA §7.1). A client learns nothing about names: an unknown or locked person gets a request
 * as everybody does. It stays pending, and then expires (§13 would have `unknown_user_id`).
 */
import type { FindAccount } from 'oidc-provider';
import { newId } from '../../new-id.ts';
import type { User } from '../../records.ts';
import { cibaRoute } from '../ciba-parameters.ts';

/** Finds an account by any spelling of its name or e-mail address, also a locked one. */
export type AccountNamed = (typed: string) => Promise<Pick<User, 'id'> | undefined>;

/** For `processLoginHint` of oidc-provider: the id of the account, or of one that does not exist. */
export const accountIdOf =
  (accountNamed: AccountNamed) =>
  async (_ctx: unknown, hint = ''): Promise<string> =>
    (await accountNamed(hint))?.id ?? newId();

/** Makes `find` give an account for every id at the endpoint of CIBA. Nobody can approve for one that does not exist. */
export const findAlsoUnknown =
  (find: FindAccount): FindAccount =>
  async (ctx, id, token) => {
    const account = await find(ctx, id, token);
    if (account !== undefined || ctx.oidc.route !== cibaRoute) return account;
    return { accountId: id, claims: () => ({ sub: id }) };
  };
