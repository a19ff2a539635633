/**
 * Decides about tokens that are mailed to a person: a link to a new password, a link that proves an address. The account keeps the
 * hash of the newest one. So each new token makes the older ones void, and strangers cannot fill the store. Pure.
 */
import { constantTimeEqual, randomToken, sha256 } from '../crypto.ts';
import type { EpochMillis, Millis } from '../ports/time.ts';
import type { MailedToken } from '../records.ts';

/** How long a token works. */
export const tokenLifetime: Millis = 1_800_000;
/** Most tokens of one kind for an account in an hour. */
const tokensPerHour = 3;
const hour: Millis = 3_600_000;

/** `ID.RANDOM`: the id of the account finds it, and 256 random bits prove the mail. */
const shape = /^([\w-]{1,64})\.[\w-]{43}$/;
/** Characters. */
export const longestToken = 108;

/** Makes a token of 256 random bits for the account with this id. */
export const newToken = (userId: string): string => `${userId}.${randomToken(32)}`;

/** Id of the account that a token is for; undefined: the text is no token. */
export const accountIn = (token: string): string | undefined => shape.exec(token)?.[1];

/**
 * What the account keeps after this token was issued to answer `request`. undefined: too many were sent within an hour. The same
 * request may be answered again, after a crash, and is not counted again.
 */
export const issued = (
  was: MailedToken | undefined,
  { token, request }: { readonly token: string; readonly request: string },
  now: EpochMillis,
): MailedToken | undefined => {
  const sent = (was?.sent ?? []).filter(at => now - at < hour);
  const isRepeated = was?.request === request;
  if (!isRepeated && sent.length >= tokensPerHour) return undefined;
  return { hash: sha256(token), until: now + tokenLifetime, sent: isRepeated ? sent : [...sent, now], request };
};

/** Whether this is the newest token, unused and not expired. */
export const isOpen = (kept: MailedToken | undefined, token: string, now: EpochMillis): kept is MailedToken =>
  kept?.hash !== undefined && now < kept.until && constantTimeEqual(kept.hash, sha256(token));

/** What the account keeps after its token was used or became void: the times still count. */
export const withoutToken = <Kept extends MailedToken>({ hash: _hash, ...rest }: Kept): Omit<Kept, 'hash'> => rest;
