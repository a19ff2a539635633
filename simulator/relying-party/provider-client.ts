import * as oidc from 'openid-client';
import type { Pending } from './pending.ts';
import type { Claims, SignedIn } from './signed-in.ts';

export interface RelyingPartySettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** `openid profile email` unless told. */
  readonly scope?: string;
}

/** What this relying party asks the provider. Every method may throw; `explain` says what it means. */
export interface Provider {
  readonly issuer: string;
  /** The address to send the browser to, and what must come back. */
  begin(redirectUri: string, wish: Readonly<Record<string, string>>): Promise<{ url: string; pending: Pending }>;
  finish(address: URL, pending: Pending): Promise<SignedIn>;
  renew(signedIn: SignedIn): Promise<SignedIn>;
  userinfo(signedIn: SignedIn): Promise<Claims>;
  signOutAddress(idToken: string, returnTo: string): Promise<string>;
}

const seconds = 10;

/** An OpenID Connect provider, discovered when it is first needed: it may start later than this relying party. */
export const createProvider = (settings: RelyingPartySettings): Provider => {
  const { issuer, clientId, clientSecret, scope = 'openid profile email' } = settings;
  let discovered: Promise<oidc.Configuration> | undefined;
  const configuration = (): Promise<oidc.Configuration> => {
    // Development runs on plain http over loopback; the library marks this only to make it stand out.
    // oxlint-disable-next-line typescript/no-deprecated
    const execute = issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : [];
    const authentication = oidc.ClientSecretBasic(clientSecret);
    discovered ??= oidc
      .discovery(new URL(issuer), clientId, undefined, authentication, { execute, timeout: seconds })
      .catch((error: unknown) => {
        // Not remembered: the next request tries again.
        discovered = undefined;
        throw error;
      });
    return discovered;
  };

  return {
    issuer,
    async begin(redirectUri, wish) {
      const config = await configuration();
      const pending = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier() };
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope,
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(pending.verifier),
        code_challenge_method: 'S256',
        ...wish,
      });
      return { url: url.href, pending };
    },
    async finish(address, { state, nonce, verifier }) {
      const tokens = await oidc.authorizationCodeGrant(await configuration(), address, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      return {
        claims: { ...tokens.claims() },
        idToken: tokens.id_token ?? '',
        accessToken: tokens.access_token,
        ...(tokens.refresh_token !== undefined && { refreshToken: tokens.refresh_token }),
        renewals: 0,
      };
    },
    async renew(signedIn) {
      if (signedIn.refreshToken === undefined) throw new Error('The provider gave no refresh token.');
      const tokens = await oidc.refreshTokenGrant(await configuration(), signedIn.refreshToken);
      return {
        claims: { ...(tokens.claims() ?? signedIn.claims) },
        idToken: tokens.id_token ?? signedIn.idToken,
        accessToken: tokens.access_token,
        refreshToken: tokens.refresh_token ?? signedIn.refreshToken,
        renewals: signedIn.renewals + 1,
      };
    },
    async userinfo({ accessToken, claims }) {
      return oidc.fetchUserInfo(await configuration(), accessToken, String(claims['sub']));
    },
    async signOutAddress(idToken, returnTo) {
      const parameters = { id_token_hint: idToken, post_logout_redirect_uri: returnTo };
      return oidc.buildEndSessionUrl(await configuration(), parameters).href;
    },
  };
};

/** What went wrong, as the provider put it where it said something. */
export const explain = (error: unknown): { readonly code: string; readonly detail: string } => {
  if (error instanceof oidc.AuthorizationResponseError || error instanceof oidc.ResponseBodyError) {
    return { code: error.error, detail: error.error_description ?? error.message };
  }
  if (!(error instanceof Error)) return { code: 'unknown', detail: 'Something that is no error was thrown.' };
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return { code: 'code' in error ? String(error.code) : 'failed', detail: error.message + cause };
};
