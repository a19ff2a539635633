/** Defines the records of what oidc-provider stores, what developers see of their clients, and who registers clients. */
import type { Sealed } from '../crypto.ts';
import type { Doc, Kind } from '../ports/stores.ts';
import type { EpochMillis } from '../ports/time.ts';

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
  /** Of a client: random for each time it is added (`oidc/clients/registration-ids.ts`). */
  readonly registrationId?: string;
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
