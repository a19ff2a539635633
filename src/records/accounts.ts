/** Defines the records of accounts of people, with the links that are mailed to them. */
import type { Doc, Kind } from '../ports/stores.ts';
import type { EpochMillis } from '../ports/time.ts';

/** A token that was mailed to a person, as its account keeps it (`users/mailed-tokens.ts`). */
export interface MailedToken {
  /** SHA-256 of the newest token. Absent: it was used. */
  readonly hash?: string;
  /** The token is void from then on. */
  readonly until: EpochMillis;
  /** When tokens were sent in the last hour, oldest first. */
  readonly sent: readonly EpochMillis[];
  /** Id of the request that was answered last. Answered again after a crash, it is not counted again. */
  readonly request: string;
}

/** What a person was invited to: the last invitation of any kind, and how often each kind was refused. */
export interface Invitations {
  readonly lastAt?: EpochMillis;
  readonly refused?: { readonly [kind: string]: number };
}

/** A person's account. The authenticators that count are listed here, so adding and removing one is a single `replace`. */
export interface User extends Doc {
  /** As the person writes it, and as pages show it. */
  readonly name: string;
  /** Texts by which it is found, in the form that is compared (`users/names/usernames.ts`): its name, then its e-mail address. */
  readonly signInNames: readonly [name: string, email?: string];
  readonly displayName: string;
  readonly email?: string;
  /** True: somebody has verified that the address is this person's. */
  readonly emailVerified?: boolean;
  /** As `users/passwords/password-hash.ts` writes it, mostly a PHC string; absent: this account cannot use a password. */
  readonly passwordHash?: string;
  readonly createdAt: EpochMillis;
  /** Last change of a member that clients learn as a claim; absent: none since it was added. */
  readonly updatedAt?: EpochMillis;
  readonly lockedAt?: EpochMillis;
  /** Sessions and tokens from before are invalid: the account was locked, or got another password. */
  readonly signedOutAt?: EpochMillis;
  /** The mailed link to a new password. */
  readonly passwordReset?: MailedToken;
  /** The mailed link that proves an e-mail address, which may be a new one. */
  readonly addressProof?: MailedToken & { readonly address: string };
  /**
   * When the password was last set by a mailed link. Absent: since then another second step than a mailed one was taken, or the
   * password was set in another way. While present, a code that is mailed to the same mailbox is no second step: it would be both.
   */
  readonly resetByMailAt?: EpochMillis;
  /** The address that the link of that reset was mailed to. It may not be the address of the account any more. */
  readonly resetByMailTo?: string;
  /** The person must choose a new password in the next sign-in, before it ends. */
  readonly passwordChangeRequiredAt?: EpochMillis;
  /** Sessions that were ended one by one, the newest last; `oidc/ended-sessions.ts` reads and limits them. */
  readonly endedSessions?: readonly EndedSession[];
  /** All sessions from before are invalid but one. */
  readonly othersSignedOut?: { readonly at: EpochMillis; readonly except: string };
  /** Ids of the authenticators that count, oldest first. */
  readonly authenticators: readonly string[];
  /** Ids of recovery codes and of a temporary access pass, which are no methods (`mfa/recovery-types.ts`). */
  readonly recoveryAuthenticators?: readonly string[];
  /** When the oldest of them was bound. A second step from before does not count. */
  readonly firstMethodAt?: EpochMillis;
  /**
   * When something other than the password was first bound to this account. Removing it keeps this; only an administrator's
   * reset erases it. Absent in records of earlier versions: ask `hasEverHadMethod` in `mfa/listed-authenticators.ts`.
   */
  readonly everHadMethodAt?: EpochMillis;
  /** When the person was first asked to set up a method: the beginning of their grace. */
  readonly enrollmentAskedAt?: EpochMillis;
  /** Invitations at the end of sign-ins (`invitations.ts`); absent: none yet. */
  readonly invitations?: Invitations;
  /** The second step that the person is asked for first. */
  readonly defaultMethod?: { readonly factor: string; readonly authenticator: string };
  /** The lowest level of their sign-ins, where the person chose one: no weaker than by their passkey. */
  readonly minAcr?: 'phr';
  /** When the owner last used "This wasn't me". Links from before are used up. */
  readonly notMeAt?: EpochMillis;
  /** Until then no request of a person changes how this account signs in (`frozen-account.ts`). */
  readonly changesFrozenUntil?: EpochMillis;
  /** No calls and pushes until then: the person reported "this was not me". */
  readonly pausedUntil?: EpochMillis;
  /** Language, time zone and groups, as `users/profile.ts` checks them. */
  readonly language?: string;
  readonly zoneinfo?: string;
  readonly groups?: readonly string[];
}
export const userKind: Kind<User, 'signInNames'> = {
  name: 'users',
  index: [],
  unique: [],
  uniqueEach: ['signInNames'],
};

/** Mark of an ended session: its digest, and when nothing of it can be valid any longer anyway. */
export interface EndedSession {
  readonly session: string;
  readonly until: EpochMillis;
}

/** A link "This wasn't me" in a notice (`notices/not-me.ts`). The id is SHA-256 of its token. */
export interface NotMeLink extends Doc {
  readonly userId: string;
  /** Kind of the notice. */
  readonly kind: string;
  /** When that which the notice tells happened. */
  readonly at: EpochMillis;
  readonly expiresAt: EpochMillis;
}
export const notMeLinkKind: Kind<NotMeLink, 'userId'> = {
  name: 'not-me-links',
  index: ['userId'],
  unique: [],
  expires: 'expiresAt',
};
