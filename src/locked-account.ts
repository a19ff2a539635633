/**
 * Decides which accounts may be used. A locked account is treated as absent everywhere: its passwords, challenges, sessions and
 * tokens are invalid from the moment of the lock.
 */
import type { User } from './records.ts';

/** The account where it exists and is not locked; undefined otherwise. */
export const activeAccount = (user: User | undefined): User | undefined =>
  user === undefined || user.lockedAt !== undefined ? undefined : user;
