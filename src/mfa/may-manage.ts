/** Decides whether a signed-in person may change their methods now. Pure. The policy and every request of a task ask here. */
import type { EpochMillis } from '../ports/time.ts';
import type { User } from '../records.ts';
import type { Method } from './assurance.ts';
import { hasEverHadMethod } from './listed-authenticators.ts';
import { isFresh, isFreshPassword, type SignInTimes } from './fresh-sign-in.ts';

/** `methods`: from `Methods.usableBy`. A recent password is enough for an account that never had a method. */
export const mayManage = (
  user: Pick<User, 'everHadMethodAt' | 'firstMethodAt' | 'authenticators'>,
  times: SignInTimes,
  methods: readonly Method[],
  now: EpochMillis,
): boolean => (hasEverHadMethod(user) ? isFresh(times, methods, now) : isFreshPassword(times, now));
