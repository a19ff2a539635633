/**
 * A51. A verifier says no and the caller goes on, because it expects an error and gets `verified: false`, or expects a result and gets
 * an error, as GitLab once did. Wrong keys, cut bytes, foreign types and structures that a parser chokes on must all end in the same
 * refusal: no approval, no stored counter, no error page.
 * Guards: `src/mfa/passkeys/credential.ts#readAssertion`, `src/mfa/passkeys/assertion.ts#verifyAssertion`,
 * `src/mfa/passkeys/registration.ts#verifyRegistration`.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AuthenticationResponseJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import { createKey } from '../support/authenticator/keys.ts';
import { models, type CreationChanges, type RequestChanges } from '../support/authenticator/authenticator.ts';
import { stores } from '../support/world/stores.ts';
import {
  addOwner,
  askForPasskey,
  auditedAnswers,
  beginRegistration,
  expectRefused,
  passkeysOf,
  startPasskeyWorld,
  storedOf,
  type Answering,
  type PasskeyOwner,
} from './support/passkey-owners.ts';
import { noApproval, type ThreatWorld } from './support/threat-world.ts';

/** So many nested lists of one item, which a recursive parser follows. */
const nested = (depth: number): Buffer => Buffer.alloc(depth, 0x81);
/** A byte string that claims 4 GiB. */
const endless = Buffer.of(0x5b, 0, 0, 0, 1, 0, 0, 0, 0);
const cutTo = (length: number) => (bytes: Buffer) => bytes.subarray(0, length);
const followedBy = (more: Buffer) => (bytes: Buffer) => Buffer.concat([bytes, more]);

describe.each(stores)('A51 on $name', store => {
  let world: ThreatWorld;
  let owner: PasskeyOwner;
  let origin: string;
  beforeAll(async () => {
    world = await startPasskeyWorld({ store });
    owner = await addOwner(world, 'olga', models.securityKey);
    ({ origin } = world.issuer);
  });
  afterAll(() => world.close());

  const answer = (options: PublicKeyCredentialRequestOptionsJSON, changes: RequestChanges = {}) =>
    owner.authenticator.get(options, origin, changes);
  const signed =
    (changes: RequestChanges): Answering =>
    options =>
      answer(options, changes);
  /** Changes what no signature covers. */
  const unsigned =
    (change: (right: AuthenticationResponseJSON) => unknown): Answering =>
    options =>
      change(answer(options));
  const inResponse = (change: (response: AuthenticationResponseJSON['response']) => object) =>
    unsigned(right => ({ ...right, response: { ...right.response, ...change(right.response) } }));
  const signature = (change: (bytes: Buffer) => Buffer) =>
    inResponse(response => ({ signature: change(Buffer.from(response.signature, 'base64url')).toString('base64url') }));

  test('A51 a wrong signature, cut or overlong bytes and unreadable client data are refused, and no counter is stored', async () => {
    await expectRefused(world, owner, {
      'the signature of another key': signed({ signedBy: createKey('ES256') }),
      'the signature of a key of another algorithm': signed({ signedBy: createKey('EdDSA') }),
      'a changed signature': signature(bytes => {
        const changed = Buffer.from(bytes);
        changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
        return changed;
      }),
      'a cut signature': signature(bytes => bytes.subarray(0, -1)),
      'a signature of zeros': signature(() => Buffer.from('3006020100020100', 'hex')),
      'a signature without DER': signature(() => Buffer.alloc(64, 1)),
      'authenticator data of 36 bytes': signed({ authenticatorData: cutTo(36) }),
      'authenticator data of one byte': signed({ authenticatorData: cutTo(1) }),
      'a byte after the authenticator data': signed({ authenticatorData: followedBy(Buffer.of(0)) }),
      'extensions that are missing': signed({ flags: { ed: true } }),
      'extensions that end early': signed({ flags: { ed: true }, authenticatorData: followedBy(Buffer.of(0xa1)) }),
      'extensions that claim 4 GiB': signed({ flags: { ed: true }, authenticatorData: followedBy(endless) }),
      'extensions nested 12,000 times': signed({ flags: { ed: true }, authenticatorData: followedBy(nested(12_000)) }),
      'a credential that is missing': signed({ flags: { at: true } }),
      'client data that ends early': signed({ clientDataText: json => json.slice(0, -1) }),
      'client data that is a list': signed({ clientDataText: json => `[${json}]` }),
      'client data that is null': signed({ clientDataText: () => 'null' }),
      'empty client data': signed({ clientDataText: () => ' ' }),
      'other client data than was signed': inResponse(({ clientDataJSON }) => ({
        clientDataJSON: Buffer.concat([Buffer.from(clientDataJSON, 'base64url'), Buffer.from(' ')]).toString(
          'base64url',
        ),
      })),
    });
  });

  test('A51 text that is no such credential is refused, and costs no attempt', async () => {
    const asked = await askForPasskey(world, owner);
    const { browser, uid, options } = asked;
    const right = answer(options);
    const before = await storedOf(world, owner);
    const answered = await auditedAnswers(world, owner);
    const { response, rawId: _rawId, ...rest } = right;
    const { signature: _signature, ...unsignedResponse } = response;
    const wrong: Readonly<Record<string, unknown>> = {
      'no text': '',
      'no JSON': 'credential',
      null: 'null',
      'a list': [right],
      'a list of a list': '[[]]',
      'JSON nested 15,000 times': '['.repeat(15_000),
      'another type': { ...right, type: 'password' },
      'a list of types': { ...right, type: ['public-key'] },
      'another raw id': { ...right, rawId: 'AAAA' },
      'no raw id': { ...rest, response },
      'an id that is padded': { ...right, id: `${right.id}=`, rawId: `${right.id}=` },
      'an id that is a list': { ...right, id: [right.id], rawId: [right.id] },
      'an empty id': { ...right, id: '', rawId: '' },
      'no response': { ...right, response: null },
      'no signature': { ...right, response: unsignedResponse },
      'an empty signature': { ...right, response: { ...response, signature: '' } },
      'a signature that is a number': { ...right, response: { ...response, signature: 1 } },
      'a signature that is no base64url': { ...right, response: { ...response, signature: 'a b' } },
      'a user handle that is a list': { ...right, response: { ...response, userHandle: [response.userHandle] } },
      'members of the prototype': `{"__proto__":${JSON.stringify(right)}}`,
    };
    for (const [what, credential] of Object.entries(wrong)) {
      const { status } = await asked.post(credential);
      expect([what, status, await world.outcome(browser, uid)]).toEqual([what, 422, noApproval]);
    }
    const tooLong = await asked.post({ ...right, more: 'x'.repeat(32_768) });
    expect([400, 413, 422]).toContain(tooLong.status);
    expect([await storedOf(world, owner), await auditedAnswers(world, owner)]).toEqual([before, answered]);

    await asked.post({ ...right, clientExtensionResults: { appid: true }, unknown: { more: 1 } });
    expect(await world.outcome(browser)).toMatchObject({ codes: [expect.any(String)], accountId: owner.id });
  });

  test('A51 a malformed registration is refused, and binds nothing', async () => {
    const wrong: Readonly<Record<string, CreationChanges>> = {
      'authenticator data of 36 bytes': { authenticatorData: cutTo(36) },
      'a credential that ends early': { authenticatorData: cutTo(80) },
      'a key that ends early': { authenticatorData: bytes => bytes.subarray(0, -1) },
      'a byte after the key': { authenticatorData: followedBy(Buffer.of(0)) },
      'no credential': { flags: { at: false } },
      'a list as authenticator data': { attestationObject: { authData: [] } },
      'no format': { attestationObject: { fmt: '' } },
      'an unknown format': { attestationObject: { fmt: 'toString' } },
      'a format that is a list': { attestationObject: { fmt: ['none'] } },
      'a statement where there is none': { attestationObject: { attStmt: { entries: [['alg', -7]] } } },
      'a statement that is text': { attestationObject: { attStmt: 'none' } },
      'a self-attestation of another key': { attestation: 'self', signedBy: createKey('ES256') },
      'client data that is a list': { clientDataText: json => `[${json}]` },
    };
    const before = await storedOf(world, owner);
    for (const [what, changes] of Object.entries(wrong)) {
      const { options, post } = await beginRegistration(world, owner);
      const made = owner.authenticator.clone().create(options, origin, { ...changes, ignoresExcluded: true });
      expect([what, await post(made)]).toMatchObject([what, { ok: false }]);
    }
    const { options, post } = await beginRegistration(world, owner);
    const made = owner.authenticator.clone().create(options, origin, { ignoresExcluded: true });
    const { response } = made;
    for (const attestationObject of ['', '__', endless.toString('base64url'), nested(20_000).toString('base64url')]) {
      expect(await post({ ...made, response: { ...response, attestationObject } })).toMatchObject({ ok: false });
    }
    expect(await storedOf(world, owner)).toEqual(before);

    const last = await beginRegistration(world, owner);
    const right = owner.authenticator.clone().create(last.options, origin, { ignoresExcluded: true });
    expect(await last.post(right)).toMatchObject({ ok: true });
    expect(await passkeysOf(world, owner)).toHaveLength(2);
  });
});
