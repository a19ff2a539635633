/** Tests what the answer to a test request binds, on every store: the device, its codes and its biometric; and what ends with it. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { generateSync } from 'otplib';
import { preferred } from '../../src/mfa/assurance.ts';
import { createCall } from '../../src/mfa/factors/call.ts';
import { createPush, type PushPolicy } from '../../src/mfa/factors/push.ts';
import { totp } from '../../src/mfa/factors/totp.ts';
import { independentCount, mayBeDefault } from '../../src/mfa/independence.ts';
import { Devices } from '../../src/mfa/push/devices.ts';
import { Subscriptions } from '../../src/mfa/push/subscriptions.ts';
import { unlockText, type AnswerClaims } from '../../src/mfa/push/protocol.ts';
import type { PairingDevice } from '../../src/pairing-device.ts';
import { authenticatorKind, type User } from '../../src/records.ts';
import { models, SoftwareAuthenticator } from '../support/authenticator/authenticator.ts';
import { answerTo, pairingDevice, storedDevice, verifiedDevice } from '../support/device-answer.ts';
import { createTestMfa, requestContextOf } from '../support/mfa.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const number = { type: 'phone', data: { number: '+12025550143', kind: 'office' } };

describe.each(stores)('a pairing on $name', ({ open }) => {
  let clock: TestClock;
  let store: OpenStore;
  beforeEach(async () => {
    clock = createClock();
    store = await open(clock);
  });
  afterEach(() => store.close());

  const openMfa = (policy: Partial<PushPolicy> = {}) => {
    const push = createPush({ digits: 2, unlock: 'none', rpId: 'localhost', ...policy });
    return createTestMfa(store, { clock, factors: [push, totp, createCall('key')] });
  };
  type Mfa = ReturnType<typeof openMfa>;
  const code = (): string => generateSync({ secret, epoch: Math.floor(clock() / 1000) });
  const now = async (mfa: Mfa, { id }: User): Promise<User> => {
    const user = await mfa.collections.users.get(id);
    if (user === undefined) throw new Error('the person is gone');
    return user;
  };

  /** Asks a device for its test, and gives its answers. */
  const test = async (mfa: Mfa, user: User, device: PairingDevice, binding = 'enrollment') => {
    const { view } = await mfa.enrollments.begin(
      { userId: user.id, factor: 'push', input: { device } },
      binding,
      requestContextOf(user),
    );
    const verified = verifiedDevice(user.id, device.handle);
    const [told] = await mfa.deviceRequests.of(verified);
    if (told === undefined || view.prompt.kind !== 'approve')
      throw new Error(`no test was asked: ${view.reason ?? ''}`);
    const { show } = view.prompt;
    return {
      told,
      answer: async (members: Partial<AnswerClaims>) =>
        mfa.deviceAnswers.answer(told.jti, verified, answerTo(told, clock(), { number: show, ...members })),
      finish: async () => mfa.enrollments.finish(binding, `user:${user.id}`),
    };
  };
  const types = async (mfa: Mfa, user: User): Promise<readonly string[]> =>
    (await mfa.stored.of(await now(mfa, user))).map(({ type }) => type);
  const paired = async (mfa: Mfa, user: User, handle = 'device') => {
    const { answer, finish } = await test(mfa, user, pairingDevice(handle, { totp: secret }));
    expect(await answer({ code: code() })).toEqual({ result: 'approved' });
    const bound = await finish();
    if (bound === undefined) throw new Error('nothing was bound');
    return bound;
  };

  it('asks for the purpose of a pairing, and binds the device with its codes', async () => {
    const mfa = openMfa();
    const { user } = await mfa.person('ada', []);
    const { told, answer, finish } = await test(mfa, user, pairingDevice('device', { totp: secret }));
    expect(told).toMatchObject({ purpose: 'pairing', aud: 'device', digits: 2 });
    expect(await types(mfa, user)).toEqual([]);
    await answer({ code: code() });
    const bound = await finish();
    expect(bound).toMatchObject({ handle: 'device', label: 'Ada’s Pixel', proof: { amr: ['swk', 'mca'], acr: 'mfa' } });
    const stored = await mfa.stored.of(await now(mfa, user));
    expect(stored.map(({ type, label, boundWith }) => [type, label, boundWith])).toEqual(
      expect.arrayContaining([
        ['push', 'Ada’s Pixel', undefined],
        ['totp', 'Ada’s Pixel', bound?.id],
      ]),
    );
    expect(stored).toHaveLength(2);
  });

  it('uses up the code that proved the key, and no number for a wrong code', async () => {
    const mfa = openMfa();
    const { user } = await mfa.person('ada', []);
    const { answer, finish } = await test(mfa, user, pairingDevice('device', { totp: secret }));
    expect(await answer({})).toEqual({ result: 'wrong-code' });
    expect(await answer({ code: '000000' })).toEqual({ result: 'wrong-code' });
    expect(await answer({ code: code() })).toEqual({ result: 'approved' });
    await finish();
    await mfa.challenges.begin({ userId: user.id, factor: 'totp' }, 'uid', requestContextOf(user));
    expect(await mfa.challenges.answer('uid', code())).toMatchObject({ ok: false, reused: true });
  });

  it('binds nothing after a wrong number', async () => {
    const mfa = openMfa();
    const { user } = await mfa.person('ada', []);
    const { answer, finish } = await test(mfa, user, pairingDevice('device', { totp: secret }));
    expect(await answer({ code: code(), number: 'no' })).toEqual({ result: 'wrong-number' });
    expect(await finish()).toBeUndefined();
    expect(await store.durable.collection(authenticatorKind).find({ userId: user.id })).toEqual([]);
  });

  it('ends with the device: its codes go in the same write', async () => {
    const mfa = openMfa();
    const { user } = await mfa.person('ada', [number]);
    const { id } = await paired(mfa, user);
    await mfa.methods.remove(await now(mfa, user), id, 'cli');
    expect(await types(mfa, user)).toEqual(['phone']);
    expect(await store.durable.collection(authenticatorKind).find({ userId: user.id })).toHaveLength(1);
  });

  it('ends by its owner too, unless nothing would be left', async () => {
    const mfa = openMfa();
    const { user } = await mfa.person('ada', []);
    const { id } = await paired(mfa, user);
    const policy = { requiredMethods: 0, needs: [] } as const;
    const remove = async () => mfa.ownMethods.remove(await now(mfa, user), id, `user:${user.id}`, { policy });
    expect(await remove()).toEqual({ refused: 'last' });
    await mfa.stored.bind(user.id, { ...number, label: 'office' });
    expect(await remove()).toBe('removed');
    expect(await types(mfa, user)).toEqual(['phone']);
  });

  it('keeps the device where only its codes are removed', async () => {
    const mfa = openMfa();
    const { user } = await mfa.person('ada', []);
    await paired(mfa, user);
    const codes = (await mfa.stored.of(await now(mfa, user))).find(({ type }) => type === 'totp');
    await mfa.methods.remove(await now(mfa, user), codes?.id ?? '', 'cli');
    expect(await types(mfa, user)).toEqual(['push']);
  });

  it('makes the device the default only beside a method that is not lost with it', async () => {
    const mfa = openMfa();
    const { user } = await mfa.person('ada', []);
    const { id: authenticator } = await paired(mfa, user);
    const chosen = { factor: 'push', authenticator };
    expect((await now(mfa, user)).defaultMethod).toBeUndefined();
    const choose = async () => mfa.methods.setDefault(await now(mfa, user), chosen, 'cli');
    await expect(choose()).rejects.toMatchObject({ code: 'forbidden' });
    expect(await mfa.stored.prefer(user.id, authenticator, 'push')).toBe(false);
    const { id: office } = await mfa.stored.bind(user.id, { ...number, label: 'office' });
    await choose();
    expect((await now(mfa, user)).defaultMethod).toEqual(chosen);
    await mfa.methods.remove(await now(mfa, user), office, 'cli');
    expect((await now(mfa, user)).defaultMethod).toBeUndefined();
  });

  it('binds five devices of a person, also where two are proven at once', async () => {
    const mfa = openMfa();
    const { user } = await mfa.person(
      'ada',
      ['a', 'b', 'c', 'd'].map(handle => storedDevice(handle)),
    );
    const fifth = await test(mfa, user, pairingDevice('e'), 'fifth');
    await fifth.answer({});
    const sixth = await test(mfa, user, pairingDevice('f', { totp: secret }), 'sixth');
    await sixth.answer({ code: code() });
    const bound = await Promise.all([fifth.finish(), sixth.finish()]);
    expect(bound.filter(each => each !== undefined)).toHaveLength(1);
    const left = await mfa.stored.of(await now(mfa, user));
    expect(left.filter(({ type }) => type === 'push')).toHaveLength(5);
    const kept = await store.durable.collection(authenticatorKind).find({ userId: user.id });
    expect(kept).toHaveLength(left.length);
    await expect(test(mfa, user, pairingDevice('g'), 'seventh')).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('asks for an approval before the codes that came with the device, unless another app has codes too', async () => {
    const mfa = openMfa();
    const { user } = await mfa.person('ada', []);
    const { id } = await paired(mfa, user);
    const first = async () => preferred(await mfa.methods.of(await now(mfa, user)), 'mfa')?.factor;
    expect(await mfa.methods.of(await now(mfa, user))).toMatchObject([
      { factor: 'push', chosen: id },
      { factor: 'totp', cameWith: [id] },
    ]);
    expect(await first()).toBe('push');
    await mfa.stored.bind(user.id, { type: 'totp', label: 'Another app', data: { secret, lastStep: 0 } });
    expect(await first()).toBe('totp');
  });

  it('tells a device that its key is bound, and not that its number was wrong', async () => {
    const mfa = openMfa();
    await mfa.person('eve', [storedDevice('device')]);
    const { user } = await mfa.person('ada', []);
    const { answer, finish } = await test(mfa, user, pairingDevice('device'));
    expect(await answer({})).toEqual({ result: 'bound' });
    expect(await finish()).toBeUndefined();
    expect(await mfa.audited('challenge.ended')).toMatchObject([{ facts: { reason: 'bound' } }]);
    expect(await types(mfa, user)).toEqual([]);
  });

  it('keeps the subscription that its app told while it was being bound', async () => {
    const mfa = openMfa();
    const { user } = await mfa.person('ada', []);
    const device = pairingDevice('device', { totp: secret });
    const { answer, finish } = await test(mfa, user, device);
    await answer({ code: code() });
    const devices = new Devices({
      authenticators: mfa.stored,
      subscriptions: new Subscriptions({ ...mfa, authenticators: mfa.stored }),
      pairings: { end: async () => undefined },
      pairingClaims: {
        deviceOf: async () => ({ userId: user.id, binding: 'enrollment', device, isConfirmed: true }),
        // The page binds the device after its pairing was read, so that nothing reads what is kept there.
        subscribe: async () => void (await finish()),
        leave: async () => {},
      },
      ephemeral: mfa.ephemeral,
      clock,
      origin: 'http://localhost:3000',
    });
    const known = await devices.find('device');
    if (known === undefined) throw new Error('the device is unknown');
    const subscription = { endpoint: 'https://fcm.googleapis.com/1', keys: { p256dh: 'p', auth: 'a' } };
    await devices.subscribe(known, subscription, 'fr');
    expect(await mfa.stored.withHandle('device')).toMatchObject({
      data: { push: 'works', subscription, language: 'fr' },
    });
  });

  it('wants a PIN of six digits where the policy does', async () => {
    const mfa = openMfa({ unlock: 'pin' });
    const { user } = await mfa.person('ada', []);
    const { answer, told, finish } = await test(mfa, user, pairingDevice('device'));
    expect(told.unlock).toBe('pin');
    for (const pin of [undefined, '', '12345', '12345a', '1234567890123'])
      expect(await answer(pin === undefined ? {} : { pin })).toEqual({ result: 'not-unlocked' });
    expect(await answer({ pin: '493817' })).toEqual({ result: 'approved' });
    expect(await finish()).toMatchObject({ proof: { amr: ['swk', 'mca', 'pin'] } });
  });

  it('makes a credential for a biometric, whose answer is over the number', async () => {
    const mfa = openMfa({ unlock: 'biometric' });
    const { user } = await mfa.person('ada', []);
    const origin = 'http://localhost:3000';
    const phone = new SoftwareAuthenticator(models.phone);
    const challenge = Buffer.from('a challenge of the pairing').toString('base64url');
    const made = phone.create(
      {
        challenge,
        rp: { id: 'localhost', name: 'localhost' },
        user: { id: Buffer.from('device').toString('base64url'), name: 'ada', displayName: 'ada' },
        pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
        authenticatorSelection: { userVerification: 'required' },
      },
      origin,
    );
    const device = pairingDevice('device', { creationChallenge: challenge });
    const { answer, finish } = await test(mfa, user, device);
    expect(await answer({})).toEqual({ result: 'not-unlocked' });
    expect(await answer({ registration: JSON.stringify(made) })).toEqual({ result: 'approved' });
    const bound = await finish();
    expect(bound).toMatchObject({ proof: { amr: ['swk', 'mca', 'user'] } });

    const chosen = bound?.id ?? '';
    const { view } = await mfa.challenges.begin(
      { userId: user.id, factor: 'push', chosen },
      'uid',
      requestContextOf(user),
    );
    const verified = verifiedDevice(user.id, 'device', chosen);
    const [told] = await mfa.deviceRequests.of(verified);
    if (told === undefined || view.prompt.kind !== 'approve') throw new Error('no request came');
    const { show } = view.prompt;
    const over = (typed: string): string => {
      const text = unlockText({ request: told.jti, nonce: told.nonce, decision: 'approve', number: typed });
      const signed = createHash('sha256').update(text).digest('base64url');
      const allowCredentials = [{ type: 'public-key' as const, id: made.id }];
      const options = { challenge: signed, rpId: 'localhost', userVerification: 'required' as const, allowCredentials };
      return JSON.stringify(phone.get(options, origin));
    };
    const approve = async (assertion: string) =>
      mfa.deviceAnswers.answer(told.jti, verified, answerTo(told, clock(), { number: show, assertion }));
    expect(await approve('')).toEqual({ result: 'not-unlocked' });
    expect(await approve(over(show === '00' ? '01' : '00'))).toEqual({ result: 'not-unlocked' });
    expect(await approve(over(show))).toEqual({ result: 'approved' });
    expect(await mfa.challenges.redeem('uid')).toMatchObject({ amr: ['swk', 'mca', 'user'], acr: 'mfa' });
  });
});

it('a device and its codes are one thing to lose, and with a mobile number the same', () => {
  const device = { type: 'push', data: {}, id: 'a' };
  const codes = { type: 'totp', data: {}, id: 'b' };
  const mobile = { type: 'phone', data: { number: '+12025550143', kind: 'mobile' }, id: 'c' };
  const passkey = { type: 'passkey', data: { deviceType: 'singleDevice' }, id: 'd' };
  expect(independentCount([device, codes])).toBe(1);
  expect(independentCount([device, codes, mobile])).toBe(1);
  expect(independentCount([device, passkey])).toBe(2);
  expect(mayBeDefault(device, [device, codes, mobile])).toBe(false);
  expect(mayBeDefault(device, [device, passkey])).toBe(true);
  expect(mayBeDefault(codes, [device, codes])).toBe(true);
});
