/** Tests the API of the authenticator over HTTP: pairing, the proof of each call, and what a device changes about itself. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { requestContext } from '../../src/mfa/challenge-state/request-context.ts';
import type { PairingOwner, PairingView } from '../../src/mfa/push/pairings.ts';
import { createDeviceKey } from '../support/phone/jwt.ts';
import { Phone } from '../support/phone/phone.ts';
import { readPush, subscribeDevice } from '../../simulator/person.ts';
import { startWorld, type World } from '../support/world/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ env: { SALLYPORT_FACTORS: 'totp,call,push' } });
});
afterAll(() => world.close());

let begun = 0;
/** A pairing of Ada or another person, as the page of their browser begins one. */
const begin = async (userId = world.people.ada.user.id) => {
  const owner: PairingOwner = {
    binding: `enrollment:${(begun += 1)}`,
    userId,
    browser: 'hash of the secret of her browser',
  };
  const view: PairingView = await world.services.pairings.begin(owner);
  if (view.state !== 'open') throw new Error(`got ${view.state}, expected an open pairing`);
  return { owner, code: view.code, secret: new URL(view.link).hash.replace('#pair=', '') };
};

/** A phone with a pairing under way. */
const pairing = async () => {
  const { owner, secret } = await begin();
  const phone = new Phone(world.place);
  const { status } = await phone.pair({ secret });
  if (status !== 200) throw new Error(`got ${status}, expected a claimed pairing`);
  return { owner, phone, secret };
};

test('the configuration has the keys of the server, and needs no device', async () => {
  const { status, body, headers } = await new Phone(world.place).configuration();
  expect(status).toBe(200);
  expect(body).toMatchObject({ organization: world.issuer.host, serverKeys: { successors: [] } });
  expect(body.serverKeys.first).not.toHaveProperty('d');
  expect(Buffer.from(body.vapidKey, 'base64url')).toHaveLength(65);
  expect(headers['set-cookie']).toBeUndefined();
});

test('a phone claims a pairing by the code, shows the same digits, and learns what the app needs', async () => {
  const { owner, code } = await begin();
  const phone = new Phone(world.place);
  const { status, body } = await phone.pair({ code });
  expect(status).toBe(200);
  expect(body).toMatchObject({ account: 'ada', unlock: 'none', organization: world.issuer.host });
  expect(body).not.toHaveProperty('creation');
  expect(new URL(body.totp ?? '').searchParams.get('secret')).toMatch(/^[A-Z2-7]{32}$/);
  expect(await world.services.pairings.view(owner)).toMatchObject({
    state: 'claimed',
    device: 'Ada’s Pixel',
    digits: body.digits,
  });
  expect((await phone.requests()).body).toEqual({ requests: [], state: 'pairing', push: 'none' });
  expect(await world.audited('pairing.claimed')).toMatchObject([
    { actor: 'device', subject: world.people.ada.user.id, facts: { address: '127.0.0.1' } },
  ]);

  const second = await new Phone(world.place).pair({ code });
  expect(second).toMatchObject({ status: 409, body: { error: 'pairing-used' } });
});

test('wrong codes are refused with a sentence in the language of the phone, and counted', async () => {
  const { code } = await begin();
  const phone = new Phone(world.place);
  phone.language = 'de';
  expect(await phone.pair({ code: 'no code' })).toMatchObject({ status: 422, body: { error: 'code-malformed' } });
  const wrong = `${code.startsWith('0') ? '1' : '0'}${code.slice(1)}`;
  for (let tried = 0; tried < 5; tried += 1) {
    const { status, body } = await phone.pair({ code: wrong });
    expect({ status, body }).toMatchObject({ status: 404, body: { error: 'pairing-unknown' } });
    expect(JSON.stringify(body)).toContain('Dieser Code stimmt nicht');
  }
  const { status, body, headers } = await phone.pair({ code });
  expect({ status, body }).toMatchObject({ status: 429, body: { error: 'wait' } });
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  expect((await world.audited('pairing.refused')).length).toBeGreaterThan(0);
});

test('a call counts only with the proof of its device, for this method, path and body', async () => {
  const { phone } = await pairing();
  const other = createDeviceKey();
  expect((await phone.requests()).status).toBe(200);
  const seconds = Math.floor(world.clock() / 1000);
  const wrong = {
    none: 'none',
    'another key': { signedBy: other },
    'a signature as X.509 has it': { signature: 'der' },
    'no signature': { signature: 'empty' },
    'another algorithm': { header: { alg: 'none' } },
    'another type': { header: { typ: 'sallyport-answer+jwt' } },
    'another issuer': { claims: { iss: other.kid } },
    'another server': { claims: { aud: 'https://evil.example' } },
    'several servers': { claims: { aud: [world.issuer.origin, 'https://evil.example'] } },
    'another method': { claims: { htm: 'POST' } },
    'another path': { claims: { htu: '/authenticator/api/events' } },
    'a body': { claims: { bsh: 'e30' } },
    'no id': { claims: { jti: undefined } },
    'a day': { claims: { exp: seconds + 86_400 } },
    'no end': { claims: { exp: undefined } },
  } as const;
  for (const [name, proof] of Object.entries(wrong)) {
    const { status, body } = await phone.requests({ proof });
    expect({ name, status, body }).toMatchObject({ name, status: 401, body: { error: 'proof' } });
  }
  const stranger = await new Phone(world.place).requests();
  expect(stranger).toMatchObject({ status: 401, body: { error: 'device-unknown' } });
  expect(stranger.headers['set-cookie']).toBeUndefined();
});

test('a proof counts within two minutes of our clock, and tells the phone the time', async () => {
  const { phone } = await pairing();
  for (const skew of [-119_000, 119_000]) {
    phone.skew = skew;
    expect((await phone.requests()).status).toBe(200);
  }
  for (const skew of [-121_000, 121_000]) {
    phone.skew = skew;
    const { status, body, headers } = await phone.requests();
    expect({ status, body }).toMatchObject({ status: 401, body: { error: 'clock' } });
    expect(Date.parse(String(headers['date']))).toBe(Math.floor(world.clock() / 1000) * 1000);
  }
});

test('a proof of a change counts once, and only for the body that it was made for', async () => {
  const { phone } = await pairing();
  const path = '/authenticator/api/subscription';
  const body = JSON.stringify({ subscription: null, language: 'fr' });
  const authorization = phone.proof('PUT', path, body);
  const send = async () => phone.call('PUT', 'subscription', undefined, { sent: body, headers: json(authorization) });
  const answers = await Promise.all(Array.from({ length: 20 }, send));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(19);
  const changed = await phone.call('PUT', 'subscription', { subscription: null, language: 'de' }, { sent: body });
  expect(changed).toMatchObject({ status: 401, body: { error: 'proof' } });
});
const json = (authorization: string) => ({ authorization, 'content-type': 'application/json' });

test('a body with other members, another type or another language is refused', async () => {
  const { phone } = await pairing();
  const { secret } = await begin();
  const { key } = phone;
  const good = { secret, key: key.jwk, name: 'Pixel', subscription: null, language: 'en' };
  const bad = [
    { ...good, more: true },
    { ...good, code: 'ABCD-1234' },
    { ...good, secret: undefined },
    { ...good, key: { ...key.jwk, x: 'AAAA' } },
    { ...good, key: { ...key.jwk, d: 'AAAA' } },
    { ...good, key: { ...key.jwk, y: randomBytes(32).toString('base64url') } },
    { ...good, name: '' },
    { ...good, name: 'x'.repeat(61) },
    { ...good, language: '<b>' },
    [],
    null,
  ];
  for (const body of bad) {
    expect(await phone.call('POST', 'pairings', body)).toMatchObject({ status: 422, body: { error: 'malformed' } });
  }
  expect(
    await phone.call('PUT', 'subscription', undefined, { sent: '{', headers: json('Device a.b.c') }),
  ).toMatchObject({ status: 422 });
  const large = await phone.call('PUT', 'subscription', { language: 'x'.repeat(49_152) });
  expect(large.status).toBe(413);
  const form = await phone.call('PUT', 'subscription', {}, { headers: { 'content-type': 'text/plain' } });
  expect(form).toMatchObject({ status: 415, body: { error: 'unsupported-type' } });
  const foreign = await phone.call('DELETE', 'device', undefined, { headers: { origin: 'https://evil.example' } });
  expect(foreign).toMatchObject({ status: 403, body: { error: 'forbidden' } });
});

test('a phone tells where pushes reach it, at known push services only', async () => {
  const { phone, owner } = await pairing();
  const subscription = (endpoint: string) => ({
    endpoint,
    keys: { p256dh: point(), auth: randomBytes(16).toString('base64url') },
  });
  const point = (): string =>
    Buffer.concat([
      Buffer.of(4),
      ...[phone.key.jwk.x, phone.key.jwk.y].map(each => Buffer.from(each ?? '', 'base64url')),
    ]).toString('base64url');
  expect(await phone.subscribe(subscription('https://127.0.0.1/push'))).toMatchObject({
    status: 422,
    body: { error: 'subscription-refused' },
  });
  expect((await phone.requests()).body.push).toBe('none');
  expect(await phone.subscribe(subscription('https://fcm.googleapis.com/fcm/send/ada'))).toMatchObject({ status: 200 });
  expect((await phone.requests()).body.push).toBe('works');
  expect(await world.services.pairings.confirm(owner, phone.pairing?.digits ?? '')).toMatchObject({
    language: 'en',
    subscription: { endpoint: 'https://fcm.googleapis.com/fcm/send/ada' },
  });
});

test('a test push reaches a phone three times in ten minutes', async () => {
  const { phone } = await pairing();
  expect(await phone.test()).toMatchObject({ status: 409, body: { error: 'not-subscribed' } });
  const { vapidKey } = (await phone.configuration()).body;
  const { id, endpoint, keys } = await subscribeDevice(world.simulator, { applicationServerKey: vapidKey });
  await phone.subscribe({ endpoint, keys });
  for (let sent = 0; sent < 3; sent += 1) expect((await phone.test()).status).toBe(200);
  const { payload } = await readPush(world.simulator, id);
  expect(payload).toContain('"web_push":8030');
  expect(payload).not.toMatch(/ada|pixel/iu);
  const fourth = await phone.test();
  expect(fourth).toMatchObject({ status: 429, body: { error: 'wait' } });
  expect(Number(fourth.headers['retry-after'])).toBeGreaterThan(0);
});

test('a phone that leaves ends its pairing, and its open stream says so', async () => {
  const { phone, owner } = await pairing();
  const stream = await phone.listen();
  expect(stream.status).toBe(200);
  const next = stream.next();
  expect((await phone.leave()).status).toBe(200);
  expect(await next).toBe('changed');
  expect(await phone.requests()).toMatchObject({ status: 401, body: { error: 'device-unknown' } });
  expect(await world.services.pairings.view(owner)).toMatchObject({ state: 'ended' });
  stream.close();
});

test('a phone is paired over HTTP: claimed, confirmed, tested and bound, with the codes that came with it', async () => {
  const { services, people } = world;
  const { user } = people.linus;
  const { owner, secret } = await begin(user.id);
  const phone = new Phone(world.place);
  await phone.pair({ secret });
  const device = await services.pairings.confirm(owner, phone.pairing?.digits ?? '');
  if (device === undefined) throw new Error('got no device, expected a confirmed one');
  const stream = await phone.listen();
  const woken = stream.next();
  const context = requestContext(user, {
    reference: '7G2K9QXM',
    client: 'Security',
    language: 'en',
    origin: world.issuer.origin,
    address: '192.0.2.1',
  });
  const { view } = await services.enrollments.begin(
    { userId: user.id, factor: 'push', input: { device } },
    owner.binding,
    context,
  );
  const { prompt } = view;
  if (prompt.kind !== 'approve') throw new Error(`got ${prompt.kind}, expected a request to a phone`);
  expect(await woken).toBe('changed');
  const request = await phone.request();
  expect(request).toMatchObject({
    purpose: 'pairing',
    account: 'linus',
    client: 'Security',
    digits: 2,
    unlock: 'none',
  });
  expect(JSON.stringify(request)).not.toContain(`"${prompt.show}"`);
  const wrong = await phone.answer(request, { decision: 'approve', number: prompt.show, code: '000000' });
  expect(wrong).toMatchObject({ status: 200, body: { result: 'wrong-code' } });
  const answered = await phone.answer(request, { decision: 'approve', number: prompt.show, code: phone.totp() });
  expect(answered).toMatchObject({ status: 200, body: { result: 'approved' } });
  const bound = await services.enrollments.finish(owner.binding, `user:${user.id}`);
  expect(bound).toMatchObject({ type: 'push', label: 'Ada’s Pixel', handle: phone.key.kid });
  expect((await phone.requests()).body).toEqual({ requests: [], state: 'paired', push: 'none' });
  const again = await phone.answer(request, { decision: 'approve', number: prompt.show, code: phone.totp() });
  expect(again).toMatchObject({ status: 409, body: { error: 'over' } });
  stream.close();

  // The page ends the pairing after binding. A phone that leaves is then unknown, and cannot be asked any more.
  await services.pairings.end(owner);
  const methods = async () => services.methods.of((await services.users.get(user.id)) ?? user);
  const before = (await methods()).map(({ factor }) => factor);
  expect(before).toEqual(expect.arrayContaining(['push', 'totp']));
  expect((await phone.leave()).status).toBe(200);
  expect(await phone.requests()).toMatchObject({ status: 401, body: { error: 'device-unknown' } });
  expect(await world.audited('authenticator.left')).toMatchObject([{ actor: 'device', subject: user.id }]);
  // Its codes are gone with it: they must not count as the method that is left.
  expect((await methods()).map(({ factor }) => factor)).toEqual(
    before.filter(each => each !== 'push' && each !== 'totp'),
  );
});

test('every answer has the time of the server, so that a phone with a wrong clock shows the right codes', async () => {
  world.clock.advance(3_600_000);
  const { phone } = await pairing();
  const refused = await phone.requests({ proof: 'none' });
  expect(refused.status).toBe(401);
  for (const { headers } of [await phone.configuration(), await phone.requests(), refused])
    expect(Date.parse(String(headers['date']))).toBe(Math.floor(world.clock() / 1000) * 1000);
});
