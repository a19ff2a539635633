/**
 * Explains refusals of the protocol to developers: what came, what is registered, and in which part the two differ. The log
 * always has it; pages and token answers have it in development only, because it tells how a client is registered. English,
 * as all of OAuth's sentences. No secret: of an address neither query nor credentials are told.
 */
import type Provider from 'oidc-provider';
import type { Client, KoaContextWithOIDC } from 'oidc-provider';
import { isLoopback } from '../config/checks.ts';
import { textOf } from './request.ts';

type Context = KoaContextWithOIDC;

/** An error of oidc-provider. `message` is OAuth's code; `error_detail` does not go to the client. */
export interface Refusal {
  readonly message: string;
  readonly error_description?: string | undefined;
  readonly error_detail?: string | undefined;
}

/** Whether this is an error of oidc-provider with a code of OAuth. */
export const isRefusal = (error: unknown): error is Refusal => Error.isError(error) && 'error_description' in error;

/** The explanation of a refusal; undefined: its own sentence says enough. */
export const explain = (ctx: Context, { message, error_description: sentence, error_detail: detail }: Refusal) => {
  const { client } = ctx.oidc;
  if (message === 'invalid_redirect_uri') return unregistered(sent(ctx, 'redirect_uri'), client?.redirectUris, client);
  if (sentence === 'post_logout_redirect_uri not registered') {
    return unregistered(sent(ctx, 'post_logout_redirect_uri'), client?.postLogoutRedirectUris, client);
  }
  if (message === 'unsupported_response_type') return `got ${shown(sent(ctx, 'response_type'))}, expected "code"`;
  if (sentence === 'unsupported prompt value requested') return `got the prompt ${shown(sent(ctx, 'prompt'))}`;
  // Our own details, written for the developer (resource-servers.ts, services.ts).
  if (message === 'invalid_target' || message === 'invalid_scope') return detail;
  if (sentence === 'requested grant type is not allowed for this client') {
    return `got ${shown(sent(ctx, 'grant_type'))}, registered ${(client?.grantTypes ?? []).join(', ') || 'none'}`;
  }
  return detail === undefined ? undefined : details[detail]?.(ctx, client);
};

/** By the library's `error_detail`. */
const details: Readonly<Record<string, (ctx: Context, client: Client | undefined) => string>> = {
  'client not found': ctx => `got the client_id ${shown(clientIdOf(ctx))}, which is not registered`,
  'invalid secret provided': () => 'the client_secret is not that of this client',
  'client secret is expired': () => 'this client_secret was replaced by a newer one, and has expired',
  'authorization code not found': () => 'got a code that is not known here, or that ended long ago',
  'authorization code is expired': () => 'the authorization code has expired: redeem it at once',
  'authorization code already consumed': () => 'the authorization code was used before: each works once',
  'code_verifier must be provided': () =>
    'the code_verifier is missing: the authorization request had a code_challenge',
  'code_verifier does not match code_challenge': () =>
    'the code_verifier is not the one whose SHA-256 was the code_challenge of the authorization request',
  'authorization code redirect_uri mismatch': (ctx, client) =>
    `got the redirect_uri ${shown(bare(sent(ctx, 'redirect_uri')))}, expected the one of the authorization request; ` +
    `registered: ${(client?.redirectUris ?? []).map(uri => shown(bare(uri))).join(', ')}`,
};

/** Answers of the token endpoint state the explanation, or the library's own detail, as their `error_description`. */
export const explainTokenErrors = (provider: Provider): void => {
  provider.on('grant.error', (ctx, error: Refusal) => {
    const description = explain(ctx, error) ?? error.error_detail;
    const body: unknown = ctx.body;
    if (description === undefined || typeof body !== 'object' || body === null || !('error' in body)) return;
    ctx.body = { ...body, error_description: description };
  });
};

const sent = ({ oidc: { params } }: Context, name: string): string => textOf(params?.[name]) ?? '';

/** The client id of the form or the address, else of the Authorization header. */
const clientIdOf = (ctx: Context): string => {
  const [scheme = '', credentials = ''] = ctx.get('authorization').split(' ');
  const ofHeader = scheme.toLowerCase() === 'basic' ? Buffer.from(credentials, 'base64').toString() : '';
  return sent(ctx, 'client_id') || ofHeader.slice(0, Math.max(0, ofHeader.indexOf(':')));
};

/** Printed length of a value, in characters. */
const longestShown = 200;
/** A received value, as printed in explanations. */
export const shown = (text: string): string => JSON.stringify(text.slice(0, longestShown));

/** An address without query, fragment and credentials, otherwise as it was written. */
const bare = (address: string): string => address.replace(/[?#][^]*$/, '').replace(/^([^/]*\/\/)[^/]*@/, '$1');

const unregistered = (got: string, registered: readonly string[] = [], client?: Client): string => {
  const isNative = client?.applicationType === 'native';
  const [nearest] = registered
    .map(uri => ({ uri, differ: differences(got, uri, isNative) }))
    .toSorted((a, b) => a.differ.length - b.differ.length);
  if (nearest === undefined) return `got ${shown(bare(got))}, none is registered`;
  const others = registered.length > 1 ? ` and ${registered.length - 1} more` : '';
  return `got ${shown(bare(got))}, registered ${shown(bare(nearest.uri))}${others}: different ${nearest.differ.join(', ')}`;
};

/** The parts in which two addresses differ. They are compared as text, so the same address may be written in two ways. */
const differences = (got: string, registered: string, isNative: boolean): readonly string[] => {
  const [one, other] = [URL.parse(got), URL.parse(registered)];
  if (one === null || other === null) return ['whole: one of them is no address'];
  const parts = [
    one.protocol !== other.protocol && 'scheme',
    one.hostname !== other.hostname && 'host',
    // Without a port of its own, an address has that of its scheme. A native client has any port of a loopback address.
    one.port !== other.port && !(isNative && isLoopback(one.hostname)) && 'port',
    one.pathname !== other.pathname && pathDifference(one.pathname, other.pathname),
    one.search !== other.search && 'query',
    one.hash !== other.hash && 'fragment',
  ].filter(part => part !== false);
  return parts.length > 0 ? parts : ['spelling: the same characters are expected'];
};

const pathDifference = (one: string, other: string): string => {
  const [first, second] = [one.replace(/\/$/, ''), other.replace(/\/$/, '')];
  if (first === second) return 'slash at the end';
  return first.toLowerCase() === second.toLowerCase() ? 'upper and lower case of the path' : 'path';
};
