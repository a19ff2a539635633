/**
 * Tests clients that prove themselves by a certificate (RFC 8705), which a proxy sends in a header. Whoever can send that header is
 * believed, so it must be the proxy's.
 */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { NewClient } from '../../src/oidc/client-metadata.ts';
import { parseCertificate } from '../../src/oidc/mtls/certificate.ts';
import { createAuthority, uses, type Authority, type Certificate } from '../support/certificates.ts';
import { createProver } from './support/dpop.ts';
import { redeem, signIn } from './support/flows.ts';
import { Browser, send } from './support/http.ts';
import { openWorld, type Rp, type Setup, type World } from './support/world.ts';

const header = 'x-client-cert';
let world: World;
let authority: Authority;
let authorityOf: (clock: World['clock']) => Authority;
const open = async (setup: Partial<Setup> = {}): Promise<void> => {
  // The certificate of an authority must be valid by the clock of the world that trusts it.
  const before = await openWorld();
  authority = authorityOf(before.clock);
  await before.close();
  world = await openWorld({
    proxyHops: 1,
    clientCertificates: { header, format: 'rfc9440', authorities: [authority.pem] },
    ...setup,
  });
  await world.addUser('ada');
};
beforeEach(async () => {
  authorityOf = clock => createAuthority(clock);
  await open();
});
afterEach(() => world.close());

const client = (more: Partial<NewClient>): Promise<Rp> =>
  world.addClient({ client_id: 'shop', tls_client_certificate_bound_access_tokens: true, ...more });
const shop: Partial<NewClient> = {
  token_endpoint_auth_method: 'tls_client_auth',
  tls_client_auth_san_dns: 'shop.contoso.test',
};
const named = { dns: 'shop.contoso.test' };
const got = async (rp: Rp, certificate?: Pick<Certificate, 'header'>) => {
  const started = await signIn(new Browser(world), rp, 'ada');
  return redeem(world, rp, started, 0, certificate === undefined ? {} : { [header]: certificate.header });
};
const userinfo = async (token = '', certificate?: Certificate) => {
  const headers = { authorization: `Bearer ${token}`, ...(certificate && { [header]: certificate.header }) };
  return (await send(world, 'GET', '/me', { headers })).status;
};

test('a client with a certificate of a trusted authority gets tokens that work with this certificate only', async () => {
  const rp = await client(shop);
  expect(rp.secret).toBeUndefined();
  const certificate = authority.issue(named);
  const { access_token: token, status } = await got(rp, certificate);
  expect(status).toBe(200);
  expect(await userinfo(token, certificate)).toBe(200);
  expect(await userinfo(token)).toBe(401);
  expect(await userinfo(token, authority.issue(named))).toBe(401);
  const form = { token: token ?? '', client_id: rp.id };
  const headers = { [header]: certificate.header };
  const { text } = await send(world, 'POST', '/token/introspection', { form, headers });
  expect(JSON.parse(text)).toMatchObject({ active: true, cnf: { 'x5t#S256': expect.any(String) } });
});

test('a client with a certificate of its own is known by this one alone', async () => {
  const certificate = authority.issue();
  const rp = await client({
    token_endpoint_auth_method: 'self_signed_tls_client_auth',
    jwks: { keys: [certificate.jwk] },
  });
  expect((await got(rp, certificate)).status).toBe(200);
  expect((await got(rp, authority.issue())).error).toBe('invalid_client');
  expect((await got(rp)).error).toBe('invalid_client');
});

test.each<[string, Partial<NewClient>, Parameters<Authority['issue']>[0]]>([
  ['subject', { tls_client_auth_subject_dn: 'CN=shop,O=Contoso\\, Inc.,C=US' }, { common: 'shop' }],
  ['subject, written with spaces', { tls_client_auth_subject_dn: 'cn=shop, o=Contoso\\, Inc., c=US' }, {}],
  ['DNS name', { tls_client_auth_san_dns: 'Shop.contoso.test' }, named],
  ['URI', { tls_client_auth_san_uri: 'https://shop.test/a,b' }, { uri: 'https://shop.test/a,b' }],
  ['IPv4 address', { tls_client_auth_san_ip: '192.0.2.7' }, { ip: [192, 0, 2, 7] }],
  [
    'IPv6 address',
    { tls_client_auth_san_ip: '2001:db8::7' },
    { ip: [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7] },
  ],
  ['e-mail address', { tls_client_auth_san_email: 'shop@contoso.test' }, { email: 'shop@contoso.test' }],
])('a client is found by its %s', async (_title, members, wanted) => {
  const rp = await client({ token_endpoint_auth_method: 'tls_client_auth', ...members });
  expect((await got(rp, authority.issue(wanted))).status).toBe(200);
  expect((await got(rp, authority.issue({ common: 'other', dns: 'other.test' }))).error).toBe('invalid_client');
});

describe('a client is not believed', () => {
  test.each<[string, () => Pick<Certificate, 'header'> | undefined]>([
    ['without a certificate', () => undefined],
    ['with a name that only ends like its own', () => authority.issue({ dns: 'evil-shop.contoso.test' })],
    ['with a wildcard', () => authority.issue({ dns: '*.contoso.test' })],
    ['with two names written as one', () => authority.issue({ dns: 'evil.test, DNS:shop.contoso.test' })],
    ['with its name as a URI', () => authority.issue({ uri: 'shop.contoso.test' })],
    ['with its name as the subject', () => authority.issue({ common: 'shop.contoso.test' })],
    ['with a certificate of another authority of the same name', () => createAuthority(world.clock).issue(named)],
    ['with one that has expired', () => authority.issue({ ...named, validFor: -1000 })],
    ['with one for servers', () => authority.issue({ ...named, uses: [uses.serverAuth] })],
    ['with base64 that is no certificate', () => ({ header: `:${Buffer.from('x'.repeat(400)).toString('base64')}:` })],
    ['with a header in another form', () => ({ header: authority.issue(named).header.slice(1, -1) })],
    ['with an endless header', () => ({ header: `:${'A'.repeat(15_000)}:` })],
  ])('%s', async (_title, certificate) => {
    const rp = await client(shop);
    expect(await got(rp, certificate())).toMatchObject({ status: 401, error: 'invalid_client' });
  });

  test('where the header comes twice: one of them is not from the proxy', async () => {
    const rp = await client(shop);
    const twice = [authority.issue(named).header, authority.issue(named).header] as unknown as string;
    expect((await got(rp, { header: twice })).error).toBe('invalid_client');
  });

  test('where no proxy is trusted: each client could send the header itself', async () => {
    await world.close();
    await open({ proxyHops: 0 });
    const rp = await client(shop);
    expect((await got(rp, authority.issue(named))).error).toBe('invalid_client');
  });
});

test('a proof of a DPoP key may name the address for clients with certificates, and no other address', async () => {
  await world.close();
  const [trusted, alias] = [authority, new URL('https://mtls.idp.test')];
  await open({ clientCertificates: { header, format: 'rfc9440', authorities: [trusted.pem], origin: alias } });
  const rp = await client({
    ...shop,
    tls_client_certificate_bound_access_tokens: false,
    dpop_bound_access_tokens: true,
  });
  const certificate = trusted.issue(named);
  const prove = await createProver(world);
  const redeemed = async (htu: string) => {
    const proof = await prove('POST', '/token', { htu });
    const headers = { ...proof, [header]: certificate.header };
    return (await redeem(world, rp, await signIn(new Browser(world), rp, 'ada'), 0, headers)).status;
  };
  expect(await redeemed('http://idp.test/token')).toBe(200);
  expect(await redeemed('https://mtls.idp.test/token')).toBe(200);
  expect(await redeemed('https://mtls.idp.test/me')).toBe(400);
  expect(await redeemed('https://evil.test/token')).toBe(400);
});

test('a client cannot be registered with what this server does not offer', async () => {
  await world.close();
  world = await openWorld();
  const members: Partial<NewClient>[] = [shop, { tls_client_certificate_bound_access_tokens: true }];
  for (const wrong of members) {
    const added = await world.clients.add({ redirect_uris: ['https://shop.test/cb'], ...wrong }, 'cli');
    expect(added).toMatchObject({ ok: false, message: expect.stringContaining('this server does not offer it') });
  }
});

test('without authorities only certificates that clients registered themselves are accepted', async () => {
  await world.close();
  await open({ clientCertificates: { header, format: 'rfc9440', authorities: [] } });
  await expect(client(shop)).rejects.toThrow('token_endpoint_auth_method');
  const { text } = await send(world, 'GET', '/.well-known/openid-configuration');
  expect(JSON.parse(text)).toMatchObject({
    token_endpoint_auth_methods_supported: expect.not.arrayContaining(['tls_client_auth']),
    tls_client_certificate_bound_access_tokens: true,
  });
});

test('a header is read in each form that proxies write', () => {
  const { der, pem } = authority.issue(named);
  const base64 = der.toString('base64');
  const encoded = encodeURIComponent(pem);
  const bare = encodeURIComponent(base64);
  for (const [text, format] of [
    [`:${base64}:`, 'rfc9440'],
    [encoded, 'url-encoded-pem'],
    [bare, 'url-encoded-pem'],
    [base64, 'base64-der'],
  ] as const) {
    expect(parseCertificate(text, format)?.raw).toEqual(der);
  }
  for (const text of ['', '%', '%zz', 'null', '(null)', ':', '::', encoded.slice(0, 300)]) {
    for (const format of ['rfc9440', 'url-encoded-pem', 'base64-der'] as const) {
      expect(parseCertificate(text, format)).toBeUndefined();
    }
  }
});
