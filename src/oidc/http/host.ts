/**
 * Checks that a request is for the issuer's host, and removes headers that name another host or client address.
 * It runs before any other code reads the request: absolute URLs in answers and limits per address depend on these values.
 */
import type { IncomingMessage } from 'node:http';
import { Problem } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { addressIn } from '../../users/limits/address-in.ts';

/** The parts of a request that are checked. `rawHeaders`: names and values alternate, as they were received. */
export interface RawRequest {
  readonly url?: string | undefined;
  readonly rawHeaders: readonly string[];
}

/**
 * Accepts a request with exactly one `Host`, the issuer's, and a path as target.
 * RFC 9110 §7.2 and §7.4: another host is 421, an ambiguous one 400. An absolute target (RFC 9112 §3.2.2) would override
 * `Host`. Neither browsers nor clients send one to an origin server, so all of them are refused.
 * @throws Problem 'wrong-host', 'bad-request'
 */
export const checkHost = ({ url: target = '', rawHeaders }: RawRequest, issuer: URL): void => {
  const hosts = valuesOf(rawHeaders, 'host');
  const [host] = hosts;
  if (hosts.length !== 1 || host === undefined) {
    throw new Problem('bad-request', `got ${hosts.length} Host headers, expected one`);
  }
  if (!target.startsWith('/')) throw new Problem('bad-request', 'got an absolute request target, expected a path');
  if (!addressOf(issuer).hosts.includes(host.toLowerCase())) {
    throw new Problem('wrong-host', `got Host ${JSON.stringify(host.slice(0, 255))}, expected ${issuer.host}`);
  }
};

const defaultPorts: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80' };
interface IssuerAddress {
  /** The issuer's host, also with its default port. */
  readonly hosts: readonly string[];
  readonly host: string;
  /** Without its colon. */
  readonly scheme: string;
}

// Each member of a URL is cut out of its text when it is read, which would cost more than the rest of the check.
const addresses = new WeakMap<URL, IssuerAddress>();
const addressOf = (issuer: URL): IssuerAddress => {
  const known = addresses.get(issuer);
  if (known !== undefined) return known;
  const { host, port, protocol } = issuer;
  const hosts = port === '' ? [host, `${host}:${defaultPorts[protocol]}`] : [host];
  const address = { hosts, host, scheme: protocol.slice(0, -1) };
  addresses.set(issuer, address);
  return address;
};

/** `rawHeaders`: name and value alternate. `name` in lower case. */
const valuesOf = (rawHeaders: readonly string[], name: string): readonly string[] => {
  const values: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [candidate = '', value = ''] = [rawHeaders[at], rawHeaders[at + 1]];
    if (candidate.length === name.length && candidate.toLowerCase() === name) values.push(value);
  }
  return values;
};

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
 * Replaces the forwarding headers of a request by the issuer's host and scheme, and the client address. Koa and oidc-provider take
 * `ctx.ip`, `ctx.protocol` and `ctx.host` from them, under `proxy = true`.
 * Must be called after `checkHost`, and before any handler that reads headers.
 */
export const trustHost = (
  request: IncomingMessage,
  { issuer, proxyHops, clientCertificates: certificates }: ProxyTrust,
): void => {
  const address = clientAddress(request.rawHeaders, proxyHops, request.socket.remoteAddress ?? '');
  const { headers } = request;
  for (const name of Object.keys(headers)) {
    if (name.startsWith('x-forwarded-') || name === 'forwarded' || name === 'x-real-ip')
      Reflect.deleteProperty(headers, name);
  }
  if (certificates !== undefined && !isFromProxy(request.rawHeaders, certificates.header, proxyHops)) {
    Reflect.deleteProperty(headers, certificates.header);
  }
  const { host, scheme } = addressOf(issuer);
  headers.host = host;
  headers['x-forwarded-proto'] = scheme;
  headers['x-forwarded-for'] = address;
};

/** Whether this header can only be that of the proxy. A second one is from the client: a proxy that adds its own keeps both. */
const isFromProxy = (rawHeaders: readonly string[], name: string, hops: number): boolean =>
  hops > 0 && valuesOf(rawHeaders, name).length === 1;

/** From which headers the client address is taken. */
export interface ProxyTrust {
  readonly issuer: URL;
  /** Number of trusted proxies in front of us. Each appends to `X-Forwarded-For`. */
  readonly proxyHops: number;
  /** The header with the certificate of a client. Absent: none is read. */
  readonly clientCertificates?: { readonly header: string };
}
