/** Checks the metadata of a client, by oidc-provider's schema as the server will apply it, and by our own rules. */
import { errors, Provider, type ClientMetadata } from 'oidc-provider';
import type { DetailTypes } from '../../config/authorization-details.ts';
import type { ClientCertificateSettings } from '../../config.ts';
import { Problem } from '../../errors.ts';
import type { Outbound } from '../../http/outbound.ts';
import type { InstallationSecrets } from '../../keys/rings.ts';
import { claimsByScope, type OperatorScopes } from '../../scopes/scopes.ts';
import { cibaProblem } from '../ciba-clients.ts';
import { cibaParameters } from '../ciba-parameters.ts';
import { features, protocol } from '../configuration.ts';
import { serviceProblem } from '../services.ts';
import { addressProblem } from './addresses.ts';
import { certificateMethods, clientCertificates } from '../mtls/offered.ts';
import { richRequests } from '../consent/rich-requests.ts';
import { profileProblem } from '../security-profile.ts';
import { textsIn } from './change.ts';
import { keysProblem } from './keys.ts';
import { sharedSectorProblem } from './sector.ts';

/** Gives the first mistake in the metadata, as "got …, expected …" for its author; undefined where it may be stored. */
export type ClientCheck = (metadata: ClientMetadata) => Promise<string | undefined>;

export interface ClientCheckDeps {
  /** They decide which algorithms can sign a client's ID tokens. */
  readonly secrets: Pick<InstallationSecrets, 'signingKeys'>;
  /** Reads the `sector_identifier_uri` of a client. */
  readonly outbound: Outbound;
  /** How clients' certificates reach this server. Absent: this server offers no such thing. */
  readonly clientCertificates?: ClientCertificateSettings | undefined;
  /** A client may be registered for these too. */
  readonly scopes: OperatorScopes;
  /** Types of authorization details that clients may request. Absent: no types. */
  readonly detailTypes?: DetailTypes;
}

/** The check with the rules of this server. */
export const createClientCheck = ({
  secrets: { signingKeys },
  outbound,
  clientCertificates: certificates,
  scopes,
  detailTypes = new Map(),
}: ClientCheckDeps): ClientCheck => {
  // It serves no request and stores no data. Configured like the real one, it applies the same schema.
  const { Client } = new Provider('https://schema.invalid', {
    ...protocol,
    claims: claimsByScope(scopes),
    clientAuthMethods: [...protocol.clientAuthMethods, ...certificateMethods(certificates)],
    features: {
      ...features,
      mTLS: clientCertificates(certificates, () => 0),
      richAuthorizationRequests: richRequests(detailTypes),
      ciba: { ...cibaParameters, ...neverAsked },
    },
    jwks: { keys: signingKeys.map(key => ({ ...key })) },
    fetch: outbound,
    adapter: model => {
      throw new Problem('internal', `got ${model} to store, expected only clients to check`);
    },
  });
  return async metadata => {
    const text = JSON.stringify(metadata);
    if (text.length > maxMetadataLength) {
      return `the client: got ${text.length} characters of JSON, expected ${maxMetadataLength} or less`;
    }
    // Before the schema, which does not name the address that it refuses.
    const wrongAddress = addressesProblem(metadata);
    if (wrongAddress !== undefined) return wrongAddress;
    // The other rules rely on the shapes that the schema checks. It changes its argument, so it gets a copy.
    const problem =
      notOffered(metadata, certificates, detailTypes) ??
      keysProblem(metadata) ??
      (await schemaProblem(Client.validate(copyOf(text))));
    return (
      problem ??
      idProblem(metadata.client_id) ??
      serviceProblem(metadata) ??
      cibaProblem(metadata) ??
      profileProblem(metadata) ??
      sharedSectorProblem(metadata)
    );
  };
};

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the text of metadata
const copyOf = (text: string): ClientMetadata => JSON.parse(text) as ClientMetadata;

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

/** A member of something that this server does not offer: the schema would drop it, and the client would rely on it in vain. */
const notOffered = (
  metadata: ClientMetadata,
  certificates: ClientCertificateSettings | undefined,
  detailTypes: DetailTypes,
): string | undefined => {
  const name = Object.keys(metadata).find(
    each =>
      (each.startsWith('tls_client_') && certificates === undefined) ||
      (each === 'authorization_details_types' && detailTypes.size === 0),
  );
  return name === undefined ? undefined : `${name}: got a value, expected none: this server does not offer it`;
};

/** Addresses of a client that this server requests. */
const requested = [
  'backchannel_logout_uri',
  'backchannel_client_notification_endpoint',
  'jwks_uri',
  'sector_identifier_uri',
] as const;

/** The first address with a mistake. Other shapes than lists of texts are left to the schema. */
const addressesProblem = (metadata: ClientMetadata): string | undefined => {
  const type = metadata.application_type === 'native' ? 'native' : 'web';
  for (const member of ['redirect_uris', 'post_logout_redirect_uris'] as const) {
    for (const uri of textsIn(metadata, member)) {
      const problem = addressProblem(uri, type);
      if (problem !== undefined) return `${member}: ${problem}`;
    }
  }
  // We request these ourselves, so that a scheme of an installed program leads nowhere.
  for (const member of requested) {
    const { [member]: uri } = metadata;
    const problem = typeof uri === 'string' ? addressProblem(uri, 'web') : undefined;
    if (problem !== undefined) return `${member}: ${problem}`;
  }
  return undefined;
};
