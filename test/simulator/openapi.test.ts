/** Checks requests and answers of all routes and behaviours against Twilio's OpenAPI description. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ApiBehaviourName } from '../../simulator/network/behaviours/api.ts';
import { apiBehaviours } from '../../simulator/network/behaviours/api.ts';
import { callBehaviours, needsOffice } from '../../simulator/network/behaviours/calls.ts';
import { textBehaviours } from '../../simulator/network/behaviours/texts.ts';
import { behaveCarrier, moveTime, resetSimulator } from '../../simulator/person.ts';
import type { Simulator } from '../../simulator/start.ts';
import { checkRequest, checkResponse, refuseUnknown } from '../support/carrier/twilio-openapi.ts';
import type { Webhooks } from './support.ts';
import { accountSid, ada, authToken, caller, startWebhooks, startTestSimulator } from './support.ts';

const base = `/2010-04-01/Accounts/${accountSid}`;
const office = '+12025550150';
const names = <Name extends string>(table: Readonly<Record<Name, unknown>>) => Object.keys(table) as Name[];

describe('the check against the description', () => {
  const place = (changes: Readonly<Record<string, string | readonly string[]>>) => ({
    method: 'POST',
    path: `${base}/Calls.json`,
    form: { To: ada, From: caller, Url: 'https://idp.example/voice', ...changes },
  });

  test('the check accepts the examples in the description', () => {
    interface Examples {
      readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
    }
    interface Operation {
      readonly requestBody?: { readonly content: Readonly<Record<string, Examples>> };
      readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Examples>> }>>;
    }
    const file = new URL('../data/twilio-calls-messages.openapi.json', import.meta.url);
    const { paths } = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
    };
    const examples = Object.entries(paths).flatMap(([pattern, item]) =>
      ['get', 'post'].flatMap(method => {
        const path = pattern
          .replace('{AccountSid}', accountSid)
          .replace('{Sid}', `${pattern.includes('Calls') ? 'CA' : 'SM'}${'0'.repeat(32)}`);
        return Object.entries(item[method]?.responses ?? {}).flatMap(([status, { content = {} }]) =>
          Object.entries(content['application/json']?.examples ?? {}).map(([name, { value }]) => ({
            name: `${method} ${pattern} ${name}`,
            faults: checkResponse({ method, path, status: Number(status), body: value }),
          })),
        );
      }),
    );
    expect(examples.length).toBeGreaterThan(20);
    expect(examples.filter(({ faults }) => faults.length > 0)).toEqual([]);
  });

  test.each<[string, Readonly<Record<string, string | readonly string[]>>, readonly string[]]>([
    ['no error', { StatusCallbackEvent: ['initiated', 'completed'], Timeout: '40' }, []],
    ['no To', { To: '' }, ['form To: missing', 'form To:  is no endpoint']],
    ['a To that is no number', { To: '0142' }, ['form To: 0142 is no endpoint']],
    ['a parameter that does not exist', { Ring: '1' }, ['form Ring: not described']],
    ['a Timeout in words', { Timeout: 'forty' }, ['form Timeout: expected a number']],
    ['a half second', { TimeLimit: '1.5' }, ['form TimeLimit: expected integer']],
    ['two Urls', { Url: ['https://a.example/', 'https://b.example/'] }, ['form Url: more than once']],
    ['a relative Url', { Url: '/voice' }, ['form Url: /voice is no absolute address']],
    [
      'a method that is none',
      { Method: 'PUT' },
      ['form Method: PUT is none of GET, POST', 'form Method: PUT is no http-method'],
    ],
  ])('the check of a request with %s finds %j', (_, changes, errors) => {
    expect(checkRequest(place(changes))).toEqual(errors);
  });

  test.each([
    ['another path', { method: 'GET', path: `${base}/Faxes.json` }],
    ['another method', { method: 'DELETE', path: `${base}/Calls.json` }],
    ['a SID that is none', { method: 'GET', path: `${base}/Calls/CA1.json` }],
    ['a page of 1,001', { method: 'GET', path: `${base}/Calls.json?PageSize=1001` }],
    ['a query that does not exist', { method: 'GET', path: `${base}/Calls.json?Limit=1` }],
    [
      'an update to a status that is none',
      { method: 'POST', path: `${base}/Calls/CA${'0'.repeat(32)}.json`, form: { Status: 'busy' } },
    ],
  ])('the check refuses a request with %s', (_, request) => {
    expect(checkRequest(request)).not.toEqual([]);
  });

  test('the check refuses a description with unknown keywords', () => {
    expect(() => refuseUnknown({ type: 'string', format: 'colour' }, 'x')).toThrow('x: unknown format colour');
    expect(() => refuseUnknown({ properties: { y: { oneOf: [] } } } as never, 'x')).toThrow(
      'x.y: unknown keyword oneOf',
    );
    expect(() => refuseUnknown({ items: { type: 'file' } } as never, 'x')).toThrow('x[]: unknown type file');
  });
});

let webhooks: Webhooks;
let simulator: Simulator;
beforeAll(async () => {
  webhooks = await startWebhooks();
  webhooks.answer(
    '/voice',
    '<Response><Gather numDigits="1" finishOnKey=""><Say>Press pound</Say></Gather></Response>',
  );
  simulator = await startTestSimulator({
    people: [
      { name: 'Ada', number: ada },
      { name: 'Contoso', number: office, extensions: { 421: 'Ada' } },
    ],
  });
});
beforeEach(() => resetSimulator(simulator.url));
afterAll(async () => {
  await simulator.close();
  await webhooks.close();
});

type Form = Readonly<Record<string, string>>;
/** Sends a request, and checks it and its answer against the description. */
const ask = async (method: string, path: string, form?: Form, signal?: AbortSignal) => {
  const response = await fetch(simulator.url + path, {
    method,
    headers: { authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}` },
    ...(form !== undefined && { body: new URLSearchParams({ ...form }) }),
    ...(signal !== undefined && { signal }),
  });
  const body: unknown = await response.json();
  expect(checkRequest({ method, path, form: form ?? {} })).toEqual([]);
  expect(checkResponse({ method, path, status: response.status, body })).toEqual([]);
  return { status: response.status, body: body as Readonly<Record<string, unknown>> };
};
const callForm = (to: string): Form => ({
  To: to,
  From: caller,
  Url: `${webhooks.url}/voice`,
  StatusCallback: `${webhooks.url}/status`,
  Timeout: '40',
});
const textForm: Form = { To: ada, From: caller, Body: 'Grüße ^ 482913', StatusCallback: `http://127.0.0.1/status` };
const create = {
  calls: () => ask('POST', `${base}/Calls.json`, callForm(ada)),
  texts: () => ask('POST', `${base}/Messages.json`, textForm),
} as const;
const over = new Set(['completed', 'busy', 'no-answer', 'failed', 'canceled']);

describe('answers match the description', () => {
  test.each(names(callBehaviours))(
    'a call to a number set to %s is described at each status and in the list',
    async calls => {
      const to = needsOffice(calls) ? office : ada;
      await simulator.person(to).behave({ calls });
      const form = { ...callForm(to), ...(to === ada ? { MachineDetection: 'Enable' } : { SendDigits: 'ww421' }) };
      const { status, body } = await ask('POST', `${base}/Calls.json`, form);
      expect(status).toBe(201);
      const path = `${base}/Calls/${String(body['sid'])}.json`;
      const seen = new Set<unknown>([body['status']]);
      for (let step = 0; step < 20 && ![...seen].some(each => over.has(String(each))); step += 1) {
        seen.add((await ask('GET', path)).body['status']);
        await moveTime(simulator.url, 10);
      }
      expect([...seen].some(each => over.has(String(each)))).toBe(true);
      expect((await ask('GET', `${base}/Calls.json?PageSize=1&To=${encodeURIComponent(to)}`)).body).toMatchObject({
        calls: [{ sid: body['sid'] }],
        page_size: 1,
        next_page_uri: null,
      });
    },
  );

  test.each(['canceled', 'completed'])('a call that an update sets to %s is described', async Status => {
    const { body } = await create.calls();
    await simulator.person(ada).ringing();
    const path = `${base}/Calls/${String(body['sid'])}.json`;
    expect((await ask('POST', path, { Status })).body).toMatchObject({ status: 'canceled' });
    expect((await ask('POST', path, { Status })).body).toMatchObject({ code: 21220 });
  });

  test.each(names(textBehaviours))(
    'a text to a number set to %s is described at each status and in the list',
    async texts => {
      await simulator.person(ada).behave({ texts });
      const { status, body } = await create.texts();
      expect(status).toBe(201);
      const path = `${base}/Messages/${String(body['sid'])}.json`;
      for (let step = 0; step < 4; step += 1) {
        await ask('GET', path);
        await moveTime(simulator.url, 40);
      }
      expect((await ask('GET', path)).body).toMatchObject({ status: textBehaviours[texts].finalStatus });
      expect((await ask('GET', `${base}/Messages.json?PageSize=1`)).body).toMatchObject({
        messages: [{ sid: body['sid'] }],
      });
    },
  );

  test.each<[ApiBehaviourName, string, string]>([
    ['answers', '201 undefined', '201 undefined'],
    ['slow', '201 undefined', '201 undefined'],
    ['too-many', '429 20429', '429 20429'],
    ['server-error', '500 20500', '500 20500'],
    ['unavailable', '503 20503', '503 20503'],
    ['hanging', '504 20504', '504 20504'],
    ['reset', 'fetch failed', 'fetch failed'],
    ['answer-lost', 'fetch failed', 'fetch failed'],
    ['refused', '403 60410', '403 60410'],
    ['invalid-number', '400 21211', '400 21211'],
    ['region-closed', '400 21215', '400 21408'],
    ['opted-out', '201 undefined', '400 21610'],
    ['unauthorized', '401 20003', '401 20003'],
  ])('an API set to %s answers calls with %s and texts with %s', async (api, forCalls, forTexts) => {
    const takes = async () => {
      const calls = (await simulator.person(ada).phone()).calls.length;
      await moveTime(simulator.url, 5);
      return [calls, (await simulator.person(ada).messages()).length];
    };
    await simulator.person(ada).behave({ api });
    const answers = [await whileTimeMoves(create.calls()), await whileTimeMoves(create.texts())];
    expect(answers).toEqual([forCalls, forTexts]);
    const taken = apiBehaviours[api].executes ? 1 : 0;
    expect(await takes()).toEqual([api === 'opted-out' ? 1 : taken, taken]);
    await resetSimulator(simulator.url);
    await behaveCarrier(simulator.url, api);
    const look = await whileTimeMoves(ask('GET', `${base}/Calls.json`));
    expect(look).toBe(forCalls.replace('201', '200'));
  });

  test('the table above has every behaviour of the API', () => {
    expect(names(apiBehaviours)).toHaveLength(13);
  });

  test('errors for wrong requests are described', async () => {
    const wrong: readonly (readonly [string, string, Form?])[] = [
      ['POST', `${base}/Calls.json`, { To: ada }],
      ['POST', `${base}/Messages.json`, { To: ada, From: caller }],
      ['GET', `${base}/Calls/CA${'0'.repeat(32)}.json`],
      ['GET', `${base}/Messages/SM${'0'.repeat(32)}.json`],
      ['DELETE', `${base}/Calls.json`],
      ['GET', `${base}/Nothing.json`],
      ['GET', `${base}/Calls.json?Colour=red`],
    ];
    for (const [method, path, form] of wrong) {
      const response = await fetch(simulator.url + path, {
        method,
        headers: { authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}` },
        ...(form !== undefined && { body: new URLSearchParams({ ...form }) }),
      });
      const body: unknown = await response.json();
      expect([path, response.status >= 400]).toEqual([path, true]);
      expect(checkResponse({ method, path, status: response.status, body })).toEqual([]);
    }
  });
});

/** Moves the clock until an answer or an error. Repeats, because a request may arrive after the first move. */
const whileTimeMoves = async (asked: ReturnType<typeof ask>): Promise<string> => {
  const settled: { as?: string } = {};
  const settle = async () => {
    try {
      const { status, body } = await asked;
      settled.as = `${status} ${String(body['code'])}`;
    } catch (error) {
      settled.as = String((error as { readonly message: unknown }).message);
    }
  };
  void settle();
  for (let step = 0; step < 100 && settled.as === undefined; step += 1) await moveTime(simulator.url, 31);
  return settled.as ?? 'nothing';
};
