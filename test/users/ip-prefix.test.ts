/** Tests the prefixes under which an IP address is counted. */
import { expect, test } from '@jest/globals';
import { ipPrefixesOf } from '../../src/users/limits/ip-prefix.ts';

test.each([
  ['203.0.113.9', '203.0.113.9', '203.0.113.0/24'],
  ['203.0.113.200', '203.0.113.200', '203.0.113.0/24'],
  ['203.0.114.9', '203.0.114.9', '203.0.114.0/24'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['2001:DB8:1:2:ffff::1', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['2001:0db8:0001:0002::', '2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['2001:db8:1:3::1', '2001:db8:1:3::/64', '2001:db8:1::/48'],
  ['2001:db8::1', '2001:db8:0:0::/64', '2001:db8:0::/48'],
  ['::1', '0:0:0:0::/64', '0:0:0::/48'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64', 'fe80:0:0::/48'],
  ['::ffff:203.0.113.9', '203.0.113.9', '203.0.113.0/24'],
  ['::ffff:cb00:7109', '203.0.113.9', '203.0.113.0/24'],
  ['0:0:0:0:0:FFFF:203.0.113.9', '203.0.113.9', '203.0.113.0/24'],
  ['64:ff9b::203.0.113.9', '203.0.113.9', '203.0.113.0/24'],
  [undefined, 'unknown', 'unknown'],
  ['', 'unknown', 'unknown'],
  ['unknown', 'unknown', 'unknown'],
  ['1.2.3', 'unknown', 'unknown'],
])('the address %s is counted as %s in the network %s', (told, address, network) => {
  expect(ipPrefixesOf(told)).toEqual({ address, network });
});
