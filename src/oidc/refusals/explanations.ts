/**
 * Explains refusals of the protocol to developers: what came, what is registered, and in which part the two differ. The log
 * always has it; pages and token answers have it in development only, because it tells how a client is registered. English,
 * as all of OAuth's sentences. No secret: of an address neither query nor credentials are told.
 */
import type Provider from 'oidc-provider';
import type { Client, KoaContextWithOIDC } from 'oidc-provider';
import { isLoopback } from '../../config/checks/addresses.ts';
import { refusalCode, type Refusal, type RefusalCode } from './refusal-codes.ts';
import { textOf } from '../request.ts';
import { waitingOf } from '../waiting-clients.ts';

type Context = KoaContextWithOIDC;

/** The explanation of a refusal; undefined: its own sentence says enough. */
export const explain = (ctx: Context, refusal: Refusal): string | undefined =>
  explanations[refusalCode(refusal)]?.(ctx, ctx.oidc.client, refusal);

/** The address that a refused request sent, and the registered one that is most like it. Neither has query or credentials. */
export const comparedAddresses = (
  ctx: Context,
  refusal: Refusal,
): { readonly sent: string; readonly registered?: string } | undefined => {
  const { client } = ctx.oidc;
  const code = refusalCode(refusal);
  // A waiting address is registered, as far as its developer knows: it is not held against another one.
  if (code === 'IDP-4101' && addressWaits(ctx, client, 'redirect_uri'))
    return { sent: bare(sent(ctx, 'redirect_uri')) };
  if (code === 'IDP-4101') return pairOf(sent(ctx, 'redirect_uri'), client?.redirectUris, client);
  if (code !== 'IDP-4102') return undefined;
  return pairOf(sent(ctx, 'post_logout_redirect_uri'), client?.postLogoutRedirectUris, client);
};

type Explain = (ctx: Context, client: Client | undefined, refusal: Refusal) => string | undefined;

const explanations: Partial<Readonly<Record<RefusalCode, Explain>>> = {
  'IDP-4101': (ctx, client) =>
    addressWaits(ctx, client, 'redirect_uri') ?? unregistered(sent(ctx, 'redirect_uri'), client?.redirectUris, client),
  'IDP-4102': (ctx, client) =>
    addressWaits(ctx, client, 'post_logout_redirect_uri') ??
    unregistered(sent(ctx, 'post_logout_redirect_uri'), client?.postLogoutRedirectUris, client),
  'IDP-4103': ctx => `got the client_id ${shown(clientIdOf(ctx))}, which is not registered`,
  'IDP-4104': () => 'the client_secret is not that of this client',
  'IDP-4105': () => 'this client_secret was replaced by a newer one, and has expired',
  'IDP-4107': () => 'this client waits until an administrator approves it: `clients approve`',
  'IDP-4201': () => 'got a code that is not known here, or that ended long ago',
  'IDP-4202': () => 'the authorization code has expired: redeem it at once',
  'IDP-4203': () => 'the authorization code was used before: each works once',
  'IDP-4204': () => 'the code_verifier is missing: the authorization request had a code_challenge',
  'IDP-4205': () =>
    'the code_verifier is not the one whose SHA-256 was the code_challenge of the authorization request',
  'IDP-4206': (ctx, client) =>
    `got the redirect_uri ${shown(bare(sent(ctx, 'redirect_uri')))}, expected the one of the authorization request; ` +
    `registered: ${(client?.redirectUris ?? []).map(uri => shown(bare(uri))).join(', ')}`,
  'IDP-4302': ctx => `got ${shown(sent(ctx, 'response_type'))}, expected "code"`,
  'IDP-4303': ctx => `got the prompt ${shown(sent(ctx, 'prompt'))}`,
  // Our own details, written for the developer (resource-servers.ts, services.ts).
  'IDP-4309': (_ctx, _client, { error_detail: detail }) => detail,
  'IDP-4310': (_ctx, _client, { error_detail: detail }) => detail,
  'IDP-4311': (ctx, client) =>
    `got ${shown(sent(ctx, 'grant_type'))}, registered ${(client?.grantTypes ?? []).join(', ') || 'none'}`,
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

/** Says that an address of a request waits for an administrator; undefined: it does not. */
const addressWaits = (
  ctx: Context,
  client: Client | undefined,
  name: 'redirect_uri' | 'post_logout_redirect_uri',
): string | undefined => {
  const address = sent(ctx, name);
  const { [`${name}s` as const]: waiting = [] } = client === undefined ? {} : waitingOf(client).texts;
  return waiting.includes(address)
    ? `got ${shown(bare(address))}, which waits until an administrator approves it: \`clients approve ${client?.clientId}\``
    : undefined;
};

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

/** The registered address that differs least from the one that came. */
const nearestTo = (got: string, registered: readonly string[] = [], client?: Client) => {
  const isNative = client?.applicationType === 'native';
  const [nearest] = registered
    .map(uri => ({ uri, differ: differences(got, uri, isNative) }))
    .toSorted((a, b) => a.differ.length - b.differ.length);
  return nearest;
};

const unregistered = (got: string, registered: readonly string[] = [], client?: Client): string => {
  const nearest = nearestTo(got, registered, client);
  if (nearest === undefined) return `got ${shown(bare(got))}, none is registered`;
  const others = registered.length > 1 ? ` and ${registered.length - 1} more` : '';
  return `got ${shown(bare(got))}, registered ${shown(bare(nearest.uri))}${others}: different ${nearest.differ.join(', ')}`;
};

const pairOf = (got: string, registered: readonly string[] = [], client?: Client) => {
  const nearest = nearestTo(got, registered, client);
  return {
    sent: bare(got).slice(0, longestShown),
    ...(nearest !== undefined && { registered: bare(nearest.uri).slice(0, longestShown) }),
  };
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
