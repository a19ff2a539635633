/**
 * OpenID CIBA.14 and CIBA.15. A client asks people in their authenticator, without a browser and a password. One that was taken over, or
 * that is curious, tries names to learn which have an account or a phone (§15), keeps a phone ringing until its person approves (§14),
 * takes the answer of a person for another request or client, or gains more by an approval than a phone alone can prove.
 * Guards: `src/oidc/ciba/hints.ts#findAlsoUnknown`, `src/oidc/ciba/asking.ts#askLater`,
 * `src/mfa/limits/approval-budget.ts#ApprovalBudget`, `src/mfa/challenge/running-messages.ts#RunningMessages`,
 * `src/oidc/ciba/decisions.ts#decideAtPolls`, `src/mfa/factors/push.ts#createPush`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { administratorContext } from '../../src/mfa/challenge-state/request-context.ts';
import type { Phone } from '../support/phone/phone.ts';
import {
  addCibaClient,
  approvalsOn,
  ask,
  begin,
  pairedPhone,
  pin,
  poll,
  pollAtOnce,
} from '../support/world/approvals.ts';
import { startWorld, type World } from '../support/world/world.ts';

let world: World;
let phone: Phone;
beforeAll(async () => {
  world = await startWorld({ hostname: 'localhost', env: approvalsOn });
  for (const id of ['bank', 'shop', 'forum']) await addCibaClient(world, id);
  phone = await pairedPhone(world, world.people.noor);
});
afterAll(() => world.close());
beforeEach(() => world.nextDay());

/** A sign-in of noor that waits for the phone. Gives its binding. */
const signInChallenge = async (name: string): Promise<string> => {
  const { user } = world.people.noor;
  const now = await world.services.users.get(user.id);
  const stored = now === undefined ? [] : await world.services.authenticators.of(now);
  const device = stored.find(({ handle }) => handle === phone.key.kid);
  if (device === undefined) throw new Error('got no device');
  const boundTo = `interaction:${name}`;
  const context = administratorContext(user, { boundTo, issuer: world.issuer, address: '203.0.113.7' });
  await world.services.challenges.begin({ userId: user.id, factor: 'push', chosen: device.id }, boundTo, context);
  return boundTo;
};

const pending = { status: 400, body: { error: 'authorization_pending' } };
const refusals = async () => (await world.audited('approval.refused')).map(({ facts }) => facts['reason']);

describe('OpenID CIBA.15 a client tries names', () => {
  test('OpenID CIBA.15 the answers are the same for everybody, until the request expires', async () => {
    const { ada, linus } = world.people;
    const hints = {
      known: 'noor',
      unknown: 'nobody',
      'no name at all': '\u0000',
      locked: ada.name,
      'without a phone': linus.name,
      'asked too often': 'noor',
    };
    await world.services.users.lock(ada.user.id, 'cli');
    const answers: unknown[] = [];
    for (const [who, login_hint] of Object.entries(hints)) {
      if (who === 'asked too often') for (let count = 0; count < 2; count += 1) await begin(world, 'bank');
      const { status, body } = await ask(world, 'bank', { login_hint });
      const { auth_req_id: id, ...others } = body;
      expect(String(id)).toHaveLength(43);
      const first = await poll(world, 'bank', String(id));
      world.clock.advance(180_000);
      answers.push([status, others, first, await poll(world, 'bank', String(id))]);
    }
    expect(new Set(answers.map(each => JSON.stringify(each))).size).toBe(1);
    expect(answers[0]).toMatchObject([
      200,
      { expires_in: 180, interval: 5 },
      pending,
      { body: { error: 'expired_token' } },
    ]);
    // The operator learns why.
    expect(new Set(await refusals())).toEqual(new Set(['unknown', 'no-device', 'elsewhere', 'budget']));
    await world.services.users.unlock(ada.user.id, 'cli');
  });

  test('OpenID CIBA.15 the person is asked after the client has its answer, so that the time of it tells nothing', async () => {
    const answer = await fetch(new URL('/backchannel', world.issuer), {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from('bank:secret of bank').toString('base64')}` },
      body: new URLSearchParams({ scope: 'openid', login_hint: 'noor' }),
    });
    expect([answer.status, await phone.pending()]).toEqual([200, []]);
    world.clock.advance(0);
    await world.clock.fired();
    expect(await phone.pending()).toHaveLength(1);
  });
});

describe('OpenID CIBA.14 a client keeps a phone ringing', () => {
  test('OpenID CIBA.14 of twenty requests at once one reaches the phone; three an hour, each client for itself', async () => {
    await Promise.all(Array.from({ length: 20 }, () => begin(world, 'bank')));
    const [request] = await phone.pending();
    if (request === undefined) throw new Error('got no request');
    await phone.answer(request, { decision: 'decline' });
    await begin(world, 'bank');
    expect(await phone.pending()).toEqual([]);
    expect((await refusals()).includes('budget')).toBe(true);
    // Another client has a budget of its own, and this one has it again an hour later.
    await begin(world, 'shop');
    await phone.answer(await phone.request(), { decision: 'decline' });
    world.clock.advance(3_600_000);
    await begin(world, 'bank');
    expect(await phone.request()).toMatchObject({ client: 'bank AG' });
  });

  test('OpenID CIBA.14 a sign-in goes on beside it, and the other way round', async () => {
    await begin(world, 'bank');
    expect(await phone.request()).toMatchObject({ purpose: 'approval' });
    const own = await signInChallenge('first');
    const both = await phone.pending();
    expect(both.map(({ purpose }) => purpose).toSorted()).toEqual(['approval', 'sign-in']);
    const approval = both.find(({ purpose }) => purpose === 'approval');
    if (approval === undefined) throw new Error('got no approval');
    expect((await phone.answer(approval, { decision: 'approve', pin })).body).toEqual({ result: 'approved' });
    // The approval for the bank is no sign-in.
    expect((await world.services.challenges.current(own))?.phase).toBe('pending');
    expect(await world.services.challenges.redeem(own)).toBeUndefined();
    await begin(world, 'shop');
    expect((await phone.pending()).map(({ purpose }) => purpose).toSorted()).toEqual(['approval', 'sign-in']);
  });

  test('OpenID CIBA.14 after "It wasn\'t me" no client reaches the phone for a day', async () => {
    await begin(world, 'bank');
    await phone.answer(await phone.request(), { decision: 'report' });
    world.clock.advance(3_600_000);
    const id = await begin(world, 'shop');
    expect(await phone.pending()).toEqual([]);
    expect(await poll(world, 'shop', id)).toMatchObject(pending);
    world.clock.advance(24 * 3_600_000);
    await begin(world, 'shop');
    expect(await phone.pending()).toHaveLength(1);
  });
});

describe('OpenID CIBA.14 an approval is used for more than it is', () => {
  test('OpenID CIBA.14 it counts for its own request, client and person, once', async () => {
    const [bank, shop] = [await begin(world, 'bank'), await begin(world, 'shop', { login_hint: 'linus' })];
    const request = await phone.request();
    await phone.answer(request, { decision: 'approve', pin });
    expect(await poll(world, 'shop', shop)).toMatchObject(pending);
    expect(await poll(world, 'forum', bank)).toMatchObject({ body: { error: 'invalid_grant' } });
    expect(await world.audited('approval.granted')).toHaveLength(0);
    const all = await Promise.all(Array.from({ length: 10 }, () => pollAtOnce(world, 'bank', bank)));
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await poll(world, 'bank', bank)).toMatchObject({ body: { error: 'invalid_grant' } });
    expect((await phone.answer(request, { decision: 'approve', pin })).status).toBe(409);
  });

  test('OpenID CIBA.14 without the right PIN, or on a phone without one, nothing is approved', async () => {
    const id = await begin(world, 'bank');
    const request = await phone.request();
    expect((await phone.answer(request, { decision: 'approve', pin: '000000' })).body).toMatchObject({
      result: 'wrong-pin',
    });
    expect((await phone.answer(request, { decision: 'approve' })).body).not.toMatchObject({ result: 'approved' });
    expect(await poll(world, 'bank', id)).toMatchObject(pending);
    expect((await phone.answer(request, { decision: 'approve', pin })).body).toEqual({ result: 'approved' });
    expect(await poll(world, 'bank', id)).toMatchObject({ status: 200 });

    const { grace } = world.people;
    const open = await pairedPhone(world, grace, { unlock: 'none' });
    const other = await begin(world, 'bank', { login_hint: grace.name });
    expect(await open.pending()).toEqual([]);
    expect(await poll(world, 'bank', other)).toMatchObject(pending);
    expect((await refusals()).at(-1)).toBe('no-device');
  });

  test('OpenID CIBA.14 a phone that was removed meanwhile, or whose person was locked, gives no token', async () => {
    const { grace } = world.people;
    const own = await pairedPhone(world, grace);
    const id = await begin(world, 'bank', { login_hint: grace.name });
    expect((await own.answer(await own.request(), { decision: 'approve', pin })).body).toEqual({ result: 'approved' });
    const user = await world.services.users.get(grace.user.id);
    const stored = user && (await world.services.authenticators.of(user));
    const device = stored?.find(({ handle }) => handle === own.key.kid);
    if (user === undefined || device === undefined) throw new Error('got no phone');
    await world.services.methods.remove(user, device.id, 'cli');
    expect(await poll(world, 'bank', id)).toMatchObject(pending);

    const last = await begin(world, 'shop');
    await phone.answer(await phone.request(), { decision: 'approve', pin });
    await world.services.users.lock(world.people.noor.user.id, 'cli');
    expect((await poll(world, 'shop', last)).status).toBe(400);
    await world.services.users.unlock(world.people.noor.user.id, 'cli');
  });
});
