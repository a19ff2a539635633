/**
 * Reduces a client address to the prefixes by which attempts are counted: one subscriber, and the network around it.
 * An IPv6 subscriber chooses freely among the addresses of a /64, so a limit for each single address would be useless.
 */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Prefixes of one client address, in CIDR notation except for a single IPv4 address. */
export interface IpPrefixes {
  /** IPv4: the address. IPv6: its /64, the least that one subscriber gets. */
  readonly address: string;
  /** IPv4: its /24. IPv6: its /48. */
  readonly network: string;
}

/** Addresses that cannot be parsed share one limit. */
const unknown: IpPrefixes = { address: 'unknown', network: 'unknown' };

/** IPv6 prefix before an IPv4 address that a NAT64 translated (RFC 6052 §2.1). */
const translated = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/** Prefixes of `address`, an IPv4 or IPv6 address as `clientAddress` of `oidc/http/host.ts` gives it. A zone (`%eth0`) is dropped. */
export const ipPrefixesOf = (address = ''): IpPrefixes => {
  const [plain = ''] = address.split('%', 1);
  // isIP first: ipaddr.js also accepts `1.2.3` and octal or hexadecimal parts
  if (isIP(plain) === 0) return unknown;
  const parsed = ipaddr.process(plain);
  if (!(parsed instanceof ipaddr.IPv6)) return prefixesOfIPv4(parsed);
  if (parsed.match(translated)) return prefixesOfIPv4(new ipaddr.IPv4(parsed.toByteArray().slice(12)));
  const groups = parsed.parts.map(part => part.toString(16));
  return { address: `${groups.slice(0, 4).join(':')}::/64`, network: `${groups.slice(0, 3).join(':')}::/48` };
};

const prefixesOfIPv4 = (address: ipaddr.IPv4): IpPrefixes => ({
  address: address.toString(),
  network: `${address.octets.slice(0, 3).join('.')}.0/24`,
});
