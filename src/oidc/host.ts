/**
 * Checks that a request is for the issuer's host, and removes headers that name another host or client address.
 * It runs before any other code reads the request: absolute URLs in answers and limits per address depend on these values.
 */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { Problem } from '../errors.ts';

/** The parts of a request that are checked. `rawHeaders`: names and values alternate, as they were received. */
export interface RawRequest {
  readonly target: string;
  readonly rawHeaders: readonly string[];
}

/**
 * Accepts a request with exactly one `Host`, the issuer's, and a path as target.
 * RFC 9110 §7.2 and §7.4: another host is 421, an ambiguous one 400. An absolute target (RFC 9112 §3.2.2) would override
 * `Host`. Neither browsers nor clients send one to an origin server, so all of them are refused.
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
/** The issuer's host, also with its default port. */
const hostsOf = ({ host, port, protocol }: URL): readonly string[] =>
  port === '' ? [host, `${host}:${defaultPorts[protocol]}`] : [host];

const valuesOf = (rawHeaders: readonly string[], name: string): readonly string[] =>
  rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === name);

/**
 * The client address that the outermost trusted proxy saw. Each of `hops` proxies appended the address that called it, so the
 * client is that many entries from the right. `caller` where there are no proxies, or the entry is missing or not an address.
 */
export const clientAddress = (rawHeaders: readonly string[], hops: number, caller: string): string => {
  const list = valuesOf(rawHeaders, 'x-forwarded-for').join(',').split(',');
  const entry = hops > 0 ? list.at(-hops)?.trim() : undefined;
  return plainAddress(entry !== undefined && isIP(entry) > 0 ? entry : caller);
};

/** Without the IPv6 form of an IPv4 address, which sockets for both protocols give (RFC 4291 §2.5.5.2). */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

/**
 * Checks a request (`checkHost`), then replaces its forwarding headers by the issuer's host and scheme, and the client address.
 * Koa and oidc-provider take `ctx.ip`, `ctx.protocol` and `ctx.host` from them, under `proxy = true`.
 * Must be called for each request before any handler.
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

/** From which headers the client address is taken. */
export interface ProxyTrust {
  readonly issuer: URL;
  /** Number of trusted proxies in front of us. Each appends to `X-Forwarded-For`. */
  readonly proxyHops: number;
}
