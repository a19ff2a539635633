/**
 * A53. Mallory registers a credential under the id of Alice's passkey, so that her answers lead to his account, or hers is replaced.
 * An id is bound once, for whomever, and is at most 1,023 bytes long (WebAuthn §7.1 steps 25 and 26).
 * Guards: `src/mfa/passkeys/registration.ts#verifyRegistration`, `src/mfa/authenticators.ts#bind`, whose handle is unique in the store.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { heading } from '../support/browser/plain.ts';
import { createKey } from '../support/authenticator/keys.ts';
import { models, SoftwareAuthenticator, type CreationChanges } from '../support/authenticator/authenticator.ts';
import { everyStore } from '../support/world/stores.ts';
import { addAccount, atTheList, type Account } from './support/newcomers.ts';
import {
  addOwner,
  askForPasskey,
  beginRegistration,
  creationOptionsOf,
  passkeysOf,
  startPasskeyWorld,
  storedOf,
  type PasskeyOwner,
} from './support/passkey-owners.ts';
import type { ThreatWorld } from './support/threat-world.ts';

describe.each(everyStore)('A53 on $name', store => {
  let world: ThreatWorld;
  let alice: PasskeyOwner;
  let mallory: Account;
  let origin: string;
  beforeAll(async () => {
    world = await startPasskeyWorld({ store, nodes: 2, env: { SALLYPORT_REQUIRED_METHODS: '1' } });
    alice = await addOwner(world, 'alice');
    mallory = await addAccount(world, 'mallory');
    ({ origin } = world.issuer);
  });
  afterAll(() => world.close());

  const registerAs = async (
    account: Account,
    changes: CreationChanges,
    authenticator = new SoftwareAuthenticator(),
  ) => {
    const { options, post } = await beginRegistration(world, account);
    return post(authenticator.create(options, origin, { ...changes, ignoresExcluded: true }));
  };

  test('A53 the id of somebody’s passkey is refused for everybody, with their key or another, and the passkey stays', async () => {
    const [hers] = alice.authenticator.credentials;
    if (hers === undefined) throw new Error('she has a passkey');
    const before = [await storedOf(world, alice), await storedOf(world, mallory)];
    for (const account of [mallory, alice]) {
      for (const key of [hers.key, createKey('ES256')]) {
        expect(await registerAs(account, { credential: { id: hers.id, key } })).toMatchObject({ ok: false });
      }
    }
    expect([await storedOf(world, alice), await storedOf(world, mallory)]).toEqual(before);
    const asked = await askForPasskey(world, alice);
    await asked.post(alice.authenticator.get(asked.options, origin));
    expect(await world.outcome(asked.browser)).toMatchObject({ accountId: alice.id });
  });

  test('A53 an id in the JSON that is not the attested one is refused', async () => {
    const { options, post } = await beginRegistration(world, mallory);
    const made = new SoftwareAuthenticator().create(options, origin);
    const [hers] = alice.authenticator.credentials;
    for (const id of [hers?.id ?? '', 'AAAA'])
      expect(await post({ ...made, id, rawId: id })).toMatchObject({ ok: false });
    expect(await passkeysOf(world, mallory)).toEqual([]);
  });

  test('A53 an id of 1,023 bytes is bound and signs in, and one of 1,024 or none is refused', async () => {
    const owner = { ...(await addAccount(world, 'leo')), authenticator: new SoftwareAuthenticator(models.phone) };
    for (const length of [1024, 0]) {
      expect(await registerAs(owner, { id: Buffer.alloc(length, 7) })).toMatchObject({ ok: false });
    }
    expect(await passkeysOf(world, owner)).toEqual([]);
    expect(await registerAs(owner, { id: Buffer.alloc(1023, 7) }, owner.authenticator)).toMatchObject({ ok: true });
    const asked = await askForPasskey(world, owner);
    await asked.post(owner.authenticator.get(asked.options, origin));
    expect(await world.outcome(asked.browser)).toMatchObject({ accountId: owner.id });
  });

  test('A53 of twenty people who register one id at once, one has it', async () => {
    const key = createKey('ES256');
    const people = await Promise.all(Array.from({ length: 20 }, async (_, at) => addAccount(world, `racer${at}`)));
    const begun = await Promise.all(people.map(async person => beginRegistration(world, person)));
    const id = Buffer.alloc(32, 9).toString('base64url');
    const results = await Promise.allSettled(
      begun.map(async ({ options, post }) =>
        post(new SoftwareAuthenticator().create(options, origin, { credential: { id, key } })),
      ),
    );
    const bound = (await Promise.all(people.map(async person => passkeysOf(world, person)))).flat();
    expect(bound).toMatchObject([{ handle: id }]);
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
  });

  test('A53 the passkeys of a person are excluded from the next registration', async () => {
    const { options } = await beginRegistration(world, alice);
    expect(() => alice.authenticator.create(options, origin)).toThrow(
      expect.objectContaining({ name: 'InvalidStateError' }),
    );
  });

  test('A53 on the pages the id of somebody’s passkey is refused with a page, and another one is then bound', async () => {
    const account = await addAccount(world, 'nico');
    const { browser, person, page, uid } = await atTheList(world, account);
    await person.choose(page, 'passkey');
    const options = await creationOptionsOf(world, uid);
    const authenticator = new SoftwareAuthenticator();
    const post = async (changes: CreationChanges) =>
      browser.visit(`/interaction/${uid}/enroll/answer`, {
        form: { credential: JSON.stringify(authenticator.create(options, origin, changes)) },
      });
    const [hers] = alice.authenticator.credentials;
    const before = await storedOf(world, alice);
    const refused = await post(hers === undefined ? {} : { credential: { id: hers.id, key: createKey('ES256') } });
    expect([refused.status, heading(refused)]).toEqual([422, expect.any(String)]);
    expect([await passkeysOf(world, account), await storedOf(world, alice)]).toEqual([[], before]);
    expect((await post({ clientData: { origin: 'https://evil.example' }, ignoresExcluded: true })).status).toBe(422);
    expect(await passkeysOf(world, account)).toEqual([]);
    await post({ ignoresExcluded: true });
    expect(await passkeysOf(world, account)).toMatchObject([{ type: 'passkey' }]);
  });
});
