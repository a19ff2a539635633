/** Where a try comes from, as far as limits count it: one household or office, and the network around it. Pure. */
import { isIPv4, isIPv6 } from 'node:net';

export interface Origin {
  /** IPv4: the address. IPv6: its /64, of which one subscriber has at least one to choose from. */
  readonly address: string;
  /** IPv4: its /24. IPv6: its /48. */
  readonly network: string;
}

/** Prefixes of 96 bits behind which an IPv4 address stands: mapped (RFC 4291 §2.5.5.2), translated (RFC 6052 §2.1). */
const hidden: ReadonlySet<string> = new Set(['0:0:0:0:0:ffff', '64:ff9b:0:0:0:0']);

/** All that come from nowhere that can be told share one origin. */
const nowhere: Origin = { address: 'unknown', network: 'unknown' };

/** `address` as the front door tells it (`host.ts`): IPv4 or IPv6, perhaps with a zone. */
export const originOf = (address = ''): Origin => {
  const [plain = ''] = address.split('%', 1);
  if (isIPv4(plain)) return ofFour(plain);
  if (!isIPv6(plain)) return nowhere;
  const groups = groupsOf(plain);
  if (hidden.has(groups.slice(0, 6).join(':'))) return ofFour(fourIn(groups));
  return { address: `${groups.slice(0, 4).join(':')}::/64`, network: `${groups.slice(0, 3).join(':')}::/48` };
};

const ofFour = (address: string): Origin => ({ address, network: `${address.replace(/\.\d+$/, '')}.0/24` });

/** The eight groups, without leading zeros. The URL parser knows every spelling and gives one (RFC 5952). */
const groupsOf = (address: string): readonly string[] => {
  const [head = '', tail = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const [before, after] = [listed(head), listed(tail)];
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
};

const listed = (groups: string): readonly string[] => (groups === '' ? [] : groups.split(':'));

const fourIn = (groups: readonly string[]): string =>
  groups
    .slice(6)
    .map(group => Number.parseInt(group, 16))
    .flatMap(group => [group >> 8, group & 255])
    .join('.');
