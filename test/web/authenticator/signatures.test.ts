/** Tests what the authenticator signs and verifies: its own key, requests of the server, and the keys that follow the pinned one. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { ServerKeys } from '../../../src/mfa/push/protocol.ts';
import { createDeviceKey, proveCall, signAs } from '../../../web/client/authenticator/engine/device-key.ts';
import { verifyRequest, type Expected } from '../../../web/client/authenticator/engine/requests.ts';
import { lastKey, pinOf } from '../../../web/client/authenticator/engine/server-keys.ts';
import {
  createDeviceKey as createServerKey,
  readJwt,
  sha256,
  signJwt,
  type DeviceKey,
} from '../../support/phone/jwt.ts';

const origin = 'https://login.example';
const now = Date.UTC(2026, 10, 29, 12);
const seconds = now / 1000;

describe('the key of a device', () => {
  test('cannot be exported, and makes the public key and its thumbprint known', async () => {
    const key = await createDeviceKey();
    expect(Object.keys(key.publicKey).toSorted()).toEqual(['crv', 'kty', 'x', 'y']);
    await expect(crypto.subtle.exportKey('jwk', key.privateKey)).rejects.toThrow(/not extractable/);
    await expect(crypto.subtle.exportKey('pkcs8', key.privateKey)).rejects.toThrow(/not extractable/);
    expect((await createDeviceKey()).kid).not.toBe(key.kid);
  });

  test('proves one call with its method, path and body, for a minute', async () => {
    const key = await createDeviceKey();
    const call = { origin, method: 'POST', path: '/authenticator/api/answers', body: '{"answer":"…"}' };
    const [scheme, jwt = ''] = (await proveCall(key, call, now)).split(' ');
    const { header, claims } = readJwt(jwt);
    expect(scheme).toBe('Device');
    expect(header).toEqual({ alg: 'ES256', typ: 'sallyport-device+jwt', kid: key.kid });
    expect(claims).toEqual({
      iss: key.kid,
      aud: origin,
      iat: seconds,
      exp: seconds + 60,
      jti: expect.stringMatching(/^[\w-]{22}$/),
      htm: 'POST',
      htu: call.path,
      bsh: sha256(call.body).toString('base64url'),
    });
    const [, other = ''] = (await proveCall(key, { origin, method: 'GET', path: call.path }, now)).split(' ');
    expect(readJwt(other).claims).not.toHaveProperty('bsh');
    expect(readJwt(other).claims['jti']).not.toBe(claims['jti']);
  });
});

/** A statement by `by` that `next` follows. */
const statement = (by: DeviceKey, next: DeviceKey, changes = {}): string =>
  signJwt('sallyport-successor+jwt', by, { iss: origin, iat: seconds, jwk: next.jwk }, changes);

describe('the keys of the server', () => {
  const [first, second, third, stranger] = [createServerKey(), createServerKey(), createServerKey(), createServerKey()];
  const keysWith = (...successors: readonly string[]): ServerKeys => ({
    first: first.jwk,
    successors,
  });
  const follow = async (keys: ServerKeys): Promise<string | undefined> =>
    (await lastKey(keys, { pinned: first.kid, origin }))?.kid;

  test('begin with the pinned one, and the last counts that the one before has named', async () => {
    expect(await pinOf(keysWith())).toBe(first.kid);
    expect(await follow(keysWith())).toBe(first.kid);
    expect(await follow(keysWith(statement(first, second), statement(second, third)))).toBe(third.kid);
  });

  test.each([
    ['a first key that is not the pinned one', { first: stranger.jwk, successors: [] }],
    ['a key that names itself', keysWith(statement(stranger, stranger, { header: { kid: first.kid } }))],
    ['a key named by one that was left out', keysWith(statement(second, third))],
    [
      'a statement of another deployment',
      keysWith(statement(first, second, { claims: { iss: 'https://other.example' } })),
    ],
    [
      'a request in place of a statement',
      keysWith(statement(first, second, { header: { typ: 'sallyport-request+jwt' } })),
    ],
    ['a statement without a key', keysWith(statement(first, second, { claims: { jwk: undefined } }))],
    ['no signature', keysWith(statement(first, second, { header: { alg: 'none' }, signature: 'empty' }))],
  ])('are not followed to %s', async (_, keys) => {
    expect(await follow(keys)).toBeUndefined();
  });
});

describe('a request', () => {
  const [server, stranger] = [createServerKey(), createServerKey()];
  const claims = {
    iss: origin,
    aud: 'this device',
    jti: 'challenge',
    nonce: 'nonce',
    iat: seconds - 5,
    exp: seconds + 55,
    purpose: 'sign-in',
    account: 'ada',
    client: 'Contoso Office',
    digits: 2,
    unlock: 'none',
  };
  const request = (changes = {}): string => signJwt('sallyport-request+jwt', server, claims, changes);
  let expected: Expected;
  beforeAll(() => {
    expected = { signer: { kid: server.kid, key: server.jwk }, origin, kid: 'this device', now };
  });

  test('of a known key for this device is shown', async () => {
    expect(await verifyRequest(request(), expected)).toEqual(claims);
    const more = { address: '203.0.113.7', place: 'Berlin', browser: 'Firefox on Linux', message: 'Transfer 12' };
    expect(await verifyRequest(request({ claims: more }), expected)).toEqual({ ...claims, ...more });
  });

  test.each([
    ['an unknown key', { header: { kid: stranger.kid }, signedBy: stranger }],
    ['an unknown key under the name of a known one', { signedBy: stranger }],
    ['no key', { header: { alg: 'none' }, signature: 'empty' }],
    ['a key, in DER', { signature: 'der' }],
    ['a key, as another type', { header: { typ: 'sallyport-answer+jwt' } }],
    ['a key, without a type', { header: { typ: undefined } }],
    ['another deployment', { claims: { iss: 'https://other.example' } }],
    ['a key, for another device', { claims: { aud: 'other device' } }],
    ['a key, but expired', { claims: { exp: seconds - 1 } }],
    ['a key, that never expires', { claims: { exp: undefined } }],
    ['a key, without an id', { claims: { jti: undefined } }],
    ['a key, about something else', { claims: { purpose: 'payment' } }],
    ['a key, with an unknown policy', { claims: { unlock: 'voice' } }],
    ['a key, without its client', { claims: { client: undefined } }],
    ['a key, with markup in place of text', { claims: { browser: { html: '' } } }],
    [
      'a key, changed on the way',
      { rewrite: (jwt: string) => jwt.replace(/\.(.)/u, (_, first) => `.${first === 'e' ? 'f' : 'e'}`) },
    ],
    ['nobody', { rewrite: () => 'not a JWT' }],
  ])('of %s is not shown', async (_, changes) => {
    expect(await verifyRequest(request(changes), expected)).toBeUndefined();
  });
});

test('an answer is signed for a minute, as its own type', async () => {
  const key = await createDeviceKey();
  const jwt = await signAs('sallyport-answer+jwt', key, { claims: { aud: origin, request: 'r' }, now });
  expect(readJwt(jwt)).toEqual({
    header: { alg: 'ES256', typ: 'sallyport-answer+jwt', kid: key.kid },
    claims: { aud: origin, request: 'r', iss: key.kid, iat: seconds, exp: seconds + 60 },
  });
});
