/**
 * Tests approvals outside a sign-in, over HTTP: a client asks (OpenID CIBA, with a client library of others), the person answers on a
 * phone, and the client gets tokens by polling or is pinged. And the help desk that verifies who is calling.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import * as oidc from 'openid-client';
import { verifyCaller } from '../../cli/verify-caller.ts';
import type { RequestClaims } from '../../src/mfa/push/protocol.ts';
import { outboxKind } from '../../src/records.ts';
import { trustMailServer } from '../support/mail-server.ts';
import type { Phone } from '../support/phone/phone.ts';
import { addCibaClient, approvalsOn, ask, begin, pairedPhone, pin, poll } from '../support/world/approvals.ts';
import { openRelyingParty } from '../support/world/relying-party.ts';
import { startWorld, type World } from '../support/world/world.ts';

let server: Server;
let endTrust: () => void;
let world: World;
let phone: Phone;
/** Pings that arrived, and how they are answered. */
const pings: { readonly headers: IncomingHttpHeaders; readonly body: unknown }[] = [];
let status = 204;

beforeAll(async () => {
  const pem = readFileSync(new URL('../data/rp.test.pem', import.meta.url));
  endTrust = trustMailServer();
  server = createServer({ cert: pem, key: pem }, (request, response) => {
    let body = '';
    request.on('data', chunk => (body += String(chunk)));
    request.on('end', () => {
      pings.push({ headers: request.headers, body: JSON.parse(body) as unknown });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  world = await startWorld({
    hostname: 'localhost',
    nodes: 2,
    env: { ...approvalsOn, SALLYPORT_OUTBOUND_ORIGINS: origin },
  });
  await addCibaClient(world, 'bank');
  await addCibaClient(world, 'shop', {
    backchannel_token_delivery_mode: 'ping',
    backchannel_client_notification_endpoint: `${origin}/ping`,
  });
  phone = await pairedPhone(world, world.people.noor);
});
afterAll(async () => {
  await world.close();
  endTrust();
  server.close().closeAllConnections();
});
beforeEach(async () => {
  await world.nextDay();
  pings.length = 0;
  status = 204;
});

const approve = async (request: RequestClaims) => (await phone.answer(request, { decision: 'approve', pin })).body;

describe('a client that polls', () => {
  test('shows its text on the phone, without a number and a place, and gets tokens once it is approved', async () => {
    const { config } = await openRelyingParty(world, {
      id: 'bank',
      name: 'bank AG',
      secret: 'secret of bank',
      redirectUris: [],
      postLogoutRedirectUris: [],
    });
    const begun = await oidc.initiateBackchannelAuthentication(config, {
      scope: 'openid',
      login_hint: 'NOOR@example.com',
      binding_message: 'Transfer 48,00 €, Z3',
    });
    expect(begun).toMatchObject({ expires_in: 180, interval: 5 });
    world.clock.advance(0);
    await world.clock.fired();
    const request = await phone.request();
    expect(request).toMatchObject({
      purpose: 'approval',
      account: 'noor',
      client: 'bank AG',
      message: 'Transfer 48,00 €, Z3',
      digits: 0,
      unlock: 'pin',
    });
    expect(request).not.toHaveProperty('address');
    expect(request.exp - request.iat).toBe(120);
    expect(await poll(world, 'bank', begun.auth_req_id)).toMatchObject({ body: { error: 'authorization_pending' } });
    expect(await approve(request)).toEqual({ result: 'approved' });
    expect(await phone.pending()).toEqual([]);
    world.clock.advance(5000);
    const tokens = await oidc.genericGrantRequest(config, 'urn:openid:params:grant-type:ciba', {
      auth_req_id: begun.auth_req_id,
    });
    expect(tokens.claims()).toMatchObject({ sub: world.people.noor.user.id, acr: 'mfa' });
    expect(new Set(tokens.claims()?.['amr'] as string[])).toEqual(new Set(['swk', 'mca', 'pin', 'mfa']));
    expect((await oidc.fetchUserInfo(config, tokens.access_token, world.people.noor.user.id)).sub).toBe(
      world.people.noor.user.id,
    );
    expect(await poll(world, 'bank', begun.auth_req_id)).toMatchObject({ body: { error: 'invalid_grant' } });
  });

  test.each(['decline', 'report'] as const)('that is answered with %s gets access_denied', async decision => {
    const id = await begin(world, 'bank');
    await phone.answer(await phone.request(), { decision });
    expect(await poll(world, 'bank', id)).toMatchObject({ status: 400, body: { error: 'access_denied' } });
    expect(await phone.pending()).toEqual([]);
  });

  test('is told that the request has expired, and the phone that it is over', async () => {
    const id = await begin(world, 'bank');
    const request = await phone.request();
    world.clock.advance(121_000);
    expect(await phone.pending()).toEqual([]);
    expect(await phone.answer(request, { decision: 'approve', pin })).toMatchObject({ status: 409 });
    expect(await poll(world, 'bank', id)).toMatchObject({ body: { error: 'authorization_pending' } });
    world.clock.advance(60_000);
    expect(await poll(world, 'bank', id)).toMatchObject({ body: { error: 'expired_token' } });
  });

  test('finds the answer on another node, and after a restart', async () => {
    const id = await begin(world, 'bank');
    const [request] = await phone.pending({ node: 1 });
    if (request === undefined) throw new Error('got no request');
    await phone.answer(request, { decision: 'approve', pin }, { node: 1 });
    await world.restart();
    expect(await poll(world, 'bank', id)).toMatchObject({ status: 200 });
  });
});

const settle = async (after = 0): Promise<void> => {
  world.clock.advance(after);
  await world.clock.fired();
};
const ping = () => begin(world, 'shop', { client_notification_token: 'the-token-of-the-shop' });
const waiting = async () =>
  (await world.store.durable.collection(outboxKind).find({})).filter(({ kind }) => kind === 'ciba-ping');

describe('a client in ping mode', () => {
  test.each(['approve', 'decline'] as const)('is told once the person has answered with %s', async decision => {
    const id = await ping();
    await settle();
    expect(pings).toEqual([]);
    await phone.answer(await phone.request(), { decision, ...(decision === 'approve' && { pin }) });
    await settle();
    expect(pings).toMatchObject([
      { headers: { authorization: 'Bearer the-token-of-the-shop' }, body: { auth_req_id: id } },
    ]);
    expect(await waiting()).toEqual([]);
    expect((await poll(world, 'shop', id)).status).toBe(decision === 'approve' ? 200 : 400);
  });

  test('is told again while it is down, and no more once the request is over', async () => {
    const id = await ping();
    status = 503;
    await phone.answer(await phone.request(), { decision: 'approve', pin });
    await settle();
    await settle(20_000);
    status = 204;
    await settle(20_000);
    expect(pings.length).toBeGreaterThan(1);
    expect(await waiting()).toEqual([]);
    expect(await poll(world, 'shop', id)).toMatchObject({ status: 200 });
    pings.length = 0;
    status = 503;
    await ping();
    await phone.answer(await phone.request(), { decision: 'approve', pin });
    await settle();
    const seen = pings.length;
    await settle(900_000);
    expect([pings.length, await waiting()]).toEqual([seen, []]);
  });

  test('must send a token for its address', async () => {
    expect(await ask(world, 'shop')).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });
});

/** Runs the command; `answer` is called with the number that it told, once the phone has the request. */
const verify = async (answer: (number: string, request: RequestClaims) => Promise<unknown>) => {
  const said: string[] = [];
  let isAnswered = false;
  const { noor } = world.people;
  const user = (await world.services.users.get(noor.user.id)) ?? noor.user;
  const result = await verifyCaller(world.services, user, {
    say: line => void said.push(line),
    wait: async time => {
      if (!isAnswered) {
        isAnswered = true;
        await answer(said[1] ?? '', await phone.request());
      }
      world.clock.advance(time);
    },
  }).then(
    () => 'verified',
    (error: unknown) => (error as Error).message,
  );
  return { result, said };
};

describe('users verify-caller', () => {
  test('gives a number that the caller types, and says that it is this person', async () => {
    const { result, said } = await verify(async (number, request) => {
      expect(number).toMatch(/^\d\d$/);
      expect(request).toMatchObject({ purpose: 'caller', client: world.issuer.host, digits: 2 });
      expect(JSON.stringify(request)).not.toContain(`"${number}"`);
      await phone.answer(request, { decision: 'approve', number, pin });
    });
    expect(result).toBe('verified');
    expect(said.at(-1)).toBe('The caller is noor.');
    expect((await world.audited('caller.verified')).at(-1)).toMatchObject({ actor: 'cli', outcome: 'success' });
  });

  test.each<[string, (number: string, request: RequestClaims) => Promise<unknown>, string]>([
    [
      'another number',
      (number, request) => phone.answer(request, { decision: 'approve', pin, number: number === '11' ? '12' : '11' }),
      'another number was typed',
    ],
    ['a refusal', (_number, request) => phone.answer(request, { decision: 'decline' }), 'the person declined'],
    ['a report', (_number, request) => phone.answer(request, { decision: 'report' }), '"It wasn\'t me"'],
    ['no answer', async () => undefined, 'nobody answered in time'],
  ])('says that %s proves nothing', async (_name, answer, because) => {
    const { result } = await verify(answer);
    expect(result).toContain('not proven');
    expect(result).toContain(because);
    expect((await world.audited('caller.refused')).at(-1)).toMatchObject({ actor: 'cli', outcome: 'refused' });
  });

  test('asks three times an hour, and nobody without an authenticator', async () => {
    for (let count = 0; count < 3; count += 1) {
      expect(
        (await verify((number, request) => phone.answer(request, { decision: 'approve', number, pin }))).result,
      ).toBe('verified');
    }
    expect((await verify(async () => undefined)).result).toContain('asked three times in the last hour');
    await expect(verifyCaller(world.services, world.people.linus.user)).rejects.toThrow('has no authenticator');
  });
});
