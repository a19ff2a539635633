/** Lists oidc-provider's models: in which store and form each is kept, and the error that a second use of a single-use one gets. */
import { errors, type AdapterPayload } from 'oidc-provider';
import { Problem } from '../errors.ts';
import type { Collection } from '../ports/stores.ts';
import type { Millis } from '../ports/time.ts';
import type { OidcDocument } from '../records.ts';

/** Documents of the durable models. */
export type OidcDocuments = Collection<OidcDocument, 'grantId' | 'accountId' | 'clientId' | 'model' | 'resource'>;

/** How instances of one model are kept. */
export interface ModelStorage {
  /** durable: survives a restart of the short-lived store. */
  readonly where: 'durable' | 'short-lived';
  /** Sealed as a whole: the payload contains secrets (a session's cookie), and is found by more than its id. */
  readonly sealed?: true;
  /**
   * Not found by its grant, account or client, and so never removed with them. It stays until it expires, because each use is refused
   * without its grant, or under another registration of its client (`issued-under.ts`).
   */
  readonly unindexed?: true;
  /** Single use. A used one stays readable for `readableAfterEnd` after its end, so that a replay is told from an unknown one. */
  readonly once?: { readonly readableAfterEnd: Millis; readonly refuse: () => Error };
  /**
   * Number of the state that a payload is in, 0 for a new one. A change that does not raise it is refused: another request was
   * first, or the instance was used or removed meanwhile.
   */
  readonly stage?: (payload: AdapterPayload) => number;
  /** Marks that something was seen: a second instance with the same id is refused. */
  readonly unique?: { readonly refuse: () => Error };
}

const minute: Millis = 60_000;
/** The refusal of a code or refresh token that cannot be used, or not again. */
export const usedGrant = (): Error => new errors.InvalidGrant('already used, or revoked meanwhile');
const once = (readableAfterEnd: Millis) => ({ readableAfterEnd, refuse: usedGrant });

/** Storage by the name of the model. */
export const models: Readonly<Record<string, ModelStorage>> = {
  Client: { where: 'durable' },
  Grant: { where: 'durable' },
  RefreshToken: { where: 'durable', once: once(minute) },
  RegistrationAccessToken: { where: 'durable' },
  InitialAccessToken: { where: 'durable' },
  Session: { where: 'short-lived', sealed: true },
  Interaction: { where: 'short-lived', sealed: true },
  AuthorizationCode: { where: 'short-lived', unindexed: true, once: once(minute) },
  // Used at the end of the sign-in that it began, so it stays readable for as long as that may take.
  PushedAuthorizationRequest: {
    where: 'short-lived',
    once: {
      readableAfterEnd: 60 * minute,
      refuse: () => new errors.InvalidRequestUri('request_uri is invalid, expired, or was already used'),
    },
  },
  // new, begun by a browser, decided. Found by its grant, because the library asks whether it was used before it reads the grant.
  DeviceCode: {
    where: 'short-lived',
    sealed: true,
    once: once(minute),
    stage: ({ accountId, error, inFlight }) => (accountId !== undefined || error !== undefined ? 2 : inFlight ? 1 : 0),
  },
  // new, decided. Its parameters contain a token of the client (`client_notification_token`).
  BackchannelAuthenticationRequest: {
    where: 'short-lived',
    sealed: true,
    once: once(minute),
    stage: ({ grantId, error }) => (grantId !== undefined || error !== undefined ? 1 : 0),
  },
  PreAuthorizedCode: { where: 'short-lived', once: once(minute) },
  AccessToken: { where: 'short-lived', unindexed: true },
  ClientCredentials: { where: 'short-lived', unindexed: true },
  ReplayDetection: {
    where: 'short-lived',
    unique: { refuse: () => new Problem('conflict', 'another request brought the same JWT at the same moment') },
  },
};

/** The payload without its id. The id of a token is the token: only its hash is kept, never beside the payload. */
export const withoutId = (payload: AdapterPayload): AdapterPayload => {
  const { jti, ...rest } = payload;
  return jti === undefined ? payload : rest;
};
