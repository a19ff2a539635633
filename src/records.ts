/** Defines the durable records, with the members that are indexed, unique, or end a record. */
import type { Sealed } from './crypto.ts';
import type { Doc, Json, Kind } from './ports/stores.ts';
import type { EpochMillis } from './ports/time.ts';

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
   * reset erases it. Absent in records of earlier versions: ask `hasEverHadMethod` in `mfa/authenticators.ts`.
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

/** One bound instance of a factor. It counts only while its owner's `authenticators` or `recoveryAuthenticators` list it. */
export interface AuthenticatorRecord extends Doc {
  readonly userId: string;
  /** `phone`, `totp`, …: factors select authenticators by it (`Factor.authenticator`). */
  readonly type: string;
  readonly label: string;
  /** Identifies it in an answer (a credential id). Unique over all people. */
  readonly handle?: string;
  /** Id of the authenticator that it was bound with, and is removed with: the device that shows its codes. */
  readonly boundWith?: string;
  /** Its data (seed, number, last step), sealed for this id and owner. */
  readonly sealed: Sealed<Json>;
  readonly createdAt: EpochMillis;
  /** When it was used in a sign-in for the first time. */
  readonly firstUsedAt?: EpochMillis;
  readonly lastUsedAt?: EpochMillis;
  /** Type of the factor that used it last. */
  readonly lastUsedBy?: string;
  /** It does not count from then on. Absent: it has no end. */
  readonly expiresAt?: EpochMillis;
}
export const authenticatorKind: Kind<AuthenticatorRecord, 'userId' | 'handle'> = {
  name: 'authenticators',
  index: ['userId'],
  unique: ['handle'],
};

/**
 * Wrong answers in a row, per account and what they guess at; the id is `userId:` and the id of an authenticator, or its type
 * where one answer is compared with all of that type. They do not expire: only a right answer clears them.
 */
export interface FailedAttemptsRecord extends Doc {
  readonly count: number;
  readonly notBefore: EpochMillis;
}
export const failedAttemptsKind: Kind<FailedAttemptsRecord> = { name: 'failed-attempts', index: [], unique: [] };

/** Messages to one number (with its extension) in a day. The id is their purpose, a keyed hash of the number, and the day. */
export interface DailySends extends Doc {
  /** Sends without an answer. */
  readonly spent: number;
  /** All sends, answered or not. */
  readonly sent: number;
  readonly endsAt: EpochMillis;
}
export const dailySendsKind: Kind<DailySends> = { name: 'daily-sends', index: [], unique: [], expires: 'endsAt' };

/** A request that was pushed to a device. `until`: the last moment to answer it. Without `outcome` it was not answered. */
export interface PushRequest {
  /** Id of its challenge. */
  readonly id: string;
  readonly at: EpochMillis;
  readonly until: EpochMillis;
  readonly outcome?: 'approved' | 'denied';
  readonly endedAt?: EpochMillis;
}
/** The last requests to the devices of an account, oldest first (`mfa/limits/push-limits.ts`). The id is that of the account. */
export interface PushRequests extends Doc {
  readonly requests: readonly PushRequest[];
}
export const pushRequestsKind: Kind<PushRequests> = { name: 'push-requests', index: [], unique: [] };

/** Mails to one address (`mail/limits.ts`). The id is a keyed hash of the address. */
export interface SentMails extends Doc {
  /** When the last mails without a code or link were sent or are to be sent, oldest first. */
  readonly notices?: readonly EpochMillis[];
  /** The same of mails with a code or link, which are never delayed. */
  readonly urgent?: readonly EpochMillis[];
  readonly endsAt: EpochMillis;
}
export const sentMailsKind: Kind<SentMails> = { name: 'sent-mails', index: [], unique: [], expires: 'endsAt' };

/** A family of stored password hashes (`users/passwords/hash-works.ts`). The id is the family. The work is never lowered. */
export interface HashWorkRecord extends Doc {
  /** Work of the most expensive hash of the family. */
  readonly units: number;
}
export const hashWorkKind: Kind<HashWorkRecord> = { name: 'hash-works', index: [], unique: [] };

/** A key of a ring (`keys/ring.ts`). */
export interface RingKey {
  /** Of a signing key: its thumbprint (RFC 7638), as tokens and the JWKS name it. */
  readonly kid: string;
  readonly state: 'next' | 'current' | 'previous';
  readonly publishedAt: EpochMillis;
  /** Since when it signs. Absent: it has not signed yet, or was replaced before this was recorded. */
  readonly currentAt?: EpochMillis;
  /** Since when another key signs. */
  readonly replacedAt?: EpochMillis;
  /** Private JWK, or a secret of 256 bits as base64url; sealed for the ring and this id. */
  readonly sealed: string;
}
/** All keys of one algorithm and use. The id is `signing:ALG` or `cookie:ALG`. */
export interface KeyRing extends Doc {
  readonly keys: readonly RingKey[];
}
export const keyRingKind: Kind<KeyRing> = { name: 'key-rings', index: [], unique: [] };

/** A secret of this installation, sealed for its id. */
export interface Secret extends Doc {
  readonly sealed: string;
  readonly createdAt: EpochMillis;
}
export const secretKind: Kind<Secret> = { name: 'secrets', index: [], unique: [] };

/** How many stored values a sealing key seals. `unreadable`: those that no configured key opened. */
export interface SealedCount {
  readonly sealingKey: string;
  readonly sealed: number;
  readonly unreadable: number;
}
/** Progress of sealing stored values again by the first sealing key (`sealing/resealing.ts`). There is one, `resealing`. */
export interface Resealing extends Doc {
  /** The first sealing key, and when a node had it first. */
  readonly sealingKey: string;
  readonly seenAt: EpochMillis;
  /** The node that has the lease of the pass, and when that expires. */
  readonly node: string;
  readonly leasedUntil: EpochMillis;
  /** Where the pass continues. Absent: none is under way. */
  readonly at?: { readonly records: string; readonly after: string };
  /** Of the pass that is under way. */
  readonly counts: readonly SealedCount[];
  /** Of the last complete pass. */
  readonly finishedAt?: EpochMillis;
  readonly found?: readonly SealedCount[];
}
export const resealingKind: Kind<Resealing> = { name: 'resealing', index: [], unique: [] };

/** A change of stored documents that was finished before schemas had numbers. The id is its name. */
export type Upgrade = Doc;
export const upgradeKind: Kind<Upgrade> = { name: 'upgrades', index: [], unique: [] };

/** Which migrations the stored documents have passed (`migrations/schema.ts`). There is one, with the id `schema`. */
export interface SchemaRecord extends Doc {
  /** Number of the last finished step. -1: none. */
  readonly finished: number;
  /** Releases that know the step with this number can read the store; -1: those before the first step can too. */
  readonly readableFrom: number;
  /** Version of the program that wrote this. */
  readonly release: string;
  /** An import has begun to fill the store, and has not ended. */
  readonly isImporting?: true;
  /** The step that has begun: where it continues, and how many documents it has seen and changed so far. */
  readonly running?: {
    readonly step: number;
    readonly cursor: string;
    readonly seen: number;
    readonly changed: number;
  };
}
export const schemaKind: Kind<SchemaRecord> = { name: 'schema', index: [], unique: [] };

/** The lease of the node that runs migrations (`migrations/lease.ts`). There is at most one, `migrations`. */
export interface MigrationLease extends Doc {
  readonly node: string;
  readonly until: EpochMillis;
}
export const migrationLeaseKind: Kind<MigrationLease> = {
  name: 'migration-leases',
  index: [],
  unique: [],
  expires: 'until',
};

/** A durable model of oidc-provider. The id is `Model:hash of its id`. */
export interface OidcDocument extends Doc {
  readonly model: string;
  /** As oidc-provider gave it, without its id. */
  readonly payload: object;
  readonly grantId?: string;
  readonly accountId?: string;
  readonly clientId?: string;
  /** Of a client that is a resource server: its identifier as `canonicalResource` writes it. */
  readonly resource?: string;
  readonly consumedAt?: EpochMillis;
  /** Of a used refresh token: the token that took its place, sealed for this document. */
  readonly successor?: Sealed<string>;
  readonly expiresAt?: EpochMillis;
}
export const oidcDocumentKind: Kind<OidcDocument, 'grantId' | 'accountId' | 'clientId' | 'model' | 'resource'> = {
  name: 'oidc-documents',
  index: ['grantId', 'accountId', 'clientId', 'model'],
  unique: ['resource'],
  expires: 'expiresAt',
};

/** Equal things that happened at a client, as one entry. */
export type Noted<Note> = Note & {
  readonly count: number;
  readonly firstAt: EpochMillis;
  readonly lastAt: EpochMillis;
};

/** What happened last at a client, the newest last (`oidc/developers/client-notes.ts`). The id is that of the client. */
export interface ClientNotesRecord<Note> extends Doc {
  readonly notes: readonly Noted<Note>[];
  readonly expiresAt: EpochMillis;
}

/** A refused request of a client (`oidc/developers/client-refusals.ts`). */
export interface ClientRefusal {
  /** `IDP-4101`: `/errors/IDP-4101` explains it. */
  readonly code: string;
  /** OAuth's error code. */
  readonly error: string;
  /** Route of oidc-provider: `authorization`, `token`. */
  readonly endpoint: string;
  /** The address that came, and the registered one that is most like it, without query and credentials. */
  readonly sent?: string;
  readonly registered?: string;
  /** For the developer, in English: "got …, registered …". */
  readonly explanation?: string;
  /** Of the last one, where its page had one. */
  readonly reference?: string;
}
export const clientRefusalsKind: Kind<ClientNotesRecord<ClientRefusal>> = {
  name: 'refused-requests',
  index: [],
  unique: [],
  expires: 'expiresAt',
};

/** Why a sign-in at a client needed its second step, or none (`oidc/developers/client-sign-ins.ts`). It names no person. */
export interface ClientSignIn {
  /** Absent: the sign-in succeeded. `policy`: a rule refused it. Otherwise OAuth's error code. */
  readonly refused?: string;
  /** The lowest level that was required. */
  readonly required: string;
  /** Seconds: the oldest second step that counted. */
  readonly mfaMaxAge?: number;
  /** Types of the factors that counted. Absent: all. */
  readonly factors?: readonly string[];
  /** How the second step was proven, as in `SecondStepUse` (`policy/trace.ts`), and the type of its factor. */
  readonly how?: 'asked' | 'session' | 'remembered' | 'none';
  readonly factor?: string;
  /** device: a device showed a code (RFC 8628). ciba: the person was asked in the authenticator. Absent: in a browser. */
  readonly flow?: 'device' | 'ciba';
  /** Sources that decided, as in `Source` (`policy/policy.ts`). */
  readonly decided: readonly string[];
  /** Of the last one. */
  readonly reference?: string;
}
export const clientSignInsKind: Kind<ClientNotesRecord<ClientSignIn>> = {
  name: 'decided-sign-ins',
  index: [],
  unique: [],
  expires: 'expiresAt',
};

/** Tokens that a client got by one grant type (`oidc/developers/client-tokens.ts`). */
export interface ClientTokens {
  /** `authorization_code`, `refresh_token`, … */
  readonly grantType: string;
}
export const clientTokensKind: Kind<ClientNotesRecord<ClientTokens>> = {
  name: 'last-tokens',
  index: [],
  unique: [],
  expires: 'expiresAt',
};

/** An initial access token: with it clients register themselves (`oidc/registration/registration-tokens.ts`). */
export interface RegistrationToken extends Doc {
  /** SHA-256 of the secret part of the token. */
  readonly hash: string;
  /** Name of the policy for its clients. */
  readonly policy: string;
  /** In the operator's words: for whom it is. */
  readonly label?: string;
  /** How many clients may still register with it. */
  readonly usesLeft: number;
  readonly createdAt: EpochMillis;
  readonly expiresAt: EpochMillis;
}
export const registrationTokenKind: Kind<RegistrationToken> = {
  name: 'registration-tokens',
  index: [],
  unique: [],
  expires: 'expiresAt',
};

/** owner: may do everything with the client. member: all but its deletion and the team. */
export type TeamRole = 'owner' | 'member';
/** A person of the team of a client (`oidc/developers/team.ts`). The id is `clientId:userId`. */
export interface ClientMember extends Doc {
  readonly clientId: string;
  readonly userId: string;
  /** Absent: they have left, and `place` is still taken. */
  readonly role?: TeamRole;
  /** Of the person who added the client: which of their places it takes, `userId:number`. */
  readonly place?: string;
  readonly addedAt: EpochMillis;
}
export const clientMemberKind: Kind<ClientMember, 'userId' | 'clientId' | 'place'> = {
  name: 'client-members',
  index: ['userId', 'clientId'],
  unique: ['place'],
};

/**
 * A session of a person at a client with back-channel logout (`oidc/sign-out/back-channel-logout.ts`). The id is a digest of client and
 * `sid`.
 */
export interface ClientSession extends Doc {
  readonly accountId: string;
  readonly clientId: string;
  readonly sid: string;
  readonly expiresAt: EpochMillis;
}
export const clientSessionKind: Kind<ClientSession, 'accountId' | 'clientId'> = {
  name: 'client-sessions',
  index: ['accountId', 'clientId'],
  unique: [],
  expires: 'expiresAt',
};

/**
 * A session of an account, as its person sees it (`oidc/sessions/account-sessions.ts`). The session itself is short-lived; this record says
 * where it is, and what was granted in it. The id is its digest, and the account.
 */
export interface SessionRecord extends Doc {
  readonly accountId: string;
  /** `sessionDigest` of its `uid`. */
  readonly session: string;
  readonly startedAt: EpochMillis;
  /** The last sign-in in it. */
  readonly signedInAt: EpochMillis;
  /** Last use, to a quarter of an hour. */
  readonly usedAt: EpochMillis;
  /** Of the last use: the client address, and the browser as `browserText` gives it. */
  readonly address?: string;
  readonly browser?: string;
  readonly acr?: string;
  /** Type of the factor of the second step. Absent: there was none. */
  readonly method?: string;
  /** Id of the remembered browser that took the place of the second step. */
  readonly remembered?: string;
  /** What clients got in it, the oldest first. */
  readonly clients: readonly SessionClient[];
  /** It was ended, and is not written any more. */
  readonly endedAt?: EpochMillis;
  readonly expiresAt: EpochMillis;
}
/** A client that used a session. */
export interface SessionClient {
  readonly clientId: string;
  /** Identifies the session to this client. */
  readonly sid?: string;
  readonly grantId?: string;
}
export const sessionRecordKind: Kind<SessionRecord, 'accountId'> = {
  name: 'account-sessions',
  index: ['accountId'],
  unique: [],
  expires: 'expiresAt',
};

/**
 * A browser in which the password alone signs its person in for some days (`users/remembered-browsers.ts`). The id is SHA-256 of
 * the secret in its cookie.
 */
export interface RememberedBrowser extends Doc {
  readonly userId: string;
  /** Number of times that it was used. The cookie holds the same number, so a copy of the cookie falls behind. */
  readonly counter: number;
  /** Digest of password, methods and sign-outs of the person. It does not count where they have changed. */
  readonly version: string;
  readonly createdAt: EpochMillis;
  readonly lastUsedAt: EpochMillis;
  /** Of the last use: the client address, and the browser as `browserText` gives it. */
  readonly address?: string;
  readonly browser?: string;
  readonly expiresAt: EpochMillis;
}
export const rememberedBrowserKind: Kind<RememberedBrowser, 'userId'> = {
  name: 'remembered-browsers',
  index: ['userId'],
  unique: [],
  expires: 'expiresAt',
};

/** A message to an outside system that must not be lost (`outbox/`). */
export interface OutboxMessage extends Doc {
  /** Such as `backchannel-logout`. */
  readonly kind: string;
  /** Such as `client:ID`. Each recipient is sent one message at a time. */
  readonly recipient: string;
  /** Id of the user whom the message concerns. */
  readonly subject?: string;
  readonly state: 'waiting' | 'given-up';
  /** Data for the sender of its kind, sealed for this id. */
  readonly sealed: Sealed<Json>;
  readonly createdAt: EpochMillis;
  /** Number of attempts begun. */
  readonly attempts: number;
  /** Earliest time of the next attempt. During an attempt: when its claim ends and another node may try. */
  readonly dueAt: EpochMillis;
  /** A failed attempt from this time on is the last one. */
  readonly giveUpAt: EpochMillis;
  /** Error message of the last attempt. */
  readonly lastError?: string;
  /** When a message that was given up is removed. */
  readonly expiresAt?: EpochMillis;
}
export const outboxKind: Kind<OutboxMessage, 'state' | 'recipient'> = {
  name: 'outbox',
  index: ['state', 'recipient'],
  unique: [],
  expires: 'expiresAt',
};

/** A recorded event. Holds no code, secret or full number: `audit.ts` lists the members. */
export interface AuditRecord extends Doc {
  readonly at: EpochMillis;
  readonly event: string;
  readonly actor: string;
  readonly subject?: string;
  readonly reference?: string;
  readonly outcome: 'success' | 'failure' | 'refused' | 'info';
  readonly facts: { readonly [member: string]: string | number | boolean };
}
export const auditEventKind: Kind<AuditRecord, 'subject' | 'reference' | 'event'> = {
  name: 'audit-events',
  index: ['subject', 'reference'],
  filters: ['event'],
  unique: [],
};

/** A document of any kind, with members that only its own rules know. */
export interface StoredDoc extends Doc {
  readonly [member: string]: unknown;
}
/** A kind whose documents are moved from store to store as they are. */
export type StoredKind = Kind<StoredDoc, string>;

const moved = <D extends Doc, Index extends keyof D>(kind: Kind<D, Index>): StoredKind =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- members of all kinds are texts
  kind as unknown as StoredKind;

/**
 * All kinds that hold data of an installation, people first. Left out: `schemaKind`, which a file states in its header, and
 * `migrationLeaseKind`, which belongs to a running process.
 */
export const dataKinds: readonly StoredKind[] = [
  moved(userKind),
  moved(authenticatorKind),
  moved(secretKind),
  moved(keyRingKind),
  moved(resealingKind),
  moved(hashWorkKind),
  moved(oidcDocumentKind),
  moved(registrationTokenKind),
  moved(sessionRecordKind),
  moved(clientSessionKind),
  moved(clientRefusalsKind),
  moved(clientSignInsKind),
  moved(clientTokensKind),
  moved(clientMemberKind),
  moved(rememberedBrowserKind),
  moved(failedAttemptsKind),
  moved(dailySendsKind),
  moved(pushRequestsKind),
  moved(sentMailsKind),
  moved(notMeLinkKind),
  moved(outboxKind),
  moved(upgradeKind),
  moved(auditEventKind),
];
