/**
 * Adds `error_uri` to each error that a client gets: the page that says what happened and what to do (RFC 6749 §4.1.2.1, §5.2).
 * An answer without an error is not touched. The page follows from what the client is told anyway, in development also from the
 * details: otherwise a stranger would learn which client exists, or that a secret was right until yesterday.
 */
import type { EventEmitter } from 'node:events';
import { Provider, type KoaContextWithOIDC } from 'oidc-provider';
import { errorPath } from '../../error-path.ts';
import { refusalCode, isRefusal, type Refusal } from './refusal-codes.ts';

/** The code of a failure of ours, which has no sentence for clients. */
const internal = 'IDP-1500';

/** The address of the page about this error. */
export const errorUriOf = (refusal: Refusal, issuer: string): string =>
  new URL(errorPath(refusal.message === 'server_error' ? internal : refusalCode(refusal)), issuer).href;

/** Parameters of an answer, or members of a body. */
type Told = Readonly<Record<string, unknown>>;

/** `told` with the address of the page, where it tells an error. */
const withErrorUri = (ctx: KoaContextWithOIDC, told: Told): Told => {
  const { error, error_description: sentence } = told;
  if (typeof error !== 'string') return told;
  const refusal = { message: error, ...(typeof sentence === 'string' && { error_description: sentence }) };
  return { ...told, error_uri: errorUriOf(refusal, ctx.oidc.issuer) };
};

/** What may be told of a refusal: all of it to developers, else what the client gets. */
export const toldOf = (refusal: Refusal, explainsErrors: boolean): Refusal => {
  const { error_detail: _detail, message, error_description: sentence } = refusal;
  return explainsErrors ? refusal : { message, error_description: sentence };
};

/**
 * oidc-provider, with `error_uri` in each error that it sends to a client through the browser, in every response mode. The library
 * has no option for it, and a response in a JWT is signed by its mode, so the modes are wrapped when the library registers them.
 */
export class ExplainingProvider extends Provider {
  override registerResponseMode(...[name, handler]: Parameters<Provider['registerResponseMode']>): void {
    super.registerResponseMode(name, function answer(this: unknown, ctx, redirectUri, payload) {
      return Reflect.apply(handler, this, [ctx, redirectUri, withErrorUri(ctx, payload)]);
    });
  }
}

/** Events of the library after it has answered an error as JSON. */
const answered = [
  'server_error',
  'grant.error',
  'pushed_authorization_request.error',
  'device_authorization.error',
  'backchannel_authentication.error',
  'introspection.error',
  'revocation.error',
  'userinfo.error',
  'registration_create.error',
  'registration_read.error',
  'registration_update.error',
  'registration_delete.error',
] as const;

/** Adds `error_uri` to an answer in JSON that tells this error. */
export const linkError = (ctx: KoaContextWithOIDC, error: unknown, explainsErrors: boolean): void => {
  const body: unknown = ctx.body;
  if (typeof body !== 'object' || body === null || !('error' in body)) return;
  const refusal = isRefusal(error) ? toldOf(error, explainsErrors) : { message: String(body.error) };
  ctx.body = { ...body, error_uri: errorUriOf(refusal, ctx.oidc.issuer) };
};

/** Adds `error_uri` to errors that are answered as JSON. `explainsErrors`: for developers. */
export const linkJsonErrors = (provider: Provider, explainsErrors: boolean): void => {
  const link = (ctx: KoaContextWithOIDC, error: Error): void => linkError(ctx, error, explainsErrors);
  // The types of the library have an overload for each event, and none for a list.
  const listener: EventEmitter = provider;
  for (const event of answered) listener.on(event, link);
};
