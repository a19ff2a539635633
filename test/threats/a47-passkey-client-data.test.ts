/**
 * A47. A page of an attacker asks the victim's browser for a passkey, and passes the answer on to us. The browser writes into the
 * answer who asked, for what and in which frame, and the authenticator signs it. Each of these members must be compared: type,
 * challenge, origin, frame and RP ID (WebAuthn §7.1, §7.2). An origin is compared whole, never by its beginning or end.
 * Guards: `src/mfa/passkeys/assertion.ts#verifyAssertion`, `src/mfa/passkeys/registration.ts#verifyRegistration`,
 * `src/mfa/passkeys/client-data.ts#isTopLevel`.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import type { Changes } from '../support/authenticator/authenticator.ts';
import { stores } from '../support/world/stores.ts';
import {
  addOwner,
  auditedAnswers,
  beginRegistration,
  expectRefused,
  startPasskeyWorld,
  storedOf,
  type PasskeyOwner,
} from './support/passkey-owners.ts';
import type { ThreatWorld } from './support/threat-world.ts';

/** Members of the client data that are wrong for a page of `origin`, by what is wrong. `type`: that of the other ceremony. */
const wrongClientData = (origin: string, otherType: string): Readonly<Record<string, Changes>> => {
  const { host, port } = new URL(origin);
  const origins = [
    origin.replace(port, String(Number(port) + 1)),
    `http://login.${host}`,
    `http://${host}.idp.example.evil`,
    `http://idp.example.evil/${host}`,
    `http://evil-${host}`,
    `http://${host}@evil.example`,
    `http://xn--lcalhost-54a:${port}`,
    `https://${host}`,
    `${origin}/`,
    origin.toUpperCase(),
    'null',
    '',
    'android:apk-key-hash:Yd0T3xEvyJ0vvPpPXmJKkS8UZsZ3lBhTq4dJx0zV0hQ',
  ];
  const members: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    'the type of the other ceremony': { type: otherType },
    'the type of a payment': { type: 'payment.get' },
    'no type': { type: undefined },
    'another challenge': { challenge: randomBytes(32).toString('base64url') },
    'an empty challenge': { challenge: '' },
    'no challenge': { challenge: undefined },
    'a list of origins': { origin: [origin] },
    'no origin': { origin: undefined },
    'the frame of another site': { crossOrigin: true, topOrigin: 'https://evil.example' },
    'a frame of an unknown site': { crossOrigin: true },
    'a frame of our own': { crossOrigin: true, topOrigin: origin },
    'a site around no frame': { crossOrigin: false, topOrigin: 'https://evil.example' },
    'a frame in other words': { crossOrigin: 'true' },
  };
  return {
    ...Object.fromEntries(origins.map(each => [`the origin "${each}"`, { clientData: { origin: each } }])),
    ...Object.fromEntries(Object.entries(members).map(([what, clientData]) => [what, { clientData }])),
    ...Object.fromEntries(
      ['', 'example.com', 'login.localhost', 'LOCALHOST', origin].map(rpId => [`the RP ID "${rpId}"`, { rpId }]),
    ),
  };
};

describe.each(stores)('A47 on $name', store => {
  let world: ThreatWorld;
  let owner: PasskeyOwner;
  let origin: string;
  beforeAll(async () => {
    world = await startPasskeyWorld({ store });
    owner = await addOwner(world, 'olga');
    ({ origin } = world.issuer);
  });
  afterAll(() => world.close());

  test('A47 an answer to another page, question, frame or RP ID is refused, and changes nothing', async () => {
    const wrong = Object.entries(wrongClientData(origin, 'webauthn.create'));
    await expectRefused(
      world,
      owner,
      Object.fromEntries(
        wrong.map(([what, changes]) => [what, options => owner.authenticator.get(options, origin, changes)]),
      ),
    );
    const answers = await auditedAnswers(world, owner);
    expect(answers.filter(each => each === 'wrong')).toHaveLength(wrong.length);
  });

  test('A47 a registration for another page, question, frame or RP ID is refused, and binds nothing', async () => {
    for (const [what, changes] of Object.entries(wrongClientData(origin, 'webauthn.get'))) {
      const { options, post } = await beginRegistration(world, owner);
      const before = await storedOf(world, owner);
      const second = owner.authenticator.clone();
      const made = { ...changes, ignoresExcluded: true };
      expect([what, await post(second.create(options, origin, made))]).toMatchObject([what, { ok: false }]);
      expect([what, await storedOf(world, owner)]).toEqual([what, before]);
    }
    const { options, post } = await beginRegistration(world, owner);
    const right = owner.authenticator.clone().create(options, origin, { ignoresExcluded: true });
    expect(await post(right)).toMatchObject({ ok: true });
  });
});
