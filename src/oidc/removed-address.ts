/**
 * Refuses codes that were sent to an address which is no longer registered. The library compares the address of the token
 * request with that of the code only, so a code stolen at a removed address would otherwise still give tokens.
 */
import { errors, Provider } from 'oidc-provider';
import { methodOf } from './model-method.ts';

/** Changes authorization codes of this provider. Must run before it answers requests. */
export const refuseRemovedAddresses = ({ AuthorizationCode }: Provider): void => {
  const consume = methodOf(AuthorizationCode.prototype, 'consume');
  AuthorizationCode.prototype.consume = async function consumeIfRegistered() {
    const { redirectUri } = this;
    // Refuse before the code is used: a second use would revoke the person's grant.
    if (redirectUri !== undefined && Provider.ctx?.oidc.client?.redirectUriAllowed(redirectUri) === false) {
      throw new errors.InvalidGrant('the redirect_uri of this code is no longer registered');
    }
    await consume(this);
  };
};
