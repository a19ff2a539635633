/** Tests how refusals by Twilio of a call or a text are reported, and how many requests were sent (R18, R19). */
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openTwilioCalls, openTwilioTexts } from '../../adapters/twilio.ts';
import type { TwilioSettings } from '../../src/config/twilio.ts';
import { reasonOf } from '../../adapters/twilio/refusals.ts';
import { Undelivered, type CarrierRefusal } from '../../src/errors.ts';
import type { TextMessage } from '../../src/ports/carriers.ts';
import {
  accountSid,
  callMessage,
  callSid,
  deadEnd,
  refuse,
  reply,
  startFakeApi,
  take,
  type FakeApi,
} from './support/api.ts';

let api: FakeApi;
beforeAll(async () => {
  api = await startFakeApi();
});
afterAll(() => api.close());
beforeEach(() => {
  api.seen.length = 0;
  api.answer = take;
});

const authToken = 'secret-token-of-the-account';
const settings = (apiBase = api.base): TwilioSettings => ({
  accountSid,
  authTokens: [authToken, 'old-token'],
  from: '+15005550006',
  apiBase,
  callbackBase: new URL('https://login.example.test'),
});
const call = { ...callMessage, machineDetection: true };
const { to, token } = call;
const text: TextMessage = { via: 'sms', to, token, text: '123456', lifetime: 300_000 };
const soon = () => AbortSignal.timeout(4500);

const orders = [
  ['a call', async (apiBase?: URL, signal = soon()) => openTwilioCalls(settings(apiBase)).send(call, signal)],
  ['a text', async (apiBase?: URL, signal = soon()) => openTwilioTexts(settings(apiBase)).send(text, signal)],
] as const;

const refusedWith = async (work: Promise<unknown>): Promise<Undelivered> => {
  const caught: unknown = await work.catch((error: unknown) => error);
  if (!(caught instanceof Undelivered)) throw new Error(`expected Undelivered, got ${String(caught)}`);
  const shown = `${caught.message} ${String(caught.cause)} ${JSON.stringify(caught)}`;
  for (const secret of [to.slice(1), authToken, token]) expect(shown).not.toContain(secret);
  return caught;
};

/** HTTP status, Twilio code, reported reason, number of requests. */
const answers: readonly (readonly [number, number, CarrierRefusal, 1 | 2])[] = [
  [403, 60_410, 'refused', 1],
  [403, 60_605, 'refused', 1],
  [400, 21_211, 'refused', 1],
  [400, 21_214, 'refused', 1],
  [400, 21_217, 'refused', 1],
  [400, 21_219, 'refused', 1],
  [400, 21_610, 'opted-out', 1],
  [400, 21_612, 'refused', 1],
  [400, 21_614, 'refused', 1],
  [400, 21_408, 'refused', 1],
  [403, 21_408, 'refused', 1],
  [400, 21_215, 'refused', 1],
  [400, 13_227, 'refused', 1],
  [400, 13_224, 'refused', 1],
  [400, 29_999, 'misconfigured', 1],
  [400, 20_001, 'misconfigured', 1],
  [400, 10_002, 'misconfigured', 1],
  [400, 10_004, 'busy', 1],
  [429, 20_429, 'busy', 2],
  [429, 14_107, 'busy', 2],
  [400, 14_107, 'busy', 1],
  [401, 20_003, 'misconfigured', 1],
  [404, 20_404, 'misconfigured', 1],
  [400, 21_212, 'misconfigured', 1],
  [400, 21_606, 'misconfigured', 1],
  [400, 21_659, 'misconfigured', 1],
  [403, 29_999, 'misconfigured', 1],
  [302, 29_999, 'misconfigured', 1],
  [500, 20_500, 'down', 1],
  [502, 20_502, 'down', 1],
  [503, 20_503, 'down', 2],
  [504, 20_504, 'down', 1],
];

describe.each(orders)('%s', (_name, order) => {
  test.each(answers)(
    'refused with HTTP %i and Twilio code %i is reported as %s after %i request(s)',
    async (status, code, reason, times) => {
      api.answer = (_request, response) => refuse(response, status, code);
      const { reason: got, retryable } = await refusedWith(order());
      expect({ got, retryable }).toEqual({
        got: reason,
        retryable: !['refused', 'opted-out', 'misconfigured'].includes(reason),
      });
      expect(api.seen).toHaveLength(times);
      expect(new Set(api.seen.map(({ authorization }) => authorization)).size).toBe(1);
    },
  );

  test.each([
    [429, {}],
    [503, { 'retry-after': '1' }],
    [429, { 'retry-after': '0' }],
  ])('refused once with HTTP %i %j is accepted at the second try', async (status, headers) => {
    api.answer = (request, response) =>
      api.seen.length === 1 ? refuse(response, status, 20_429, headers) : take(request, response);
    await expect(order()).resolves.toHaveProperty('reference');
    expect(api.seen).toHaveLength(2);
  });

  test.each(['2', '3600', 'Wed, 21 Oct 2026 07:28:00 GMT', '-1', ''])(
    'refused with Retry-After %j is not tried again',
    async later => {
      api.answer = (_request, response) => refuse(response, 429, 20_429, { 'retry-after': later });
      expect((await refusedWith(order())).reason).toBe('busy');
      expect(api.seen).toHaveLength(1);
    },
  );

  test('to a port that refuses connections is tried once more and reported as down', async () => {
    expect((await refusedWith(order(await deadEnd()))).reason).toBe('down');
  });

  const broken: readonly (readonly [string, CarrierRefusal, (response: ServerResponse) => void])[] = [
    ['a connection that breaks', 'slow', response => response.socket?.resetAndDestroy()],
    [
      'half an answer',
      'slow',
      response =>
        void response.writeHead(201, { 'content-length': '100' }).write('{', () => {
          response.destroy();
        }),
    ],
    ['an answer that is no JSON', 'slow', response => void response.writeHead(201).end('<html>')],
    ['a success without a reference', 'slow', response => reply(response, 201, { status: 'queued' })],
    ['an answer that names another thing', 'slow', response => reply(response, 201, { sid: '../Calls' })],
    ['an error that is no JSON', 'down', response => void response.writeHead(502).end('<html>Bad Gateway')],
    ['an error without a body', 'down', response => void response.writeHead(500).end()],
  ];
  test.each(broken)(
    'answered by %s is reported as %s and not sent twice, because it may have been accepted',
    async (_what, reason, answer) => {
      api.answer = (_request, response) => answer(response);
      expect((await refusedWith(order())).reason).toBe(reason);
      expect(api.seen).toHaveLength(1);
    },
  );

  test('without an answer is aborted by the caller and not sent twice', async () => {
    const stop = new AbortController();
    api.answer = () => stop.abort();
    expect((await refusedWith(order(undefined, stop.signal))).reason).toBe('slow');
    expect(api.seen).toHaveLength(1);
  });

  test('aborted while it waits for its second try is not sent again', async () => {
    const stop = new AbortController();
    api.answer = (_request, response) => {
      refuse(response, 429, 20_429);
      response.once('close', () => stop.abort());
    };
    await refusedWith(order(undefined, stop.signal));
    api.answer = take;
    await new Promise(resolve => setImmediate(resolve));
    expect(api.seen).toHaveLength(1);
  });
});

const look = async () => openTwilioCalls(settings()).fetchStatus?.(callSid, soon());

describe('fetching the status of a call', () => {
  test.each([
    ['queued', { step: 'dialled' }],
    ['ringing', { step: 'ringing' }],
    ['in-progress', { step: 'answered' }],
    ['completed', { step: 'ended', reason: 'completed' }],
    ['busy', { step: 'ended', reason: 'busy' }],
    ['failed', { step: 'ended', reason: 'failed' }],
    ['no-answer', { step: 'ended', reason: 'no-answer' }],
    ['canceled', { step: 'ended', reason: 'canceled' }],
  ])('the Twilio status %s is read as %j', async (status, progress) => {
    api.answer = (_request, response) => reply(response, 200, { sid: callSid, status });
    await expect(look()).resolves.toEqual(progress);
    expect(api.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET /2010-04-01/Accounts/${accountSid}/Calls/${callSid}.json`,
    ]);
  });

  test.each([
    [404, 'misconfigured'],
    [429, 'busy'],
    [503, 'down'],
  ])('a fetch refused with HTTP %i gives no status and is not tried again', async (status, reason) => {
    api.answer = (_request, response) => refuse(response, status, 0);
    expect((await refusedWith(look())).reason).toBe(reason);
    expect(api.seen).toHaveLength(1);
  });

  test.each(['approved', '__proto__', 'constructor', ''])('the unknown status %j is reported as down', async status => {
    api.answer = (_request, response) => reply(response, 200, { sid: callSid, status });
    expect((await refusedWith(look())).reason).toBe('down');
  });
});

/** The table of docs/connect-twilio.md: the error codes of Twilio and their meaning. */
const documented = (): readonly (readonly [number, string])[] => {
  const page = readFileSync(new URL('../../docs/connect-twilio.md', import.meta.url), 'utf8');
  const table = page.slice(page.indexOf('## Refusals by Twilio')).split('\n\n')[1] ?? '';
  let told = '';
  return table.split('\n').flatMap(row => {
    const [, answer = '', words = ''] = row.split('|').map(cell => cell.trim());
    if (words !== 'the same') told = words;
    return [...answer.matchAll(/\b\d{5}\b/g)].map(([code]) => [Number(code), told] as const);
  });
};
const meanings: Readonly<Record<string, CarrierRefusal>> = {
  'this number cannot be reached': 'refused',
  'text START to our number': 'opted-out',
  'too many calls right now': 'busy',
  'not available; another way is offered': 'misconfigured',
};

test('every error code has the meaning that docs/connect-twilio.md gives it', () => {
  const rows = documented();
  expect(rows.length).toBeGreaterThan(20);
  // The HTTP status alone would have another meaning.
  expect(rows.map(([code]) => [code, reasonOf({ status: 500, code })])).toEqual(
    rows.map(([code, told]) => [code, meanings[told]]),
  );
});
