/** Decides which clients may ask people in their authenticator. */
import type { ClientMetadata } from 'oidc-provider';
import { atLeast } from '../mfa/assurance.ts';
import { ownMetadata } from './own-metadata.ts';
import { cibaGrant } from './ciba-parameters.ts';

/** The level that an approval reaches: the key of a device, with PIN or biometric, and no password before. */
export const approvalReaches = 'mfa';

/** Whether this client may ask people in their authenticator. */
export const isCibaClient = ({ grant_types: grantTypes = [] }: Pick<ClientMetadata, 'grant_types'>): boolean =>
  grantTypes.includes(cibaGrant);

/** The mistake in the metadata of such a client, or in that of another one with members of it; undefined: there is none. */
export const cibaProblem = (client: ClientMetadata): string | undefined => {
  const { grant_types: grantTypes = [], token_endpoint_auth_method: authMethod } = client;
  const { backchannel_token_delivery_mode: mode, backchannel_client_notification_endpoint: endpoint } = client;
  if (endpoint !== undefined && mode !== 'ping') {
    return 'backchannel_client_notification_endpoint: got an address, expected none for a client that is not pinged';
  }
  if (!isCibaClient(client)) return undefined;
  // Its tokens come without a browser and a session, so the rules of other grant types do not fit them.
  if (grantTypes.length > 1) return `grant_types: got ${grantTypes.join(', ')}, expected ${cibaGrant} alone`;
  if (authMethod === 'none') return 'CIBA: got a client without a secret, expected one';
  // An `id_token_hint` would name a subject from which no person can be found.
  if (client.subject_type === 'pairwise') return 'subject_type: got pairwise, expected public for CIBA';
  const { first_party: isFirstParty, min_acr: least } = ownMetadata(client);
  // The authenticator shows a text of the client, but no scopes to agree to.
  if (isFirstParty !== true) return 'CIBA: got a client that is not first-party, expected one of your own';
  if (least !== undefined && !atLeast(approvalReaches, least)) {
    return `min_acr: got ${least}, expected ${approvalReaches} or less: an approval reaches no more`;
  }
  return undefined;
};
