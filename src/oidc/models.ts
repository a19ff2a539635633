/** What oidc-provider keeps, model by model: where, in what form, and what a second user of a single-use one is told. */
import { errors } from 'oidc-provider';
import type { Millis } from '../ports/time.ts';

export interface ModelStorage {
  /** durable: survives the short-lived store, and with it every restart. */
  readonly where: 'durable' | 'short-lived';
  /** Sealed as a whole: it names what is secret (a session's cookie) and is found by more than its id. */
  readonly sealed?: true;
  /** Can be used once. Used, it stays visible to its end and for `lingers` after: a replay is told from a stranger. */
  readonly once?: { readonly lingers: Millis; readonly refuse: () => Error };
  /** Its mere existence is the fact: a second one of the same id is refused. */
  readonly unique?: { readonly refuse: () => Error };
}

const minute = 60_000;
const usedGrant = () => new errors.InvalidGrant('already used, or revoked meanwhile');
const once = (lingers: Millis) => ({ lingers, refuse: usedGrant });

export const models: Readonly<Record<string, ModelStorage>> = {
  Client: { where: 'durable' },
  Grant: { where: 'durable' },
  RefreshToken: { where: 'durable', once: once(minute) },
  RegistrationAccessToken: { where: 'durable' },
  InitialAccessToken: { where: 'durable' },
  Session: { where: 'short-lived', sealed: true },
  Interaction: { where: 'short-lived', sealed: true },
  AuthorizationCode: { where: 'short-lived', once: once(minute) },
  // Used at the end of the sign-in that it began: visible for as long as that may take.
  PushedAuthorizationRequest: {
    where: 'short-lived',
    once: {
      lingers: 60 * minute,
      refuse: () => new errors.InvalidRequestUri('request_uri is invalid, expired, or was already used'),
    },
  },
  DeviceCode: { where: 'short-lived', sealed: true, once: once(minute) },
  BackchannelAuthenticationRequest: { where: 'short-lived', once: once(minute) },
  PreAuthorizedCode: { where: 'short-lived', once: once(minute) },
  AccessToken: { where: 'short-lived' },
  ClientCredentials: { where: 'short-lived' },
  ReplayDetection: {
    where: 'short-lived',
    unique: { refuse: () => new errors.InvalidDpopProof('this proof was used before') },
  },
};
