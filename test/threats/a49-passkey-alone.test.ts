/**
 * A49. At the first page of a sign-in any passkey may answer, so that its challenge belongs to no account and is kept by the page, in
 * a sealed ticket. A47: it is answered for another page. A48: by a found key that checked nobody. A49: a ticket is used again, in
 * another sign-in or browser, late, or fifty times at once. A50: for another account. A52: by a copied key.
 * Guards: `src/mfa/passkey-sign-in.ts#PasskeySignIn`, `src/mfa/passkey-ticket.ts#openTicket`,
 * `src/mfa/passkey-ticket.ts#burnTicket`, `src/mfa/passkeys/assertion.ts#verifyAssertion`.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { userHandleOf } from '../../src/mfa/passkeys/options.ts';
import { createKey } from '../support/authenticator/keys.ts';
import { models, type RequestChanges } from '../support/authenticator/authenticator.ts';
import { stores } from '../support/world/stores.ts';
import {
  addOwner,
  offerToAnybody,
  passkeysOf,
  startPasskeyWorld,
  storedOf,
  type OfferedToAnybody,
  type PasskeyOwner,
} from './support/passkey-owners.ts';
import { noApproval, type ThreatWorld } from './support/threat-world.ts';

const fiveMinutes = 300_000;

describe.each(stores)('A49 on $name', store => {
  let world: ThreatWorld;
  let origin: string;
  let count = 0;
  const newOwner = async (model = models.phone) => {
    count += 1;
    return addOwner(world, `owner${count}`, model);
  };
  beforeAll(async () => {
    world = await startPasskeyWorld({ store, nodes: 2 });
    ({ origin } = world.issuer);
  });
  afterAll(() => world.close());
  // Wrong answers of one address are limited.
  beforeEach(() => world.nextDay());

  const expectNothing = async (
    offered: OfferedToAnybody,
    owner: PasskeyOwner,
    what: string,
    answer: Promise<{ status: number }>,
  ) => {
    const before = await storedOf(world, owner);
    const { status } = await answer;
    const after = {
      status,
      outcome: await world.outcome(offered.browser, offered.uid),
      stored: await storedOf(world, owner),
    };
    expect([what, after]).toEqual([what, { status: 422, outcome: noApproval, stored: before }]);
  };
  const expectSignedIn = async ({ browser }: OfferedToAnybody, { id }: PasskeyOwner) =>
    expect(await world.session(browser)).toMatchObject({ accountId: id, acr: 'phr' });

  test('A47 A48 A50 a wrong answer at the first page signs nobody in, and changes nothing', async () => {
    const [owner, other] = [await newOwner(models.securityKey), await newOwner(models.securityKey)];
    const [his] = other.authenticator.credentials;
    const answer = ({ options }: OfferedToAnybody, changes?: RequestChanges) =>
      owner.authenticator.get(options, origin, changes);
    const withHandle = (offered: OfferedToAnybody, userHandle: string | null) => {
      const right = answer(offered);
      return { ...right, response: { ...right.response, userHandle } };
    };
    const wrong: Readonly<Record<string, (offered: OfferedToAnybody) => unknown>> = {
      'for another origin': offered => answer(offered, { clientData: { origin: 'http://localhost.evil.example' } }),
      'for another question': offered => answer(offered, { clientData: { type: 'webauthn.create' } }),
      'in a frame': offered =>
        answer(offered, { clientData: { crossOrigin: true, topOrigin: 'https://evil.example' } }),
      'for another RP ID': offered => answer(offered, { rpId: 'example.com' }),
      'for a challenge of its own': offered => answer(offered, { clientData: { challenge: 'AAAA' } }),
      'without presence': offered => answer(offered, { flags: { up: false } }),
      'without user verification': offered => answer(offered, { flags: { uv: false } }),
      'that claims to be synced': offered => answer(offered, { flags: { be: true } }),
      'signed by another key': offered => answer(offered, { signedBy: createKey('ES256') }),
      'without user handle': offered => withHandle(offered, null),
      'with the handle of another person': offered => withHandle(offered, userHandleOf(other.id)),
      'under the id of another person': offered => ({ ...answer(offered), id: his?.id, rawId: his?.id }),
      'under an unknown id': offered => ({ ...answer(offered), id: 'AAAA', rawId: 'AAAA' }),
      'that is no credential': () => [],
    };
    for (const [what, make] of Object.entries(wrong)) {
      const offered = await offerToAnybody(world);
      await expectNothing(offered, owner, what, offered.post(make(offered)));
    }
    const offered = await offerToAnybody(world);
    await offered.post(answer(offered));
    await expectSignedIn(offered, owner);
    expect(await storedOf(world, other)).toMatchObject({ authenticators: [{ rev: 1 }] });
  });

  test('A48 a key that was registered by touch alone signs in beside a password only', async () => {
    const owner = await newOwner({ ...models.touchOnly, isDiscoverable: true });
    const offered = await offerToAnybody(world);
    const options = { ...offered.options, userVerification: 'discouraged' as const };
    const claimed = owner.authenticator.get(options, origin, { flags: { uv: true } });
    await expectNothing(offered, owner, 'registered by touch', offered.post(claimed));
  });

  test('A49 a ticket is good for one answer, right or wrong, in its sign-in and browser, for five minutes', async () => {
    const owner = await newOwner();
    const right = (offered: OfferedToAnybody) => owner.authenticator.get(offered.options, origin);

    const used = await offerToAnybody(world);
    await used.post(right(used));
    await expectSignedIn(used, owner);
    const stored = await storedOf(world, owner);
    await used.post(right(used));
    expect([used.browser.codes.length, await storedOf(world, owner)]).toEqual([1, stored]);

    const failed = await offerToAnybody(world);
    await failed.post(owner.authenticator.get(failed.options, origin, { flags: { up: false } }));
    await expectNothing(failed, owner, 'after a wrong answer', failed.post(right(failed)));

    const two = await offerToAnybody(world);
    for (const one of [await offerToAnybody(world), await offerToAnybody(world, two.browser)]) {
      await expectNothing(two, owner, 'in another sign-in', two.post(right(one), { ticket: one.ticket }));
      await expectNothing(two, owner, 'with another ticket', two.post(right(two), { ticket: one.ticket }));
    }
    const forged = two.ticket.replace(/.(?=.{40}$)/, letter => (letter === 'A' ? 'B' : 'A'));
    for (const ticket of ['', 'AAAA', forged, two.ticket.slice(0, -4)]) {
      await expectNothing(two, owner, `with the ticket "${ticket}"`, two.post(right(two), { ticket }));
    }
    // None of these used up the ticket of either.
    await two.post(right(two));
    await expectSignedIn(two, owner);

    const late = await offerToAnybody(world);
    const answer = right(late);
    world.clock.advance(fiveMinutes);
    await expectNothing(late, owner, 'late', late.post(answer));
  });

  test('A49 a ticket that is planted in another browser is refused there', async () => {
    const owner = await newOwner();
    const offered = await offerToAnybody(world);
    const answer = owner.authenticator.get(offered.options, origin);
    const thief = await offerToAnybody(world);
    // The cookie of the interaction is copied, the secret of the browser stays where it is.
    thief.browser.jar.take(
      offered.browser.jar.cookies
        .filter(({ name }) => name.includes('interaction') || name.includes('request'))
        .map(({ name, value, path }) => `${name}=${value}; path=${path}`),
    );
    await thief.browser.visit(`/interaction/${offered.uid}/passkey`, {
      form: { ticket: offered.ticket, credential: JSON.stringify(answer) },
    });
    expect(await world.outcome(thief.browser, offered.uid)).toEqual(noApproval);
    await offered.post(answer);
    await expectSignedIn(offered, owner);
  });

  test('A49 of fifty posts of one answer to two nodes one signs in', async () => {
    const owner = await newOwner(models.securityKey);
    const offered = await offerToAnybody(world);
    const answer = owner.authenticator.get(offered.options, origin);
    await Promise.all(Array.from({ length: 50 }, async (_, at) => offered.post(answer, {}, at % 2)));
    const finished = (await world.audited('sign-in.finished')).filter(({ subject }) => subject === owner.id);
    expect(finished).toHaveLength(1);
    expect(await passkeysOf(world, owner)).toMatchObject([{ data: { counter: 1 } }]);
    expect(await world.audited('factor.copied')).toEqual([]);
  });

  test('A50 a right answer beside the name of another account, known or not, signs nobody in', async () => {
    const [owner, other] = [await newOwner(), await newOwner()];
    for (const name of [other.name, 'nobody-has-this-name']) {
      const offered = await offerToAnybody(world);
      const answer = owner.authenticator.get(offered.options, origin);
      await expectNothing(offered, owner, name, offered.post(answer, { name }));
    }
    const offered = await offerToAnybody(world);
    await offered.post(owner.authenticator.get(offered.options, origin), { name: owner.name.toUpperCase() });
    await expectSignedIn(offered, owner);
  });

  test('A52 a counter that does not rise signs nobody in, and the owner is told', async () => {
    const owner = await newOwner(models.securityKey);
    const copy = owner.authenticator.clone();
    const first = await offerToAnybody(world);
    await first.post(copy.get(first.options, origin));
    await expectSignedIn(first, owner);
    const second = await offerToAnybody(world);
    await expectNothing(second, owner, 'copied', second.post(owner.authenticator.get(second.options, origin)));
    expect((await world.audited('factor.copied')).filter(({ subject }) => subject === owner.id)).toHaveLength(1);
    const told = (await world.audited('notice.sent')).filter(({ subject }) => subject === owner.id);
    expect(told.map(({ facts }) => facts?.['notice'])).toContain('passkey-copied');
  });
});
