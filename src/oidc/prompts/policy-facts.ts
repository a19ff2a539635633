/** Tells the policy what it may know of a client, and of a person. */
import { highest } from '../../mfa/assurance.ts';
import type { Acr } from '../../mfa/factor.ts';
import type { ClientFacts, PersonFacts } from '../../policy/policy.ts';
import type { User } from '../../records.ts';
import type { IsBreakGlass } from '../../users/break-glass.ts';
import { ownMetadata } from '../own-metadata.ts';
import { isBuiltIn } from '../clients/built-in.ts';

/** The requirements in the metadata of this client of oidc-provider. */
export const clientFacts = (client: { readonly clientId: string }): ClientFacts => {
  const { require_mfa: requiresMfa, min_acr: least = 'sfa', mfa_max_age: mfaMaxAge, factors } = ownMetadata(client);
  return {
    id: client.clientId,
    ...(isBuiltIn(client.clientId) && { isPortal: true }),
    acr: highest(least, requiresMfa === true ? 'mfa' : 'sfa'),
    ...(mfaMaxAge !== undefined && { mfaMaxAge }),
    ...(factors !== undefined && { factors }),
  };
};

/** What the policy may know of this person. */
export const personFacts = (
  { isBreakGlass }: { readonly isBreakGlass: IsBreakGlass },
  user: User,
  { hasMethod, chosen = 'sfa' }: { readonly hasMethod: boolean; readonly chosen?: Acr },
): PersonFacts => ({
  groups: user.groups ?? [],
  hasMethod,
  chosen,
  ...(isBreakGlass(user) && { isExempt: true }),
});
