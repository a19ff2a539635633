/** Reads what a client sends to register itself, and makes the answer (RFC 7591 §2 and §3.2, RFC 7592 §3). */
import type { ClientMetadata } from 'oidc-provider';
import type { NewClient } from '../client-metadata.ts';
import { bookkeeping } from '../clients/doors.ts';
import { clientMembers } from '../clients/member-rules.ts';

/** A refusal as RFC 7591 §3.2.2 and RFC 6750 §3.1 name it. `description`: got and expected, for the developer of the client. */
export interface RefusedRegistration {
  readonly ok: false;
  readonly error: 'invalid_token' | 'invalid_request' | 'invalid_redirect_uri' | 'invalid_client_metadata';
  readonly description: string;
}

/** The refusal of metadata. A wrong redirect address has an error of its own. */
export const refusedMetadata = (problem: string): RefusedRegistration => ({
  ok: false,
  error: problem.startsWith('redirect_uris') ? 'invalid_redirect_uri' : 'invalid_client_metadata',
  description: problem,
});

export const refusedToken = (description: string): RefusedRegistration => ({
  ok: false,
  error: 'invalid_token',
  description,
});

/** Members that only the server states: an update must not have them (RFC 7592 §2.2). */
const stated = [
  'registration_access_token',
  'registration_client_uri',
  'client_secret_expires_at',
  'client_id_issued_at',
];

/** The metadata that this server knows, without empty members. Others are ignored (RFC 7591 §2), those of operators are refused later. */
export const metadataIn = (body: object): Partial<NewClient> =>
  Object.fromEntries(
    Object.entries(body).filter(
      ([name, value]: [string, unknown]) => clientMembers.includes(name) && value !== null && value !== '',
    ),
  );

/** The mistake in the body of an update of this client, beside its metadata; undefined where it has none. */
export const updateProblem = (body: object, id: string): string | undefined => {
  const forbidden = stated.find(name => Reflect.get(body, name) !== undefined);
  if (forbidden !== undefined) return `got the member ${forbidden}, expected an update without it`;
  return Reflect.get(body, 'client_id') === id ? undefined : 'client_id: got another one, expected that of this client';
};

/** What the client is told of itself. `secret`: where it has just got one; it is not stored, so that no other answer has it. */
export const informationOf = (
  client: ClientMetadata,
  { token, issuer, secret }: { readonly token: string; readonly issuer: URL; readonly secret?: string | undefined },
): object => ({
  ...Object.fromEntries(Object.entries(client).filter(([name]) => !bookkeeping.includes(name))),
  ...(secret !== undefined && { client_secret: secret, client_secret_expires_at: 0 }),
  registration_access_token: token,
  registration_client_uri: new URL(`${registrationPath}/${client.client_id}`, issuer).href,
});

/** Where clients register themselves. */
export const registrationPath = '/reg';
