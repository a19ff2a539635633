/** Changes one account by compare-and-swap. Changes that belong together are one write here. */
import { Problem } from './errors.ts';
import { conflict, optimisticWrite } from './optimistic-write.ts';
import type { Collection } from './ports/stores.ts';
import type { User } from './records.ts';

/**
 * Writes what `change` makes of the account, and gives it as stored. Does not write where `change` gives back the object that it
 * got. `change` may run several times, and its last run decides.
 * @throws Problem 'not-found' without such an account; 'conflict' for a name or address that another account has; 'unavailable'
 * where concurrent writers always won.
 */
export const changeAccount = async (
  users: Collection<User, 'signInNames'>,
  id: string,
  change: (user: User) => User | Promise<User>,
): Promise<User> =>
  optimisticWrite(
    async () => {
      const user = await users.get(id);
      if (user === undefined) throw new Problem('not-found', `got the id ${id}, expected that of an account`);
      const next = await change(user);
      return next === user ? user : ((await users.replace(next)) ?? conflict);
    },
    () => {
      throw new Problem('unavailable', `a concurrent writer won every time the account ${id} was written`);
    },
  );
