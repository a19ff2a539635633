/**
 * C20. A rule asks for less inside the operator's network, and a client outside writes the header by which a proxy would name such an
 * address (CVE-2026-96445, CVE-2024-47070: a trusted range that anyone can claim). Of `X-Forwarded-For` only the entry counts that a
 * trusted proxy appended; every other header is ignored. Both families of addresses, and IPv4 in the form of IPv6.
 * Guards: `src/oidc/http/host.ts#clientAddress`, `src/policy/networks.ts#networksOf`.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { browserWith } from '../support/browser/at-address.ts';
import { enterPassword, openRelyingParty, type RelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

const policy = `
networks:
  office: [192.0.2.0/24, '2001:db8:1::/48']
rules:
  - { name: outside, when: { not: { networks: [office] } }, require: { acr: mfa } }
  - { name: vault, when: { clients: [vault], not: { networks: [office] } }, deny: { en: Only in the office. } }
`;

const office = ['192.0.2.1', '192.0.2.255', '::ffff:192.0.2.7', '2001:db8:1::7', '2001:DB8:1:0:0:0:0:7'];
const elsewhere = ['192.0.3.1', '203.0.113.9', '2001:db8:2::7', '::ffff:192.0.3.7', '64:ff9b::192.0.2.7'];

/** Headers by which a client outside claims to be in the office. `last`: what the proxy appends. */
const claims = (last: string): readonly Readonly<Record<string, string>>[] => [
  { 'x-forwarded-for': `192.0.2.1, ${last}` },
  { 'x-forwarded-for': `192.0.2.1,192.0.2.2 ,${last}` },
  { 'x-forwarded-for': last, 'x-real-ip': '192.0.2.1' },
  { 'x-forwarded-for': last, forwarded: 'for=192.0.2.1' },
  { 'x-forwarded-for': last, 'x-client-ip': '192.0.2.1', 'true-client-ip': '192.0.2.1' },
  { 'x-forwarded-for': last, 'cf-connecting-ip': '192.0.2.1', 'x-cluster-client-ip': '192.0.2.1' },
  { 'x-forwarded-for': `192.0.2.1:443, ${last}` },
  { 'x-forwarded-for': `"192.0.2.1", unknown, ${last}` },
];

describe.each([0, 1])('C20 with %s trusted proxies', hops => {
  let world: World;
  let parties: Readonly<Record<'wiki' | 'vault', RelyingParty>>;
  beforeAll(async () => {
    world = await startWorld({ env: { SALLYPORT_POLICY: policy, SALLYPORT_PROXY_HOPS: String(hops) } });
    const open = async (id: string) => openRelyingParty(world, await world.addClient({ id }));
    parties = { wiki: await open('wiki'), vault: await open('vault') };
  });
  afterAll(() => world.close());

  /** The page, or the answer at the client, after the password of a person without a method. */
  const signInWith = async (client: 'wiki' | 'vault', headers: Readonly<Record<string, string>>) => {
    const { linus } = world.people;
    const browser = browserWith(world, headers);
    const first = await browser.visit((await parties[client].begin()).url);
    const page = first.text.includes('/password"') ? await enterPassword(browser, first, linus) : first;
    return { hasPassed: browser.next(page) !== undefined, text: page.text };
  };

  if (hops === 1) {
    test.each(office)('C20 twin: %s is in the office', async address => {
      expect((await signInWith('wiki', { 'x-forwarded-for': address })).hasPassed).toBe(true);
      expect((await signInWith('vault', { 'x-forwarded-for': address })).hasPassed).toBe(true);
    });
  } else {
    test('C20 twin: at the address of the connection the person is asked for a second step', async () => {
      const { hasPassed, text } = await signInWith('wiki', {});
      expect([hasPassed, text.includes('/enroll')]).toEqual([false, true]);
    });
  }

  test.each(elsewhere.flatMap(address => claims(address).map(headers => [headers] as const)))(
    'C20 %j is not in the office',
    async headers => {
      expect((await signInWith('wiki', headers)).hasPassed).toBe(false);
      const denied = await signInWith('vault', headers);
      expect([denied.hasPassed, denied.text.includes('Only in the office.')]).toEqual([false, true]);
    },
  );
});
