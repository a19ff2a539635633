/** Decides who may use the developer portal. */
import type { User } from './records.ts';

/** Nobody, everybody with an account, or members of one of these groups. */
export type Developers = 'off' | 'everyone' | readonly string[];

/** Whether this person may. */
export const mayDevelop = (developers: Developers, { groups = [] }: Pick<User, 'groups'>): boolean => {
  if (developers === 'off') return false;
  return developers === 'everyone' || developers.some(group => groups.includes(group));
};
