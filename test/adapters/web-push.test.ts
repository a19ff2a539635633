/** Pins the format of pushes to the published examples of RFC 8291 and RFC 8292, and what the answers of push services mean. */
import { describe, expect, test } from '@jest/globals';
import { createECDH, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { compactVerify, decodeJwt, jwtVerify } from 'jose';
import { openWebPush } from '../../adapters/web-push.ts';
import { encrypt, maxPayload } from '../../adapters/web-push/encryption.ts';
import type { OutgoingPush } from '../../src/ports/push.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');

/** RFC 8291 §5 and appendix A. */
const example = {
  text: 'When I grow up, I want to be a watermelon',
  keys: {
    p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  },
  privateKey: 'yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw',
  salt: 'DGv6ra1nlYgDCS1FRnbzlw',
  body:
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_' +
    'yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
};

describe('encryption', () => {
  test('the example of RFC 8291 comes out byte by byte', () => {
    const body = encrypt(Buffer.from(example.text), example.keys, {
      salt: bytes(example.salt),
      privateKey: bytes(example.privateKey),
    });
    expect(body.toString('base64url')).toBe(example.body);
  });

  test('salt and key are new each time, and the text is not in the body', () => {
    const [one, two] = [1, 2].map(() => encrypt(Buffer.from(example.text), example.keys));
    expect(one?.subarray(0, 16)).not.toEqual(two?.subarray(0, 16));
    expect(one?.subarray(21, 86)).not.toEqual(two?.subarray(21, 86));
    expect(one?.includes('watermelon')).toBe(false);
  });

  test('the longest payload fills one record of 4096 bytes, and one byte more is refused', () => {
    expect(encrypt(Buffer.alloc(maxPayload), example.keys)).toHaveLength(4096);
    expect(() => encrypt(Buffer.alloc(maxPayload + 1), example.keys)).toThrow(RangeError);
  });
});

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicKey = (() => {
  const { x = '', y = '' } = pair.publicKey.export({ format: 'jwk' });
  return Buffer.concat([Uint8Array.of(4), bytes(x), bytes(y)]).toString('base64url');
})();

/** The key of a `k` parameter, as a push service reads it. */
const keyOf = (k: string) => {
  const point = bytes(k);
  const [x = '', y = ''] = [point.subarray(1, 33), point.subarray(33)].map(each => each.toString('base64url'));
  return createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x, y } });
};

const newKeys = () => {
  const receiver = createECDH('prime256v1');
  return { p256dh: receiver.generateKeys().toString('base64url'), auth: randomBytes(16).toString('base64url') };
};

interface Sent {
  readonly address: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** A transport to push services that answer with `statuses` one after the other, the last one from then on. */
const transportTo = (...answers: readonly (Response | Error)[]) => {
  const left = [...answers];
  const sent: Sent[] = [];
  const time = { now: Date.UTC(2026, 10, 29, 12) };
  const transport = openWebPush({
    key: async () => ({ privateKey: pair.privateKey, publicKey }),
    contact: 'mailto:login@example.com',
    clock: () => time.now,
    async post(address, request) {
      sent.push({ address, ...request });
      const answer = (left.length > 1 ? left.shift() : left[0]) ?? new Response(null, { status: 201 });
      if (answer instanceof Error) throw answer;
      return answer.clone();
    },
  });
  const push = (endpoint = 'https://push.example.net/p/1', rest: Partial<OutgoingPush> = {}): Promise<string> =>
    transport
      .send(
        {
          target: { endpoint, keys: newKeys() },
          topic: 'a-topic',
          lifetime: 59_900,
          payload: '{"web_push":8030}',
          ...rest,
        },
        AbortSignal.timeout(5000),
      )
      .then(
        () => 'taken',
        (error: unknown) => (error instanceof Error && 'reason' in error ? String(error.reason) : String(error)),
      );
  return { push, sent, time };
};
const answers = (status: number, headers: Record<string, string> = {}): Response =>
  new Response(null, { status, headers });

describe('requests', () => {
  test('the example of RFC 8292 has the form that we send', async () => {
    const t =
      'eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.' +
      'i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA';
    const k = 'BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs';
    const theirs = await compactVerify(t, keyOf(k));

    const { push, sent } = transportTo();
    await push();
    const { authorization = '' } = sent[0]?.headers ?? {};
    const [, token = '', key = ''] = /^vapid t=([^,]+), k=(\S+)$/.exec(authorization) ?? [];
    const ours = await compactVerify(token, keyOf(key));
    expect(ours.protectedHeader).toEqual(theirs.protectedHeader);
    expect(Object.keys(decodeJwt(token))).toEqual(Object.keys(decodeJwt(t)));
  });

  test('a push says who sends, to whom, until when and what it replaces', async () => {
    const { push, sent, time } = transportTo();
    expect(await push()).toBe('taken');
    expect(sent.map(({ method, address }) => [method, address.href])).toEqual([
      ['POST', 'https://push.example.net/p/1'],
    ]);
    const { headers = {}, body } = sent[0] ?? {};
    expect(headers).toMatchObject({ ttl: '59', urgency: 'high', topic: 'a-topic', 'content-encoding': 'aes128gcm' });
    expect(body?.length).toBeGreaterThan(86);
    const token = /t=([^,]+)/.exec(headers['authorization'] ?? '')?.[1] ?? '';
    const { payload } = await jwtVerify(token, pair.publicKey, { currentDate: new Date(time.now) });
    expect(payload).toEqual({
      aud: 'https://push.example.net',
      sub: 'mailto:login@example.com',
      exp: time.now / 1000 + 3600,
    });
  });

  test.each([
    [201, 'taken'],
    [202, 'taken'],
    [404, 'gone'],
    [410, 'gone'],
    [429, 'busy'],
    [500, 'busy'],
    [503, 'busy'],
    [301, 'misconfigured'],
    [400, 'misconfigured'],
    [403, 'misconfigured'],
    [413, 'misconfigured'],
  ])('the answer %i means: %s', async (status, meaning) => {
    expect(await transportTo(answers(status)).push()).toBe(meaning);
  });

  test('no answer means busy', async () => {
    expect(await transportTo(new Error('connect ECONNREFUSED')).push()).toBe('busy');
  });
});
