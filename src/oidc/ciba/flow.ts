/**
 * Runs CIBA (OpenID Connect Client-Initiated Backchannel Authentication 1.0) over oidc-provider: a client asks a person in their
 * authenticator, without a browser and without a password. The key of the device, unlocked by PIN or biometric, is `mfa`.
 *
 *   client: /backchannel → auth_req_id;  /token → authorization_pending … → tokens, or access_denied
 *   person: the request in the authenticator ─Verify→ or ─Deny→;  a client in ping mode is told
 *
 * pending ─the person answers, the client polls→ decided ─same poll→ used;  pending → expired
 *
 * Which clients may ask: `ciba-clients.ts`. What oidc-provider is told: `ciba-parameters.ts`.
 *
 * - `hints.ts`: the person whom a client names; unknown ones are answered alike
 * - `asking.ts`: asks the person after the client has its answer
 * - `decisions.ts`: decides at a poll
 * - `pings.ts`: tells clients in ping mode
 * - `offered.ts`, `announcement.ts`: whether it is offered, and what discovery says
 */
import { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { askLater, checkLevel, type AskingDeps } from './asking.ts';
import type { DecisionsDeps } from './decisions.ts';
import { accountIdOf, type AccountNamed } from './hints.ts';
import { cibaParameters } from '../ciba-parameters.ts';

/** `isOffered`: no setting stands in the way (`offered.ts`). */
export interface CibaDeps extends AskingDeps, DecisionsDeps {
  readonly accountNamed: AccountNamed;
  readonly isOffered: boolean;
}

/** For `features.ciba` of oidc-provider. */
export const ciba = (deps: CibaDeps) => ({
  ...cibaParameters,
  validateRequestContext(ctx: KoaContextWithOIDC): void {
    if (!deps.isOffered) throw new errors.InvalidRequest('backchannel authentication is not offered here');
    checkLevel(deps)(ctx);
  },
  processLoginHint: accountIdOf(deps.accountNamed),
  triggerAuthenticationDevice: askLater(deps),
});
