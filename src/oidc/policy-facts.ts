/** Tells the policy what it may know of a client. */
import { highest } from '../mfa/assurance.ts';
import type { ClientFacts } from '../policy/policy.ts';
import { ownMetadata } from './client-metadata.ts';

/** The requirements in the metadata of this client of oidc-provider. */
export const clientFacts = (client: { readonly clientId: string }): ClientFacts => {
  const { require_mfa: requiresMfa, min_acr: least = 'sfa', mfa_max_age: mfaMaxAge, factors } = ownMetadata(client);
  return {
    id: client.clientId,
    acr: highest(least, requiresMfa === true ? 'mfa' : 'sfa'),
    ...(mfaMaxAge !== undefined && { mfaMaxAge }),
    ...(factors !== undefined && { factors }),
  };
};
