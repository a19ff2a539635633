/**
 * The front door: before anything reads a request it is held against the issuer's host, and everything that speaks for
 * another host or another address is thrown away. Absolute URLs in answers, and the address that limits count by, rest on it.
 */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { Problem } from '../errors.ts';

/** A request as far as the door looks at it. Names and values by turns, as they came (`rawHeaders`). */
export interface RawRequest {
  readonly target: string;
  readonly rawHeaders: readonly string[];
}

/**
 * Lets a request pass that names exactly this host, once, and a path on it.
 * RFC 9110 §7.2 and §7.4: another host is 421, an ambiguous one 400. An absolute target (RFC 9112 §3.2.2) overrides `Host`; no
 * browser and no client sends one to an origin server, so it is refused whatever it says.
 * @throws Problem 'wrong-host', 'bad-request'
 */
export const checkHost = ({ target, rawHeaders }: RawRequest, issuer: URL): void => {
  const hosts = valuesOf(rawHeaders, 'host');
  const [host] = hosts;
  if (hosts.length !== 1 || host === undefined) {
    throw new Problem('bad-request', `got ${hosts.length} Host headers, expected one`);
  }
  if (!target.startsWith('/')) throw new Problem('bad-request', 'got an absolute request target, expected a path');
  if (!hostsOf(issuer).includes(host.toLowerCase())) {
    throw new Problem('wrong-host', `got Host ${JSON.stringify(host.slice(0, 255))}, expected ${issuer.host}`);
  }
};

const defaultPorts: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80' };
/** The issuer's host, and with its default port written out. */
const hostsOf = ({ host, port, protocol }: URL): readonly string[] =>
  port === '' ? [host, `${host}:${defaultPorts[protocol]}`] : [host];

const valuesOf = (rawHeaders: readonly string[], name: string): readonly string[] =>
  rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name);

/**
 * The address that the outermost trusted proxy saw: each of `hops` proxies appended the address it was called from, so it is
 * that many from the right. Without proxies, or where the list is shorter or no address, the one that called us.
 */
export const clientAddress = (rawHeaders: readonly string[], hops: number, caller: string): string => {
  const list = valuesOf(rawHeaders, 'x-forwarded-for').join(',').split(',');
  const told = hops > 0 ? list.at(-hops)?.trim() : undefined;
  return plainAddress(told !== undefined && isIP(told) > 0 ? told : caller);
};

/** IPv4 that arrived on a socket for both is IPv4. */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

/**
 * Checks a request (`checkHost`), then writes into it what oidc-provider and Koa may know of where it comes from (`ctx.ip`,
 * `ctx.protocol`, `ctx.host`, under `proxy = true`): the issuer's host and scheme, and the one client address.
 * Call it first, on every request, before a handler sees it.
 * @throws Problem 'wrong-host', 'bad-request'
 */
export const trustHost = (request: IncomingMessage, { issuer, proxyHops }: ProxyTrust): void => {
  checkHost({ target: request.url ?? '', rawHeaders: request.rawHeaders }, issuer);
  const address = clientAddress(request.rawHeaders, proxyHops, request.socket.remoteAddress ?? '');
  const { headers } = request;
  for (const name of Object.keys(headers)) {
    if (name.startsWith('x-forwarded-') || name === 'forwarded' || name === 'x-real-ip')
      Reflect.deleteProperty(headers, name);
  }
  headers.host = issuer.host;
  headers['x-forwarded-proto'] = issuer.protocol.slice(0, -1);
  headers['x-forwarded-for'] = address;
};

export interface ProxyTrust {
  readonly issuer: URL;
  /** How many proxies of ours stand before us, each appending to `X-Forwarded-For`. */
  readonly proxyHops: number;
}
