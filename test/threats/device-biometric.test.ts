/**
 * NIST 3.2.10. A thief has the unlocked phone, and the app's key with it, but not the finger or face of its owner. They leave the
 * biometric out, or use one that the owner gave for another request or number, or one without a check of the person. The server
 * verifies the credential of the pairing over request, nonce, decision and number, with user verification (WebAuthn §7.2).
 * Guards: `src/mfa/push/unlocking.ts#unlocked`, `src/mfa/push/protocol.ts#unlockText`.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readJwt } from '../support/phone/jwt.ts';
import type { Doing } from '../support/phone/phone.ts';
import { pairPhone } from '../support/world/phones.ts';
import { addAccount } from './support/newcomers.ts';
import {
  askByPush,
  expectApproved,
  expectNotApproved,
  otherThan,
  ringing,
  startPhoneWorld,
  type PhoneOwner,
} from './support/phone-owners.ts';
import type { ThreatWorld } from './support/threat-world.ts';

let world: ThreatWorld;
let owner: PhoneOwner;
beforeAll(async () => {
  world = await startPhoneWorld({ env: { SALLYPORT_PUSH_UNLOCK: 'biometric' } });
  const account = await addAccount(world, 'owner');
  const { phone, id } = await pairPhone(world, account.id);
  owner = { ...account, phone, device: id };
});
afterAll(() => world.close());

test('NIST 3.2.10 an answer without the biometric of this request and number does not approve', async () => {
  const { phone } = owner;
  const first = await askByPush(world, owner);
  const earlier = await ringing(owner, first);
  const recorded = readJwt(phone.sign(earlier.request, earlier.right)).claims['assertion'];
  await expectApproved(world, owner, first);
  expect((await world.outcome(first.browser)).amr).toContain('user');

  world.clock.advance(600_000);
  const asked = await askByPush(world, owner);
  const { request, right } = await ringing(owner, asked);
  const assertionOver = (doing: Doing, biometric: typeof phone.biometric = {}): unknown => {
    phone.biometric = biometric;
    const { assertion } = readJwt(phone.sign(request, doing)).claims;
    phone.biometric = {};
    return assertion;
  };
  const wrong = {
    none: undefined,
    'of an earlier request': recorded,
    'of another number': assertionOver({ ...right, number: otherThan(asked.shown) }),
    'without a check of the person': assertionOver(right, { flags: { uv: false } }),
    'of another website': assertionOver(right, { clientData: { origin: 'https://login.example.com' } }),
    'of a registration': assertionOver(right, { clientData: { type: 'webauthn.create' } }),
    'that is no credential': '{}',
  };
  for (const [what, assertion] of Object.entries(wrong)) {
    const { status, body } = await phone.answer(request, right, { answer: { claims: { assertion } } });
    expect([what, status, body]).toEqual([what, 200, { result: 'not-unlocked' }]);
  }
  await expectNotApproved(world, asked);
  await expectApproved(world, owner, asked);
});
