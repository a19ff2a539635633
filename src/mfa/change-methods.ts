/** Writes the account of a person whose methods change. */
import { Problem } from '../errors.ts';
import { conflict, optimisticWrite } from '../optimistic-write.ts';
import type { Collection } from '../ports/stores.ts';
import type { User } from '../records.ts';

/**
 * Stores what `change` makes of the account. It runs again where another request wrote the account first.
 * @throws Problem 'not-found' without the account, 'unavailable' where other writers win every time
 */
export const changeMethods = async (
  users: Collection<User, 'signInNames'>,
  userId: string,
  change: (user: User) => User | Promise<User>,
): Promise<void> =>
  optimisticWrite<undefined>(
    async () => {
      const user = await users.get(userId);
      if (user === undefined) throw new Problem('not-found', `no account ${userId}`);
      return (await users.replace(await change(user))) === undefined ? conflict : undefined;
    },
    () => {
      throw new Problem('unavailable', `the account ${userId} kept changing while its methods were written`);
    },
  );
