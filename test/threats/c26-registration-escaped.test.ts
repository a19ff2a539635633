/**
 * C26. A developer, or a client that registers itself, sets what only an operator may set: no consent, no second step, the scopes of a
 * service, the identifier of an API. The registration refuses it, so they try it by a later change (CVE-2026-15572, CVE-2026-16089).
 * A token for one client is tried at another.
 * Guards: `src/oidc/clients/doors.ts#registrationProblem`, `src/oidc/clients/doors.ts#changeProblem`, `src/oidc/clients/doors.ts#originProblem`,
 * `src/oidc/registration/access-tokens.ts#accessBy`.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NewClient } from '../../src/oidc/client-metadata.ts';
import type { ClientChange } from '../../src/oidc/clients/change.ts';
import { registrationProblem, type Door, type Registrar } from '../../src/oidc/clients/doors.ts';
import { clientMembers } from '../../src/oidc/clients/member-rules.ts';
import { redeem, refresh, signIn } from '../oidc/support/flows.ts';
import { Browser } from '../oidc/support/http.ts';
import { openWorld, type Rp, type World } from '../oidc/support/world.ts';
import { registering, type Registering } from '../support/world/registering.ts';
import { until } from '../support/world/until.ts';
import { startWorld, type World as Site } from '../support/world/world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(() => void (world.audited.length = 0));

const developer: Registrar = { door: 'developer', actor: 'user:ada' };
const itself: Registrar = { door: 'dynamic', actor: 'client:shop' };
const doors: readonly (readonly [Door, Registrar])[] = [
  ['developer', developer],
  ['dynamic', itself],
];
const redirect_uris = ['https://shop.test/callback'];

const add = async (client: Partial<NewClient>, by: Registrar) => world.clients.add({ redirect_uris, ...client }, by);
const added = async (client: Partial<NewClient>, by: Registrar): Promise<string> => {
  const result = await add(client, by);
  if (!result.ok) throw new Error(result.message);
  return result.id;
};
const stored = async (id: string) => (await world.clients.find(id))?.metadata;

const uris = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `https://shop.test/${'a'.repeat(900)}${at}`);

/** What these doors may set, each with a value that changes it. */
const honest: Partial<NewClient> = {
  client_name: 'Shop',
  client_uri: 'https://shop.test',
  application_type: 'native',
  redirect_uris: ['https://shop.test/callback', 'http://127.0.0.1/callback'],
  post_logout_redirect_uris: ['https://shop.test/'],
  backchannel_logout_uri: 'https://shop.test/logout',
  backchannel_logout_session_required: true,
  grant_types: ['authorization_code'],
  token_endpoint_auth_method: 'client_secret_post',
  id_token_signed_response_alg: 'RS256',
  scope: 'openid email',
  require_mfa: true,
  min_acr: 'aal2',
  mfa_max_age: 600,
  factors: ['passkey', 'totp'],
  claims_in_id_token: true,
  pkce: 'required',
};

/** The same for clients that prove a key. */
const withKeys: readonly Partial<NewClient>[] = [
  {
    token_endpoint_auth_method: 'private_key_jwt',
    token_endpoint_auth_signing_alg: 'PS256',
    jwks_uri: 'https://shop.test/keys',
    require_pushed_authorization_requests: true,
    require_signed_request_object: true,
    request_object_signing_alg: 'PS256',
    dpop_bound_access_tokens: true,
    response_modes: ['query.jwt'],
    authorization_signed_response_alg: 'RS256',
    introspection_signed_response_alg: 'RS256',
    subject_type: 'pairwise',
  },
  { security_profile: 'fapi2', jwks: { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) }] } },
];

/** Members that are refused on this server, whoever sets them, and one that needs an answer of the client. */
const elsewhere: readonly string[] = [
  'tls_client_auth_subject_dn',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
  'tls_client_auth_san_ip',
  'tls_client_auth_san_email',
  'tls_client_certificate_bound_access_tokens',
  'authorization_details_types',
  'sector_identifier_uri',
];

/** What only operators set, with what else the member needs to be valid. */
const operators: readonly (readonly [member: string, client: Partial<NewClient>])[] = [
  ['client_id', { client_id: 'chosen' }],
  ['first_party', { first_party: true }],
  ['pkce', { pkce: 'optional' }],
  ['resource', { resource: 'https://api.test' }],
  ['resource_scopes', { resource: 'https://api.test', resource_scopes: ['read'] }],
  ['access_token_format', { resource: 'https://api.test', access_token_format: 'jwt' }],
  ['service_scopes', { redirect_uris: [], grant_types: ['client_credentials'], service_scopes: ['read'] }],
  [
    'default_resource',
    {
      redirect_uris: [],
      grant_types: ['client_credentials'],
      service_scopes: ['read'],
      default_resource: 'https://api.test',
    },
  ],
  [
    'grant_types',
    {
      redirect_uris: [],
      grant_types: ['urn:openid:params:grant-type:ciba'],
      backchannel_token_delivery_mode: 'ping',
      backchannel_client_notification_endpoint: 'https://shop.test/ping',
      first_party: true,
    },
  ],
];

/** Members by which an operator has made a client stricter, and the weaker value that somebody else asks for. */
const strict: readonly (readonly [member: string, strict: Partial<NewClient>, weaker: unknown])[] = [
  ['require_mfa', { require_mfa: true }, false],
  ['min_acr', { min_acr: 'phr' }, 'aal2'],
  ['mfa_max_age', { mfa_max_age: 300 }, 301],
  ['factors', { factors: ['passkey'] }, ['passkey', 'totp']],
  ['pkce', { pkce: 'required' }, 'optional'],
  ['require_pushed_authorization_requests', { require_pushed_authorization_requests: true }, false],
  ['dpop_bound_access_tokens', { dpop_bound_access_tokens: true }, false],
  ['subject_type', { subject_type: 'pairwise' }, 'public'],
];

describe.each(doors)('C26 the door %s', (door, by) => {
  test('C26 sets what it may set, at the registration and by a change', async () => {
    const id = await added(honest, by);
    expect(await stored(id)).toMatchObject({ ...honest, registered_by: door });
    const other = await added({}, by);
    expect(await world.clients.change(other, { set: honest }, by)).toMatchObject({ ok: true });
    expect(await stored(other)).toMatchObject(honest);
    expect(world.audited).toContainEqual(expect.objectContaining({ actor: by === 'cli' ? '' : by.actor }));
  });

  test.each(withKeys)('C26 registers a client with keys', async client => {
    const id = await added(client, by);
    expect(await stored(id)).toMatchObject(client);
    const dropped = await world.clients.change(id, { unset: ['security_profile', 'dpop_bound_access_tokens'] }, by);
    expect(dropped).toMatchObject({ ok: false, message: expect.stringMatching(/: got no value, expected no weaker/) });
  });

  test.each(operators)('C26 cannot set %s at the registration', async (_member, client) => {
    expect(await add(client, 'cli')).toMatchObject({ ok: true });
    await cleanUp();
    const before = await world.clients.list();
    expect(await add(client, by)).toMatchObject({ ok: false, reason: 'invalid' });
    expect(await world.clients.list()).toEqual(before);
    expect(world.audited).toEqual([]);
  });

  test.each(operators)('C26 cannot set %s by a change', async (_member, client) => {
    const id = await added({ client_name: 'Shop' }, by);
    const before = await stored(id);
    expect(await world.clients.change(id, { set: client }, by)).toMatchObject({ ok: false, reason: 'invalid' });
    expect(await stored(id)).toEqual(before);
    await world.clients.remove(id, 'cli');
  });

  test('C26 cannot weaken what an operator made stricter, by another value or by none', async () => {
    for (const [member, stricter, weaker] of strict) {
      const id = await added({ client_name: 'Shop' }, by);
      expect(await world.clients.change(id, { set: stricter }, 'cli')).toMatchObject({ ok: true });
      expect(await world.clients.change(id, { set: { client_name: 'Our shop' } }, by)).toMatchObject({ ok: true });
      const before = await stored(id);
      const attacks: ClientChange[] = [{ set: { [member]: weaker } }, { set: { [member]: undefined } }];
      for (const change of attacks) {
        const refused = await world.clients.change(id, change, by);
        expect(refused).toMatchObject({ ok: false, message: expect.stringContaining(`${member}: got `) });
      }
      expect(await stored(id)).toEqual(before);
      await world.clients.remove(id, 'cli');
    }
  });

  test('C26 keeps what an operator allowed, and cannot widen it', async () => {
    const id = await added({ client_name: 'Shop' }, by);
    await world.clients.change(id, { set: { first_party: true } }, 'cli');
    expect(await world.clients.change(id, { set: { client_name: 'Our shop' } }, by)).toMatchObject({ ok: true });
    expect(await stored(id)).toMatchObject({ client_name: 'Our shop', first_party: true });
    await world.clients.remove(id, 'cli');
  });

  test.each([
    'registered_by',
    'client_secret',
    'previous_secret',
    'jwks_url',
    'constructor',
    '__proto__',
    'toString',
    'subject',
  ])('C26 cannot set %s, which no door sets', async member => {
    const id = await added({ client_name: 'Shop' }, by);
    const before = await stored(id);
    const set: object = Object.fromEntries([[member, 'operator']]);
    expect(await world.clients.change(id, { set }, by)).toMatchObject(member === '__proto__' ? {} : { ok: false });
    expect(await stored(id)).toEqual(before);
    expect(registrationProblem(door, set)).toContain(`${member}: got "operator", expected no change`);
    await world.clients.remove(id, 'cli');
  });

  test.each([
    ['empty', '  '],
    ['endless', 'a'.repeat(81)],
    ['turned around', 'Shop\u202Eknab'],
    ['of two lines', 'Shop\nYour bank'],
  ])('C26 cannot choose a name that is %s', async (_title, client_name) => {
    expect(await add({ client_name }, by)).toMatchObject({
      ok: false,
      message: expect.stringContaining('client_name'),
    });
  });

  test('C26 stores no more than 16,384 characters for a client', async () => {
    expect(await add({ redirect_uris: uris(15) }, by)).toMatchObject({ ok: true });
    expect(await add({ redirect_uris: uris(19) }, by)).toMatchObject({
      ok: false,
      message: expect.stringContaining('expected 16384 or less'),
    });
    expect(await add({ redirect_uris: uris(19) }, 'cli')).toMatchObject({ ok: true });
  });
});

/** Which door changes the clients of which. */
const mayChange: Readonly<Record<Door, readonly Door[]>> = {
  operator: ['operator', 'developer', 'dynamic'],
  file: ['operator', 'file'],
  developer: ['operator', 'developer'],
  dynamic: ['dynamic'],
};
const all = Object.keys(mayChange) as Door[];
const registrar = (door: Door): Registrar => ({ door, actor: door });

test.each(all.flatMap(door => all.map(origin => [door, origin] as const)))(
  'C26 the door %s and a client of the door %s: change, secrets, removal',
  async (door, origin) => {
    const id = await added({ client_name: 'Shop' }, registrar(origin));
    const before = await stored(id);
    const isAllowed = mayChange[door].includes(origin);
    const by = registrar(door);
    const outcomes = [
      await world.clients.change(id, { set: { client_name: 'Our shop' } }, by),
      await world.clients.remove(id, by),
    ];
    expect(outcomes.map(({ ok }) => ok)).toEqual([isAllowed, isAllowed]);
    if (isAllowed) return;
    expect(await stored(id)).toEqual(before);
    // The command line makes secrets for clients of files too: a file that holds a secret is a file to steal.
    const hasSecretOf = door === 'operator' && origin === 'file';
    expect(await world.clients.secrets.add(id, 0, by)).toMatchObject({ ok: hasSecretOf });
  },
);

test('C26 each member of a client has a rule', () => {
  const clients = [honest, ...withKeys, ...operators.map(([, client]) => client)];
  const tried = new Set([...clients.flatMap(client => Object.keys(client)), ...elsewhere]);
  // Response types follow from the grant types, and the check of clients refuses all others.
  expect(clientMembers.filter(member => !tried.has(member))).toEqual(['response_types']);
});

/** The client that the line of each request names. */
const loggedClients = ({ logged }: Site): readonly unknown[] =>
  logged.filter(({ event }) => event === 'request').map(({ fields }): unknown => Reflect.get(fields, 'client'));

describe('C26 a client that registered itself', () => {
  let site: Site;
  let reg: Registering;
  let token: () => Promise<string>;
  beforeAll(async () => {
    site = await startWorld({ env: { SALLYPORT_REGISTRATION: 'tokens' } });
    reg = registering(site);
    token = () => site.services.registrationTokens.add({ policy: 'standard', uses: 2, expiresIn: 3_600_000 }, 'cli');
  });
  afterAll(() => site.close());
  const clientOf = async (id: string) => (await (await site.services.clients()).find(id))?.metadata;

  test.each(operators)('C26 cannot set %s by POST or PUT', async (_member, client) => {
    const initial = await token();
    const asked = { redirect_uris, ...client };
    expect((await reg.post(initial, asked)).status).toBe(400);
    const { json: made, status } = await reg.post(initial, { redirect_uris });
    expect(status).toBe(201);
    const before = await clientOf(made.client_id);
    expect((await reg.put(made, asked)).status).toBe(400);
    expect(await clientOf(made.client_id)).toEqual(before);
    // The honest twin: the same client changes what it may change.
    expect((await reg.put(made, { redirect_uris, ...honest })).status).toBe(200);
    expect(await clientOf(made.client_id)).toMatchObject(honest);
  });

  test('C26 does not drop by an update what an operator set, with another value or without one', async () => {
    for (const [member, stricter, weaker] of [...strict, ['first_party', { first_party: true }, undefined] as const]) {
      const { json: made } = await reg.post(await token(), { redirect_uris });
      const clients = await site.services.clients();
      expect(await clients.change(made.client_id, { set: stricter }, 'cli')).toMatchObject({ ok: true });
      const without = await reg.put(made, { redirect_uris, client_name: 'Shop' });
      expect(without.status).toBe(200);
      expect(await clientOf(made.client_id)).toMatchObject({ ...stricter, client_name: 'Shop' });
      if (weaker === undefined) continue;
      expect(await reg.put(without.json, { redirect_uris, [member]: weaker })).toMatchObject({
        status: 400,
        json: { error: 'invalid_client_metadata', error_description: expect.stringContaining(member) },
      });
      expect(await clientOf(made.client_id)).toMatchObject(stricter);
    }
  });

  test('C26 manages no client by the token of another one, of an operator, or of a registration', async () => {
    const initial = await token();
    const [{ json: one }, { json: other }] = [
      await reg.post(initial, { redirect_uris }),
      await reg.post(initial, { redirect_uris }),
    ];
    expect((await reg.get(one)).status).toBe(200);
    const ofOperator = await (await site.services.clients()).add({ redirect_uris }, 'cli');
    if (!ofOperator.ok) throw new Error(ofOperator.message);
    const spare = await token();
    for (const id of [one.client_id, ofOperator.id, 'account', 'unknown']) {
      const before = await clientOf(id);
      for (const stolen of [other.registration_access_token, initial, spare, other.client_secret ?? '', 'undefined']) {
        const as = { client_id: id, registration_access_token: stolen };
        const answers = [await reg.get(as), await reg.put(as, { redirect_uris }), await reg.delete(as)];
        expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
      }
      expect(await clientOf(id)).toEqual(before);
    }
    // The stolen token still manages its own client: a wrong use by somebody else must not end it.
    expect((await reg.get(other)).status).toBe(200);
  });

  test('C26 makes the log name a client by its own token only', async () => {
    const { json: one } = await reg.post(await token(), { redirect_uris });
    expect((await reg.get({ ...one, client_id: 'made-up' })).status).toBe(401);
    expect((await reg.get(one)).status).toBe(200);
    await until(async () => loggedClients(site).includes(one.client_id));
    expect(loggedClients(site)).not.toContain('made-up');
  });
});

const policyGone = () => ({ change: {}, kept: { registration_policy: 'gone' } });

describe('C26 the policy of a registration', () => {
  let folder: string;
  let site: Site;
  let reg: Registering;
  const own = { redirect_uris: ['https://app.partner.test/callback'] };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sallyport-policies-'));
    writeFileSync(
      join(folder, 'partners.yaml'),
      `registration_policies:
  partners:
    set: { min_acr: aal2, first_party: true, id_token_signed_response_alg: RS256 }
    hosts: [partner.test, .partner.test]
    scopes: [openid, email]
    grant_types: [authorization_code]
`,
    );
    site = await startWorld({ env: { SALLYPORT_REGISTRATION: 'tokens', SALLYPORT_CLIENTS_DIR: folder } });
    reg = registering(site);
  });
  afterAll(async () => {
    await site.close();
    rmSync(folder, { recursive: true });
  });
  const token = async (policy = 'partners'): Promise<string> =>
    site.services.registrationTokens.add({ policy, uses: 100, expiresIn: 3_600_000 }, 'cli');
  const clientOf = async (id: string) => (await (await site.services.clients()).find(id))?.metadata;
  const given = {
    min_acr: 'aal2',
    first_party: true,
    id_token_signed_response_alg: 'RS256',
    scope: 'openid email',
    grant_types: ['authorization_code'],
  };

  test('C26 gives its members, also after an update that leaves them out or is stricter', async () => {
    const { json: made, status } = await reg.post(await token(), own);
    expect(status).toBe(201);
    expect(await clientOf(made.client_id)).toMatchObject(given);
    const { json: changed } = await reg.put(made, { ...own, client_name: 'Partner' });
    expect(await clientOf(made.client_id)).toMatchObject({ ...given, client_name: 'Partner' });
    const { status: raised } = await reg.put(changed, { ...own, ...given, scope: 'openid', min_acr: 'phr' });
    expect(raised).toBe(200);
    expect(await clientOf(made.client_id)).toMatchObject({ ...given, scope: 'openid', min_acr: 'phr' });
  });

  test.each<[string, object]>([
    ['another host', { redirect_uris: ['https://contoso.test/callback'] }],
    ['a host that ends like one', { redirect_uris: ['https://evilpartner.test/callback'] }],
    ['a host in the path', { redirect_uris: ['https://contoso.test/app.partner.test'] }],
    [
      'a program’s own scheme, with the host behind it',
      { application_type: 'native', redirect_uris: ['evil.program://app.partner.test/callback'] },
    ],
    ['one foreign address of two', { redirect_uris: [...own.redirect_uris, 'https://contoso.test/'] }],
    ['a foreign address after a sign-out', { post_logout_redirect_uris: ['https://contoso.test/'] }],
    ['a foreign logout address', { backchannel_logout_uri: 'https://contoso.test/' }],
    ['a foreign home page', { client_uri: 'https://contoso.test/' }],
    ['another scope', { scope: 'openid profile' }],
    ['another grant type', { grant_types: ['authorization_code', 'refresh_token'] }],
    ['a weaker level', { min_acr: 'mfa' }],
    ['another value of a member that it gives', { id_token_signed_response_alg: 'ES256' }],
    ['another value of an operator’s member', { first_party: false }],
  ])('C26 is not escaped by %s, by POST or PUT', async (_title, wish) => {
    const initial = await token();
    expect((await reg.post(initial, { ...own, ...wish })).status).toBe(400);
    const { json: made } = await reg.post(initial, own);
    const before = await clientOf(made.client_id);
    expect((await reg.put(made, { ...own, ...wish })).status).toBe(400);
    expect(await clientOf(made.client_id)).toEqual(before);
  });

  test('C26 that does not exist any more ends registrations and updates', async () => {
    const gone = await token('gone');
    expect((await reg.post(gone, own)).status).toBe(400);
    const { json: made } = await reg.post(await token(), own);
    const clients = await site.services.clients();
    await clients.changeAsDecided(made.client_id, policyGone, { door: 'dynamic', actor: 'test' });
    expect((await reg.put(made, own)).status).toBe(400);
    expect((await reg.get(made)).status).toBe(200);
  });
});

describe('C26 a code or refresh token of one client', () => {
  let own: World;
  beforeEach(async () => {
    own = await openWorld();
    await own.addUser('ada');
  });
  afterEach(() => own.close());

  test('C26 is redeemed by that client, and by no other with the same redirect address', async () => {
    const redirectUri = 'https://shop.test/callback';
    const of = async (client: Partial<NewClient>, by: Registrar): Promise<Rp> => {
      const made = await own.clients.add({ redirect_uris: [redirectUri], ...client }, by);
      if (!made.ok) throw new Error(made.message);
      return { id: made.id, redirectUri, ...(made.secret !== undefined && { secret: made.secret }) };
    };
    const shop = await of({ first_party: true }, 'cli');
    const others = [
      await of({}, itself),
      await of({ token_endpoint_auth_method: 'none' }, itself),
      await of({}, developer),
    ];
    const begun = await signIn(new Browser(own), shop, 'ada');
    for (const other of others) {
      expect(await redeem(own, other, begun)).toMatchObject({ status: 400, error: 'invalid_grant' });
    }
    const got = await redeem(own, shop, begun);
    expect(got.status).toBe(200);
    for (const other of others) {
      expect(await refresh(own, other, got.refresh_token)).toMatchObject({ status: 400, error: 'invalid_grant' });
    }
    expect((await refresh(own, shop, got.refresh_token)).status).toBe(200);
  });
});

const cleanUp = async (): Promise<void> => {
  for (const { id } of await world.clients.list()) await world.clients.remove(id, 'cli');
  world.audited.length = 0;
};
