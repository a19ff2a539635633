/**
 * Signs people in to a portal by the code flow, as at any other client: authorization request with state, nonce and PKCE
 * (OIDC Core §3.1, RFC 7636), redemption of the code, validation of the ID token (§3.1.3.7). The code is redeemed at our own
 * token endpoint in this process. After it, the portal also asks whether the session still exists.
 */
import { createHash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose';
import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import { constantTimeEqual, randomToken } from '../crypto.ts';
import { askInProcess } from '../http/in-process.ts';
import type { Log } from '../log.ts';
import { isAcr } from '../mfa/assurance.ts';
import type { Acr } from '../mfa/factor.ts';
import type { Clock, EpochMillis } from '../ports/time.ts';
import type { InstallationSecrets } from '../keys/rings.ts';
import { callbackPathOf, portalSecret, type PortalClient } from './clients/built-in.ts';
import { secondStepOf, signedInAt, type SecondStep } from './request.ts';

/** What a sign-in to a portal proved. */
export interface PortalSession {
  /** Id of the account. */
  readonly sub: string;
  /** Identifies the session at this client (OIDC Front-Channel Logout §3), and at the provider. */
  readonly sid: string;
  readonly uid: string;
  readonly acr: Acr;
  /** When the password was right, in seconds since 1970. */
  readonly authTime: number;
  /** The same as exactly as it is known; absent in cookies of earlier versions. */
  readonly signedInAt?: EpochMillis;
  /** Absent after a sign-in with the password alone. */
  readonly secondStep?: SecondStep;
}

/** Secrets of a begun sign-in. The browser keeps them sealed until it returns. */
export interface BegunSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** What a sign-in must be beyond a session. */
export interface SignInWish {
  /** The password at most so many seconds ago, and this level or more. */
  readonly fresh?: { readonly within: number; readonly acr: Acr };
  /** Ceremony on the pages of the sign-in, such as `add-method`, and the method it is about. */
  readonly task?: { readonly name: string; readonly method?: string };
  readonly loginHint?: string;
}

export interface PortalSignInDeps {
  readonly portal: PortalClient;
  readonly provider: Provider;
  /** Answers requests to the provider. */
  readonly listener: RequestListener;
  readonly issuer: URL;
  readonly secrets: Pick<InstallationSecrets, 'hashKey' | 'signingKeys'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** The client of a portal. */
export const createPortalSignIn = (deps: PortalSignInDeps) => {
  const { provider, issuer, clock, portal } = deps;
  const { clientId } = portal;
  const keys = createLocalJWKSet(publicKeys(deps.secrets));
  const redirectUri = `${issuer.origin}${callbackPathOf(portal)}`;

  /** @throws the error of jose for a token that is not from us, not for us or too old */
  const verified = async (idToken: string): Promise<JWTPayload> => {
    const { payload } = await jwtVerify(idToken, keys, {
      issuer: issuer.origin,
      audience: clientId,
      algorithms: ['ES256'],
      currentDate: new Date(clock()),
      clockTolerance: 5,
      requiredClaims: ['sub', 'exp', 'iat', 'auth_time', 'nonce', 'sid'],
    });
    return payload;
  };

  const redeem = async (code: string, { verifier }: BegunSignIn, address: string): Promise<Tokens | undefined> => {
    const form = new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
      client_id: clientId,
      client_secret: portalSecret(deps.secrets.hashKey, portal),
    });
    const { status, body } = await askInProcess(deps.listener, issuer, {
      method: 'POST',
      path: '/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: form.toString(),
      address,
    });
    if (status === 200) return tokensIn(JSON.parse(body.toString()));
    deps.log.warn('portal.code-refused', { client: clientId, status });
    return undefined;
  };

  /** Id of the provider's session behind the tokens. The access token is not needed and is removed. */
  const sessionBehind = async (accessToken: string): Promise<string | undefined> => {
    const token = await provider.AccessToken.find(accessToken);
    await token?.destroy();
    return token?.sessionUid;
  };

  const session = async ({ uid, sub, sid }: Pick<PortalSession, 'uid' | 'sub' | 'sid'>) => {
    const found = await provider.Session.findByUid(uid);
    return found?.accountId === sub && found.sidFor(clientId) === sid ? found : undefined;
  };

  return {
    /** The address that begins a sign-in, and what to keep until it ends. */
    begin(wish: SignInWish = {}): { readonly to: string; readonly begun: BegunSignIn } {
      const begun = { state: randomToken(), nonce: randomToken(), verifier: randomToken(32) };
      const to = new URL('/auth', issuer);
      to.search = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope: 'openid',
        state: begun.state,
        nonce: begun.nonce,
        code_challenge: createHash('sha256').update(begun.verifier).digest('base64url'),
        code_challenge_method: 'S256',
        claims: JSON.stringify(claimsOf(wish)),
        ...(wish.fresh !== undefined && { max_age: String(wish.fresh.within) }),
        ...(wish.loginHint !== undefined && { login_hint: wish.loginHint }),
        ...(wish.task !== undefined && { task: wish.task.name }),
        ...(wish.task?.method !== undefined && { method: wish.task.method }),
      }).toString();
      return { to: `${to.pathname}${to.search}`, begun };
    },

    /** What the sign-in proved; undefined: it failed, or its answer is not the one to `begun`. `address`: of the browser. */
    async finish(
      answer: { readonly code: string; readonly state: string; readonly iss?: string },
      begun: BegunSignIn,
      address: string,
    ): Promise<PortalSession | undefined> {
      // The issuer in the answer must be ours (RFC 9207 §2.4).
      if (!constantTimeEqual(answer.state, begun.state) || answer.iss !== issuer.origin) return undefined;
      const tokens = await redeem(answer.code, begun, address);
      if (tokens === undefined) return undefined;
      const payload = await verified(tokens.idToken);
      const { sub, sid, acr, auth_time: authTime, nonce } = payload;
      const uid = await sessionBehind(tokens.accessToken);
      if (typeof nonce !== 'string' || !constantTimeEqual(nonce, begun.nonce)) return undefined;
      if (sub === undefined || uid === undefined || typeof sid !== 'string' || typeof authTime !== 'number') {
        return undefined;
      }
      const found = await session({ uid, sub, sid });
      // Another sign-in in this browser may have changed the session since the code was issued.
      if (found === undefined || found.loginTs !== authTime) return undefined;
      const secondStep = secondStepOf(found);
      return {
        sub,
        sid,
        uid,
        acr: isAcr(acr) ? acr : 'sfa',
        authTime,
        signedInAt: signedInAt(found),
        ...(secondStep !== undefined && { secondStep }),
      };
    },

    /**
     * Whether the session still exists, on any node, and is the one of this browser: it was not signed out, ended elsewhere, or taken
     * over. After somebody else signs in, a cookie that the first person left is refused.
     */
    async isLive({ uid, sub, sid }: Pick<PortalSession, 'uid' | 'sub' | 'sid'>, ctx: Context): Promise<boolean> {
      const cookie = ctx.cookies.get(provider.cookieName('session'), { signed: true });
      const found = cookie === undefined ? undefined : await provider.Session.find(cookie);
      return found?.uid === uid && found.accountId === sub && found.sidFor(clientId) === sid;
    },

    /** The address that asks whether to sign out (RP-Initiated Logout 1.0). */
    signOutAddress: `/session/end?${new URLSearchParams({ client_id: clientId }).toString()}`,
  };
};

export type PortalSignIn = ReturnType<typeof createPortalSignIn>;

interface Tokens {
  readonly idToken: string;
  readonly accessToken: string;
}

const tokensIn = (answer: unknown): Tokens | undefined => {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const idToken: unknown = Reflect.get(answer, 'id_token');
  const accessToken: unknown = Reflect.get(answer, 'access_token');
  return typeof idToken === 'string' && typeof accessToken === 'string' ? { idToken, accessToken } : undefined;
};

const claimsOf = ({ fresh }: SignInWish) => ({
  id_token: {
    sid: null,
    auth_time: { essential: true },
    acr: fresh === undefined ? null : { essential: true, values: [fresh.acr] },
  },
});

/** The keys that check our signatures, without their private parts. */
const publicKeys = ({ signingKeys }: Pick<InstallationSecrets, 'signingKeys'>): JSONWebKeySet => ({
  keys: signingKeys.map(({ d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...shown }) => shown),
});
