/** Types what the registry of clients takes and answers (`oidc/clients.ts`). What a person can cause is a value with a reason. */
import type { ClientMetadata } from 'oidc-provider';
import type { EpochMillis } from '../../ports/time.ts';
import type { Write } from '../../ports/stores.ts';
import type { NewClient } from '../client-metadata.ts';
import { textsIn, type ClientChange } from './change.ts';
import { isPublic } from './completion.ts';

/** A client with an id and secret that were agreed on before. Without a secret it is a public client. */
export interface KnownClient extends Omit<NewClient, 'token_endpoint_auth_method'> {
  readonly client_id: string;
  readonly client_secret?: string;
}

/** A client in a list for the operator. */
export interface ListedClient {
  readonly id: string;
  /** The id where the client has no name. */
  readonly name: string;
  readonly redirectUris: readonly string[];
  /** Without a secret (RFC 6749 §2.1). */
  readonly public: boolean;
}

/**
 * taken: another client has the id, or the same `resource`. invalid: the metadata has a mistake. raced: a write that was to be carried
 * out with the client was lost, so there is no client either.
 */
export type AddedClient =
  | {
      readonly ok: true;
      readonly id: string;
      /** Returned this once; only its hash is stored. */ readonly secret?: string;
    }
  | {
      readonly ok: false;
      readonly reason: 'taken' | 'invalid' | 'raced';
      /** For the operator: "got …, expected …". */ readonly message: string;
    };

/** Where a new client comes with more than its own metadata. */
export interface Registration {
  /** Members that a policy of the operator gives it. */
  readonly given?: Partial<NewClient>;
  /** Members that are stored with it and that no door sets, such as the digest of its registration access token. */
  readonly kept?: object;
  /** A secret that was agreed on before. Absent: a new one is made, where the client uses one. */
  readonly secret?: string;
  /** Writes in the same batch, all or none, such as that of its owner. `id`: of the new client. */
  readonly also?: (id: string) => readonly Write[];
}

/** A change as it follows from the stored client. `given`, `kept`: as of a registration. */
export type DecidedChange =
  | {
      readonly change: ClientChange;
      readonly given?: Partial<NewClient>;
      readonly kept?: object;
      /** Why the client may not become this one, beside the rules of the door. */
      readonly refuse?: (after: ClientMetadata) => string | undefined;
    }
  | { readonly problem: string };

/** unknown: no client has the id. invalid: the change is not allowed; the client stays as it was. */
export interface RefusedChange {
  readonly ok: false;
  readonly reason: 'unknown' | 'invalid';
  readonly message: string;
}
export type ChangedClient =
  | { readonly ok: true; /** Names of the changed members. */ readonly members: readonly string[] }
  | RefusedChange;
export type AddedSecret =
  | {
      readonly ok: true;
      /** Returned this once. */ readonly secret: string;
      /** When the old one ends. */ readonly previousUntil: EpochMillis;
    }
  | RefusedChange;
export type RemovedSecret = { readonly ok: true } | RefusedChange;
export type RemovedClient = { readonly ok: true } | RefusedChange;

/** A client without its secrets, for operators. */
export interface ShownClient {
  /** As stored, without secrets. */
  readonly metadata: ClientMetadata;
  /** When the older of two secrets ends. */
  readonly previousSecretUntil?: EpochMillis;
}

/** The client that a change makes, or why it is refused. */
export type Decided = { readonly after: ClientMetadata } | { readonly problem: string };

/** A change that is refused. `message`: for the operator. */
export const refusal = (reason: 'unknown' | 'invalid', message: string): RefusedChange => ({
  ok: false,
  reason,
  message,
});

/** The refusal of a change where no client has the id. */
export const unknownClient = (id: string): RefusedChange => refusal('unknown', `no client ${JSON.stringify(id)}`);

/** A stored client as a row of a list. */
export const listedClient = (payload: object): ListedClient => {
  const member = (name: string): unknown => Reflect.get(payload, name);
  const [id, name] = [String(member('client_id')), member('client_name')];
  return {
    id,
    name: typeof name === 'string' ? name : id,
    redirectUris: textsIn(payload, 'redirect_uris'),
    public: isPublic(payload),
  };
};
