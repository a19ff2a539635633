/** Judges whether a remembered browser still counts for its person. Pure. */
import { sha256 } from '../crypto.ts';
import { isFrozen } from '../frozen-account.ts';
import { activeAccount } from '../locked-account.ts';
import type { EpochMillis, Millis } from '../ports/time.ts';
import type { RememberedBrowser, User } from '../records.ts';

/**
 * Whether any remembered browser counts for this person. Not for one who insists on their passkey, must choose another password, or
 * is frozen. Without a method there is no second step to skip.
 */
export const canBeRemembered = (user: User, now: EpochMillis): boolean =>
  activeAccount(user) !== undefined &&
  !isFrozen(user, now) &&
  user.authenticators.length > 0 &&
  user.minAcr === undefined &&
  user.passwordChangeRequiredAt === undefined;

/** Digest of what the person proved in that browser, and of what ends it: password, methods and sign-outs. */
export const versionOf = ({ passwordHash, authenticators, signedOutAt, othersSignedOut }: User): string =>
  sha256(JSON.stringify([passwordHash ?? '', authenticators.toSorted(), signedOutAt ?? 0, othersSignedOut?.at ?? 0]));

/** Whether this one counts for this person. `lifetime`: as it is set now; it may have been longer when the browser was added. */
export const isCounting = (
  { userId, version, createdAt, expiresAt }: RememberedBrowser,
  user: User,
  { now, lifetime }: { readonly now: EpochMillis; readonly lifetime: Millis },
): boolean =>
  userId === user.id &&
  canBeRemembered(user, now) &&
  now < Math.min(expiresAt, createdAt + lifetime) &&
  version === versionOf(user);
