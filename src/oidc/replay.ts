/**
 * Ends the grant of a code or refresh token that is used twice, before the second use is answered (RFC 6749 §4.1.2,
 * RFC 9700 §4.14.2). oidc-provider does so only where it finds a used one. Here it also happens where two requests find it
 * unused and one of them loses. A refresh that its client repeats within seconds is no second use: it gets the same successor.
 */
import { calculateJwkThumbprint, decodeProtectedHeader } from 'jose';
import { errors, Provider, type KoaContextWithOIDC } from 'oidc-provider';
import { Problem } from '../errors.ts';
import { newRefreshToken, type RefreshTokens } from './adapter/refresh-tokens.ts';
import { methodOf } from './model-method.ts';
import { usedGrant } from './models.ts';

export interface ReplayDeps {
  readonly refreshTokens: RefreshTokens;
  /** Ends a grant with all that was issued under it. True for the one caller that ended it. */
  readonly endGrant: (grantId: string) => Promise<boolean>;
}

type RefreshToken = InstanceType<Provider['RefreshToken']>;
/** Ends the grant with this id; instances without a grant have none. */
type End = (grantId: unknown) => Promise<void>;

/** Changes the models of this provider. Must run before it answers requests. */
export const detectReplay = (provider: Provider, { refreshTokens, endGrant }: ReplayDeps): void => {
  const end: End = async grantId => {
    if (typeof grantId !== 'string' || !(await endGrant(grantId))) return;
    const ctx = Provider.ctx;
    if (ctx !== undefined) provider.emit('grant.revoked', ctx, grantId);
  };
  endGrantOfLoser(provider.AuthorizationCode.prototype, end);
  endGrantOfLoser(provider.DeviceCode.prototype, end);
  endGrantOfLoser(provider.BackchannelAuthenticationRequest.prototype, end);
  endGrantOfLoser(provider.PreAuthorizedCode.prototype, end);
  beginUses(provider.RefreshToken, refreshTokens, end);
  finishUses(provider, refreshTokens, end);
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

/** Makes each refresh choose the id of its new token where it uses the old one. */
const beginUses = (Model: Provider['RefreshToken'], refreshTokens: RefreshTokens, end: End): void => {
  Model.prototype.consume = async function begin(this: RefreshToken) {
    const { ctx } = Provider;
    if (ctx === undefined) throw new Problem('internal', 'got a refresh token to use, expected one within a request');
    if (await refreshTokens.begin(ctx, this.jti)) return;
    await end(this.grantId);
    throw usedGrant();
  };
  Reflect.set(Model.prototype, 'generateTokenId', (): string => {
    const { ctx } = Provider;
    return (ctx && refreshTokens.successorIn(ctx)) ?? newRefreshToken();
  });
};

/**
 * Makes each refresh use up its token once its access token is stored. The library has chosen the refresh token of the answer before: where
 * a concurrent request was first, the successor of that one takes its place.
 */
const finishUses = (provider: Provider, refreshTokens: RefreshTokens, end: End): void => {
  const { prototype } = provider.AccessToken;
  const save = methodOf(prototype, 'save');
  const successors = new WeakMap<KoaContextWithOIDC, string>();
  Reflect.set(prototype, 'save', async function saveAndFinish(this: object): Promise<unknown> {
    const token = await save(this);
    const { ctx } = Provider;
    const finished = ctx === undefined ? 'none' : await refreshTokens.finish(ctx);
    if (ctx === undefined || finished === 'none') return token;
    if (finished === 'lost') {
      await end(Reflect.get(this, 'grantId'));
      throw usedGrant();
    }
    successors.set(ctx, finished.successor);
    return token;
  });
  provider.on('grant.success', ctx => {
    const successor = successors.get(ctx);
    const { body } = ctx;
    if (successor !== undefined && typeof body === 'object' && body !== null) {
      Reflect.set(body, 'refresh_token', successor);
    }
  });
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
