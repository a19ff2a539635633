/** Tests what clients of CIBA get: the request, its polls, its tokens and refusals. The person's answer is decided by the test. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt } from 'jose';
import { mint } from '../../src/mfa/proof.ts';
import type { ApprovalOutcome, ApprovalRequest } from '../../src/mfa/challenge/approvals.ts';
import type { NewClient } from '../../src/oidc/client-metadata.ts';
import { introspect, tokens, userinfo } from './support/flows.ts';
import { send } from './support/http.ts';
import { openWorld, type Rp, type World } from './support/world.ts';

const grant = 'urn:openid:params:grant-type:ciba';
const bank: Partial<NewClient> & { readonly client_id: string } = {
  client_id: 'bank',
  client_name: 'Contoso Bank',
  grant_types: [grant],
  backchannel_token_delivery_mode: 'poll',
};

let world: World;
let rp: Rp;
let asked: ApprovalRequest[];
let outcome: ApprovalOutcome;
beforeEach(async () => {
  [asked, outcome] = [[], 'open'];
  world = await openWorld({
    approvals: {
      async ask(question) {
        asked.push(question);
        return { ok: false, reason: 'no-device' };
      },
      outcome: async () => outcome,
    },
    canEnroll: ['phr'],
  });
  rp = await world.addClient(bank);
  await world.addUser('ada');
});
afterEach(() => world.close());

const basic = ({ id, secret = '' }: Rp) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});

const begin = async (form: Record<string, string> = {}, who = rp) => {
  const parameters = { scope: 'openid profile', login_hint: 'ada', ...form };
  const { status, text } = await send(world, 'POST', '/backchannel', { headers: basic(who), form: parameters });
  return { status, body: JSON.parse(text) as Record<string, unknown> };
};
const begun = async (form: Record<string, string> = {}): Promise<string> => {
  const { status, body } = await begin(form);
  expect(status).toBe(200);
  world.clock.advance(0);
  await world.clock.fired();
  return String(body['auth_req_id']);
};
const poll = (id: string, who = rp) => {
  world.clock.advance(5000);
  return tokens(world, who, { grant_type: grant, auth_req_id: id });
};
const approved = (): ApprovalOutcome =>
  mint({ userId: 'ada', factor: 'push', amr: ['swk', 'pin'], acr: 'mfa', at: world.clock(), authenticator: 'a1' });

const granted = () => world.audited.filter(({ event }) => event === 'approval.granted');

describe('a request', () => {
  test('answers with an id and the interval, and asks the person with the text of the client', async () => {
    const { status, body } = await begin({ binding_message: 'Transfer 48,00 € — Z3' });
    expect([status, body]).toEqual([200, { auth_req_id: expect.any(String), expires_in: 180, interval: 5 }]);
    expect(asked).toEqual([]);
    world.clock.advance(0);
    await world.clock.fired();
    expect(asked).toMatchObject([
      {
        purpose: 'approval',
        user: { id: 'ada' },
        clientId: 'bank',
        client: 'Contoso Bank',
        message: 'Transfer 48,00 € — Z3',
      },
    ]);
    expect(asked[0]?.boundTo).not.toContain(String(body['auth_req_id']));
  });

  test('stays pending until the person approves, then gives one access token and no refresh token', async () => {
    const id = await begun({ acr_values: 'https://refeds.org/profile/mfa', nonce: 'n' });
    expect(await poll(id)).toMatchObject({ status: 400, error: 'authorization_pending' });
    outcome = approved();
    const at = Math.floor(world.clock() / 1000);
    const got = await poll(id);
    expect(got).toMatchObject({ status: 200, scope: 'openid profile' });
    expect(got.refresh_token).toBeUndefined();
    expect(decodeJwt(got.id_token ?? '')).toMatchObject({
      sub: 'ada',
      aud: 'bank',
      acr: 'https://refeds.org/profile/mfa',
      amr: ['swk', 'pin', 'mfa'],
      auth_time: at,
      nonce: 'n',
    });
    expect(await introspect(world, rp, got.access_token)).toMatchObject({ active: true, sub: 'ada' });
    expect((await userinfo(world, got.access_token)).status).toBe(200);
    expect(await poll(id)).toMatchObject({ status: 400, error: 'invalid_grant' });
    // A second use has ended the grant.
    expect((await userinfo(world, got.access_token)).status).toBe(401);
    expect(granted()).toMatchObject([{ subject: 'ada', client: 'bank', actor: 'client:bank', acr: 'mfa' }]);
  });

  test('that is declined gives access_denied', async () => {
    const id = await begun();
    outcome = 'declined';
    expect(await poll(id)).toMatchObject({ status: 400, error: 'access_denied' });
    expect(world.audited.some(({ event }) => event === 'approval.declined')).toBe(true);
  });

  test('is told to the developers of its client once the person has answered, without the person', async () => {
    const [approvedOne, declinedOne] = [await begun(), await begun()];
    await poll(approvedOne);
    expect(world.decided).toEqual([]);
    outcome = approved();
    await poll(approvedOne);
    outcome = 'declined';
    await poll(declinedOne);
    const about = { client: 'bank', flow: 'ciba', required: 'mfa', decided: ['person'] };
    const reference = expect.stringMatching(/^[0-9A-Z]{8}$/);
    expect(world.decided).toEqual([
      { ...about, how: 'asked', factor: 'push', reference },
      { ...about, how: 'none', refused: 'access_denied', reference },
    ]);
  });

  test('that nobody answers expires, also where the person approves too late', async () => {
    const id = await begun();
    world.clock.advance(176_000);
    outcome = approved();
    expect(await poll(id)).toMatchObject({ status: 400, error: 'expired_token' });
    expect(granted()).toEqual([]);
  });

  test('that is polled too often is slowed down', async () => {
    const id = await begun();
    expect(await poll(id)).toMatchObject({ error: 'authorization_pending' });
    expect(await tokens(world, rp, { grant_type: grant, auth_req_id: id })).toMatchObject({ error: 'slow_down' });
  });

  test('gives tokens to one of ten parallel polls, and another client decides nothing', async () => {
    const other = await world.addClient({ ...bank, client_id: 'shop' });
    const id = await begun();
    outcome = approved();
    expect(await poll(id, other)).toMatchObject({ error: 'invalid_grant' });
    expect(granted()).toEqual([]);
    const all = await Promise.all(
      Array.from({ length: 10 }, () => tokens(world, rp, { grant_type: grant, auth_req_id: id })),
    );
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(all.filter(({ error }) => error === 'slow_down')).toHaveLength(9);
  });

  test('holds the scopes of a resource server that it names', async () => {
    await world.addClient({
      client_id: 'files',
      grant_types: [],
      resource: 'https://files.test/',
      resource_scopes: ['files:read', 'files:write'],
      access_token_format: 'jwt',
    });
    const id = await begun({ scope: 'openid files:read', resource: 'https://files.test/' });
    outcome = approved();
    const got = await poll(id);
    expect(decodeJwt(got.access_token ?? '')).toMatchObject({
      aud: 'https://files.test/',
      scope: 'files:read',
      acr: 'mfa',
      amr: ['swk', 'pin', 'mfa'],
    });
  });
});

/** An ID token of ada, as the client got it for an earlier request. */
const idToken = async (): Promise<string> => {
  const id = await begun();
  outcome = approved();
  const got = await poll(id);
  [asked, outcome] = [[], 'open'];
  return got.id_token ?? '';
};

describe('a person who cannot be asked', () => {
  test.each<[string, () => Promise<Record<string, string>>, string]>([
    ['unknown', async () => ({ login_hint: 'nobody' }), 'unknown'],
    [
      'locked',
      async () => {
        await world.changeUser('ada', { lockedAt: world.clock() });
        return {};
      },
      'unknown',
    ],
    [
      'locked, and named by an ID token',
      async () => {
        const hint = await idToken();
        await world.changeUser('ada', { lockedAt: world.clock() });
        return { login_hint: '', id_token_hint: hint };
      },
      'unknown',
    ],
    [
      'one who chose passkeys alone',
      async () => {
        await world.changeUser('ada', { minAcr: 'phr' });
        return {};
      },
      'chosen-level',
    ],
    ['one without a device', async () => ({}), 'no-device'],
  ])('%s: the client is answered as for everybody, until the request expires', async (_name, prepare, reason) => {
    const form = await prepare();
    const { status, body } = await begin(form);
    expect([status, body]).toEqual([200, { auth_req_id: expect.any(String), expires_in: 180, interval: 5 }]);
    world.clock.advance(0);
    await world.clock.fired();
    expect(asked).toHaveLength(reason === 'no-device' ? 1 : 0);
    const id = String(body['auth_req_id']);
    expect(await poll(id)).toMatchObject({ status: 400, error: 'authorization_pending' });
    world.clock.advance(175_000);
    expect(await poll(id)).toMatchObject({ status: 400, error: 'expired_token' });
    const refusal = world.audited.findLast(({ event }) => event === 'approval.refused');
    // Only what a budget has limited has a record of its own, with its person: a client could fill the store otherwise.
    expect([refusal?.reason, refusal?.subject]).toEqual([reason, reason === 'no-device' ? 'ada' : undefined]);
  });

  test('an ID token names the person as a login hint does', async () => {
    const hint = await idToken();
    await begun({ login_hint: '', id_token_hint: hint });
    expect(asked).toMatchObject([{ user: { id: 'ada' } }]);
  });
});

describe('is refused', () => {
  test.each([
    ['a line break in the text', { binding_message: 'Pay\n48' }, 'invalid_binding_message'],
    ['text of 65 characters', { binding_message: 'x'.repeat(65) }, 'invalid_binding_message'],
    ['text that hides its order', { binding_message: 'Pay ‮84' }, 'invalid_binding_message'],
    ['a user code, which nobody checks', { user_code: '1234' }, 'invalid_request'],
    ['a hint token', { login_hint: '', login_hint_token: 'x' }, 'invalid_request'],
    ['no hint', { login_hint: '' }, 'invalid_request'],
    ['a hint that is too long', { login_hint: 'x'.repeat(1025) }, 'invalid_request'],
    [
      'a level above that of an approval',
      { claims: '{"id_token":{"acr":{"essential":true,"value":"phr"}}}' },
      'unmet_authentication_requirements',
    ],
    [
      'only unknown levels',
      { claims: '{"id_token":{"acr":{"essential":true,"value":"gold"}}}' },
      'unmet_authentication_requirements',
    ],
  ])('%s', async (_name, form, error) => {
    expect(await begin(form)).toMatchObject({ status: 400, body: { error } });
    world.clock.advance(0);
    await world.clock.fired();
    expect(asked).toEqual([]);
  });

  test('a client that is not registered for it, and one with a wrong secret', async () => {
    const web = await world.addClient({ client_id: 'web' });
    expect(await begin({}, web)).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } });
    expect(await begin({}, { ...rp, secret: 'wrong' })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
  });
});

test.each<[string, Partial<NewClient>, string]>([
  ['beside another grant type', { grant_types: [grant, 'refresh_token'] }, `expected ${grant} alone`],
  ['without a secret', { token_endpoint_auth_method: 'none' }, 'got a client without a secret'],
  ['that is not first-party', { first_party: false }, 'not first-party'],
  ['that requires more than an approval reaches', { min_acr: 'aal2' }, 'min_acr: got aal2'],
  ['that is pinged nowhere', { backchannel_token_delivery_mode: 'ping' }, 'backchannel_client_notification_endpoint'],
  [
    'that is pinged by http',
    {
      backchannel_token_delivery_mode: 'ping',
      backchannel_client_notification_endpoint: 'http://bank.test/ping',
    },
    'backchannel_client_notification_endpoint',
  ],
  ['that polls and has an address', { backchannel_client_notification_endpoint: 'https://b.test/' }, 'not pinged'],
])('a client %s is not registered', async (_name, more, message) => {
  const added = await world.clients.add(
    { redirect_uris: [], first_party: true, ...bank, client_id: 'b', ...more },
    'cli',
  );
  expect(added).toMatchObject({ ok: false, reason: 'invalid', message: expect.stringContaining(message) });
});

const documentOf = async (of: World) =>
  JSON.parse((await send(of, 'GET', '/.well-known/openid-configuration')).text) as Record<string, unknown>;

test('discovery announces what is offered', async () => {
  expect(await documentOf(world)).toMatchObject({
    backchannel_authentication_endpoint: `${world.issuer.origin}/backchannel`,
    backchannel_token_delivery_modes_supported: ['poll', 'ping'],
    backchannel_user_code_parameter_supported: false,
    grant_types_supported: expect.arrayContaining([grant]),
  });
  const without = await openWorld();
  const found = await documentOf(without);
  expect(Object.keys(found).filter(name => /^backchannel_(?!logout)/.test(name))).toEqual([]);
  expect(found['grant_types_supported']).not.toContain(grant);
  const refused = await without.addClient(bank);
  const { text } = await send(without, 'POST', '/backchannel', {
    headers: basic(refused),
    form: { scope: 'openid', login_hint: 'ada' },
  });
  expect(JSON.parse(text)).toMatchObject({
    error: 'invalid_request',
    error_description: expect.stringContaining('not offered'),
  });
  await without.close();
});
