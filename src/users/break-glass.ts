/**
 * Decides which accounts are for an emergency ("break-glass"). The operator names them. They are exempt from rules that could shut
 * everybody out at once: required methods, the server's own minimum level, stopped changes, paused calls. They still need their
 * password, and a second step where they have one, and their wrong answers are counted. Each use raises an alarm.
 */
import type { User } from '../records.ts';
import { canonicalName } from './names/usernames.ts';

/** Whether this account is one of them. */
export type IsBreakGlass = (user: Pick<User, 'signInNames'>) => boolean;

/** `names`: of accounts, in any spelling. An e-mail address names no account here, because its owner can change it. */
export const createBreakGlass = (names: readonly string[]): IsBreakGlass => {
  const canonical = new Set(names.flatMap(name => canonicalName(name) ?? []));
  return ({ signInNames: [name] }) => canonical.has(name);
};
