/**
 * A41. Somebody without the key of a person's phone answers its request: with another key, another device, changed claims or bytes,
 * another algorithm, or an answer of an earlier request. Or they send a call of the phone again, to another address or with another
 * body. Both JWTs of a call are verified whole before anything is looked up, and a call counts once (ASVS 6.7.2,
 * NIST SP 800-63B-4 §3.1.6, RFC 8725).
 * Guards: `src/mfa/push/device-proof.ts#verifyProof`, `src/mfa/push/answers.ts#readAnswer`, `src/mfa/push/answers.ts#isAnswerTo`,
 * `src/mfa/challenge/device.ts#asksFor`.
 */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readAnswer } from '../../src/mfa/push/answers.ts';
import { readDeviceKey } from '../../src/mfa/push/device-key.ts';
import { verifyProof } from '../../src/mfa/push/device-proof.ts';
import { createDeviceKey, type JwtChanges } from '../support/phone/jwt.ts';
import type { AnswerChanges } from '../support/phone/phone.ts';
import { givePhone } from '../support/world/phones.ts';
import { stores } from '../support/world/stores.ts';
import {
  addApp,
  addPhoneOwner,
  askByPush,
  auditedEnds,
  deviceRecord,
  expectApproved,
  expectNotApproved,
  ringing,
  startPhoneWorld,
  type PhoneOwner,
} from './support/phone-owners.ts';
import type { ThreatWorld } from './support/threat-world.ts';

let count = 0;
const newOwner = async (world: ThreatWorld): Promise<PhoneOwner> => {
  count += 1;
  return addPhoneOwner(world, `owner${count}`);
};

/** Copies of a JWT, each with one bit flipped, of each byte. */
const flipped = (jwt: string): readonly string[] =>
  jwt.split('.').flatMap((part, which, parts) => {
    const bytes = Buffer.from(part, 'base64url');
    return Array.from(bytes, (byte, at) => {
      const copy = Buffer.from(bytes);
      copy[at] = byte ^ (1 << (at % 8));
      return parts.with(which, copy.toString('base64url')).join('.');
    });
  });

/** Signs with a secret that everybody knows: the public key. */
const withHmac = (publicKey: object): JwtChanges => ({
  header: { alg: 'HS256' },
  rewrite: jwt => {
    const signed = jwt.slice(0, jwt.lastIndexOf('.'));
    return `${signed}.${createHmac('sha256', JSON.stringify(publicKey)).update(signed).digest('base64url')}`;
  },
});

const stranger = createDeviceKey();

/** JWTs that no key of the phone signed as they are. */
const forgeries = (owner: PhoneOwner): Readonly<Record<string, JwtChanges>> => ({
  'another key': { signedBy: stranger },
  'another key that the header brings': { signedBy: stranger, header: { jwk: stranger.jwk } },
  'another key by its own name': { signedBy: stranger, header: { kid: stranger.kid } },
  'no algorithm': { header: { alg: 'none' }, signature: 'empty' },
  'no algorithm, signed': { header: { alg: 'none' } },
  'no signature': { signature: 'empty' },
  'a signature in DER': { signature: 'der' },
  'the public key as a secret': withHmac(owner.phone.key.jwk),
  'another algorithm': { header: { alg: 'ES384' } },
  'an extension that must be understood': { header: { crit: ['level'], level: 'aal2' } },
  'another type': { header: { typ: 'JWT' } },
  'no type': { header: { typ: undefined } },
});

/** How an answer to the owner's request differs. `from`: the phone that sends it. */
type Attack = AnswerChanges & { readonly from?: PhoneOwner };
type Attacks = readonly (readonly [what: string, Attack])[];

const attacksOf = <Change>(changes: Readonly<Record<string, Change>>, attack: (change: Change) => Attack): Attacks =>
  Object.entries(changes).map(([what, change]) => [what, attack(change)] as const);

describe('A41 on memory', () => {
  let world: ThreatWorld;
  beforeAll(async () => {
    world = await startPhoneWorld();
  });
  afterAll(() => world.close());

  /** Expects that each of these calls is refused and leaves all as it was, and that the right answer to the same request then counts. */
  const expectRefused = async (owner: PhoneOwner, attacks: (other: PhoneOwner) => Attacks): Promise<void> => {
    const asked = await askByPush(world, owner);
    const { request, right } = await ringing(owner, asked);
    const other = await newOwner(world);
    const record = await deviceRecord(world, owner);
    for (const [what, { from = owner, ...changes }] of attacks(other)) {
      const { status, body } = await from.phone.answer(request, right, changes);
      const view = await world.challenge(asked.uid);
      expect([what, body.result === 'approved', status >= 400, view?.phase]).toEqual([what, false, true, 'pending']);
    }
    await expectNotApproved(world, asked);
    expect(await deviceRecord(world, owner)).toEqual(record);
    await expectApproved(world, owner, asked);
    expect(await auditedEnds(world, owner)).toEqual(['passed']);
  };

  test('A41 an answer that the key of the phone did not sign is refused', async () => {
    const owner = await newOwner(world);
    await expectRefused(owner, () => [
      ...attacksOf(forgeries(owner), answer => ({ answer })),
      ['a device', { answer: { header: { typ: 'sallyport-device+jwt' } } }],
      ['a request', { answer: { header: { typ: 'sallyport-request+jwt' } } }],
    ]);
  });

  test('A41 a signed answer about something else is refused', async () => {
    const owner = await newOwner(world);
    const now = Math.floor(world.clock() / 1000);
    const claims = {
      'of another device': { iss: stranger.kid },
      'for another server': { aud: 'https://login.example.com' },
      'with another nonce': { nonce: 'AAAAAAAAAAAAAAAAAAAAAA' },
      'without a nonce': { nonce: undefined },
      'for another client': { client: 'Contoso Payroll' },
      'that has expired': { iat: now - 300, exp: now - 240 },
      'without an end': { exp: undefined },
      'with an unknown decision': { decision: 'maybe' },
      'without a decision': { decision: undefined },
      'with a number that is no text': { number: 42 },
      'with a list of numbers': { number: ['42', '43'] },
    };
    await expectRefused(owner, () => attacksOf(claims, changed => ({ answer: { claims: changed } })));
  });

  test('A41 a call that the key of the phone did not sign, or for another call, is refused', async () => {
    const owner = await newOwner(world);
    const now = Math.floor(world.clock() / 1000);
    const claims = {
      'of another device': { iss: stranger.kid },
      'for another server': { aud: 'https://login.example.com' },
      'for another method': { htm: 'GET' },
      'for another address': { htu: '/authenticator/api/test' },
      'for another body': { bsh: 'RBNvo1WzZ4oRRq0W9-hknpT7T8If536DEMBg9hyq_4o' },
      'for no body': { bsh: undefined },
      'without an id': { jti: undefined },
      'of three minutes ago': { iat: now - 180, exp: now - 120 },
      'of later': { iat: now + 180, exp: now + 240 },
      'for an hour': { exp: now + 3600 },
      'without an end': { exp: undefined },
    };
    await expectRefused(owner, () => [
      ['nobody', { proof: 'none' }],
      ...attacksOf(forgeries(owner), proof => ({ proof })),
      ['an answer', { proof: { header: { typ: 'sallyport-answer+jwt' } } }],
      ...attacksOf(claims, changed => ({ proof: { claims: changed } })),
      ['with another body than it signed', { sent: '{"answer":"a.b.c"}' }],
    ]);
  });

  test('A41 another paired phone cannot answer, whatever it signs', async () => {
    const owner = await newOwner(world);
    await expectRefused(owner, other => [
      ['with its own answer', { from: other }],
      ['with an answer in the name of the first', { from: other, answer: { claims: { iss: owner.phone.key.kid } } }],
      ['with an answer of the first', { proof: { signedBy: other.phone.key, header: { kid: other.phone.key.kid } } }],
      [
        'in the name of the first',
        {
          from: other,
          proof: { header: { kid: owner.phone.key.kid }, claims: { iss: owner.phone.key.kid } },
          answer: { header: { kid: owner.phone.key.kid }, claims: { iss: owner.phone.key.kid } },
        },
      ],
    ]);
  });

  test('A41 another phone, of the same person too, neither sees nor ends the request', async () => {
    const owner = await newOwner(world);
    const second = await givePhone(world, owner.id, { name: 'Tablet' });
    const other = await newOwner(world);
    const asked = await askByPush(world, owner);
    const { request } = await ringing(owner, asked);
    for (const phone of [second.phone, other.phone]) {
      expect(await phone.pending()).toEqual([]);
      for (const decision of ['decline', 'report'] as const)
        expect(await phone.answer(request, { decision })).toMatchObject({ status: 409, body: { reason: 'unknown' } });
    }
    expect(await world.challenge(asked.uid)).toMatchObject({ phase: 'pending' });
    await expectApproved(world, owner, asked);
  });

  test('A41 an answer or a proof with one bit flipped is refused, for each byte', async () => {
    const owner = await newOwner(world);
    const { phone } = owner;
    const asked = await askByPush(world, owner);
    const { request, right } = await ringing(owner, asked);
    const key = readDeviceKey(phone.key.jwk);
    if (key === undefined) throw new Error('the key of the phone cannot be read');
    const answer = phone.sign(request, right);
    expect(await readAnswer(answer, key)).toMatchObject({ request: request.jti });
    const read = await Promise.all(flipped(answer).map(async each => readAnswer(each, key)));
    expect(read.length).toBeGreaterThan(300);
    expect(read.filter(each => each !== undefined)).toEqual([]);

    const device = { handle: phone.key.kid, key };
    const call = { method: 'GET', path: '/authenticator/api/requests', body: new Uint8Array() };
    const verify = async (jwt: string) => {
      const expected = { device, origin: world.issuer.origin, now: world.clock() };
      return (await verifyProof({ handle: device.handle, jwt }, call, expected)).ok;
    };
    const proof = phone.proof(call.method, call.path).replace(/^Device /u, '');
    expect(await verify(proof)).toBe(true);
    expect((await Promise.all(flipped(proof).map(verify))).filter(Boolean)).toEqual([]);
    // Over the API a few are enough.
    for (const each of flipped(answer).filter((_, at) => at % 40 === 0)) await phone.send(each);
    await expectNotApproved(world, asked);
    await expectApproved(world, owner, asked);
  });

  test('A41 a removed phone neither reads nor answers', async () => {
    const owner = await newOwner(world);
    await addApp(world, owner);
    const asked = await askByPush(world, owner);
    const { request, right } = await ringing(owner, asked);
    const user = await world.services.users.get(owner.id);
    if (user === undefined) throw new Error('the owner is gone');
    await world.services.methods.remove(user, owner.device, 'cli');
    expect(await owner.phone.requests()).toMatchObject({ status: 401, body: { error: 'device-unknown' } });
    expect((await owner.phone.answer(request, right)).status).toBe(401);
    await expectNotApproved(world, asked);
  });
});

describe.each(stores)('A41 on $name', store => {
  let world: ThreatWorld;
  beforeAll(async () => {
    world = await startPhoneWorld({ store, nodes: 2 });
  });
  afterAll(() => world.close());

  test('A41 an answer of one request does not count for the next', async () => {
    const owner = await newOwner(world);
    const first = await askByPush(world, owner);
    const { request, right } = await ringing(owner, first);
    const recorded = owner.phone.sign(request, right);
    await expectApproved(world, owner, first);
    const second = await askByPush(world, owner);
    expect((await owner.phone.send(recorded)).body.result).not.toBe('approved');
    const moved = owner.phone.sign(request, { decision: 'approve', number: second.shown });
    expect((await owner.phone.send(moved, { node: 1 })).body.result).not.toBe('approved');
    await expectNotApproved(world, second);
    await expectApproved(world, owner, second);
  });

  test('A41 of 50 copies of one call, one is taken', async () => {
    const owner = await newOwner(world);
    const asked = await askByPush(world, owner);
    const { request, right } = await ringing(owner, asked);
    const answer = owner.phone.sign(request, right);
    const authorization = owner.phone.proof('POST', '/authenticator/api/answers', JSON.stringify({ answer }));
    const copies = await Promise.all(
      Array.from({ length: 50 }, async (_, at) =>
        owner.phone.send(answer, { proof: 'none', headers: { authorization }, node: at % 2 }),
      ),
    );
    expect(copies.filter(({ status }) => status !== 401)).toMatchObject([{ body: { result: 'approved' } }]);
    await asked.finish();
    expect(await auditedEnds(world, owner)).toEqual(['passed']);
  });
});
