/**
 * A54. The operator's policy for passkeys is told to the browser, and a changed browser ignores it: it registers a weak algorithm, no
 * attestation where one is required, or a certificate of a made-up maker (Keycloak CVE-2026-8830, CVE-2025-12150, SimpleWebAuthn
 * GHSA-6hxq-p678-4hr2). Everything that the browser is told is checked again on the server.
 * Guards: `src/mfa/passkeys/registration.ts#verifyRegistration`, `src/mfa/passkeys/attestation.ts#attestationFault`,
 * `src/mfa/passkeys/policy.ts#isAccepted`.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { factorsFor } from '../../src/mfa/factors/index.ts';
import { uidOf } from '../support/browser/plain.ts';
import { enterPassword } from '../support/world/relying-party.ts';
import { createAttestationRoot } from '../support/authenticator/attestation.ts';
import { createKey } from '../support/authenticator/keys.ts';
import {
  models,
  SoftwareAuthenticator,
  type CreationChanges,
  type Model,
} from '../support/authenticator/authenticator.ts';
import { stores } from '../support/world/stores.ts';
import type { WorldOptions } from '../support/world/world.ts';
import { addAccount, type Account } from './support/newcomers.ts';
import {
  addOwner,
  askForPasskey,
  beginRegistration,
  offerToAnybody,
  passkeysOf,
  startPasskeyWorld,
} from './support/passkey-owners.ts';
import { noApproval, type ThreatWorld } from './support/threat-world.ts';

const root = createAttestationRoot('Example');
const { securityKey, phone } = models;
const { aaguid } = securityKey;
const certified: Model = { ...securityKey, attestation: root.attest(aaguid) };

let world: ThreatWorld;
let account: Account;
const registerWith = async (model: Model, changes: CreationChanges = {}) => {
  const { options, post } = await beginRegistration(world, account);
  const authenticator = new SoftwareAuthenticator(model);
  return { options, result: await post(authenticator.create(options, world.issuer.origin, changes)) };
};
const start = async (wish: WorldOptions): Promise<void> => {
  world = await startPasskeyWorld(wish);
  account = await addAccount(world, 'gina');
};
const bound = async () => passkeysOf(world, account);

describe.each(stores)('A54 on $name', store => {
  beforeAll(async () => {
    await start({
      store,
      env: { SALLYPORT_PASSKEY_ATTESTATION: 'direct', SALLYPORT_PASSKEY_ROOTS: root.pem },
    });
  });
  afterAll(() => world.close());

  test('A54 where an attestation is required, only a certificate below a trusted root binds a passkey', async () => {
    const stranger = createAttestationRoot('Example');
    const wrong: Readonly<Record<string, readonly [Model, CreationChanges?]>> = {
      'no attestation': [certified, { attestation: 'none' }],
      'a self-attestation': [certified, { attestation: 'self' }],
      'no certificates': [certified, { attestation: 'certified', attestationObject: { attStmt: { entries: [] } } }],
      'a root of the same name': [{ ...certified, attestation: stranger.attest(aaguid) }],
      'a root of its own, sent along': [
        {
          ...certified,
          attestation: {
            ...stranger.attest(aaguid),
            x5c: [
              ...stranger.attest(aaguid).x5c,
              Buffer.from(stranger.pem.replaceAll(/-----.*-----|\s/g, ''), 'base64'),
            ],
          },
        },
      ],
      'the certificate of another model': [{ ...certified, attestation: root.attest(phone.aaguid) }],
      'the certificate of an authority': [{ ...certified, attestation: root.attest(aaguid, { isAuthority: true }) }],
      'a certificate for something else': [{ ...certified, attestation: root.attest(aaguid, { unit: 'Web Server' }) }],
      'a certificate that is over': [{ ...certified, attestation: root.attest(aaguid, { notAfter: Date.now() - 1 }) }],
      'an authority that is over': [
        { ...certified, attestation: root.attest(aaguid, { through: { notAfter: Date.now() - 1 } }) },
      ],
      'a security key as authority': [
        { ...certified, attestation: root.attest(aaguid, { through: { isAuthority: false } }) },
      ],
      'a certificate whose key did not sign': [certified, { signedBy: createKey('ES256') }],
      'another format with that certificate': [certified, { attestationObject: { fmt: 'android-key' } }],
      'no format with that certificate': [certified, { attestationObject: { fmt: 'none' } }],
    };
    for (const [what, [model, changes]] of Object.entries(wrong)) {
      const { options, result } = await registerWith(model, changes);
      expect(options.attestation).toBe('direct');
      expect([what, result]).toMatchObject([what, { ok: false }]);
    }
    expect(await bound()).toEqual([]);

    const below: Model = { ...certified, attestation: root.attest(aaguid, { through: {} }) };
    for (const model of [certified, below]) expect((await registerWith(model)).result).toMatchObject({ ok: true });
    expect(await bound()).toMatchObject([{ data: { aaguid } }, { data: { aaguid } }]);
  });
});

describe('A54 with another policy', () => {
  afterEach(() => world.close());
  test('A54 an algorithm that was not offered is refused', async () => {
    await start({});
    const { options, result } = await registerWith(phone, { algorithm: 'ES384' });
    expect(options.pubKeyCredParams.map(({ alg }) => alg)).toEqual([-7, -8, -257]);
    expect([result, await bound()]).toMatchObject([{ ok: false }, []]);
    for (const algorithm of ['ES256', 'EdDSA', 'RS256'] as const) {
      expect((await registerWith(phone, { algorithm })).result).toMatchObject({ ok: true });
    }
  });

  test('A54 attestations that nobody asked for are refused unread, except by the key itself', async () => {
    await start({});
    expect((await registerWith(certified, { attestation: 'certified' })).result).toMatchObject({ ok: false });
    expect(
      (await registerWith(certified, { attestation: 'self', attestationObject: { fmt: 'apple' } })).result,
    ).toMatchObject({ ok: false });
    expect((await registerWith(certified, { attestation: 'self' })).result).toMatchObject({ ok: true });
  });

  test('A54 a model that is not allowed, or is blocked, is not bound', async () => {
    await start({
      env: { SALLYPORT_PASSKEY_ALLOW: `${aaguid},${phone.aaguid}`, SALLYPORT_PASSKEY_BLOCK: phone.aaguid },
    });
    const other = { ...securityKey, aaguid: '00000000-0000-0000-0000-000000000000' };
    for (const model of [phone, other]) expect((await registerWith(model)).result).toMatchObject({ ok: false });
    expect(await bound()).toEqual([]);
    expect((await registerWith(securityKey)).result).toMatchObject({ ok: true });
  });

  test('A54 a key without user verification is refused where it is required', async () => {
    await start({ env: { SALLYPORT_PASSKEY_USER_VERIFICATION: 'required' } });
    const { options, post } = await beginRegistration(world, account);
    expect(options.authenticatorSelection?.userVerification).toBe('required');
    const unverified = new SoftwareAuthenticator(securityKey);
    const made = unverified.create(options, world.issuer.origin, { flags: { uv: false } });
    expect([await post(made), await bound()]).toMatchObject([{ ok: false }, []]);
    const owner = await addOwner(world, 'hugo', securityKey);
    const asked = await askForPasskey(world, owner);
    expect(asked.options.userVerification).toBe('required');
    await asked.post(owner.authenticator.get(asked.options, world.issuer.origin, { flags: { uv: false } }));
    expect(await world.outcome(asked.browser, asked.uid)).toEqual(noApproval);
    await asked.post(owner.authenticator.get(asked.options, world.issuer.origin));
    expect(await world.outcome(asked.browser)).toMatchObject({ accountId: owner.id });
  });

  test('A54 a model that is blocked later signs nobody in, alone or beside a password, and the password alone does not either', async () => {
    let block: readonly string[] = [];
    await start({
      wrap: resources => {
        const settings = { ...resources.settings, passkeys: { ...resources.settings.passkeys, block } };
        const factors = factorsFor(settings).filter(({ type }) => settings.factors.includes(type));
        return { ...resources, settings, factors };
      },
    });
    const owner = await addOwner(world, 'iris', securityKey);
    const { origin } = world.issuer;
    const asked = await askForPasskey(world, owner);
    const offered = await offerToAnybody(world);
    block = [aaguid];
    await world.restart();

    await asked.post(owner.authenticator.get(asked.options, origin));
    expect(await world.outcome(asked.browser, asked.uid)).toEqual(noApproval);
    await offered.post(owner.authenticator.get(offered.options, origin));
    expect(await world.outcome(offered.browser, offered.uid)).toEqual(noApproval);
    const browser = world.recordingBrowser();
    const { page } = await world.begin(browser);
    await enterPassword(browser, page, owner);
    expect(await world.outcome(browser, uidOf(page))).toEqual(noApproval);
    expect(await passkeysOf(world, owner)).toMatchObject([{ data: { counter: 0 } }]);

    block = [];
    await world.restart();
    const again = await askForPasskey(world, owner);
    await again.post(owner.authenticator.get(again.options, origin));
    expect(await world.outcome(again.browser)).toMatchObject({ accountId: owner.id });
  });
});
