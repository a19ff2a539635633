/**
 * Ends the grant of a code or refresh token that is used twice, before the second use is answered (RFC 6749 §4.1.2,
 * RFC 9700 §4.14.2). oidc-provider does so only where it finds a used one. Here it also happens where two requests find it
 * unused and one of them loses. A refresh that its client repeats within seconds is no second use: it gets the same successor.
 */
import { calculateJwkThumbprint, decodeProtectedHeader } from 'jose';
import { errors, Provider, type KoaContextWithOIDC } from 'oidc-provider';
import { key, type Ephemeral } from '../ports/stores.ts';
import type { Millis } from '../ports/time.ts';
import { newRefreshToken, type RefreshTokens } from './adapter/refresh-tokens.ts';
import type { ClientDirectory } from './clients/directory.ts';
import { methodOf } from './model-method.ts';
import { usedGrant } from './models.ts';

export interface ReplayDeps {
  readonly refreshTokens: RefreshTokens;
  /** Ends a grant with all that was issued under it. True for the one caller that ended it. */
  readonly endGrant: (grantId: string) => Promise<boolean>;
  readonly clients: Pick<ClientDirectory, 'findResourceServer'>;
  readonly ephemeral: Pick<Ephemeral, 'put'>;
}

type RefreshToken = InstanceType<Provider['RefreshToken']>;
/** Ends the grant with this id; instances without a grant have none. */
type End = (grantId: unknown) => Promise<void>;

/** Of a value that only shows whether the store takes one. */
const probeLifetime: Millis = 1000;

/** Changes the models of this provider. Must run before it answers requests. */
export const detectReplay = (provider: Provider, deps: ReplayDeps): void => {
  const { refreshTokens, endGrant } = deps;
  const end: End = async grantId => {
    if (typeof grantId !== 'string' || !(await endGrant(grantId))) return;
    const ctx = Provider.ctx;
    if (ctx !== undefined) provider.emit('grant.revoked', ctx, grantId);
  };
  endGrantOfLoser(provider.AuthorizationCode.prototype, end);
  endGrantOfLoser(provider.DeviceCode.prototype, end);
  endGrantOfLoser(provider.BackchannelAuthenticationRequest.prototype, end);
  endGrantOfLoser(provider.PreAuthorizedCode.prototype, end);
  nameSuccessors(provider.RefreshToken, deps, end);
  allowRepetitions(provider.RefreshToken, refreshTokens, end);
};

/** Ends the grant where `consume` of a single-use model is refused. A store that cannot be reached is no replay. */
const endGrantOfLoser = (prototype: object, end: End): void => {
  const consume = methodOf(prototype, 'consume');
  Reflect.set(prototype, 'consume', async function consumeOrEnd(this: object): Promise<void> {
    try {
      await consume(this);
    } catch (error) {
      if (error instanceof errors.InvalidGrant) await end(Reflect.get(this, 'grantId'));
      throw error;
    }
  });
};

/** Makes each refresh store its new token under the id that was chosen when the old one was used. */
const nameSuccessors = (Model: Provider['RefreshToken'], deps: ReplayDeps, end: End): void => {
  const { refreshTokens, ephemeral } = deps;
  /** By the token that the request has used. */
  const successors = new WeakMap<object, string>();

  Model.prototype.consume = async function use(this: RefreshToken) {
    // Asked before: a token that is used up while its access token cannot be stored would soon count as reused.
    if (!(await givesJwt(this, deps))) await ephemeral.put(key('refresh-probe'), true, probeLifetime);
    const successor = await refreshTokens.use(this.jti);
    if (successor === undefined) {
      await end(this.grantId);
      throw usedGrant();
    }
    successors.set(this, successor);
    this.emit('consumed');
  };
  Reflect.set(Model.prototype, 'generateTokenId', (): string => {
    const used: unknown = Provider.ctx?.oidc.entities['RotatedRefreshToken'];
    const successor = typeof used === 'object' && used !== null ? successors.get(used) : undefined;
    return successor ?? newRefreshToken();
  });
};

/** Whether the access token of this refresh is a JWT, which no store keeps. False where that is not clear yet. */
const givesJwt = async ({ resource }: RefreshToken, { clients }: Pick<ReplayDeps, 'clients'>): Promise<boolean> => {
  const asked: unknown = Provider.ctx?.oidc.params?.['resource'] ?? resource;
  const [one, ...others] = [asked].flat();
  if (typeof one !== 'string' || others.length > 0) return false;
  return (await clients.findResourceServer(one))?.format === 'jwt';
};

/**
 * Makes `find` of a refresh request show a used token as unused while it may be repeated, because the library refuses used
 * ones before it asks for the successor. Every other use ends the grant here, also one by another client.
 */
const allowRepetitions = (Model: Provider['RefreshToken'], refreshTokens: RefreshTokens, end: End): void => {
  const find = methodOf(Model, 'find');
  Reflect.set(Model, 'find', async (...asked: readonly unknown[]): Promise<unknown> => {
    const token = await find(Model, ...asked);
    const ctx = Provider.ctx;
    if (!(token instanceof Model) || token.consumed === undefined || ctx?.oidc.route !== 'token') return token;
    if ((await isSameClient(ctx, token)) && (await refreshTokens.isRepeatable(token.jti))) token.consumed = undefined;
    else await end(token.grantId);
    return token;
  });
};

/** Whether the client asks to which the token was issued, with the same key where the token is bound to one (RFC 9449 §5). */
const isSameClient = async (ctx: KoaContextWithOIDC, { clientId, jkt }: RefreshToken): Promise<boolean> => {
  if (clientId !== ctx.oidc.client?.clientId) return false;
  if (jkt === undefined) return true;
  const proof = ctx.get('DPoP');
  if (proof === '') return false;
  // The library has verified the proof with this key before it looks for the token.
  const { jwk } = decodeProtectedHeader(proof);
  return jwk !== undefined && (await calculateJwkThumbprint(jwk)) === jkt;
};
