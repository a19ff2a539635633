/**
 * A52. Somebody copied the key out of an authenticator. Its counter and that of the copy rise apart, so that one of them answers with
 * a number that was seen before. Such an answer is refused, its counter is not stored, and the owner is told. Authenticators
 * without a counter always say 0, and go on (WebAuthn §7.2 step 22).
 * Guards: `src/mfa/passkeys/assertion.ts#verifyAssertion`, `src/mfa/challenge/verification.ts#verify`.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createKey } from '../support/authenticator/keys.ts';
import { models } from '../support/authenticator/authenticator.ts';
import { stores } from '../support/world/stores.ts';
import {
  addOwner,
  askForPasskey,
  auditedAnswers,
  passkeysOf,
  startPasskeyWorld,
  storedOf,
  type PasskeyOwner,
} from './support/passkey-owners.ts';
import { noApproval, type ThreatWorld } from './support/threat-world.ts';

describe.each(stores)('A52 on $name', store => {
  let world: ThreatWorld;
  let origin: string;
  beforeAll(async () => {
    world = await startPasskeyWorld({ store });
    ({ origin } = world.issuer);
  });
  afterAll(() => world.close());

  const signInWith = async (owner: PasskeyOwner, authenticator = owner.authenticator, counter?: number) => {
    const asked = await askForPasskey(world, owner);
    const { status } = await asked.post(
      authenticator.get(asked.options, origin, { ...(counter !== undefined && { counter }) }),
    );
    return { status, ...(await world.outcome(asked.browser, asked.uid)) };
  };
  const countersOf = async (owner: PasskeyOwner) =>
    (await passkeysOf(world, owner)).map(({ data }) => (data as { readonly counter: number }).counter);
  const toldAbout = async ({ id }: PasskeyOwner) =>
    (await world.audited('notice.sent')).filter(
      ({ subject, facts }) => subject === id && facts?.['notice'] === 'passkey-copied',
    );

  test('A52 a counter that repeats or falls is refused and not stored, and the owner is told once', async () => {
    const owner = await addOwner(world, 'carol', models.securityKey);
    expect(await signInWith(owner, owner.authenticator, 5)).toMatchObject({ accountId: owner.id });
    expect(await countersOf(owner)).toEqual([5]);
    const before = await storedOf(world, owner);
    for (const counter of [5, 4, 1, 0]) {
      expect(await signInWith(owner, owner.authenticator, counter)).toEqual({ status: 422, ...noApproval });
      expect(await storedOf(world, owner)).toEqual(before);
    }
    expect(await auditedAnswers(world, owner)).toEqual(['copied', 'copied', 'copied', 'copied', 'passed']);
    expect(await toldAbout(owner)).toHaveLength(1);
    expect(await signInWith(owner, owner.authenticator, 6)).toMatchObject({ accountId: owner.id });
    expect(await countersOf(owner)).toEqual([6]);
  });

  test('A52 the copy of a key is found out at the second use, whichever of the two comes first', async () => {
    const owner = await addOwner(world, 'dave', models.securityKey);
    const copy = owner.authenticator.clone();
    expect(await signInWith(owner, copy)).toMatchObject({ accountId: owner.id });
    expect(await signInWith(owner)).toMatchObject({ status: 422, ...noApproval });
    expect(await toldAbout(owner)).toHaveLength(1);
    const event = (await world.audited('factor.copied')).find(({ subject }) => subject === owner.id);
    const [passkey] = await passkeysOf(world, owner);
    expect(event).toMatchObject({ outcome: 'refused', facts: { authenticator: passkey?.id } });
  });

  test('A52 a counter of 0 signs in again and again, and one that rises from 0 is stored', async () => {
    const owner = await addOwner(world, 'erin', models.phone);
    for (const counter of [0, 0, 0, 7]) {
      expect(await signInWith(owner, owner.authenticator, counter)).toMatchObject({ accountId: owner.id });
    }
    expect(await countersOf(owner)).toEqual([7]);
    expect(await signInWith(owner, owner.authenticator, 0)).toMatchObject(noApproval);
    expect(await countersOf(owner)).toEqual([7]);
  });

  test('A52 somebody without the key cannot make it look copied', async () => {
    const owner = await addOwner(world, 'frank', models.securityKey);
    await signInWith(owner, owner.authenticator, 9);
    const asked = await askForPasskey(world, owner);
    const forged = owner.authenticator.clone().get(asked.options, origin, { counter: 1, signedBy: createKey('ES256') });
    expect((await asked.post(forged)).status).toBe(422);
    expect(await auditedAnswers(world, owner)).toEqual(['wrong', 'passed']);
    expect(await toldAbout(owner)).toEqual([]);
  });
});
