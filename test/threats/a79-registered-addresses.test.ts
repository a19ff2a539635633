/**
 * A79. A client that registers itself states addresses that this server will request: its keys, the list of its sector, its logout,
 * where it is pinged. Or addresses that other servers request: of a request object, a logo, a document in the place of a client id. Each
 * leads into our own network: by an address in any notation, by a name, by a second answer of DNS, by a redirect (CVE-2026-1180,
 * CVE-2020-10770).
 * Guards: `src/http/outbound.ts#createOutbound`, `src/oidc/provider.ts#configure`, `src/oidc/clients/check.ts#createClientCheck`.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server } from 'node:https';
import type { LookupAddress } from 'node:dns';
import { connect, type AddressInfo, type Socket, type TcpNetConnectOpts } from 'node:net';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createOutbound } from '../../src/http/outbound.ts';
import type { Registrar } from '../../src/oidc/clients/doors.ts';
import { metadataIn } from '../../src/oidc/registration/information.ts';
import { createClientKey, type ClientKey } from '../oidc/support/client-keys.ts';
import { authorize, authorizePushed, push, tokens, tryPush } from '../oidc/support/flows.ts';
import { Browser, send } from '../oidc/support/http.ts';
import { openWorld, type World } from '../oidc/support/world.ts';

const publicAddress = '93.184.215.14';
const certificate = readFileSync(join(import.meta.dirname, '../data/rp.test.pem'));
const trusted = getCACertificates('default');
const redirect_uris = ['https://rp.test/callback'];
const ciba = 'urn:openid:params:grant-type:ciba';
const itself: Registrar = { door: 'dynamic', actor: 'registration-token:1' };

/** Addresses that were connected to, and what was asked there. All of them lead to one server, the canary. */
const connected: string[] = [];
const asked: string[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let dns: Record<string, string[][]>;
let canary: Server;
let port: number;
let world: World;
let key: ClientKey;

const connectToCanary = (options: TcpNetConnectOpts): Socket => {
  options.lookup?.(options.host ?? '', { all: true }, (_error, addresses) => {
    connected.push(...(addresses as LookupAddress[]).map(({ address }) => address));
  });
  return connect({ host: '127.0.0.1', port });
};

beforeAll(async () => {
  canary = createTlsServer({ cert: certificate, key: certificate }, (request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  await new Promise<void>(resolve => canary.listen(0, '127.0.0.1', resolve));
  ({ port } = canary.address() as AddressInfo);
  setDefaultCACertificates([...trusted, certificate.toString()]);
});
afterAll(() => {
  setDefaultCACertificates(trusted);
  canary.close().closeAllConnections();
});
afterEach(() => world.close());
beforeEach(async () => {
  const outbound = createOutbound({
    allowed: [],
    schedule: () => () => {},
    connect: connectToCanary,
    resolve: async name => {
      const answers = dns[name] ?? [[]];
      return (answers.length > 1 ? answers.shift() : answers[0]) ?? [];
    },
  });
  world = await openWorld({ outbound });
  key = await createClientKey(world);
  connected.length = 0;
  asked.length = 0;
  dns = { 'rp.test': [[publicAddress]], 'inside.test': [['10.0.0.7']], 'both.test': [[publicAddress, '127.0.0.1']] };
  answer = ({ url }, response) =>
    void response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify(url === '/sector' ? redirect_uris : { keys: [key.jwk] }));
});

const register = async (client: object): Promise<string | undefined> => {
  const added = await world.clients.add({ redirect_uris, ...metadataIn(client) }, itself);
  return added.ok ? added.id : undefined;
};

/** Makes the server do what would request the address: registers it, changes a client to it, and uses that client. */
interface Field {
  readonly path: string;
  readonly use: (address: string) => Promise<unknown>;
  /** What the honest address is asked. Absent: this server never requests such an address. */
  readonly honest?: string;
}

const withMembers = async (members: object, use: (id: string) => Promise<unknown>): Promise<unknown> => {
  const id = await register(members);
  const other = await register({ client_name: 'changed later' });
  const changed = await world.clients.change(other ?? '', { set: metadataIn(members) }, itself);
  const used = id !== undefined && (await use(id));
  if (changed.ok && id !== other) await use(other ?? '');
  return used;
};

const rpOf = (id: string) => ({ id, redirectUri: redirect_uris[0] ?? '' });

const fields: Readonly<Record<string, Field>> = {
  jwks_uri: {
    path: '/keys',
    honest: 'GET /keys',
    use: async address => {
      const id = await register({ token_endpoint_auth_method: 'private_key_jwt', jwks_uri: address });
      if (id === undefined) return undefined;
      const form = { grant_type: 'authorization_code', code: 'unknown', redirect_uri: redirect_uris[0] ?? '' };
      return (await tokens(world, rpOf(id), { ...form, ...(await key.prove(id)) })).error;
    },
  },
  sector_identifier_uri: {
    path: '/sector',
    honest: 'GET /sector',
    use: address => withMembers({ subject_type: 'pairwise', sector_identifier_uri: address }, async id => id),
  },
  backchannel_logout_uri: {
    path: '/logout',
    honest: 'POST /logout',
    use: address =>
      withMembers({ backchannel_logout_uri: address }, async id => {
        const client = await world.provider.Client.find(id);
        const logout: unknown = client && Reflect.get(client, 'backchannelLogout');
        if (typeof logout !== 'function') throw new Error('the library has no backchannelLogout');
        return (Reflect.apply(logout, client, ['ada', 'sid']) as Promise<unknown>).catch(() => 'failed');
      }),
  },
  // Only an operator registers a client that is pinged.
  backchannel_client_notification_endpoint: {
    path: '/ping',
    honest: 'POST /ping',
    async use(address) {
      const pinged = { grant_types: [ciba], backchannel_token_delivery_mode: 'ping', first_party: true } as const;
      const endpoint = { redirect_uris: [], backchannel_client_notification_endpoint: address };
      const added = await world.clients.add({ ...pinged, ...endpoint }, 'cli');
      const client = added.ok ? await world.provider.Client.find(added.id) : undefined;
      const ping: unknown = client && Reflect.get(client, 'backchannelPing');
      if (typeof ping !== 'function') return 'not registered';
      const kind = 'BackchannelAuthenticationRequest';
      const request = { kind, jti: 'x', params: { client_notification_token: 'y' } };
      return (Reflect.apply(ping, client, [request]) as Promise<unknown>).catch(() => 'failed');
    },
  },
  request_uri: {
    path: '/request.jwt',
    use: async address => {
      const id = (await register({ token_endpoint_auth_method: 'none', request_uris: [address] })) ?? '';
      await tryPush(world, rpOf(id), { request_uri: address });
      return (await authorize(new Browser(world), rpOf(id), { request_uri: address })).at;
    },
  },
  logo_uri: {
    path: '/logo.png',
    use: address =>
      withMembers({ logo_uri: address, policy_uri: address, tos_uri: address, client_uri: address }, async id =>
        authorize(new Browser(world), rpOf(id)),
      ),
  },
  client_id: {
    path: '/client',
    use: async address =>
      send(world, 'GET', `/auth?${new URLSearchParams({ client_id: address, scope: 'openid' }).toString()}`),
  },
};

/** Where an attacker would lead us. `at`: with the port of the canary, where the address has one. */
const inside: readonly (readonly [desc: string, at: (port: number) => string])[] = [
  ['loopback', at => `https://127.0.0.1:${at}`],
  ['loopback by http', at => `http://127.0.0.1:${at}`],
  ['loopback, short', at => `https://127.1:${at}`],
  ['loopback, decimal', at => `https://2130706433:${at}`],
  ['loopback, hexadecimal', at => `https://0x7f000001:${at}`],
  ['loopback, octal', at => `https://0177.0.0.1:${at}`],
  ['loopback of IPv6', at => `https://[::1]:${at}`],
  ['loopback, mapped', at => `https://[::ffff:127.0.0.1]:${at}`],
  ['this host', at => `https://0.0.0.0:${at}`],
  ['RFC 1918', () => 'https://10.0.0.1'],
  ['RFC 1918, 172', () => 'https://172.16.0.1'],
  ['RFC 1918, 192', () => 'https://192.168.0.1'],
  ['link-local', () => 'https://169.254.169.254'],
  ['link-local of IPv6', () => 'https://[fe80::1]'],
  ['unique local', () => 'https://[fd00:ec2::254]'],
  ['NAT64 to metadata', () => 'https://[64:ff9b::a9fe:a9fe]'],
  ['a name that leads inside', at => `https://inside.test:${at}`],
  ['a name that leads inside too', at => `https://both.test:${at}`],
  ['a name of this machine', at => `https://localhost:${at}`],
  ['another scheme', () => 'gopher://10.0.0.1'],
  ['a file', () => 'file:///etc/passwd'],
];

describe.each(Object.entries(fields))('A79 %s', (_name, field) => {
  test('A79 the address of an honest client is requested where this server needs it', async () => {
    await field.use(`https://rp.test:${port}${field.path}`);
    const { honest } = field;
    expect(new Set(asked)).toEqual(new Set(honest === undefined ? [] : [honest]));
    expect(new Set(connected)).toEqual(new Set(honest === undefined ? [] : [publicAddress]));
  });

  test.each(inside)('A79 %s gets no connection', async (_desc, at) => {
    dns['localhost'] = [['127.0.0.1']];
    await field.use(`${at(port)}${field.path}`);
    expect([connected, asked]).toEqual([[], []]);
  });

  test('A79 a name that leads inside the second time gets one connection, outside', async () => {
    dns['rp.test'] = [[publicAddress], ['127.0.0.1']];
    await field.use(`https://rp.test:${port}${field.path}`);
    await field.use(`https://rp.test:${port}${field.path}`);
    expect(connected.filter(address => address !== publicAddress)).toEqual([]);
    expect(connected.length).toBeLessThanOrEqual(1);
  });

  test('A79 a redirect into our own network is not followed', async () => {
    answer = (_request, response) =>
      void response.writeHead(302, { location: `https://127.0.0.1:${port}/inside` }).end();
    await field.use(`https://rp.test:${port}${field.path}`);
    expect(asked.filter(request => request.includes('inside'))).toEqual([]);
    expect(connected.filter(address => address !== publicAddress)).toEqual([]);
  });
});

test('A79 a pushed request works, so that no client needs a reference', async () => {
  const rp = await world.addClient({ client_id: 'honest' });
  const uri = await push(world, rp);
  expect(await authorizePushed(new Browser(world), rp, uri)).toMatchObject({ at: 'interaction' });
  expect(connected).toEqual([]);
});
