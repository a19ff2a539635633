/** Tests the rules that every factor keeps. Each factor needs a person here who can answer it. */
import { describe, expect, it } from '@jest/globals';
import { generateSync } from 'otplib';
import { messageIdOf } from '../../src/mfa/challenge-state/keys.ts';
import type { AnswerResult } from '../../src/mfa/challenge/result.ts';
import type { AnswerClaims, RequestClaims } from '../../src/mfa/push/protocol.ts';
import type { Prompt } from '../../src/mfa/factor.ts';
import { factors } from '../../src/mfa/factors/index.ts';
import { hashOf, newSalt } from '../../src/mfa/factors/single-use.ts';
import type { Json } from '../../src/ports/stores.ts';
import { models, SoftwareAuthenticator, type StoredCredential } from '../support/authenticator/authenticator.ts';
import { encodeCbor } from '../support/authenticator/cbor.ts';
import { createKey } from '../support/authenticator/keys.ts';
import { answerClaims, answerTo, storedDevice, verifiedDevice } from '../support/device-answer.ts';
import { createClock } from '../support/world/clock.ts';
import {
  createTestMfa,
  createCallChannel,
  createTextChannel,
  createCodeMailChannel,
  requestContextOf,
} from '../support/mfa.ts';
import { recordMetrics } from '../support/counts/metrics.ts';
import { stores } from '../support/world/stores.ts';

interface Knowing {
  readonly type: string;
  readonly handle?: string;
  readonly data: Json;
  /** The right answer, from the messages in `heard`, the time of the authenticator app, and what the page shows. */
  readonly right: (now: number, told: string, prompt: Prompt | undefined) => string;
  readonly wrong: readonly Json[];
}

const phone = { type: 'phone', data: { number: '+12025550143' } };
const noCode: readonly Json[] = [
  '',
  '#',
  'abcdef',
  '12345',
  '1234567',
  '１２３４５６',
  null,
  12,
  ['1'],
  { code: '123456' },
];
/** The first six digits that stand alone, spaced or dictated. */
const codeIn = (told: string): string => /\d(?:[. ]*\d){5}/.exec(told)?.[0].replaceAll(/\D/g, '') ?? '';

const salt = newSalt();

const passkey: StoredCredential = {
  id: 'oKGio6SlpqeoqaqrrK2urw',
  rpId: 'localhost',
  userHandle: '',
  isDiscoverable: false,
  key: createKey('ES256'),
  counter: 4,
};
const touched = (prompt: Prompt | undefined): string => {
  if (prompt?.kind !== 'passkey') return '';
  const { allowCredentials, ...options } = prompt.options;
  const allowed = { allowCredentials: allowCredentials.map(({ id }) => ({ id, type: 'public-key' as const })) };
  const device = new SoftwareAuthenticator(models.securityKey, [passkey]);
  return JSON.stringify(device.get({ ...options, ...allowed }, 'http://localhost:3000'));
};

/** How a person answers: the bound data, the right answer and a wrong answer. */
const people: Readonly<Record<string, Knowing>> = {
  call: { ...phone, right: () => '#', wrong: ['', '1', '*', '##', '#0', null, 12, { keys: '#' }] },
  sms: { ...phone, right: (_now, told) => codeIn(told), wrong: noCode },
  spoken: { ...phone, right: (_now, told) => codeIn(told), wrong: noCode },
  push: {
    ...storedDevice('a device'),
    right: (_now, _told, prompt) => (prompt?.kind === 'approve' ? prompt.show : ''),
    wrong: ['', '1', '100', 'ab', null, 12, ['47'], { number: '47' }],
  },
  'recovery-code': {
    type: 'recovery-codes',
    data: { salt, unused: [hashOf(salt, '7K3MQ2XA9PTR04BN'), hashOf(salt, '00000000000000ZZ')], used: [] },
    right: () => ' 7k3m-q2xa–9ptr O4bn',
    wrong: [...noCode, '7K3M-Q2XA-9PTR-04BM', '7K3M-Q2XA-9PTR', '7K3M-Q2XA-9PTR-04BNU'],
  },
  email: {
    type: 'email',
    data: { email: 'ada@example.com' },
    right: (_now, told) => told,
    wrong: noCode,
  },
  'temporary-access-pass': {
    type: 'temporary-access-pass',
    data: { salt, hash: hashOf(salt, 'K7QX2M9P4T'), startsAt: 0, isReusable: false },
    right: () => 'k7qx2-m9p4t',
    wrong: [...noCode, 'K7QX2-M9P4S', 'K7QX2-M9P4', 'K7QX2-M9P4TT', '7K3M-Q2XA-9PTR-04BN'],
  },
  passkey: {
    type: 'passkey',
    handle: passkey.id,
    data: {
      publicKey: Buffer.from(encodeCbor(passkey.key.cose)).toString('base64url'),
      counter: 4,
      transports: ['usb'],
      aaguid: models.securityKey.aaguid,
      deviceType: 'singleDevice',
      backedUp: false,
      userVerified: true,
    },
    right: (_now, _told, prompt) => touched(prompt),
    wrong: [...noCode, '{}', JSON.stringify({ id: passkey.id, rawId: passkey.id, type: 'public-key', response: {} })],
  },
  totp: {
    type: 'totp',
    data: { secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', lastStep: -1 },
    right: now => generateSync({ secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', epoch: Math.floor(now / 1000) }),
    wrong: ['', '000000', null, 12, ['1'], { code: '123456' }],
  },
};

describe.each(factors.map(factor => ({ factor, type: factor.type })))('the factor $type', ({ factor, type }) => {
  const start = async () => {
    const person = people[type];
    const [memory] = stores;
    if (person === undefined || memory === undefined) throw new Error(`who knows how to answer ${type}?`);
    const clock = createClock();
    const [telephone, texts, mails] = [createCallChannel(), createTextChannel(), createCodeMailChannel()];
    const node = await memory.open(clock);
    const counted = recordMetrics();
    const mfa = createTestMfa(node, {
      clock,
      factors,
      channels: [telephone, texts, mails],
      metrics: counted.metrics,
    });
    const { handle } = person;
    const made = { type: person.type, data: person.data, ...(handle !== undefined && { handle }) };
    const { user, bound } = await mfa.person('ada', [made]);
    const chosen = factor.asksFor === 'one' ? bound[0]?.id : undefined;
    const asked = { userId: user.id, factor: type, ...(chosen !== undefined && { chosen }) };
    const token = () => telephone.sent.at(-1)?.token ?? '';
    const hear = async (keys: string) =>
      mfa.hear({ token: token(), reference: `CA${telephone.sent.length}`, keys, by: 'human' });
    /** Waits for the call or the text and returns its words. */
    const told = async (): Promise<string> => {
      if (factor.via === 'sms') return texts.sent.at(-1)?.text ?? '';
      if (factor.via === 'email') return mails.sent.at(-1)?.code ?? '';
      if (factor.via !== 'call' || factor.answeredBy === 'device') return '';
      await hear('');
      const { result } = await hear('#');
      return !result.ok && result.reason === 'unfinished' ? (result.voicePrompt?.say ?? '') : '';
    };
    const device = verifiedDevice(user.id, handle ?? '', chosen);
    let request: RequestClaims | undefined;
    /** The device keeps the request that it fetched, also once it is over. */
    const approve = async (number: Json): Promise<AnswerResult> => {
      request = (await mfa.deviceRequests.of(device))[0] ?? request;
      if (request === undefined) throw new Error('no request came');
      const claims = { ...answerTo(request, clock()), number };
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a device may send anything
      const { result } = await mfa.deviceAnswers.answer(request.jti, device, claims as AnswerClaims);
      if (result === 'approved') return { ok: true };
      return result === 'over' ? { ok: false, reason: 'over', phase: 'ended' } : { ok: false, reason: 'refused' };
    };
    const answer = async (boundTo: string, what: Json) => {
      if (factor.answeredBy === 'browser') return mfa.challenges.answer(boundTo, what);
      return factor.via === 'push'
        ? approve(what)
        : mfa.press(token(), typeof what === 'string' ? what : '', `CA${telephone.sent.length}`);
    };
    const right = async () => {
      if (factor.via === 'push') request = (await mfa.deviceRequests.of(device))[0];
      return person.right(clock(), await told(), (await mfa.challenges.current('uid'))?.prompt);
    };
    return { person, clock, mfa, counted, user, asked, answer, right, token, request: requestContextOf(user) };
  };

  it('passes for a right answer and gives a proof with the promised acr', async () => {
    const { mfa, asked, answer, right, request } = await start();
    await mfa.challenges.begin(asked, 'uid', request);
    expect(await answer('uid', await right())).toEqual({ ok: true });
    expect(await mfa.challenges.redeem('uid')).toMatchObject({ factor: type, acr: factor.reaches });
  });

  it('is counted for metrics, with the time of its right answer', async () => {
    const { clock, mfa, counted, asked, answer, right, request } = await start();
    await mfa.challenges.begin(asked, 'uid', request);
    clock.advance(7_000);
    await answer('uid', await right());
    const of = `sign-in ${type}`;
    expect(counted.counts('sallyport_attempts_total')).toEqual({ [`${of} begun`]: 1, [`${of} passed`]: 1 });
    const [seconds] = counted.values('sallyport_answer_seconds');
    expect(seconds).toEqual({ labels: type, value: expect.any(Number) });
    expect(seconds?.value).toBeGreaterThanOrEqual(7);
  });

  it('does not pass for a wrong answer', async () => {
    const { person, clock, mfa, asked, answer, request } = await start();
    for (const [index, wrong] of person.wrong.entries()) {
      await mfa.challenges.begin(asked, `uid ${index}`, request);
      expect(await answer(`uid ${index}`, wrong)).toMatchObject({ ok: false });
      await mfa.challenges.cancel(`uid ${index}`);
      clock.advance(4_000_000);
    }
  });

  it('refuses an answer from the other side', async () => {
    const { mfa, asked, right, token, request } = await start();
    await mfa.challenges.begin(asked, 'uid', request);
    const device = { userId: asked.userId, handle: 'a device' };
    const claims = answerClaims({ number: await right() });
    const isRefused =
      factor.answeredBy === 'browser'
        ? (await mfa.deviceAnswers.answer(messageIdOf(token()), device, claims)).result === 'refused'
        : !(await mfa.challenges.answer('uid', await right())).ok;
    expect(isRefused).toBe(true);
    expect(await mfa.challenges.redeem('uid')).toBeUndefined();
  });

  it('is over after its time', async () => {
    const { clock, mfa, asked, answer, right, request } = await start();
    await mfa.challenges.begin(asked, 'uid', request);
    const late = await right();
    clock.advance(factor.lifetimes.answer + 1);
    expect(await answer('uid', late === '' ? await right() : late)).toMatchObject({ ok: false, reason: 'over' });
  });

  it('leaves no readable secret in a store', async () => {
    const { mfa, user, asked, request } = await start();
    await mfa.challenges.begin(asked, 'uid', request);
    const kept = JSON.stringify(await mfa.collections.authenticators.find({ userId: user.id }));
    for (const secret of ['GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', '2025550143', '7K3MQ2XA', 'ada@example.com'])
      expect(kept).not.toContain(secret);
  });
});
