/**
 * A48. An authenticator tells by flags whether somebody was there (UP) and was verified (UV), and whether the key may be synced (BE)
 * and is (BS). A thief with a found key has UP without UV; software that imitates a security key changes BE (web-auth
 * GHSA-h4fw-6r7f-w494). UP is always demanded, UV where the level needs it; BE never changes, and BS needs BE (WebAuthn §7.2).
 * Guards: `src/mfa/passkeys/assertion.ts#verifyAssertion`, `src/mfa/passkeys/registration.ts#verifyRegistration`,
 * `src/mfa/passkeys/data.ts#levelOf`.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readAssertion, readRegistration } from '../../src/mfa/passkeys/credential.ts';
import { verifyAssertion } from '../../src/mfa/passkeys/assertion.ts';
import { creationOptions, newPasskeyChallenge, requestOptions } from '../../src/mfa/passkeys/options.ts';
import type { PasskeyPolicy } from '../../src/mfa/passkeys/policy.ts';
import { verifyRegistration } from '../../src/mfa/passkeys/registration.ts';
import type { Flags } from '../support/authenticator/authenticator-data.ts';
import { models, SoftwareAuthenticator } from '../support/authenticator/authenticator.ts';
import { stores } from '../support/world/stores.ts';
import {
  addOwner,
  askForPasskey,
  expectRefused,
  startPasskeyWorld,
  storedOf,
  type Answering,
  type PasskeyOwner,
} from './support/passkey-owners.ts';
import { noApproval, type ThreatWorld } from './support/threat-world.ts';

const bits = [false, true];
const allFlags: readonly Pick<Flags, 'up' | 'uv' | 'be' | 'bs'>[] = bits.flatMap(up =>
  bits.flatMap(uv => bits.flatMap(be => bits.map(bs => ({ up, uv, be, bs })))),
);
const letters = (flags: Partial<Flags>): string =>
  Object.entries(flags)
    .filter(([, isSet]) => isSet)
    .map(([flag]) => flag)
    .join(' ');

describe.each(['preferred', 'required'] as const)('A48 with user verification %s', userVerification => {
  const origin = 'https://login.example.com';
  const policy: PasskeyPolicy = {
    rpId: 'login.example.com',
    attestation: 'none',
    roots: [],
    block: [],
    residentKey: 'preferred',
    userVerification,
  };
  const person = { id: 'ada', name: 'Ada' };
  const register = async (authenticator: SoftwareAuthenticator, flags: Partial<Flags> = {}, isConditional = false) => {
    const challenge = newPasskeyChallenge();
    const asked = creationOptions(policy, { challenge, person, userVerification, exclude: [] });
    const made = authenticator.create(asked as Parameters<SoftwareAuthenticator['create']>[0], origin, { flags });
    const read = readRegistration(JSON.stringify(made));
    if (read === undefined) throw new Error('the registration cannot be read');
    const expected = { challenge, origin, userVerification, now: Date.now(), isConditional };
    return verifyRegistration(read, expected, policy);
  };

  test.each([models.phone, models.securityKey])(
    'A48 of 16 combinations an answer passes with UP, BE as registered, and BS only with BE (%j)',
    async model => {
      const authenticator = new SoftwareAuthenticator(model);
      const registered = await register(authenticator);
      if (!registered.ok) throw new Error('the legitimate registration was refused');
      const passed: string[] = [];
      for (const flags of allFlags) {
        const challenge = newPasskeyChallenge();
        const asked = requestOptions(policy, { challenge, userVerification, allow: [] });
        const made = authenticator.get(asked as Parameters<SoftwareAuthenticator['get']>[0], origin, { flags });
        const read = readAssertion(JSON.stringify(made));
        if (read === undefined) throw new Error('the assertion cannot be read');
        const expected = {
          challenge,
          origin,
          rpId: policy.rpId,
          userId: person.id,
          userHandle: 'optional' as const,
          userVerification,
        };
        const result = await verifyAssertion(read, registered, expected);
        if (result.ok) passed.push(`${letters(flags)}: ${result.acr} ${result.amr.join(' ')}`);
      }
      const verified = model.isSynced
        ? ['up uv be: phr swk user mfa', 'up uv be bs: phr swk user mfa']
        : ['up uv: phr hwk user mfa'];
      const unverified = model.isSynced ? ['up be: mfa swk user', 'up be bs: mfa swk user'] : ['up: mfa hwk user'];
      expect(passed).toEqual(userVerification === 'required' ? verified : [...unverified, ...verified]);
    },
  );

  test.each([
    { rule: 'passes with UP, and BS only with BE', isConditional: false },
    { rule: 'that may have asked nobody passes without UP too', isConditional: true },
  ])('A48 of 16 combinations a registration $rule', async ({ isConditional }) => {
    const passed: string[] = [];
    for (const flags of allFlags) {
      const result = await register(new SoftwareAuthenticator(models.phone), flags, isConditional);
      if (result.ok) passed.push(letters(flags));
    }
    const present = ['up', 'up be', 'up be bs', 'up uv', 'up uv be', 'up uv be bs'];
    const absent = ['', 'be', 'be bs', 'uv', 'uv be', 'uv be bs'];
    const sound = isConditional ? [...absent, ...present] : present;
    expect(passed).toEqual(sound.filter(flags => userVerification === 'preferred' || flags.includes('uv')));
  });
});

/** An answer with these flags changed, under their names. */
const changed = (
  { authenticator }: PasskeyOwner,
  origin: string,
  flags: Partial<Flags>,
): Record<string, Answering> => ({
  [JSON.stringify(flags)]: options => authenticator.get(options, origin, { flags }),
});

describe.each(stores)('A48 on $name', store => {
  let world: ThreatWorld;
  let phone: PasskeyOwner;
  let key: PasskeyOwner;
  let touchOnly: PasskeyOwner;
  let origin: string;
  beforeAll(async () => {
    world = await startPasskeyWorld({ store });
    phone = await addOwner(world, 'phoebe', models.phone);
    key = await addOwner(world, 'keith', models.securityKey);
    touchOnly = await addOwner(world, 'tom', models.touchOnly);
    ({ origin } = world.issuer);
  });
  afterAll(() => world.close());

  test('A48 an answer without presence, or with other backup flags than the key has, is refused and changes nothing', async () => {
    await expectRefused(world, phone, {
      ...changed(phone, origin, { up: false, uv: true }),
      ...changed(phone, origin, { be: false, bs: false, up: true }),
      ...changed(phone, origin, { be: false, bs: true }),
    });
    await expectRefused(world, key, {
      ...changed(key, origin, { be: true, bs: false }),
      ...changed(key, origin, { bs: true }),
    });
  });

  test('A48 without user verification the token says so, and a client that asks for more gets no approval', async () => {
    const asked = await askForPasskey(world, key);
    await asked.post(key.authenticator.get(asked.options, origin, { flags: { uv: false } }));
    expect(await world.session(asked.browser)).toMatchObject({
      accountId: key.id,
      acr: 'mfa',
      amr: ['pwd', 'hwk', 'user', 'mfa'],
    });

    const verified = await askForPasskey(world, key, { acr_values: 'phr' });
    expect(verified.options.userVerification).toBe('required');
    const before = await storedOf(world, key);
    const { status } = await verified.post(key.authenticator.get(verified.options, origin, { flags: { uv: false } }));
    expect([status, await world.outcome(verified.browser, verified.uid), await storedOf(world, key)]).toEqual([
      422,
      noApproval,
      before,
    ]);
    await verified.post(key.authenticator.get(verified.options, origin));
    expect(await world.session(verified.browser)).toMatchObject({ accountId: key.id, acr: 'phr' });
  });

  test('A48 a key that was registered by touch alone never reaches more than mfa, whatever it claims later', async () => {
    const asked = await askForPasskey(world, touchOnly);
    await asked.post(touchOnly.authenticator.get(asked.options, origin, { flags: { uv: true } }));
    expect(await world.session(asked.browser)).toMatchObject({ accountId: touchOnly.id, acr: 'mfa' });
  });
});
