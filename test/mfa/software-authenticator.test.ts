/** Tests the software authenticator of the tests: @simplewebauthn/server accepts its answers, and refuses changed ones. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  SettingsService,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type PublicKeyCredentialCreationOptionsJSON,
  type RegistrationResponseJSON,
  type WebAuthnCredential,
} from '@simplewebauthn/server';
import { createAttestationRoot, type CertificateChanges } from '../support/authenticator/attestation.ts';
import {
  models,
  SoftwareAuthenticator,
  type CreationChanges,
  type RequestChanges,
} from '../support/authenticator/authenticator.ts';
import { algorithms, createKey } from '../support/authenticator/keys.ts';

const origin = 'https://login.example.com';
const rpID = 'login.example.com';
const offered = [algorithms.ES256, algorithms.EdDSA, algorithms.RS256];

let options: PublicKeyCredentialCreationOptionsJSON;
beforeAll(async () => {
  options = await generateRegistrationOptions({
    rpName: 'Sallyport',
    rpID,
    userName: 'ada',
    supportedAlgorithmIDs: offered,
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
  });
});

const named = (name: string): unknown => expect.objectContaining({ name });

const verifyCreated = async (response: RegistrationResponseJSON) =>
  verifyRegistrationResponse({
    response,
    expectedChallenge: options.challenge,
    expectedOrigin: origin,
    expectedRPID: rpID,
    requireUserVerification: false,
    supportedAlgorithmIDs: offered,
  });

const register = async (authenticator: SoftwareAuthenticator, changes: CreationChanges = {}) => {
  const { registrationInfo } = await verifyCreated(authenticator.create(options, origin, changes));
  if (registrationInfo === undefined) throw new Error('the registration was refused');
  return registrationInfo;
};

const assertWith = async (
  authenticator: SoftwareAuthenticator,
  credential: WebAuthnCredential,
  changes: RequestChanges = {},
) => {
  const asked = await generateAuthenticationOptions({ rpID, allowCredentials: [{ id: credential.id }] });
  return verifyAuthenticationResponse({
    response: authenticator.get(asked, origin, changes),
    expectedChallenge: asked.challenge,
    expectedOrigin: origin,
    expectedRPID: rpID,
    credential,
    requireUserVerification: false,
  });
};

describe.each(['ES256', 'EdDSA', 'RS256'] as const)('a software authenticator with %s', algorithm => {
  test.each(['none', 'self'] as const)('registers with attestation %s, and its answers count up', async attestation => {
    const authenticator = new SoftwareAuthenticator({ ...models.securityKey, algorithms: [algorithm] });
    const { credential, ...facts } = await register(authenticator, { attestation });
    expect(facts).toMatchObject({
      fmt: attestation === 'none' ? 'none' : 'packed',
      aaguid: models.securityKey.aaguid,
      userVerified: true,
      credentialDeviceType: 'singleDevice',
    });
    expect(await assertWith(authenticator, credential)).toMatchObject({
      verified: true,
      authenticationInfo: { newCounter: 1, userVerified: true },
    });
    expect(await assertWith(authenticator, { ...credential, counter: 1 })).toMatchObject({
      authenticationInfo: { newCounter: 2 },
    });
  });
});

test('a phone of tests is synced and never counts; an old security key does not verify the user', async () => {
  const phone = new SoftwareAuthenticator(models.phone);
  expect(await register(phone)).toMatchObject({ credentialDeviceType: 'multiDevice', credentialBackedUp: true });
  const old = new SoftwareAuthenticator(models.touchOnly);
  const { credential, ...facts } = await register(old);
  expect(facts).toMatchObject({ credentialDeviceType: 'singleDevice', userVerified: false });
  const [stored] = old.credentials;
  expect(stored).toMatchObject({ isDiscoverable: false });
  expect(await assertWith(old, credential)).toMatchObject({ authenticationInfo: { newCounter: 1 } });
});

test('a clone of a security key repeats its counter', async () => {
  const key = new SoftwareAuthenticator(models.securityKey);
  const { credential } = await register(key);
  const clone = key.clone();
  const counters = [await assertWith(key, credential), await assertWith(clone, credential)];
  expect(counters.map(({ authenticationInfo }) => authenticationInfo.newCounter)).toEqual([1, 1]);
});

describe('an attestation by certificate', () => {
  const root = createAttestationRoot('Example');
  const { aaguid } = models.securityKey;
  const attempt = async (trusted: string, made = root.attest(aaguid), changes: CreationChanges = {}) => {
    SettingsService.setRootCertificates({ identifier: 'packed', certificates: [trusted] });
    const key = new SoftwareAuthenticator({ ...models.securityKey, attestation: made });
    return verifyCreated(key.create({ ...options, attestation: 'direct' }, origin, changes));
  };

  test('is accepted below a trusted root', async () => {
    expect(await attempt(root.pem)).toMatchObject({ verified: true, registrationInfo: { fmt: 'packed' } });
  });

  test('is refused below another root of the same name, and for a signature of another key', async () => {
    await expect(attempt(createAttestationRoot('Example').pem)).rejects.toThrow(/validat|chain/i);
    expect(await attempt(root.pem, root.attest(aaguid), { signedBy: createKey('ES256') })).toEqual({ verified: false });
  });

  test.each<readonly [string, CertificateChanges, string]>([
    ['an authority', { isAuthority: true }, 'basic constraints'],
    ['another unit', { unit: 'Sales' }, 'OU was not'],
    ['a validity that is over', { notAfter: Date.now() - 1 }, 'not good after'],
  ])('is refused with a certificate of %s', async (_what, changes, complaint) => {
    await expect(attempt(root.pem, root.attest(aaguid, changes))).rejects.toThrow(complaint);
  });

  test('is refused with a certificate of another model', async () => {
    await expect(attempt(root.pem, root.attest(models.phone.aaguid))).rejects.toThrow('id-fido-gen-ce-aaguid');
  });
});

describe('a changed answer', () => {
  test.each<readonly [string, RequestChanges, string]>([
    ['type', { clientData: { type: 'webauthn.create' } }, 'response type'],
    ['challenge', { clientData: { challenge: 'AAAA' } }, 'response challenge'],
    ['origin', { clientData: { origin: 'https://login.example.com.evil.test' } }, 'response origin'],
    ['text of the client data', { clientDataText: json => json.slice(0, -1) }, 'JSON'],
    ['RP ID', { rpId: 'example.com' }, 'RP ID'],
    ['presence', { flags: { up: false } }, 'not present'],
    ['backup state', { flags: { be: false, bs: true } }, 'backed up'],
    ['end of the authenticator data', { authenticatorData: bytes => bytes.subarray(0, 36) }, 'at least 37 bytes'],
    [
      'extension',
      { flags: { ed: true }, authenticatorData: bytes => Buffer.concat([bytes, Buffer.of(0xa1)]) },
      'not supported or well formed',
    ],
  ])('is refused for its %s alone', async (_member, changes, complaint) => {
    const phone = new SoftwareAuthenticator(models.phone);
    const { credential } = await register(phone);
    expect(await assertWith(phone, credential)).toMatchObject({ verified: true });
    await expect(assertWith(phone, credential, changes)).rejects.toThrow(complaint);
  });

  test('is refused with the signature of another key', async () => {
    const phone = new SoftwareAuthenticator(models.phone);
    const { credential } = await register(phone);
    expect(await assertWith(phone, credential, { signedBy: createKey('ES256') })).toMatchObject({ verified: false });
  });

  test('carries extensions that are read', async () => {
    const phone = new SoftwareAuthenticator(models.phone);
    const { credential } = await register(phone);
    const read = await assertWith(phone, credential, { extensions: { entries: [['uvm', [[2, 4, 2]]]] } });
    expect(read.authenticationInfo.authenticatorExtensionResults).toMatchObject({ uvm: [[2, 4, 2]] });
  });

  test('is a registration with an algorithm that was not offered', async () => {
    const phone = new SoftwareAuthenticator(models.phone);
    await expect(register(phone, { algorithm: 'ES384' })).rejects.toThrow('public key alg');
  });
});

describe('the browser of the software authenticator', () => {
  const phone = new SoftwareAuthenticator(models.phone);
  beforeAll(async () => void (await register(phone)));

  test('refuses an excluded credential, unless it ignores the list', () => {
    const excluding = {
      ...options,
      excludeCredentials: [{ id: phone.credentials[0]?.id ?? '', type: 'public-key' as const }],
    };
    expect(() => phone.create(excluding, origin)).toThrow(named('InvalidStateError'));
    expect(phone.clone().create(excluding, origin, { ignoresExcluded: true }).id).not.toBe(phone.credentials[0]?.id);
  });

  test('finds a credential without a list, and none for another host', async () => {
    const asked = await generateAuthenticationOptions({ rpID });
    expect(phone.get(asked, origin)).toMatchObject({
      id: phone.credentials[0]?.id,
      response: { userHandle: options.user.id },
    });
    expect(() => phone.get({ ...asked, rpId: 'example.org' }, origin)).toThrow(named('NotAllowedError'));
  });

  test('refuses where the user must be verified and cannot be', async () => {
    const old = new SoftwareAuthenticator(models.touchOnly);
    const { credential } = await register(old);
    const asked = await generateAuthenticationOptions({
      rpID,
      allowCredentials: [{ id: credential.id }],
      userVerification: 'required',
    });
    expect(() => old.get(asked, origin)).toThrow(named('NotAllowedError'));
  });
});
