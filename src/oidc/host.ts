/**
 * Checks that a request is for the issuer's host, and removes headers that name another host or client address.
 * It runs before any other code reads the request: absolute URLs in answers and limits per address depend on these values.
 */
import type { IncomingMessage } from 'node:http';
import { Problem } from '../errors.ts';
import type { Log } from '../log.ts';
import { addressIn } from '../users/address-in.ts';

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
 * `Forwarded` (RFC 7239) is not read: a proxy that does not write it passes on what the client wrote.
 */
export const clientAddress = (rawHeaders: readonly string[], hops: number, caller: string): string =>
  forwardedAddress(rawHeaders, hops) ?? addressIn(caller) ?? caller;

/** The address in the entry that the outermost of `hops` proxies appended, if there is one. */
const forwardedAddress = (rawHeaders: readonly string[], hops: number): string | undefined => {
  const list = valuesOf(rawHeaders, 'x-forwarded-for').join(',').split(',');
  // An empty entry counts as one. Skipped, it would move the place to an entry that the client wrote itself.
  return hops > 0 ? addressIn(list.at(-hops) ?? '') : undefined;
};

/**
 * Gives a function that compares requests with the number of proxies that the settings state, and warns once in the log where
 * they differ. All people would have the address of the proxy, and so one limit of wrong passwords.
 */
export const createProxyWarning = (proxyHops: number, log: Pick<Log, 'warn'>) => {
  let isDone = false;
  return ({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): void => {
    if (isDone) return;
    const isForwarded = valuesOf(rawHeaders, 'x-forwarded-for').length > 0;
    const isWrong = proxyHops === 0 ? isForwarded : forwardedAddress(rawHeaders, proxyHops) === undefined;
    if (!isWrong) return;
    isDone = true;
    log.warn('proxy.miscounted', {
      setting: 'SALLYPORT_PROXY_HOPS',
      hops: proxyHops,
      got: proxyHops === 0 ? 'X-Forwarded-For' : 'no address at that place of X-Forwarded-For',
      expected: 'the number of proxies in front that append to X-Forwarded-For',
    });
  };
};

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
