/** Talks to the OpenID Connect provider: discovery, authorization code flow with PKCE, refresh, userinfo and logout. */
import * as oidc from 'openid-client';
import type { PendingSignIn } from './pending.ts';
import type { Claims, SignedIn } from './signed-in.ts';

/** The registration of this client at the provider. */
export interface RelyingPartySettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** By default `openid profile email`. */
  readonly scope?: string;
  /** People to try it with, shown on the welcome page. */
  readonly people?: readonly SamplePerson[];
}

/** A person of a development environment. */
export interface SamplePerson {
  readonly name: string;
  readonly password: string;
  /** How they answer: `call or text to +1 202 555 0143`. */
  readonly secondStep: string;
}

/** The requests of this relying party to the provider. Every method may throw; `explain` describes the error. */
export interface ProviderClient {
  readonly issuer: string;
  /** The URL of the authorization request, and the values that its response must match. */
  begin(
    redirectUri: string,
    parameters: Readonly<Record<string, string>>,
  ): Promise<{ url: string; pending: PendingSignIn }>;
  /** Exchanges the code in the response. */
  finish(address: URL, pending: PendingSignIn): Promise<SignedIn>;
  refresh(signedIn: SignedIn): Promise<SignedIn>;
  userinfo(signedIn: SignedIn): Promise<Claims>;
  signOutAddress(idToken: string, returnTo: string): Promise<string>;
}

/** Timeout of a request, in seconds. */
const timeout = 10;

/** Makes a client that discovers the provider on first use: the provider may start later than this process. */
export const createProviderClient = (settings: RelyingPartySettings): ProviderClient => {
  const { issuer, clientId, clientSecret, scope = 'openid profile email' } = settings;
  let discovered: Promise<oidc.Configuration> | undefined;
  const configuration = (): Promise<oidc.Configuration> => {
    // Development uses http over loopback. The library marks this as deprecated only as a warning.
    // oxlint-disable-next-line typescript/no-deprecated
    const execute = issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : [];
    const authentication = oidc.ClientSecretBasic(clientSecret);
    discovered ??= oidc
      .discovery(new URL(issuer), clientId, undefined, authentication, { execute, timeout })
      .catch((error: unknown) => {
        // Lets the next request try again.
        discovered = undefined;
        throw error;
      });
    return discovered;
  };

  return {
    issuer,
    async begin(redirectUri, parameters) {
      const config = await configuration();
      const pending = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier() };
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope,
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(pending.verifier),
        code_challenge_method: 'S256',
        ...parameters,
      });
      const asked = parameters['acr_values'];
      return { url: url.href, pending: { ...pending, ...(asked !== undefined && { asked }) } };
    },
    async finish(address, { state, nonce, verifier, asked }) {
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
        ...(asked !== undefined && { asked }),
      };
    },
    async refresh(signedIn) {
      if (signedIn.refreshToken === undefined) throw new Error('The provider gave no refresh token.');
      const tokens = await oidc.refreshTokenGrant(await configuration(), signedIn.refreshToken);
      return {
        claims: { ...(tokens.claims() ?? signedIn.claims) },
        idToken: tokens.id_token ?? signedIn.idToken,
        accessToken: tokens.access_token,
        refreshToken: tokens.refresh_token ?? signedIn.refreshToken,
        renewals: signedIn.renewals + 1,
        ...(signedIn.asked !== undefined && { asked: signedIn.asked }),
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

/** Code and description of an error: those of the provider, if it gave any. */
export const explain = (error: unknown): { readonly code: string; readonly detail: string } => {
  if (error instanceof oidc.AuthorizationResponseError || error instanceof oidc.ResponseBodyError) {
    return { code: error.error, detail: error.error_description ?? error.message };
  }
  if (!(error instanceof Error)) return { code: 'unknown', detail: 'A value that is not an Error was thrown.' };
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return { code: 'code' in error ? String(error.code) : 'failed', detail: error.message + cause };
};
