/**
 * Tests the push service of the simulator with pushes of the product's own adapter: what arrives, what a wrong sender gets, and each
 * behaviour. The keys of VAPID and the payload go through two implementations without common code.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { HtmlValidate } from 'html-validate';
import { openWebPush } from '../../adapters/web-push.ts';
import {
  behaveDevice,
  behavePushService,
  moveTime,
  readDevice,
  readPush,
  readWire,
  resetSimulator,
  subscribeDevice,
  unsubscribeDevice,
} from '../../simulator/person.ts';
import { decrypt } from '../../simulator/push/decryption.ts';
import type { DeviceView } from '../../simulator/push/push-service.ts';
import { senderOf } from '../../simulator/push/vapid.ts';
import type { Simulator } from '../../simulator/start.ts';
import { startTestSimulator } from './support.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startTestSimulator();
});
afterEach(() => resetSimulator(simulator.url));
afterAll(() => simulator.close());

const newSender = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const point = Buffer.concat([Uint8Array.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  return { privateKey, publicKey: point.toString('base64url') };
};
const sender = newSender();

const payload = JSON.stringify({ web_push: 8030, notification: { title: 'Sign-in request', body: 'Tap to review' } });
interface Wanted {
  readonly key?: ReturnType<typeof newSender>;
  readonly topic?: string;
  readonly text?: string;
  readonly lifetime?: number;
}
/** Pushes, each by a transport of its own, so that no wait of one stops the next. Gives the refusal, or 'taken'. */
const push = async ({ endpoint, keys }: DeviceView, { key = sender, topic = 'one', text, lifetime }: Wanted = {}) => {
  const transport = openWebPush({
    key: async () => key,
    contact: 'mailto:login@example.com',
    clock: Date.now,
    post: (at, it) => fetch(at, { ...it, redirect: 'manual' }),
  });
  return transport
    .send(
      { target: { endpoint, keys }, topic, lifetime: lifetime ?? 60_000, payload: text ?? payload },
      AbortSignal.timeout(2000),
    )
    .then(
      () => 'taken',
      (error: unknown) => error instanceof Error && 'reason' in error && error.reason,
    );
};

test('a push arrives decrypted at its device, and is unread once', async () => {
  const [ada, grace] = [
    await subscribeDevice(simulator.url, { name: "Ada's Pixel" }),
    await subscribeDevice(simulator.url),
  ];
  expect(await push(ada)).toBe('taken');
  expect(await readPush(simulator.url, ada.id)).toMatchObject({ payload, topic: 'one', urgency: 'high', ttl: 60 });
  await expect(readPush(simulator.url, ada.id, 0)).rejects.toMatchObject({ code: 'silent' });
  expect((await readDevice(simulator.url, grace.id)).pushes).toEqual([]);
  expect((await readWire(simulator.url)).at(-1)).toMatchObject({ status: 201, reason: "push to Ada's Pixel" });
});

test('only the sender that the device subscribed for may push, and only with a right signature', async () => {
  const device = await subscribeDevice(simulator.url, { applicationServerKey: sender.publicKey });
  expect(await push(device)).toBe('taken');
  expect(await push(device, { key: newSender() })).toBe('misconfigured');
  expect(await push(device, { key: { ...newSender(), publicKey: sender.publicKey } })).toBe('misconfigured');
  expect((await readWire(simulator.url)).map(({ status }) => status)).toEqual([201, 403, 401]);
});

test('a push that waits is replaced by the next one of its topic, and does not outlive its time', async () => {
  const device = await subscribeDevice(simulator.url);
  await behaveDevice(simulator.url, device.id, 'late');
  await push(device, { text: 'first' });
  await push(device, { text: 'second' });
  await push(device, { text: 'short', topic: 'two', lifetime: 10_000 });
  await moveTime(simulator.url, 21);
  expect((await readDevice(simulator.url, device.id)).pushes.map(each => each.payload)).toEqual(['second']);
});

test.each([
  ['delivers', 'taken', 1],
  ['loses', 'taken', 0],
  ['reset', 'busy', 0],
  ['redirects', 'misconfigured', 0],
  ['unauthorized', 'misconfigured', 0],
  ['unknown', 'gone', 0],
  ['gone', 'gone', 0],
  ['too-large', 'misconfigured', 0],
  ['too-many', 'busy', 0],
  ['server-error', 'busy', 0],
  ['unavailable', 'busy', 0],
] as const)('set to %s, a push is: %s', async (behaviour, outcome, arrived) => {
  const device = await subscribeDevice(simulator.url);
  await behavePushService(simulator.url, behaviour);
  expect(await push(device)).toBe(outcome);
  expect((await readDevice(simulator.url, device.id)).pushes).toHaveLength(arrived);
});

test('a device that unsubscribed is not known any more', async () => {
  const device = await subscribeDevice(simulator.url);
  await unsubscribeDevice(simulator.url, device.id);
  expect(await push(device)).toBe('gone');
});

test.each([
  ['no TTL', { ttl: undefined }, 400],
  ['an unknown urgency', { urgency: 'urgent' }, 400],
  ['a topic of 33 characters', { topic: 'x'.repeat(33) }, 400],
  ['another encoding', { 'content-encoding': 'aesgcm' }, 400],
  ['a body that is too short', {}, 400],
])('a push with %s is refused', async (_what, change, status) => {
  const device = await subscribeDevice(simulator.url);
  const answers: number[] = [];
  const transport = openWebPush({
    key: async () => sender,
    contact: 'mailto:login@example.com',
    clock: Date.now,
    async post(at, { headers }) {
      const sent = Object.entries({ ...headers, ...change }).filter(
        (each): each is [string, string] => each[1] !== undefined,
      );
      const answer = await fetch(at, { method: 'POST', headers: sent, body: Buffer.alloc(20) });
      answers.push(answer.status);
      return answer;
    },
  });
  const { endpoint, keys } = device;
  const sending = transport.send(
    { target: { endpoint, keys }, topic: 'one', lifetime: 1000, payload },
    AbortSignal.timeout(2000),
  );
  await expect(sending).rejects.toMatchObject({ reason: 'misconfigured' });
  expect(answers).toEqual([status]);
});

const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');

describe('published examples', () => {
  test('the example of RFC 8291 is decrypted', () => {
    const body = bytes(
      'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_' +
        'yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
    );
    const keys = {
      privateKey: bytes('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94'),
      publicKey: bytes('BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4'),
      auth: bytes('BTBZMqHH6r4Tts7J_aSIgg'),
    };
    expect(decrypt(body, keys)).toBe('When I grow up, I want to be a watermelon');
    const flipped = Buffer.from(body);
    flipped[100] = (flipped[100] ?? 0) ^ 1;
    expect(() => decrypt(flipped, keys)).toThrow(/authenticate/);
  });

  test('the example of RFC 8292 is accepted until it expires, at its push service only', () => {
    const example =
      'vapid t=eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.' +
      'i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA, ' +
      'k=BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs';
    const before = 1_453_523_767_000;
    expect(senderOf(example, 'https://push.example.net', before)).toMatchObject({ contact: 'mailto:push@example.com' });
    expect(senderOf(example, 'https://push.example.net', before + 1000)).toMatch('expired');
    expect(senderOf(example, 'https://push.example.net', before - 86_400_000)).toMatch('24 hours');
    expect(senderOf(example, 'https://push.example.org', before)).toMatch('aud');
  });
});

test('the page shows notifications, and its form sets the service', async () => {
  const device = await subscribeDevice(simulator.url, { name: "Ada's <Pixel>" });
  await push(device);
  const page = await (await fetch(`${simulator.url}/devices`)).text();
  expect(page).toContain('Tap to review');
  expect(page).toContain('Ada&#39;s &lt;Pixel&gt;');
  const { results } = await new HtmlValidate({
    root: true,
    extends: ['html-validate:recommended'],
    rules: {
      'attribute-boolean-style': 'off',
      'attribute-empty-style': 'off',
      'void-style': ['error', { style: 'omit' }],
      'no-trailing-whitespace': 'off',
      'require-sri': 'off',
    },
  }).validateString(page);
  expect(results.flatMap(({ messages }) => messages.map(each => `${each.line}: ${each.message}`))).toEqual([]);
  const body = new URLSearchParams({ behaviour: 'gone' });
  const answer = await fetch(`${simulator.url}/push-service`, { method: 'POST', body, redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/devices']);
  expect(await push(device)).toBe('gone');
});
