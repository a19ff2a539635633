/** Pauses calls and pushes to an account, after its owner said "this was not me". Texts and codes are not paused. */
import { Problem } from '../../errors.ts';
import { conflict, optimisticWrite } from '../../optimistic-write.ts';
import type { Collection } from '../../ports/stores.ts';
import type { Clock, EpochMillis } from '../../ports/time.ts';
import type { User } from '../../records.ts';
import type { LimitSettings } from './settings.ts';

export interface PauseDeps {
  readonly users: Collection<User, 'signInNames'>;
  readonly clock: Clock;
  readonly limits: Pick<LimitSettings, 'pause'>;
  /** Accounts whose calls are never paused. */
  readonly isBreakGlass: (user: User) => boolean;
}

/**
 * Writes the pause, and gives the moment it ends. A longer pause that exists already stays.
 * @throws Problem 'unavailable' where other writers changed the account each time.
 */
export const pauseInterruptions = async (
  { users, clock, limits, isBreakGlass }: PauseDeps,
  userId: string,
): Promise<EpochMillis> => {
  const wanted = clock() + limits.pause;
  return optimisticWrite<EpochMillis>(
    async () => {
      const user = await users.get(userId);
      if (user !== undefined && isBreakGlass(user)) return clock();
      const until = Math.max(wanted, user?.pausedUntil ?? 0);
      if (user === undefined || user.pausedUntil === until) return until;
      return (await users.replace({ ...user, pausedUntil: until })) === undefined ? conflict : until;
    },
    () => {
      throw new Problem('unavailable', `the pause of ${userId} could not be written: its account kept changing`);
    },
  );
};
