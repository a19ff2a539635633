/**
 * C20. A header that only a proxy should write is believed from anyone: it names the person who is signed in, an address from which
 * no second step is asked, the host of a link in a mail, or another path than the one that was checked (CVE-2026-96445,
 * CVE-2024-47070, GHSA-2wmj-46rj-qm2w, CVE-2023-4612). No header names a person. Of the address only the entry counts that a
 * trusted proxy appended; host and path are those of the request itself.
 * Guards: `src/oidc/http/host.ts#trustHost`, `src/oidc/http/host.ts#clientAddress`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { heading, type Answer } from '../support/browser/plain.ts';
import { askForLink, linksTo } from '../support/world/reset-link.ts';
import { expectSignedIn, noApproval, startThreatWorld, type ThreatWorld } from './support/threat-world.ts';

const evil = 'evil.test';
/** What a client writes to be somebody, somewhere or at another address. */
const claims: readonly (readonly [name: string, value: string])[] = [
  ['x-forwarded-for', '127.0.0.1'],
  ['x-forwarded-for', '10.0.0.1, 127.0.0.1'],
  ['x-real-ip', '127.0.0.1'],
  ['x-client-ip', '10.0.0.1'],
  ['true-client-ip', '10.0.0.1'],
  ['cf-connecting-ip', '10.0.0.1'],
  ['forwarded', `for=127.0.0.1;host=${evil};proto=https`],
  ['x-forwarded-host', evil],
  ['x-forwarded-server', evil],
  ['x-forwarded-port', '8443'],
  ['x-forwarded-proto', 'https'],
  ['x-forwarded-prefix', `//${evil}`],
  ['x-original-url', '/account'],
  ['x-rewrite-url', '/account'],
  ['x-forwarded-uri', '/account'],
  ['x-forwarded-user', 'noor'],
  ['x-forwarded-email', 'noor@example.com'],
  ['x-auth-request-user', 'noor'],
  ['remote-user', 'noor'],
  ['x-remote-user', 'noor'],
  ['x-webauth-user', 'noor'],
  ['x-authenticated-userid', 'noor'],
  ['x-ssl-client-verify', 'SUCCESS'],
  ['x-http-method-override', 'DELETE'],
];
const addressesOf = async (world: ThreatWorld): Promise<ReadonlySet<unknown>> => {
  const audited = await world.audited('password.accepted');
  return new Set(audited.map(({ facts }) => facts['address']));
};

describe.each([
  ['0', '127.0.0.1'],
  ['1', '198.51.100.7'],
])('C20 behind %s proxies', (hops, address) => {
  let world: ThreatWorld;
  beforeAll(async () => {
    world = await startThreatWorld({ env: { SALLYPORT_PROXY_HOPS: hops } });
  });
  afterAll(() => world.close());
  beforeEach(() => world.nextDay());

  /** A header as it arrives: a proxy in front appends the address of its caller. */
  const arriving = (name = '', value = ''): Readonly<Record<string, string>> => {
    if (hops === '0') return name === '' ? {} : { [name]: value };
    const list = name === 'x-forwarded-for' ? `${value}, ${address}` : address;
    return { ...(name !== '' && { [name]: value }), 'x-forwarded-for': list };
  };
  const typePassword = async (name = '', value = '') => {
    const browser = world.recordingBrowser();
    const { page, uid } = await world.begin(browser);
    const { noor } = world.people;
    const headers = arriving(name, value);
    const form = { name: noor.name, password: noor.password };
    const after = await browser.visit(`${page.path}/password`, { form, headers });
    return { browser, uid, after: await browser.visit(after.path, { headers }) };
  };

  test('C20 a person signs in, and the audit has their address', async () => {
    const browser = world.recordingBrowser();
    const { page } = await world.begin(browser);
    const { name, password } = world.people.linus;
    await browser.visit(`${page.path}/password`, { form: { name, password }, headers: arriving() });
    await expectSignedIn(world, browser, world.people.linus);
    expect(await addressesOf(world)).toEqual(new Set([address]));
  });

  test.each(claims)('C20 %s: %s spares no step, names no person and changes no address', async (name, value) => {
    // Without a password it signs nobody in.
    const stranger = world.recordingBrowser();
    const pages: Answer[] = [];
    for (const path of ['/account', '/account/sessions', '/session/end']) {
      pages.push(await stranger.visit(path, { headers: arriving(name, value) }));
    }
    expect(pages.map(({ text }) => text).join('')).not.toContain(world.people.noor.user.displayName);
    expect(await world.outcome(stranger)).toMatchObject({ codes: [], accountId: undefined });
    // With the password the second step is still asked.
    const { browser, uid, after } = await typePassword(name, value);
    expect(after.text).toMatch(/name="code"/);
    expect(await world.outcome(browser, uid)).toEqual(noApproval);
    expect(await addressesOf(world)).toEqual(new Set([address]));
    // No answer names another host, or was routed by another path than its own.
    const answers = [...stranger.answers, ...browser.answers];
    expect(answers.filter(each => JSON.stringify([each.headers, each.text]).includes(evil))).toEqual([]);
    const discovery = await stranger.go('/.well-known/openid-configuration', { headers: arriving(name, value) });
    expect(JSON.parse(discovery.text)).toMatchObject({ issuer: world.issuer.origin });
    const front = await stranger.go('/', { headers: arriving(name, value) });
    expect([front.status, heading(front)]).toEqual([200, heading(await stranger.go('/'))]);
  });

  test('C20 the link in a mail leads to the issuer, whatever the request claimed', async () => {
    const { linus } = world.people;
    for (const [name, value] of claims.filter(([, each]) => each.includes(evil))) {
      await world.nextDay();
      await askForLink(world.browser(), linus.name, arriving(name, value));
      const [link = ''] = await linksTo(world, linus);
      expect([name, URL.parse(link)?.origin]).toEqual([name, world.issuer.origin]);
    }
    const mails = await world.mailsTo(linus);
    expect(mails.length).toBeGreaterThan(0);
    expect(mails.filter(mail => JSON.stringify(mail).includes(evil))).toEqual([]);
  });
});
