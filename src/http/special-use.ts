/**
 * Tells public addresses from special ones. Sources: the IANA special-purpose address registries (RFC 6890) and the
 * multicast ranges. A text that is no address counts as special.
 */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** IPv4 ranges that are no place on the internet, or have a special meaning there. */
const specialIPv4 = [
  '0.0.0.0/8', // this network
  '10.0.0.0/8', // private use
  '100.64.0.0/10', // carrier-grade NAT
  '127.0.0.0/8', // loopback
  '168.63.129.16/32', // services of the Azure platform: not in the registry, and reachable from every virtual machine
  '169.254.0.0/16', // link-local, with the metadata services of clouds
  '172.16.0.0/12', // private use
  '192.0.0.0/24', // IETF protocol assignments
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // AMT
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private use
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, with broadcast
].map(range => ipaddr.IPv4.parseCIDR(range));

/** The only IPv6 range with public addresses. Mapped, link-local, unique local and multicast ones are outside of it. */
const globalIPv6 = ipaddr.IPv6.parseCIDR('2000::/3');
const specialIPv6 = [
  '2001::/23', // IETF protocol assignments, with Teredo, which holds an IPv4 address
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4: holds an IPv4 address
  '2620:4f:8000::/48', // AS112
  '3fff::/20', // documentation
].map(range => ipaddr.IPv6.parseCIDR(range));
/** Before an IPv4 address that a NAT64 will connect to (RFC 6052 §2.1). A network without IPv4 reaches it by these only. */
const translated = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/** Whether `address` is special: not that of one public host. */
export const isSpecialUse = (address: string): boolean => {
  // isIP first: ipaddr.js also reads `1.2.3` and octal parts. A zone (`%eth0`) exists on link-local addresses only.
  if (isIP(address) === 0 || address.includes('%')) return true;
  const parsed = ipaddr.parse(address);
  if (!(parsed instanceof ipaddr.IPv6)) return isSpecialIPv4(parsed);
  if (parsed.match(translated)) return isSpecialIPv4(new ipaddr.IPv4(parsed.toByteArray().slice(12)));
  return !parsed.match(globalIPv6) || specialIPv6.some(range => parsed.match(range));
};

const isSpecialIPv4 = (address: ipaddr.IPv4): boolean => specialIPv4.some(range => address.match(range));

/** Whether `address` is one of this machine, which no other machine reaches. */
export const isLoopbackAddress = (address: string): boolean =>
  isIP(address) !== 0 && !address.includes('%') && ipaddr.parse(address).range() === 'loopback';
