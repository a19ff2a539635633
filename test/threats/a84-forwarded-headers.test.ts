/**
 * A84. A client writes the headers of a proxy itself (`X-Forwarded-*`, `Forwarded`, `X-Real-IP`), to have another address, scheme or
 * host: limits for each address would then be dodged by a new address for each request. Behind real proxies only the entry that
 * the trusted proxy appended counts; a client without a proxy is believed nothing.
 * Guards: `src/oidc/http/host.ts#clientAddress`, `src/oidc/http/host.ts#trustHost`.
 */
import { request as ask, type OutgoingHttpHeaders } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { auditEventKind } from '../../src/records.ts';
import { formTo, type Answer } from '../support/browser/plain.ts';
import { hasProxy, proxyNames, startSite, type Site } from '../faults/support/site.ts';
import { newRequest } from '../faults/support/site/tokens.ts';

const perMinute = 20;
/** The address of the client, beside that of the other tests. */
const client = (of: string): string => (of === 'nginx' ? '127.0.0.3' : '127.0.0.4');

interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

const get = (port: number, from: string, path: string, headers: OutgoingHttpHeaders): Promise<Got> =>
  new Promise((resolve, reject) => {
    const asked = ask({ host: '127.0.0.1', port, localAddress: from, path, headers, agent: false }, response => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => void (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    asked.on('error', reject);
    asked.end();
  });

/** Headers by which a client claims to be someone else, a new one for each number. */
const claims = (at: number) => ({
  'x-forwarded-for': `198.51.100.${at}, 203.0.113.${at}`,
  'x-real-ip': `198.51.100.${at}`,
  forwarded: `for=198.51.100.${at};host=evil.test;proto=http`,
  'x-forwarded-host': 'evil.test',
  'x-forwarded-proto': 'https',
  'x-forwarded-port': '1',
  'x-client-ip': `198.51.100.${at}`,
  'true-client-ip': `198.51.100.${at}`,
});

const deployments = [
  ...proxyNames.map(proxy => ({ title: `behind ${proxy}`, proxy, isDirect: false, isHere: hasProxy(proxy) })),
  { title: 'without a proxy', proxy: 'haproxy' as const, isDirect: true, isHere: hasProxy('haproxy') },
];

for (const { title, proxy, isDirect, isHere } of deployments) {
  const suite = isHere ? describe : describe.skip;
  suite(`A84 headers of proxies that a client writes, ${title}`, () => {
    const from = isDirect ? '127.0.0.5' : client(proxy);
    let site: Site;
    let port = 0;
    beforeAll(async () => {
      site = await startSite({
        nodes: 1,
        proxy,
        env: {
          SALLYPORT_BEGUN_SIGN_INS_PER_ADDRESS_AND_MINUTE: `${perMinute}`,
          ...(isDirect && { SALLYPORT_PROXY_HOPS: '0' }),
        },
      });
      port = (isDirect ? site.nodes[0]?.port : site.place.ports[0]) ?? 0;
    });
    afterAll(() => site.close());

    const begin = (address: string, more: OutgoingHttpHeaders = {}): Promise<Got> =>
      get(port, address, newRequest(site.client).path, { host: site.issuer.host, accept: 'text/html', ...more });

    test('A84 the audit names the address of the client, and pages and documents name the issuer', async () => {
      const [person] = await site.addPeople(1);
      const honest = await begin('127.0.0.9');
      expect([honest.status, honest.headers['location']]).toEqual([303, expect.stringMatching(/^\/interaction\//)]);
      // The sign-in of a person whose browser claims another address.
      const visitor = site.visitor(person as NonNullable<typeof person>);
      const page: Answer = await visitor.browser.visit(newRequest(site.client).path, { headers: claims(1) });
      const { name, password } = visitor.person;
      await visitor.browser.visit(formTo(page, /\/password$/).action, { form: { name, password }, headers: claims(2) });
      const audit = site.services.resources.durable.collection(auditEventKind);
      const [accepted] = await audit.find({ event: 'password.accepted' });
      expect(accepted).toMatchObject({ facts: { address: '127.0.0.1' } });
      const discovery = await get(port, '127.0.0.9', '/.well-known/openid-configuration', {
        host: site.issuer.host,
        ...claims(3),
      });
      expect(JSON.parse(discovery.text)).toMatchObject({ issuer: site.issuer.origin });
      expect(discovery.text).not.toContain('evil.test');
      expect(await site.violations()).toEqual([]);
    });

    test('A84 a limit for each address counts all requests of a client that claims a new address each time', async () => {
      const statuses: number[] = [];
      for (let at = 0; at < perMinute * 2 + 2; at += 1) statuses.push((await begin(from, claims(at))).status);
      expect(statuses.slice(0, 2)).toEqual([303, 303]);
      // A new minute may have begun in between.
      expect(statuses.filter(status => status === 429).length).toBeGreaterThan(0);
      // Another client is not held responsible.
      expect((await begin('127.0.0.10')).status).toBe(303);
    });
  });
}
