/** Checks the phone of the tests with an independent library, so that a refusal in a threat test is about the threat. */
import { describe, expect, test } from '@jest/globals';
import { calculateJwkThumbprint, compactVerify, decodeProtectedHeader, importJWK, jwtVerify, SignJWT } from 'jose';
import type { RequestClaims, ServerKeys } from '../../src/mfa/push/protocol.ts';
import { createDeviceKey, readJwt, signJwt } from '../support/phone/jwt.ts';
import { Phone } from '../support/phone/phone.ts';
import { followKeys, readRequest } from '../support/phone/signed-requests.ts';

const now = Date.UTC(2026, 10, 2, 9);
const place = { issuer: new URL('http://localhost:3000'), ports: [], clock: () => now };
const request: RequestClaims = {
  iss: 'http://localhost:3000',
  aud: 'device',
  jti: 'request',
  nonce: 'nonce',
  iat: now / 1000,
  exp: now / 1000 + 60,
  purpose: 'sign-in',
  account: 'ada',
  client: 'Contoso Office',
  digits: 2,
  unlock: 'none',
};

describe('what the software phone signs', () => {
  test('an answer verifies, names the thumbprint, and repeats the request', async () => {
    const phone = new Phone(place);
    const jwt = phone.sign(request, { decision: 'approve', number: '42' });
    expect(phone.key.kid).toBe(await calculateJwkThumbprint(phone.key.jwk));
    const key = await importJWK(phone.key.jwk, 'ES256');
    const options = { typ: 'sallyport-answer+jwt', currentDate: new Date(now), algorithms: ['ES256'] };
    const { payload } = await jwtVerify(jwt, key, options);
    expect(payload).toEqual({
      iss: phone.key.kid,
      aud: 'http://localhost:3000',
      request: 'request',
      nonce: 'nonce',
      client: 'Contoso Office',
      iat: now / 1000,
      exp: now / 1000 + 60,
      decision: 'approve',
      number: '42',
    });
  });

  test('a proof covers method, path and body, and no two are alike', () => {
    const phone = new Phone(place);
    const [one, two] = [phone.proof('POST', '/a', '{}'), phone.proof('POST', '/a', '{}')];
    const { header, claims } = readJwt(one.replace(/^Device /u, ''));
    expect(header).toMatchObject({ typ: 'sallyport-device+jwt', kid: phone.key.kid });
    // SHA-256 of `{}`.
    expect(claims).toMatchObject({ htm: 'POST', htu: '/a', bsh: 'RBNvo1WzZ4oRRq0W9-hknpT7T8If536DEMBg9hyq_4o' });
    expect(claims['jti']).not.toBe(readJwt(two.replace(/^Device /u, '')).claims['jti']);
  });

  test('a changed one differs there only', async () => {
    const key = createDeviceKey();
    const other = createDeviceKey();
    expect(decodeProtectedHeader(signJwt('t', key, {}, { header: { kid: undefined } }))).toEqual({
      alg: 'ES256',
      typ: 't',
    });
    const forged = signJwt('t', key, { iss: key.kid }, { signedBy: other });
    await compactVerify(forged, await importJWK(other.jwk, 'ES256'));
    await expect(compactVerify(forged, await importJWK(key.jwk, 'ES256'))).rejects.toThrow('verification failed');
    const der = signJwt('t', key, {}, { signature: 'der' });
    await expect(compactVerify(der, await importJWK(key.jwk, 'ES256'))).rejects.toThrow('verification failed');
  });
});

describe('what the software phone believes', () => {
  const [first, second, stranger] = [createDeviceKey(), createDeviceKey(), createDeviceKey()];
  const statement = (by = first) => signJwt('sallyport-successor+jwt', by, { jwk: second.jwk });
  const keysOf = (successors: readonly string[]): ServerKeys => ({ first: first.jwk, successors });
  const expected = { keys: [first.jwk], iss: request.iss, aud: request.aud, now };

  test('a request of a library verifies', async () => {
    const signed = await new SignJWT({ ...request })
      .setProtectedHeader({ alg: 'ES256', typ: 'sallyport-request+jwt' })
      .sign(first.privateKey);
    expect(readRequest(signed, expected)).toEqual(request);
  });

  test('a later key counts where the one before names it', () => {
    expect(followKeys(keysOf([statement()]), first.kid)).toHaveLength(2);
    expect(() => followKeys(keysOf([statement(stranger)]), first.kid)).toThrow('somebody else');
    expect(() => followKeys(keysOf([]), stranger.kid)).toThrow('not the pinned one');
  });

  test.each([
    ['of another key', { typ: 'sallyport-request+jwt', key: stranger, change: {} }, 'no known key'],
    ['of another type', { typ: 'sallyport-answer+jwt', key: first, change: {} }, 'no known key'],
    ['for another phone', { typ: 'sallyport-request+jwt', key: first, change: { aud: 'other' } }, 'for other'],
    ['of another server', { typ: 'sallyport-request+jwt', key: first, change: { iss: 'other' } }, 'of other'],
    ['that has expired', { typ: 'sallyport-request+jwt', key: first, change: { exp: now / 1000 } }, 'expired'],
  ] as const)('a request %s is not shown', (_title, { typ, key, change }, error) => {
    const jwt = signJwt(typ, key, { ...request, ...change });
    expect(() => readRequest(jwt, expected)).toThrow(error);
  });
});
