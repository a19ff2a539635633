/** Checks the metadata of a client, by oidc-provider's schema as the server will apply it, and by our own rules. */
import { errors, Provider, type ClientMetadata } from 'oidc-provider';
import { Problem } from '../../errors.ts';
import type { InstallationSecrets } from '../../keys/rings.ts';
import { cibaProblem } from '../ciba-clients.ts';
import { cibaParameters } from '../ciba-parameters.ts';
import { features, protocol } from '../configuration.ts';
import { serviceProblem } from '../services.ts';
import { addressProblem } from './addresses.ts';
import { textsIn } from './change.ts';

/** Gives the first mistake in the metadata, as "got …, expected …" for its author; undefined where it may be stored. */
export type ClientCheck = (metadata: ClientMetadata) => Promise<string | undefined>;

/** `signingKeys`: they decide which algorithms can sign a client's ID tokens. */
export const createClientCheck = ({ signingKeys }: Pick<InstallationSecrets, 'signingKeys'>): ClientCheck => {
  // It serves no request and stores no data. Configured like the real one, it applies the same schema.
  const { Client } = new Provider('https://schema.invalid', {
    ...protocol,
    features: { ...features, ciba: { ...cibaParameters, ...neverAsked } },
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
    // Before the schema, which does not name the address that it refuses.
    const wrongAddress = addressesProblem(metadata);
    if (wrongAddress !== undefined) return wrongAddress;
    // The other rules rely on the shapes that the schema checks. It changes its argument, so it gets a copy.
    const problem = await schemaProblem(Client.validate(structuredClone(metadata)));
    return problem ?? idProblem(metadata.client_id) ?? serviceProblem(metadata) ?? cibaProblem(metadata);
  };
};

const refuse = (): never => {
  throw new Problem('internal', 'got a request of CIBA, expected only clients to check');
};
const neverAsked = { validateRequestContext: refuse, triggerAuthenticationDevice: refuse };

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

/** The first address with a mistake. Other shapes than lists of texts are left to the schema. */
const addressesProblem = (metadata: ClientMetadata): string | undefined => {
  const type = metadata.application_type === 'native' ? 'native' : 'web';
  for (const member of ['redirect_uris', 'post_logout_redirect_uris'] as const) {
    for (const uri of textsIn(metadata, member)) {
      const problem = addressProblem(uri, type);
      if (problem !== undefined) return `${member}: ${problem}`;
    }
  }
  // We send to these ourselves, so that a scheme of an installed program leads nowhere.
  for (const member of ['backchannel_logout_uri', 'backchannel_client_notification_endpoint'] as const) {
    const { [member]: uri } = metadata;
    const problem = typeof uri === 'string' ? addressProblem(uri, 'web') : undefined;
    if (problem !== undefined) return `${member}: ${problem}`;
  }
  return undefined;
};
