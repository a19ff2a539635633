/**
 * Checks redirect addresses at registration. oidc-provider compares them as text, except for the port of a native client's loopback
 * address. An address in a spelling that no client sends would silently never match, so it is refused.
 *
 * | address                          | web client  | native client (RFC 8252)      |
 * | -------------------------------- | ----------- | ----------------------------- |
 * | `https://app.example.com/cb`     | as written  | as written                    |
 * | `http://127.0.0.1:3000/cb`       | as written  | with any port (§7.3)          |
 * | `com.example.app:/cb`            | refused     | as written (§7.1)             |
 * | anything else                    | refused     | refused                       |
 */
import { isLoopback } from '../../config/checks/addresses.ts';
import { trimmedTo } from '../../users/names/trim.ts';
import { longestRedirectUri } from '../http/parameter-limits.ts';

/** `application_type` of OpenID Connect Dynamic Client Registration §2. */
export type ApplicationType = 'web' | 'native';

/**
 * An address without white space and invisible characters at its ends, which a clipboard may add. A text that is far too long is
 * returned unchanged, and refused later.
 */
export const trimmedAddress = (typed: string): string =>
  typed.length > 2 * longestRedirectUri ? typed : trimmedTo(typed, character => !blank.test(character));

const blank = /[\s\p{Cc}\p{Cf}]/u;

/** Whether only an installed program receives data at this address: loopback, or a scheme of its own. */
export const isForNative = (uri: string): boolean => {
  const url = URL.parse(uri);
  if (url === null) return false;
  return url.protocol === 'http:' ? isLoopback(url.hostname) : isOwnScheme(url.protocol);
};

/** A scheme of an installed program is a domain name of its author in reverse, so it has a dot (RFC 8252 §7.1). */
const isOwnScheme = (protocol: string): boolean => protocol.includes('.');

/**
 * Why this address cannot be registered, as "got …, expected …"; undefined where it can.
 * RFC 6749 §3.1.2 and §10.15, RFC 8252 §7 and §8.4, RFC 9700 §4.1.
 */
export const addressProblem = (uri: string, type: ApplicationType): string | undefined => {
  const problem = spellingProblem(uri) ?? schemeProblem(new URL(uri), type) ?? writtenOtherwise(uri);
  return problem === undefined ? undefined : `got ${JSON.stringify(uri.slice(0, 300))}, ${problem}`;
};

const spellingProblem = (uri: string): string | undefined => {
  if (Buffer.byteLength(uri) > longestRedirectUri) return `expected at most ${longestRedirectUri} bytes`;
  if (blank.test(uri)) return 'expected no spaces and no invisible characters in it';
  if (uri.includes('\\')) return 'expected slashes, no backslashes';
  if (uri.includes('*')) return 'expected one exact address: there are no wildcards, so register each address';
  if (!URL.canParse(uri)) return 'expected an address such as https://app.example.com/callback';
  if (uri.includes('#')) return 'expected no fragment: browsers do not send it';
  return undefined;
};

/** A host in ASCII. The URL standard allows more: with a semicolon one would end a directive of our Content-Security-Policy. */
const plainHost = /^(?:[\w.-]+|\[[\da-f:.]+\])$/;

const schemeProblem = (url: URL, type: ApplicationType): string | undefined => {
  if (url.username !== '' || url.password !== '') return 'expected no user name and no password in it';
  if (url.protocol === 'https:')
    return plainHost.test(url.hostname) ? undefined : 'expected a host of letters, digits, points and hyphens';
  if (url.protocol === 'http:') {
    return isLoopback(url.hostname) ? undefined : 'expected https: http is for 127.0.0.1, [::1] and localhost only';
  }
  if (!isOwnScheme(url.protocol)) {
    return `expected https; a program's own scheme is a domain name in reverse, such as com.example.app:/callback`;
  }
  if (type === 'web') return `expected https: the scheme ${url.protocol} is for native clients only`;
  return url.pathname === '' && url.host === '' ? `expected a path, such as ${url.protocol}/callback` : undefined;
};

/**
 * Browsers and clients write an address in one way: scheme and host in lower case and ASCII, without the default port and `..`.
 * Some leave out the slash behind the host, so both forms may be registered.
 */
const writtenOtherwise = (uri: string): string | undefined => {
  const { href } = new URL(uri);
  return href === uri || href === `${uri}/` ? undefined : `expected ${href}: browsers write it so`;
};
