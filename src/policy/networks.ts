/** Reads named networks, and finds those that an address belongs to. */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Range = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Ranges of each network, by its name. */
export type Networks = ReadonlyMap<string, readonly Range[]>;

/**
 * Reads a range: an address, or one in CIDR notation (RFC 4632, RFC 4291 §2.3). undefined: it is none, or has bits after its prefix,
 * which is mostly a typing error.
 */
export const rangeIn = (text: string): Range | undefined => {
  const [address = '', prefix, ...more] = text.split('/');
  const version = isIP(address);
  // ipaddr.js also accepts `1.2` and octal parts. An address with a zone (`%eth0`) means something on one machine only.
  if (version === 0 || address.includes('%') || more.length > 0) return undefined;
  const bits = version === 4 ? 32 : 128;
  const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  if (!(length <= bits)) return undefined;
  const parsed = ipaddr.parse(address);
  // Addresses are compared as IPv4 where they are mapped ones, so such a range would never match.
  if (parsed instanceof ipaddr.IPv6 && parsed.isIPv4MappedAddress()) return undefined;
  return hasBitsAfter(parsed, length) ? undefined : [parsed, length];
};

const hasBitsAfter = (address: ipaddr.IPv4 | ipaddr.IPv6, length: number): boolean =>
  address.toByteArray().some((byte, at) => {
    const kept = Math.min(Math.max(length - at * 8, 0), 8);
    return (byte & (0xff >> kept)) !== 0;
  });

/** Names of the networks with this address, in the order of the file. An IPv4-mapped IPv6 address counts as IPv4. */
export const networksOf = (networks: Networks, address: string): readonly string[] => {
  const [plain = ''] = address.split('%', 1);
  if (networks.size === 0 || isIP(plain) === 0) return [];
  const parsed = ipaddr.process(plain);
  return [...networks].flatMap(([name, ranges]) => (ranges.some(range => isWithin(parsed, range)) ? [name] : []));
};

const isWithin = (address: ipaddr.IPv4 | ipaddr.IPv6, [network, length]: Range): boolean =>
  address.kind() === network.kind() && address.match(network, length);
