/** Tests the Twilio adapter against a fake REST API: calls, callbacks and the voice. */
import { createHmac } from 'node:crypto';
import http from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openTwilioCalls } from '../../adapters/twilio.ts';
import { isProblem } from '../../src/errors.ts';
import type { Callback } from '../../src/ports/carriers.ts';
import { accountSid, callMessage, callSid as sid, reply, startFakeApi, take, type FakeApi } from './support/api.ts';

const { token } = callMessage;
const callbackBase = new URL('https://login.example.test');

let api: FakeApi;
beforeAll(async () => {
  api = await startFakeApi();
});
afterAll(() => api.close());
beforeEach(() => {
  api.seen.length = 0;
  api.answer = take;
});

const open = (more: Partial<Parameters<typeof openTwilioCalls>[0]> = {}) =>
  openTwilioCalls({
    accountSid,
    authTokens: ['new-token', 'old-token'],
    from: '+15005550006',
    apiBase: api.base,
    callbackBase,
    ...more,
  });
const message = { ...callMessage, lifetime: 100_500 };
const soon = () => AbortSignal.timeout(4000);
const failure = async (work: Promise<unknown> | undefined) => {
  const caught: unknown = await Promise.resolve(work).catch((error: unknown) => error);
  if (!isProblem(caught, 'undeliverable')) throw new Error(`expected Problem 'undeliverable', got ${String(caught)}`);
  return caught;
};

describe('the API', () => {
  test('is asked through a proxy that Node is told to use, and else at its own address', async () => {
    await open().send(message, soon());
    const usual = http.globalAgent;
    http.globalAgent = new http.Agent({ proxyEnv: { HTTP_PROXY: api.base.href } });
    try {
      await open({ apiBase: new URL('http://twilio.example.test') }).send(message, soon());
    } finally {
      http.globalAgent = usual;
    }
    const path = `/2010-04-01/Accounts/${accountSid}/Calls.json`;
    // A proxy is asked for the whole address.
    expect(api.seen.map(({ url }) => url)).toEqual([path, `http://twilio.example.test${path}`]);
  });
});

describe('a call', () => {
  test('is started with callback addresses that hold its token, its ring time and its longest duration', async () => {
    await expect(open().send(message, soon())).resolves.toEqual({ reference: sid });
    expect(api.seen).toHaveLength(1);
    expect(api.seen[0]).toMatchObject({
      method: 'POST',
      url: `/2010-04-01/Accounts/${accountSid}/Calls.json`,
      authorization: `Basic ${Buffer.from(`${accountSid}:new-token`).toString('base64')}`,
    });
    const form = api.seen[0]?.form;
    expect(Object.fromEntries(form ?? [])).toMatchObject({
      To: '+493012345678',
      From: '+15005550006',
      Url: `https://login.example.test/callbacks/twilio/call/${token}/answered`,
      StatusCallback: `https://login.example.test/callbacks/twilio/call/${token}/status`,
      Timeout: '40',
      TimeLimit: '59',
      FallbackUrl: `https://login.example.test/callbacks/twilio/call/${token}/fallback`,
    });
    expect(form?.getAll('StatusCallbackEvent')).toEqual(['ringing', 'completed']);
  });

  test('to an extension sends the digits after the answer and asks for no machine detection', async () => {
    await open().send({ ...message, extension: '421', machineDetection: true }, soon());
    const form = Object.fromEntries(api.seen[0]?.form ?? []);
    expect(form).toMatchObject({ SendDigits: 'wwww421' });
    expect(Object.keys(form).filter(name => name.startsWith('MachineDetection'))).toEqual([]);
  });

  test.each([
    ['nothing set', {}, 'wwww421'],
    ['a wait', { wait: 4_000 }, 'WWWW421'],
    ['no wait', { wait: 0 }, '421'],
    ['a closing key', { confirmKey: true }, 'wwww421#'],
    ['the longest wait and a closing key', { wait: 20_000, confirmKey: true }, `${'W'.repeat(20)}421#`],
  ] as const)('to an extension with %s sends the tones that its switchboard takes', async (_, dialling, tones) => {
    await open().send({ ...message, extension: '421', dialling }, soon());
    expect(api.seen[0]?.form.get('SendDigits')).toBe(tones);
  });

  test('to the longest extension still fits into the tones with the longest wait', async () => {
    const dialling = { wait: 20_000, confirmKey: true } as const;
    await open().send({ ...message, extension: '1234567890', dialling }, soon());
    expect(api.seen[0]?.form.get('SendDigits')).toHaveLength(31);
    const tooLong = open().send({ ...message, extension: '1'.repeat(12), dialling }, soon());
    await expect(tooLong).rejects.toMatchObject({ code: 'internal' });
  });

  test('asks for machine detection only when it is machineDetection', async () => {
    await open().send({ ...message, machineDetection: true }, soon());
    await open().send(message, soon());
    const [machineDetection, plain] = api.seen.map(({ form }) => Object.fromEntries(form));
    expect(machineDetection).toMatchObject({ MachineDetection: 'Enable', MachineDetectionTimeout: '10' });
    expect(Object.keys(plain ?? {}).filter(name => /^(?:MachineDetection|AsyncAmd|SendDigits)/.test(name))).toEqual([]);
    expect(Object.keys(machineDetection ?? {}).filter(name => name.startsWith('AsyncAmd'))).toEqual([]);
  });

  test('on which machines are detected while we speak asks for the verdict at an address of its own', async () => {
    const meanwhile = { ...message, machineDetection: true, asyncDetectionTimeout: 10_000 };
    await open().send(meanwhile, soon());
    await open().send({ ...meanwhile, extension: '421' }, soon());
    const [asked, extension] = api.seen.map(({ form }) => Object.fromEntries(form));
    expect(asked).toMatchObject({
      MachineDetection: 'Enable',
      MachineDetectionTimeout: '10',
      AsyncAmd: 'true',
      AsyncAmdStatusCallback: `https://login.example.test/callbacks/twilio/call/${token}/answerer`,
      AsyncAmdStatusCallbackMethod: 'POST',
    });
    expect(Object.keys(extension ?? {}).filter(name => /^(?:MachineDetection|AsyncAmd)/.test(name))).toEqual([]);
  });

  test.each(['', '4#1', 'W421', '1'.repeat(29)])('to the malformed extension %j is not started', async extension => {
    await expect(open().send({ ...message, extension }, soon())).rejects.toMatchObject({ code: 'internal' });
    expect(api.seen).toEqual([]);
  });

  test('that the carrier never confirms is aborted by the caller', async () => {
    const stop = new AbortController();
    api.answer = () => stop.abort();
    const problem = await failure(open().send(message, stop.signal));
    expect(problem.retryable).toBe(true);
  });
});

const states = (...inTurn: string[]) => {
  api.answer = (request, response) =>
    request.method === 'GET'
      ? reply(response, 200, { sid, status: inTurn.shift() })
      : reply(response, 200, { sid, status: 'canceled' });
};
const changes = () => api.seen.filter(each => each.method === 'POST').map(each => each.form.get('Status'));

describe('hanging up', () => {
  test.each([
    ['queued', ['canceled']],
    ['ringing', ['canceled']],
    ['in-progress', ['completed']],
    ['completed', []],
    ['no-answer', []],
  ])('a call in state %s is updated with %j', async (state, asked) => {
    states(state);
    await open().cancel?.(sid, soon());
    expect(changes()).toEqual(asked);
  });

  test('a call that is answered meanwhile is read again and ended', async () => {
    const inTurn = ['ringing', 'in-progress'];
    api.answer = (request, response) => {
      if (request.method === 'GET') return reply(response, 200, { sid, status: inTurn.shift() });
      return request.form.get('Status') === 'canceled'
        ? reply(response, 400, { code: 21_220, message: 'Invalid call state', status: 400 })
        : reply(response, 200, { sid, status: 'completed' });
    };
    await open().cancel?.(sid, soon());
    expect(changes()).toEqual(['canceled', 'completed']);
  });

  test('a text is not a call: no request is sent', async () => {
    await open().cancel?.(`SM${'1'.repeat(32)}`, soon());
    expect(api.seen).toEqual([]);
  });

  test('a call that the carrier no longer knows counts as ended', async () => {
    api.answer = (_request, response) => reply(response, 404, { code: 20_404, message: 'not found', status: 404 });
    await expect(open().cancel?.(sid, soon())).resolves.toBeUndefined();
  });
});

/** Twilio's rule, written from its documentation: the address, then each field's name and value, sorted by name. */
const sign = (address: string, fields: Fields, secret = 'new-token') =>
  createHmac('sha1', secret)
    .update(
      address +
        [...fields]
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .flat()
          .join(''),
    )
    .digest('base64');

type Fields = readonly [string, string][];
const usual: Fields = [
  ['AccountSid', accountSid],
  ['ApiVersion', '2010-04-01'],
  ['CallSid', sid],
  ['CallStatus', 'in-progress'],
  ['Direction', 'outbound-api'],
  ['From', '+15005550006'],
  ['To', '+493012345678'],
];
const callback = (path: string, fields: Fields, more: Partial<Callback> = {}): Callback => ({
  path,
  headers: { 'x-twilio-signature': sign(`https://login.example.test${path}`, fields) },
  body: Buffer.from(new URLSearchParams(fields).toString()),
  ...more,
});
const at = (step: string) => `/callbacks/twilio/call/${token}/${step}`;

describe('a callback', () => {
  test('at the answered address says that the phone was answered', () => {
    expect(open().read(callback(at('answered'), [...usual, ['AnsweredBy', 'human']]))).toEqual({
      token,
      reference: sid,
      step: 'picked-up',
      keys: '',
      isSilent: true,
      isConnected: true,
      by: 'human',
    });
  });

  test.each([
    ['in-progress', true],
    ['ringing', false],
    ['completed', false],
    [undefined, false],
  ])('with the call status %s says whether the call is connected: %s', (status, isConnected) => {
    const fields = usual.filter(([name]) => name !== 'CallStatus');
    const told: Fields = status === undefined ? fields : [...fields, ['CallStatus', status]];
    expect(open().read(callback(at('keys?heard='), [...told, ['Digits', '#']]))).toMatchObject({ isConnected });
  });

  test.each([
    ['keys?heard=', '#', '#'],
    ['keys?heard=0', '#', '0#'],
    ['keys?heard=0', '', '0'],
    ['keys?heard=', '0', '0'],
    ['keys?heard=', '', ''],
    ['keys?heard=e', '#', 'e#'],
    ['keys?heard=e', '', 'e'],
    ['keys?heard=e0', '#', 'e0#'],
  ])('at %s with Digits=%j is read as the keys %j', (step, digits, keys) => {
    expect(open().read(callback(at(step), [...usual, ['Digits', digits]]))).toMatchObject({ keys, by: 'unknown' });
  });

  test.each([
    ['initiated', { step: 'dialled' }],
    ['ringing', { step: 'ringing' }],
    ['in-progress', { step: 'answered' }],
    ['completed', { step: 'ended', reason: 'completed' }],
    ['busy', { step: 'ended', reason: 'busy' }],
    ['no-answer', { step: 'ended', reason: 'no-answer' }],
    ['failed', { step: 'ended', reason: 'failed' }],
    ['canceled', { step: 'ended', reason: 'canceled' }],
  ])('with status %s is read as progress, and its Digits are ignored', (status, progress) => {
    const fields: Fields = [
      ...usual.filter(([name]) => name !== 'CallStatus'),
      ['CallStatus', status],
      ['Digits', '#'],
    ];
    expect(open().read(callback(at('status'), fields))).toEqual({ token, reference: sid, progress });
  });

  /** The fields of Twilio's page about machine detection: no status, no numbers. */
  const verdict: Fields = [
    ['AccountSid', accountSid],
    ['CallSid', sid],
    ['MachineDetectionDuration', '3200'],
  ];
  test.each([
    ['human', 'human'],
    ['unknown', 'unknown'],
    ['fax', 'machine'],
    ['machine_start', 'machine'],
    ['machine_end_beep', 'machine'],
    ['machine_end_silence', 'machine'],
    ['machine_end_other', 'machine'],
  ])('with the verdict %s says that it was a %s', (answeredBy, answerer) => {
    const fields: Fields = [...verdict, ['AnsweredBy', answeredBy]];
    expect(open().read(callback(at('answerer'), fields))).toEqual({ token, reference: sid, answerer });
  });

  test('signed with the previous token is accepted', () => {
    const path = at('answered');
    const headers = { 'x-twilio-signature': sign(`https://login.example.test${path}`, usual, 'old-token') };
    expect(open().read(callback(path, usual, { headers }))).toMatchObject({ reference: sid });
  });

  test('is verified against the public address with its path prefix', () => {
    const path = at('answered');
    const headers = { 'x-twilio-signature': sign(`https://login.example.test/idp${path}`, usual) };
    const line = open({ callbackBase: new URL('https://login.example.test/idp/') });
    expect(line.read(callback(path, usual, { headers }))).toMatchObject({ token });
  });

  const change = (name: string, value: string): Fields => [...usual.filter(([each]) => each !== name), [name, value]];
  const keys = at('keys?heard=');
  test.each<[string, Callback]>([
    ['without a signature', callback(keys, usual, { headers: {} })],
    ['with an empty signature', callback(keys, usual, { headers: { 'x-twilio-signature': '' } })],
    ['signed for another address', callback(keys, usual, { path: at('keys?heard=0') })],
    [
      'signed by somebody else',
      callback(keys, usual, {
        headers: { 'x-twilio-signature': sign(`https://login.example.test${keys}`, usual, 'guess') },
      }),
    ],
    ['of another account', callback(keys, change('AccountSid', `AC${'b'.repeat(32)}`))],
    ['about something that is not a call', callback(keys, change('CallSid', `SM${'1'.repeat(32)}`))],
    ['with an unknown status', callback(at('status'), change('CallStatus', 'approved'))],
    ['with keys no phone has', callback(keys, [...usual, ['Digits', '#A']])],
    ['with too many keys', callback(keys, [...usual, ['Digits', '12345678']])],
    ['with keys before the announcement', callback(at('answered'), [...usual, ['Digits', '#']])],
    ['at a longer address', callback(at('keys?heard=&heard=0'), usual)],
    ['that brings a # in its address', callback(at('keys?heard=%23'), usual)],
    ['that brings a bare # in its address', callback(at('keys?heard=#'), usual)],
    ['that brings a whole report in its address', callback(at('keys?heard=0%23'), usual)],
    ['with a key that was not asked for', callback(at('keys?heard=1'), [...usual, ['Digits', '#']])],
    ['that brings a key twice', callback(at('keys?heard=00'), [...usual, ['Digits', '#']])],
    ['with the key of an arrival at the extension twice', callback(at('keys?heard=ee'), [...usual, ['Digits', '#']])],
    [
      'with the key of an arrival at the extension after another key',
      callback(at('keys?heard=0e'), [...usual, ['Digits', '#']]),
    ],
    ['with a verdict that says nothing', callback(at('answerer'), verdict)],
    ['with an empty verdict', callback(at('answerer'), [...verdict, ['AnsweredBy', '']])],
    ['with another verdict', callback(at('answerer'), [...verdict, ['AnsweredBy', 'machine']])],
    ['with a verdict and keys', callback(at('answerer'), [...verdict, ['AnsweredBy', 'human'], ['Digits', '#']])],
    ['with a verdict about no call', callback(at('answerer'), [...verdict.slice(0, 1), ['AnsweredBy', 'human']])],
    ['that brings keys to its verdict', callback(at('answerer?heard=0'), [...verdict, ['AnsweredBy', 'human']])],
    ['about a text', callback(`/callbacks/twilio/text/${token}/status`, usual)],
    ['with keys at an address without earlier keys', callback(at('keys'), [...usual, ['Digits', '#']])],
    ['with keys at an address that takes none', callback(at('answered?heard=0'), usual)],
    ['that brings keys to its progress', callback(at('status?heard=0'), usual)],
    ['at the address of another token', callback(keys.replace(token, `${token}x`), usual)],
    ['with __proto__', callback(keys, [...usual, ['__proto__', 'x']])],
  ])('%s is refused as forged', (_name, forged) => {
    expect(() => open().read(forged)).toThrow(expect.objectContaining({ code: 'forged' }));
  });

  test('with fields cut at another place has the same signature and is refused by the shape of a field', () => {
    const genuine: Fields = [...usual, ['Digits', '12']];
    const cut: Fields = [
      ...genuine.filter(([name]) => !['Digits', 'Direction'].includes(name)),
      ['Digits', '12Directionoutbound-api'],
    ];
    const address = `https://login.example.test${keys}`;
    expect(sign(address, cut)).toBe(sign(address, genuine));
    expect(open().read(callback(keys, genuine))).toMatchObject({ keys: '12' });
    expect(() => open().read(callback(keys, cut))).toThrow(expect.objectContaining({ code: 'forged' }));
  });

  test.each([
    ['a field twice', (body: string) => `${body}&Digits=%23`],
    ['a field twice under one signature', (body: string) => body.replace('Digits=%23', 'Digits=%23&Digits=%23')],
    ['a bare name with two values', (body: string) => body.replace('Digits=%23', 'Digits=%23=')],
    ['a broken escape', (body: string) => body.replace('Digits=%23', 'Digits=%2')],
    ['an empty field', (body: string) => `${body}&`],
  ])('with %s is refused', (_name, spoil) => {
    const genuine = callback(keys, [...usual, ['Digits', '#']]);
    expect(open().read(genuine)).toMatchObject({ keys: '#' });
    const body = Buffer.from(spoil(Buffer.from(genuine.body).toString()));
    expect(() => open().read({ ...genuine, body })).toThrow(expect.objectContaining({ code: 'forged' }));
  });
});

describe('the voice', () => {
  test('waits for one key, # included, and posts silence too', () => {
    const { type, body } = open().render({ say: 'Press #.', language: 'en-US', gather: 'key' }, token);
    expect(type).toBe('text/xml');
    expect(body).toMatchInlineSnapshot(
      `"<?xml version="1.0" encoding="UTF-8"?><Response><Gather input="dtmf" numDigits="1" finishOnKey="" timeout="8" actionOnEmptyResult="true" method="POST" action="https://login.example.test/callbacks/twilio/call/T0kenOfOneOrder_128bit/keys?heard="><Say language="en-US">Press #.</Say></Gather></Response>"`,
    );
  });

  test('names the voice of a language with its region, and none where none is set', () => {
    const voices = { 'en-GB': 'Polly.Amy' };
    const say = (language: string, gather: 'key' | 'none') =>
      open({ voices }).render({ say: 'Hello.', language, gather }, token).body;
    expect(say('en-GB', 'key')).toContain('<Say voice="Polly.Amy" language="en-GB">');
    expect(say('en-GB', 'none')).toContain('<Say voice="Polly.Amy" language="en-GB">');
    expect(say('en-US', 'key')).toContain('<Say language="en-US">');
    expect(say('constructor', 'key')).toContain('<Say language="constructor">');
  });

  test('puts the keys heard so far into the address that Twilio signs', () => {
    const { body } = open().render({ say: 'Sure?', language: 'en-US', gather: 'key', previousKeys: '0' }, token);
    expect(body).toContain(`${at('keys?heard=0')}"`);
  });

  test('waits for the requested time in whole seconds, never for longer', () => {
    const { body } = open().render({ say: 'Wait.', language: 'en-US', gather: 'key', timeout: 19_500 }, token);
    expect(body).toContain(' timeout="19" ');
  });

  test.each(['e', 'e0'])('puts the keys %s of a person behind a switchboard into the address', heard => {
    const { body } = open().render({ say: 'Sure?', language: 'en-US', gather: 'key', previousKeys: heard }, token);
    expect(body).toContain(`${at(`keys?heard=${heard}`)}"`);
  });

  test.each(['#', '0#', '00', 'e#', 'e00', '1', '0&heard='])(
    'refuses to write an address with the keys %s, which its reader would refuse',
    heard => {
      const turn = { say: 'Sure?', language: 'en-US', gather: 'key', previousKeys: heard } as const;
      expect(() => open().render(turn, token)).toThrow(expect.objectContaining({ code: 'internal' }));
    },
  );

  test('says the last words and hangs up', () => {
    const { body } = open().render({ say: 'Goodbye.', language: 'de-DE', gather: 'none' }, token);
    expect(body).toContain('<Say language="de-DE">Goodbye.</Say><Hangup/>');
    expect(body).not.toContain('Gather');
  });

  test('escapes the text it says and drops characters that XML forbids', () => {
    const say = `</Say><Redirect>&"'\u0000\u001b\uD800 ${'x'.repeat(10_000)}`;
    const { body } = open().render({ say, language: 'en-US', gather: 'none' }, token);
    expect(body).not.toContain('<Redirect>');
    expect(body).not.toMatch(/\p{Cc}/u);
    expect(body.length).toBeLessThan(1300);
    expect(body.isWellFormed()).toBe(true);
  });
});
