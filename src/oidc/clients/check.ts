/** Checks the metadata of a client, by oidc-provider's schema as the server will apply it, and by our own rules. */
import { errors, Provider, type ClientMetadata } from 'oidc-provider';
import { isLoopback } from '../../config/rules.ts';
import { Problem } from '../../errors.ts';
import type { InstallationSecrets } from '../../secrets.ts';
import { features, protocol } from '../configuration.ts';
import { serviceProblem } from '../services.ts';

/** Gives the first mistake in the metadata, as "got …, expected …" for its author; undefined where it may be stored. */
export type ClientCheck = (metadata: ClientMetadata) => Promise<string | undefined>;

/** `signingKeys`: they decide which algorithms can sign a client's ID tokens. */
export const createClientCheck = ({ signingKeys }: Pick<InstallationSecrets, 'signingKeys'>): ClientCheck => {
  // It serves no request and stores no data. Configured like the real one, it applies the same schema.
  const { Client } = new Provider('https://schema.invalid', {
    ...protocol,
    features,
    jwks: { keys: signingKeys.map(key => ({ ...key })) },
    adapter: model => {
      throw new Problem('internal', `got ${model} to store, expected only clients to check`);
    },
  });
  return async metadata => {
    const { length } = JSON.stringify(metadata);
    if (length > maxMetadataLength) {
      return `the client: got ${length} characters of JSON, expected ${maxMetadataLength} or less`;
    }
    // The schema comes first: our rules rely on the shapes that it checks. It changes its argument, so it gets a copy.
    const problem = await schemaProblem(Client.validate(structuredClone(metadata)));
    return problem ?? idProblem(metadata.client_id) ?? addressProblem(metadata) ?? serviceProblem(metadata);
  };
};

/** Characters of JSON, as many as a form may hold. Each page and each sign-in reads all of it. */
const maxMetadataLength = 65_536;

const schemaProblem = async (validated: Promise<unknown>): Promise<string | undefined> => {
  try {
    await validated;
    return undefined;
  } catch (error) {
    if (error instanceof errors.InvalidClientMetadata) return error.error_description ?? error.message;
    throw error;
  }
};

/** Ids appear in addresses, commands and logs without encoding. */
const idProblem = (id: string): string | undefined =>
  /^[\w.~-]{1,128}$/.test(id)
    ? undefined
    : `client_id: got ${JSON.stringify(id)}, expected 1 to 128 letters, digits and . _ ~ -`;

const addressProblem = (metadata: ClientMetadata): string | undefined => {
  for (const member of ['redirect_uris', 'post_logout_redirect_uris'] as const) {
    const wrong = metadata[member]?.find(uri => !isSafeAddress(uri));
    if (wrong === undefined) continue;
    return `${member}: got ${JSON.stringify(wrong)}, expected https, or http on this machine, without fragment or credentials`;
  }
  return undefined;
};

/** True where data sent to this address cannot be read on the way: RFC 6749 §3.1.2, RFC 8252 §7.3. */
const isSafeAddress = (uri: string): boolean => {
  const url = URL.parse(uri);
  if (url === null || url.hash !== '' || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
};
