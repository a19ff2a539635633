/** Tests the documents about passkeys. Guard: `server/endpoints/passkey-documents.ts#passkeyDocuments`. */
import { describe, expect, test } from '@jest/globals';
import { passkeyDocuments } from '../../server/endpoints/passkey-documents.ts';

const issuer = new URL('https://login.example.com');
const inUse = [{ type: 'totp' }, { type: 'passkey' }];
const documents = (factors: typeof inUse, ...origins: readonly string[]): Readonly<Record<string, unknown>> => {
  const made = passkeyDocuments(factors, { issuer, passkeyOrigins: origins.map(each => new URL(each)) });
  return Object.fromEntries([...made].map(([path, body]) => [path, JSON.parse(body) as unknown]));
};
const endpoints = {
  enroll: 'https://login.example.com/account/add-passkey',
  manage: 'https://login.example.com/account',
};

describe('documents about passkeys', () => {
  test('tell password managers where passkeys are added and managed', () => {
    expect(documents(inUse)).toEqual({ '/.well-known/passkey-endpoints': endpoints });
  });

  test('name the origins that may use passkeys of this site, as browsers compare them', () => {
    expect(documents(inUse, 'https://shop.example.org/', 'https://shop.example.de:8443')).toEqual({
      '/.well-known/passkey-endpoints': endpoints,
      '/.well-known/webauthn': { origins: ['https://shop.example.org', 'https://shop.example.de:8443'] },
    });
  });

  test('are none where passkeys are not in use', () => {
    expect(documents([{ type: 'totp' }], 'https://shop.example.org')).toEqual({});
  });
});
