/**
 * Lists every page in every state, with sample props. Screenshots, axe and html-validate run over this list,
 * so a line in `samples/` gives a new state all of these checks.
 */
import { accounts } from './samples/account.ts';
import { accountSessions } from './samples/account-sessions.ts';
import { approvals } from './samples/approvals.ts';
import { calls } from './samples/calls.ts';
import { choices } from './samples/choices.ts';
import { codes, dictations, mails, passes, recovery, resends, texts } from './samples/codes.ts';
import { developers } from './samples/developer.ts';
import { devices } from './samples/devices.ts';
import { enrollments } from './samples/enrollment.ts';
import { notMe } from './samples/not-me.ts';
import { afterwards, errors, passwords, resets } from './samples/other-pages.ts';
import { pairings } from './samples/pairings.ts';
import { passkeys } from './samples/passkeys.ts';
import { playgrounds } from './samples/playground.ts';
import { profiles } from './samples/profile.ts';
import type { Sample } from './samples/shared.ts';

export type { Sample };

/** Names are unique. */
export const catalogue: readonly Sample[] = [
  ...passwords,
  ...resets,
  ...profiles,
  ...approvals,
  ...calls,
  ...codes,
  ...recovery,
  ...passes,
  ...texts,
  ...mails,
  ...dictations,
  ...resends,
  ...passkeys,
  ...choices,
  ...devices,
  ...enrollments,
  ...pairings,
  ...notMe,
  ...playgrounds,
  ...errors,
  ...afterwards,
  ...accounts,
  ...accountSessions,
  ...developers,
];
