/** Tests requests to a paired device on every store: one number, one end, what protects the device, and what the page learns. */
import { afterEach, beforeEach, describe, expect, it, test } from '@jest/globals';
import { createCall } from '../../src/mfa/factors/call.ts';
import { createPush, type PushPolicy } from '../../src/mfa/factors/push.ts';
import { keys } from '../../src/mfa/challenge-state/keys.ts';
import type { VerifiedDevice } from '../../src/mfa/challenge/device.ts';
import type { Factor } from '../../src/mfa/factor.ts';
import type { User } from '../../src/records.ts';
import type { PushData } from '../../src/mfa/push/data.ts';
import type { AnswerClaims, RequestClaims } from '../../src/mfa/push/protocol.ts';
import { answerTo, pairingDevice, storedDevice, verifiedDevice } from '../support/device-answer.ts';
import { createTestMfa, requestContextOf } from '../support/mfa.ts';
import { createClock, type TestClock } from '../support/world/clock.ts';
import { stores, type OpenStore } from '../support/world/stores.ts';

const usual: PushPolicy = { digits: 2, unlock: 'none', rpId: 'localhost' };

/** The factor, with a count of the answers that it compared. */
const counting = (factor: Factor): { readonly factor: Factor; readonly compared: () => number } => {
  let compared = 0;
  const finish: Factor['challenge']['finish'] = async (...given) => {
    compared += 1;
    return factor.challenge.finish(...given);
  };
  return {
    factor: { ...factor, challenge: { ...factor.challenge, finish } },
    compared: () => compared,
  };
};

const otherThan = (shown: string): string => String((Number(shown) + 1) % 100).padStart(2, '0');

describe.each(stores)('a request on $name', ({ open }) => {
  let clock: TestClock;
  let store: OpenStore;
  beforeEach(async () => {
    clock = createClock();
    store = await open(clock);
  });
  afterEach(() => store.close());

  /** Ada with a device and a sign-in that asks it. */
  const asked = async (policy: Partial<PushPolicy> = {}, data: Partial<PushData> = {}) => {
    const { factor, compared } = counting(createPush({ ...usual, ...policy }));
    const mfa = createTestMfa(store, { clock, factors: [factor, createCall('key')] });
    const { user, bound } = await mfa.person('ada', [storedDevice('device', data)]);
    const id = bound[0]?.id ?? '';
    const device = verifiedDevice(user.id, 'device', id);
    const context = { ...requestContextOf(user), browser: 'Firefox on Linux' };
    const begin = async (boundTo = 'uid') =>
      mfa.challenges.begin({ userId: user.id, factor: 'push', chosen: id }, boundTo, context);
    await begin();
    const view = async () => mfa.challenges.current('uid');
    const shown = async (): Promise<string> => {
      const prompt = (await view())?.prompt;
      if (prompt?.kind !== 'approve') throw new Error('the page shows no number');
      return prompt.show;
    };
    const request = async (of: VerifiedDevice = device): Promise<RequestClaims> => {
      const [first] = await mfa.deviceRequests.of(of);
      if (first === undefined) throw new Error('no request came');
      return first;
    };
    const answer = async (members: Partial<AnswerClaims>, of?: RequestClaims) => {
      const to = of ?? (await request());
      return mfa.deviceAnswers.answer(to.jti, device, answerTo(to, clock(), members));
    };
    const right = async () => answer({ number: await shown() });
    return { mfa, user, id, device, begin, view, shown, request, answer, right, compared };
  };
  /** A device whose PIN was chosen at its pairing. */
  const withPin = async () => {
    const began = await asked({ unlock: 'pin' }, { unlock: 'pin', pin: '' });
    const { mfa, user, id } = began;
    await mfa.challenges.cancel('uid');
    await mfa.authenticatorRemoval.remove(user.id, id);
    await pair(mfa, user, clock, { pin: '493817' });
    const [bound] = await mfa.stored.of((await mfa.collections.users.get(user.id)) ?? user);
    const paired = bound?.id ?? '';
    await mfa.challenges.begin({ userId: user.id, factor: 'push', chosen: paired }, 'uid', requestContextOf(user));
    const device = verifiedDevice(user.id, 'device', paired);
    const request = async () => began.request(device);
    const answer = async (members: Partial<AnswerClaims>, of?: RequestClaims) => {
      const to = of ?? (await request());
      return mfa.deviceAnswers.answer(to.jti, device, answerTo(to, clock(), members));
    };
    return { ...began, id: paired, device, request, answer };
  };

  it('tells who asks and from where, and never the number', async () => {
    const { request, shown, user } = await asked();
    const told = await request();
    expect(told).toMatchObject({
      iss: 'http://localhost:3000',
      aud: 'device',
      purpose: 'sign-in',
      account: user.name,
      client: 'Contoso Office',
      address: '127.0.0.1',
      browser: 'Firefox on Linux',
      digits: 2,
      unlock: 'none',
    });
    expect(told.exp - told.iat).toBe(60);
    expect(Object.values(told)).not.toContain(await shown());
  });

  it.each([
    [2, 'mfa'],
    [6, 'aal2'],
  ] as const)('is approved by its %i digits, for the level %s', async (digits, acr) => {
    const { mfa, right, view, id } = await asked({ digits });
    expect(await right()).toEqual({ result: 'approved' });
    expect((await view())?.phase).toBe('passed');
    expect(await mfa.challenges.redeem('uid')).toMatchObject({
      factor: 'push',
      authenticator: id,
      acr,
      amr: ['swk', 'mca'],
    });
    expect(await mfa.audited('challenge.passed')).toMatchObject([{ actor: 'device' }]);
  });

  it('waits in the open app where no push could be sent, and the page learns that it was fetched', async () => {
    const { request, view } = await asked();
    expect(await view()).toMatchObject({ phase: 'pending', progress: 'undelivered' });
    await request();
    expect(await view()).toMatchObject({ phase: 'pending', progress: 'delivered' });
  });

  it('ends with one wrong number, and the right one is too late', async () => {
    const { answer, shown, view, mfa, request } = await asked();
    const [told, number] = [await request(), await shown()];
    expect(await answer({ number: otherThan(number) })).toEqual({ result: 'wrong-number' });
    expect(await view()).toMatchObject({ phase: 'ended', reason: 'wrong-number' });
    expect(await answer({ number }, told)).toEqual({ result: 'over', reason: 'wrong-number' });
    expect(await mfa.challenges.redeem('uid')).toBeUndefined();
    expect(await mfa.audited('challenge.ended')).toMatchObject([
      { actor: 'device', facts: { reason: 'wrong-number' } },
    ]);
  });

  it('compares one number where all hundred come at once', async () => {
    const { answer, request, compared } = await asked();
    const told = await request();
    const numbers = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'));
    const results = await Promise.all(numbers.map(async number => answer({ number }, told)));
    expect(compared()).toBe(1);
    expect(results.filter(({ result }) => result === 'approved').length).toBeLessThanOrEqual(1);
  });

  it('compares nothing once the counter was lost', async () => {
    const { answer, request, shown, mfa, compared, view } = await asked();
    const told = await request();
    await mfa.ephemeral.getAndDelete(keys.attempts(told.jti));
    expect(await answer({ number: await shown() }, told)).toEqual({ result: 'over', reason: 'lost' });
    expect(compared()).toBe(0);
    expect(await view()).toMatchObject({ phase: 'ended', reason: 'lost' });
  });

  it('is ended by a denial, which pauses nothing', async () => {
    const { answer, right, request, view, mfa, user } = await asked();
    const told = await request();
    expect(await answer({ decision: 'decline' })).toEqual({ result: 'declined' });
    expect(await view()).toMatchObject({ phase: 'ended', reason: 'declined' });
    expect(await answer({ number: '00' }, told)).toEqual({ result: 'over', reason: 'declined' });
    await expect(right()).rejects.toThrow('no request came');
    expect((await mfa.collections.users.get(user.id))?.pausedUntil).toBeUndefined();
  });

  it('is denied by a report, after which no device is asked for a day', async () => {
    const { answer, view, mfa, begin } = await asked();
    expect(await answer({ decision: 'report' })).toEqual({ result: 'reported' });
    expect((await view())?.phase).toBe('denied');
    expect((await begin('again')).view).toMatchObject({ phase: 'ended', reason: 'paused' });
    expect(await mfa.audited('account.paused')).toHaveLength(1);
  });

  it('has one end where approval and denial come together, fifty times', async () => {
    const { answer, request, shown, mfa, user, id, view } = await asked();
    for (let run = 0; run < 50; run += 1) {
      const [told, number] = [await request(), await shown()];
      const [approval, denial] = await Promise.all([
        answer({ number }, told),
        answer({ decision: run % 2 === 0 ? 'decline' : 'report' }, told),
      ]);
      const { phase, reason } = (await view()) ?? {};
      const isApproved = approval.result === 'approved';
      expect(isApproved).toBe(phase === 'passed');
      expect(denial.result === 'declined').toBe(reason === 'declined');
      expect(denial.result === 'reported').toBe(phase === 'denied');
      expect((await mfa.challenges.redeem('uid')) !== undefined).toBe(isApproved);
      await mfa.challenges.cancel('uid');
      // A quarter of a day later, and without the pause of a report.
      clock.advance(90_000_000);
      await mfa.challenges.begin({ userId: user.id, factor: 'push', chosen: id }, 'uid', requestContextOf(user));
    }
  });

  it('refuses an answer of which one claim is another, and stays open', async () => {
    const { answer, shown, right } = await asked();
    const number = await shown();
    const now = Math.floor(clock() / 1000);
    const changes: readonly Partial<AnswerClaims>[] = [
      { iss: 'another device' },
      { aud: 'https://login.example' },
      { request: 'another request' },
      { nonce: 'another nonce' },
      { client: 'Another client' },
      { iat: now - 1000 },
      { iat: now + 1000, exp: now + 1060 },
      { exp: now - 1000 },
    ];
    for (const change of changes) {
      for (const decision of ['approve', 'decline', 'report'] as const)
        expect(await answer({ number, decision, ...change })).toEqual({ result: 'refused' });
    }
    expect(await right()).toEqual({ result: 'approved' });
  });

  it('is neither shown to nor answered by another device', async () => {
    const { mfa, user, id, request, shown, right } = await asked();
    const [told, number] = [await request(), await shown()];
    const { user: eve, bound } = await mfa.person('eve', [storedDevice('eves')]);
    const { id: second } = await mfa.stored.bind(user.id, { ...storedDevice('second'), label: 'Tablet' });
    const others: readonly VerifiedDevice[] = [
      verifiedDevice(eve.id, 'eves', bound[0]?.id),
      verifiedDevice(eve.id, 'device', id),
      verifiedDevice(user.id, 'second', second),
      verifiedDevice(user.id, 'second', id),
      verifiedDevice(user.id, 'device', second),
      verifiedDevice(user.id, 'device'),
    ];
    for (const other of others) {
      expect(await mfa.deviceRequests.of(other)).toEqual([]);
      const claims = answerTo(told, clock(), { number, iss: other.handle });
      expect(await mfa.deviceAnswers.answer(told.jti, other, claims)).toEqual({ result: 'refused' });
    }
    expect(await right()).toEqual({ result: 'approved' });
  });

  it('is over after its minute, to the millisecond', async () => {
    const { answer, shown, request } = await asked();
    const [told, number] = [await request(), await shown()];
    clock.advance(60_001);
    expect(await answer({ number }, told)).toEqual({ result: 'over', reason: 'expired' });
    expect(await answer({ decision: 'report' }, told)).toEqual({ result: 'over', reason: 'expired' });
  });

  it('proves nothing once the device was removed', async () => {
    const { answer, shown, request, mfa, user, id } = await asked();
    const [told, number] = [await request(), await shown()];
    await mfa.authenticatorRemoval.remove(user.id, id);
    expect(await answer({ number }, told)).not.toEqual({ result: 'approved' });
    expect(await mfa.challenges.redeem('uid')).toBeUndefined();
  });

  it('keeps another sign-in from asking, and a request of a client does not', async () => {
    const { mfa, user, id, begin, device } = await asked({}, { unlock: 'pin', pin: '' });
    expect((await begin('another sign-in')).view).toMatchObject({ phase: 'ended', reason: 'elsewhere' });
    const context = { ...requestContextOf(user), purpose: 'approval', message: 'Pay 12 €' } as const;
    await mfa.challenges.begin({ userId: user.id, factor: 'push', chosen: id }, 'ciba:1', context);
    const told = await mfa.deviceRequests.of(device);
    expect(told.map(({ purpose, digits, message }) => [purpose, digits, message])).toEqual([
      ['sign-in', 2, undefined],
      ['approval', 0, 'Pay 12 €'],
    ]);
  });

  describe('with a PIN', () => {
    it('asks for it, and proves it', async () => {
      const { answer, shown, mfa, request } = await withPin();
      expect((await request()).unlock).toBe('pin');
      expect(await answer({ number: await shown(), pin: '493817' })).toEqual({ result: 'approved' });
      expect(await mfa.challenges.redeem('uid')).toMatchObject({ amr: ['swk', 'mca', 'pin'], acr: 'mfa' });
    });

    it('does not use up the number for a wrong PIN, and forgets wrong ones after a right one', async () => {
      const { answer, shown, mfa, id } = await withPin();
      const number = await shown();
      expect(await answer({ number, pin: '000000' })).toEqual({ result: 'wrong-pin', attemptsLeft: 4 });
      expect(await answer({ number })).toEqual({ result: 'wrong-pin', attemptsLeft: 3 });
      expect(await answer({ number, pin: '493817' })).toEqual({ result: 'approved' });
      expect(await wrongPins(mfa, id)).toBeUndefined();
    });

    it('compares five PINs where many come at once, and then the device must be paired again', async () => {
      const { answer, request, shown, mfa, view, user, id } = await withPin();
      const [told, number] = [await request(), await shown()];
      const pins = Array.from({ length: 30 }, (_, pin) => String(pin).padStart(6, '0'));
      const results = await Promise.all(pins.map(async pin => answer({ number, pin }, told)));
      const compared = results.filter(({ result }) => result === 'wrong-pin');
      expect(compared.length).toBe(5);
      expect(await view()).toMatchObject({ phase: 'ended', reason: 'disabled' });
      expect(await wrongPins(mfa, id)).toBe(5);
      expect(await mfa.audited('factor.disabled')).toHaveLength(1);
      const again = mfa.challenges.begin({ userId: user.id, factor: 'push', chosen: id }, 'b', requestContextOf(user));
      await expect(again).rejects.toMatchObject({ code: 'bad-request' });
    });
  });
});

/** Binds the device named `device` by its answer to the test request. */
const pair = async (
  mfa: ReturnType<typeof createTestMfa>,
  user: User,
  clock: TestClock,
  members: Partial<AnswerClaims>,
) => {
  const device = pairingDevice('device');
  const { view } = await mfa.enrollments.begin(
    { userId: user.id, factor: 'push', input: { device } },
    'pairing',
    requestContextOf(user),
  );
  const [told] = await mfa.deviceRequests.of(verifiedDevice(user.id, 'device'));
  if (told === undefined || view.prompt.kind !== 'approve') throw new Error('no test was asked');
  const claims = answerTo(told, clock(), { number: view.prompt.show, ...members });
  const result = await mfa.deviceAnswers.answer(told.jti, verifiedDevice(user.id, 'device'), claims);
  if (result.result !== 'approved') throw new Error(`got ${result.result}, expected an approval`);
  await mfa.enrollments.finish('pairing', `user:${user.id}`);
};

const wrongPins = async (mfa: ReturnType<typeof createTestMfa>, id: string): Promise<unknown> => {
  const [record] = await mfa.collections.authenticators.find({ handle: 'device' });
  const user = record && (await mfa.collections.users.get(record.userId));
  const device = user && (await mfa.stored.of(user)).find(each => each.id === id);
  return (device?.data as PushData | undefined)?.wrongPins;
};

const serves = (policy: PushPolicy['unlock'], unlock: PushData['unlock']): boolean | undefined => {
  const authenticator = { ...storedDevice('device', { unlock }), id: 'a', label: 'Pixel', createdAt: 0 };
  return createPush({ ...usual, unlock: policy }).serves?.(authenticator);
};
test('a device that was paired under a weaker policy does not serve', () => {
  const table = (['none', 'pin', 'biometric'] as const).map(policy =>
    (['none', 'pin', 'biometric'] as const).map(unlock => serves(policy, unlock)),
  );
  expect(table).toEqual([
    [true, true, true],
    [false, true, true],
    [false, false, true],
  ]);
});
