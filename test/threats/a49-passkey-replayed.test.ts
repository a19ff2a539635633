/**
 * A49. An answer of a passkey is recorded and sent again: to the same sign-in, to another one, later, or fifty times at once to two
 * nodes. A challenge has 256 random bits, is kept on the server, belongs to one sign-in, ends after five minutes, and one answer
 * to it counts (WebAuthn §13.4.3, ASVS 6.7.2).
 * Guards: `src/mfa/passkeys/options.ts#newPasskeyChallenge`, `src/mfa/challenge/store.ts#pass`,
 * `src/mfa/authenticator-data.ts#burning`, which one of many wins.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { models, type Model } from '../support/authenticator/authenticator.ts';
import { stores } from '../support/world/stores.ts';
import {
  addOwner,
  askForPasskey,
  auditedAnswers,
  beginRegistration,
  passkeysOf,
  startPasskeyWorld,
  storedOf,
} from './support/passkey-owners.ts';
import { noApproval, type ThreatWorld } from './support/threat-world.ts';

const fiveMinutes = 300_000;

describe.each(stores)('A49 on $name', store => {
  let world: ThreatWorld;
  let origin: string;
  beforeAll(async () => {
    world = await startPasskeyWorld({ store, nodes: 2 });
    ({ origin } = world.issuer);
  });
  afterAll(() => world.close());
  let count = 0;
  const newOwner = async (model?: Model) => {
    count += 1;
    return addOwner(world, `owner${count}`, model);
  };

  test('A49 each sign-in has a challenge of its own of 32 bytes', async () => {
    const owner = await newOwner();
    const asked = [await askForPasskey(world, owner), await askForPasskey(world, owner)];
    const challenges = asked.map(({ options }) => options.challenge);
    expect(challenges.map(each => Buffer.from(each, 'base64url').length)).toEqual([32, 32]);
    expect(new Set(challenges).size).toBe(2);
  });

  test.each(Object.entries(models))(
    'A49 an answer of the %s that signed in is refused again, there and elsewhere',
    async (_name, model) => {
      const owner = await newOwner(model);
      const first = await askForPasskey(world, owner);
      const other = await askForPasskey(world, owner);
      const recorded = owner.authenticator.get(first.options, origin);
      await first.post(recorded);
      expect(await world.outcome(first.browser)).toMatchObject({ codes: [expect.any(String)], accountId: owner.id });

      const before = await storedOf(world, owner);
      await first.post(recorded);
      expect(first.browser.codes).toHaveLength(1);
      expect((await other.post(recorded)).status).toBe(422);
      expect(await world.outcome(other.browser, other.uid)).toEqual(noApproval);
      expect(await storedOf(world, owner)).toEqual(before);
      expect(await auditedAnswers(world, owner)).toEqual(['wrong', 'passed']);
    },
  );

  test('A49 an answer that comes after five minutes is refused, and the next challenge is another one', async () => {
    const owner = await newOwner();
    const asked = await askForPasskey(world, owner);
    const late = owner.authenticator.get(asked.options, origin);
    const before = await storedOf(world, owner);
    world.clock.advance(fiveMinutes + 1);
    await asked.post(late);
    expect(await world.outcome(asked.browser, asked.uid)).toEqual(noApproval);
    expect(await storedOf(world, owner)).toEqual(before);
  });

  test('A49 of fifty posts of one answer to two nodes one signs in', async () => {
    const owner = await newOwner(models.securityKey);
    const asked = await askForPasskey(world, owner);
    const answer = owner.authenticator.get(asked.options, origin);
    await Promise.all(Array.from({ length: 50 }, async (_, at) => asked.post(answer, at % 2)));
    expect(
      await world.audited('sign-in.finished').then(all => all.filter(({ subject }) => subject === owner.id)),
    ).toHaveLength(1);
    expect((await auditedAnswers(world, owner)).filter(each => each === 'passed')).toHaveLength(1);
    expect(await passkeysOf(world, owner)).toMatchObject([{ data: { counter: 1 } }]);
    expect(await world.audited('factor.copied')).toEqual([]);
  });

  test('A49 a recorded registration binds nothing in another ceremony, not even its own again', async () => {
    const owner = await newOwner();
    const [one, two] = [await beginRegistration(world, owner), await beginRegistration(world, owner)];
    const made = owner.authenticator.clone().create(one.options, origin, { ignoresExcluded: true });
    expect(await two.post(made)).toMatchObject({ ok: false });
    expect(await passkeysOf(world, owner)).toHaveLength(1);
    expect(await one.post(made)).toMatchObject({ ok: true });
    expect(await one.post(made)).toMatchObject({ ok: false });
    expect(await passkeysOf(world, owner)).toHaveLength(2);
  });
});
