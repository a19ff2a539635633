/**
 * A50. Mallory knows Alice's password and answers for her with a passkey of his own, under his id or hers, with his user handle or
 * hers; or with a passkey that Alice has removed. Only passkeys that Alice has now count, by id, key and user handle (WebAuthn §7.2
 * steps 5 and 6).
 * Guards: `src/mfa/passkeys/assertion.ts#verifyAssertion`, `src/mfa/authenticators.ts#of`.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AuthenticationResponseJSON } from '@simplewebauthn/server';
import { userHandleOf } from '../../src/mfa/passkeys/options.ts';
import { stores } from '../support/world/stores.ts';
import {
  addOwner,
  askForPasskey,
  beginRegistration,
  expectRefused,
  passkeysOf,
  startPasskeyWorld,
  storedOf,
  type PasskeyOwner,
} from './support/passkey-owners.ts';
import { noApproval, type ThreatWorld } from './support/threat-world.ts';

/** The same answer with another user handle; undefined: without one. */
const withHandle = (answer: AuthenticationResponseJSON, userHandle: string | undefined): unknown => {
  const { userHandle: _own, ...response } = answer.response;
  return { ...answer, response: { ...response, ...(userHandle !== undefined && { userHandle }) } };
};
const withId = (answer: AuthenticationResponseJSON, id: string): AuthenticationResponseJSON => ({
  ...answer,
  id,
  rawId: id,
});

describe.each(stores)('A50 on $name', store => {
  let world: ThreatWorld;
  let alice: PasskeyOwner;
  let mallory: PasskeyOwner;
  let origin: string;
  beforeAll(async () => {
    world = await startPasskeyWorld({ store });
    alice = await addOwner(world, 'alice');
    mallory = await addOwner(world, 'mallory');
    ({ origin } = world.issuer);
  });
  afterAll(() => world.close());

  test('A50 a passkey of another person is refused, under any id and user handle', async () => {
    const [hers] = alice.authenticator.credentials;
    const [his] = mallory.authenticator.credentials;
    if (hers === undefined || his === undefined) throw new Error('both have a passkey');
    const malicious = (options: Parameters<typeof mallory.authenticator.get>[0]) =>
      mallory.authenticator.get(options, origin, { credential: his });
    await expectRefused(world, alice, {
      'his id and handle': malicious,
      'his id, her handle': options => withHandle(malicious(options), userHandleOf(alice.id)),
      'his id, no handle': options => withHandle(malicious(options), undefined),
      'her id, his handle': options => withId(malicious(options), hers.id),
      'her id and handle': options => withHandle(withId(malicious(options), hers.id), userHandleOf(alice.id)),
      'her id, no handle': options => withHandle(withId(malicious(options), hers.id), undefined),
      'her key, his handle': options => withHandle(alice.authenticator.get(options, origin), userHandleOf(mallory.id)),
      'her key, a handle in other letters': options =>
        withHandle(alice.authenticator.get(options, origin), userHandleOf(alice.id.toUpperCase())),
      'an unknown id': options => withId(malicious(options), 'AAAA'),
    });
    const before = await storedOf(world, mallory);
    expect(before.authenticators).toMatchObject([{ rev: 1 }]);
  });

  test('A50 an answer without a user handle is right where the account is known', async () => {
    const asked = await askForPasskey(world, alice);
    expect(asked.options.allowCredentials?.map(({ id }) => id)).toEqual(
      alice.authenticator.credentials.map(({ id }) => id),
    );
    await asked.post(withHandle(alice.authenticator.get(asked.options, origin), undefined));
    expect(await world.outcome(asked.browser)).toMatchObject({ accountId: alice.id });
  });

  test('A50 a passkey that was removed is refused, also by a sign-in that had asked for it', async () => {
    const { options, post } = await beginRegistration(world, alice);
    const second = alice.authenticator.clone();
    await post(second.create(options, origin, { ignoresExcluded: true }));
    const [lost] = second.credentials;
    const asked = await askForPasskey(world, alice);
    expect(asked.options.allowCredentials).toHaveLength(2);
    const bound = (await passkeysOf(world, alice)).find(({ handle }) => handle === lost?.id);
    await world.services.authenticatorRemoval.remove(alice.id, bound?.id ?? '');

    await asked.post(second.get(asked.options, origin, { ...(lost !== undefined && { credential: lost }) }));
    expect(await world.outcome(asked.browser, asked.uid)).toEqual(noApproval);
    await asked.post(alice.authenticator.get(asked.options, origin));
    expect(await world.outcome(asked.browser)).toMatchObject({ accountId: alice.id });
  });
});
