/** Declares CIBA to oidc-provider, with the checks of its parameters that look nobody up. */
import { errors, type KoaContextWithOIDC } from 'oidc-provider';

/** The grant type of CIBA (OpenID CIBA §10.1). */
export const cibaGrant = 'urn:openid:params:grant-type:ciba';

/** The library's name of the endpoint. */
export const cibaRoute = 'backchannel_authentication';

/** Seconds from the request to its end. The person may answer for two minutes of them. */
export const requestLifetime = 180;

/** Characters of the text that a client may show in the authenticator. */
const longestMessage = 64;

/** Visible characters and single spaces: no line break, and nothing that hides or reorders text. */
const plainText = new RegExp(`^(?! )(?:[^\\p{C}\\p{Z}]|(?<! ) ){1,${longestMessage}}(?<! )$`, 'u');

/** For `features.ciba` of oidc-provider. `flow.ts` adds what needs stores. */
export const cibaParameters = {
  enabled: true,
  deliveryModes: ['poll', 'ping'],
  /** @throws InvalidBindingMessage (OpenID CIBA §13) */
  validateBindingMessage(_ctx: KoaContextWithOIDC, message?: string): void {
    if (message === undefined || plainText.test(message)) return;
    throw new errors.InvalidBindingMessage(
      `binding_message must be plain text of ${longestMessage} characters or less, without line breaks`,
    );
  },
  /** A client that sends a code relies on its check: we have none. @throws InvalidRequest */
  verifyUserCode(_ctx: KoaContextWithOIDC, _account: unknown, code?: string): void {
    if (code !== undefined) throw new errors.InvalidRequest('user_code is not supported');
  },
  processLoginHintToken(): never {
    throw new errors.InvalidRequest('login_hint_token is not supported: send a login_hint or an id_token_hint');
  },
} as const;
