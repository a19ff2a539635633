/** Whether a client may be kept: by the schema of the protocol's library, as the server will read it, and by our own rules. */
import { errors, Provider, type ClientMetadata } from 'oidc-provider';
import { isLoopback } from '../config/rules.ts';
import { Problem } from '../errors.ts';
import type { InstallationSecrets } from '../secrets.ts';
import { features, protocol } from './configuration.ts';

/** What is wrong with this metadata, in words for its author, who got and expected what; undefined: nothing. */
export type ClientCheck = (metadata: ClientMetadata) => Promise<string | undefined>;

/** `signingKeys`: of the house, because they decide by which algorithm a client's ID tokens can be signed. */
export const createClientCheck = ({ signingKeys }: Pick<InstallationSecrets, 'signingKeys'>): ClientCheck => {
  // Serves nobody and keeps nothing: configured as the one that serves, it judges as that one will.
  const { Client } = new Provider('https://schema.invalid', {
    ...protocol,
    features,
    jwks: { keys: signingKeys.map(key => ({ ...key })) },
    adapter: model => {
      throw new Problem('internal', `got ${model} to keep, expected only clients to judge`);
    },
  });
  return async metadata => {
    const { length } = JSON.stringify(metadata);
    if (length > longestMetadata)
      return `the client: got ${length} characters of JSON, expected ${longestMetadata} or less`;
    // The schema first: from then on members have the shapes that our rules rely on. A copy, because it completes lists in place.
    const problem = await faultOf(Client.validate(structuredClone(metadata)));
    return problem ?? idFault(metadata.client_id) ?? addressFault(metadata);
  };
};

/** As much as a form may bring. Each page and each sign-in reads all of it. */
const longestMetadata = 65_536;

const faultOf = async (validated: Promise<unknown>): Promise<string | undefined> => {
  try {
    await validated;
    return undefined;
  } catch (error) {
    if (error instanceof errors.InvalidClientMetadata) return error.error_description ?? error.message;
    throw error;
  }
};

/** It stands in addresses, commands and logs as it is. */
const idFault = (id: string): string | undefined =>
  /^[\w.~-]{1,128}$/.test(id)
    ? undefined
    : `client_id: got ${JSON.stringify(id)}, expected 1 to 128 letters, digits and . _ ~ -`;

const addressFault = (metadata: ClientMetadata): string | undefined => {
  for (const member of ['redirect_uris', 'post_logout_redirect_uris'] as const) {
    const wrong = metadata[member]?.find(uri => !isSafeAddress(uri));
    if (wrong === undefined) continue;
    return `${member}: got ${JSON.stringify(wrong)}, expected https, or http on this machine, without fragment or credentials`;
  }
  return undefined;
};

/** Nothing that is sent there can be read on the way: RFC 6749 §3.1.2, RFC 8252 §7.3. */
const isSafeAddress = (uri: string): boolean => {
  const url = URL.parse(uri);
  if (url === null || url.hash !== '' || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
};
