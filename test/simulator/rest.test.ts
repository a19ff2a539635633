import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import twilio from 'twilio';
import type { Simulator } from '../../simulator/start.ts';
import type { Webhooks } from './support.ts';
import {
  accountSid,
  ada,
  authToken,
  call,
  caller,
  fetchCall,
  rest,
  startWebhooks,
  startTestSimulator,
} from './support.ts';

let webhooks: Webhooks;
let simulator: Simulator;
beforeAll(async () => {
  webhooks = await startWebhooks();
  simulator = await startTestSimulator();
});
afterAll(async () => {
  await simulator.close();
  await webhooks.close();
});

const calls = `${accountSid}/Calls.json`;
type Field = readonly [string, string];
const callFields = (changes: Readonly<Record<string, string | undefined>> = {}): Field[] =>
  Object.entries({ To: ada, From: caller, Url: `${webhooks.url}/voice`, ...changes }).flatMap(
    ([name, value]): Field[] => (value === undefined ? [] : [[name, value]]),
  );

describe('CreateCall', () => {
  test('CreateCall answers 201 with the whole resource', async () => {
    const { status, body } = await rest(simulator, 'POST', calls, callFields());
    expect(status).toBe(201);
    expect(body).toMatchObject({
      sid: expect.stringMatching(/^CA[0-9a-f]{32}$/),
      account_sid: accountSid,
      api_version: '2010-04-01',
      status: 'queued',
      direction: 'outbound-api',
      to: ada,
      to_formatted: '(202) 555-0142',
      from: caller,
      date_created: expect.stringMatching(/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} \+0000$/),
      duration: null,
      answered_by: null,
      uri: `/2010-04-01/Accounts/${accountSid}/Calls/${String(body['sid'])}.json`,
    });
  });

  test.each<[string, Readonly<Record<string, string | undefined>>, number]>([
    ['no To', { To: undefined }, 21201],
    ['no From', { From: undefined }, 21213],
    ['a To that is no number', { To: '0142' }, 21211],
    ['a From that is no number', { From: 'Contoso' }, 21212],
    ['no Url', { Url: undefined }, 21205],
    ['a Url of another scheme', { Url: 'javascript:alert(1)' }, 21205],
    ['a StatusCallback that is no address', { StatusCallback: 'status' }, 21609],
    ['another method', { Method: 'PUT' }, 21403],
    ['a Timeout of 601 seconds', { Timeout: '601' }, 20001],
    ['a Timeout of 0 seconds', { Timeout: '0' }, 20001],
    ['a TimeLimit that is no number', { TimeLimit: '1e9' }, 20001],
    ['an event that does not exist', { StatusCallbackEvent: 'hung-up' }, 20001],
    ['another kind of machine detection', { MachineDetection: 'Yes' }, 20001],
    ['a parameter this network does not know', { Record: 'true' }, 20001],
    ['a parameter of Object', { constructor: 'x' }, 20001],
  ])('CreateCall refuses %s with an error in the format of Twilio', async (_, changes, code) => {
    const { status, body } = await rest(simulator, 'POST', calls, callFields(changes));
    expect([status, body]).toEqual([
      400,
      { code, message: expect.any(String), more_info: `https://www.twilio.com/docs/errors/${code}`, status: 400 },
    ]);
  });

  test('CreateCall refuses a parameter that comes twice', async () => {
    const { body } = await rest(simulator, 'POST', calls, [...callFields(), ['To', caller]]);
    expect(body['code']).toBe(20001);
  });

  test('CreateCall treats a JSON body as a form without parameters', async () => {
    const response = await fetch(`${simulator.url}/2010-04-01/Accounts/${calls}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}` },
      body: JSON.stringify({ To: ada }),
    });
    expect([response.status, await response.json()]).toEqual([400, expect.objectContaining({ code: 21201 })]);
  });

  test('CreateCall refuses a body of more than 64 KiB', async () => {
    const { status, body } = await rest(
      simulator,
      'POST',
      calls,
      callFields({ Url: `http://x/${'y'.repeat(65_536)}` }),
    );
    expect([status, body['code']]).toEqual([413, 20413]);
  });
});

describe('credentials', () => {
  test.each([
    ['another token', `${accountSid}:wrong`],
    ['another account', `AC${'0'.repeat(32)}:${authToken}`],
    ['no password', accountSid],
    ['no user and no password', ''],
  ])('credentials with %s are refused with 401, and no call is placed', async (_, credentials) => {
    const before = (await simulator.person(ada).phone()).calls.length;
    const { status, body, headers } = await rest(simulator, 'POST', calls, callFields(), credentials);
    expect([status, body['code'], headers.get('www-authenticate')]).toEqual([401, 20003, 'Basic realm="Twilio API"']);
    expect((await simulator.person(ada).phone()).calls).toHaveLength(before);
  });

  test('wrong credentials are refused before the setting of the API applies', async () => {
    await simulator.person(ada).behave({ api: 'too-many' });
    expect((await rest(simulator, 'POST', calls, callFields(), `${accountSid}:wrong`)).status).toBe(401);
    expect((await rest(simulator, 'POST', calls, callFields())).status).toBe(429);
    await simulator.person(ada).behave({ api: 'answers' });
  });

  test('the path of another account is not found', async () => {
    const { status, body } = await rest(simulator, 'POST', `AC${'0'.repeat(32)}/Calls.json`, callFields());
    expect([status, body['code']]).toEqual([404, 20404]);
  });
});

const path = (sid: string) => `${accountSid}/Calls/${sid}.json`;

describe('FetchCall and UpdateCall', () => {
  const update = (sid: string, fields: readonly Field[]) => rest(simulator, 'POST', path(sid), fields);

  test.each([`CA${'0'.repeat(32)}`, 'x', '..', '%'])('FetchCall does not find the SID %s', async sid => {
    const { status, body } = await rest(simulator, 'GET', path(encodeURIComponent(sid)));
    expect([status, body['code']]).toEqual([404, 20404]);
  });

  test('a path without .json is not found', async () => {
    const sid = await call(simulator, webhooks, caller);
    expect((await rest(simulator, 'GET', `${accountSid}/Calls/${sid}`)).status).toBe(404);
    expect((await rest(simulator, 'GET', path(sid))).status).toBe(200);
  });

  test.each<[readonly Field[], number]>([
    [[], 20001],
    [[['Status', 'ringing']], 20001],
    [[['Twiml', '<Response/>']], 20001],
    [
      [
        ['Status', 'canceled'],
        ['Status', 'completed'],
      ],
      20001,
    ],
  ])('UpdateCall refuses the parameters %j', async (fields, code) => {
    const sid = await call(simulator, webhooks, caller);
    expect(await update(sid, fields)).toMatchObject({ status: 400, body: { code } });
  });

  test('UpdateCall cannot cancel an answered call, completes it, and leaves a completed one', async () => {
    webhooks.answer('/voice', '<Response><Gather><Say>Hello</Say></Gather></Response>');
    await simulator.person(ada).phone();
    await fetch(`${simulator.url}/api/reset`, { method: 'POST' });
    const sid = await call(simulator, webhooks);
    await simulator.person(ada).ringing();
    await simulator.person(ada).answer();
    expect(await update(sid, [['Status', 'canceled']])).toMatchObject({ status: 400, body: { code: 21220 } });
    expect(await fetchCall(simulator, sid)).toMatchObject({ status: 'in-progress' });
    expect(await update(sid, [['Status', 'completed']])).toMatchObject({ status: 200, body: { status: 'completed' } });
    expect(await update(sid, [['Status', 'completed']])).toMatchObject({ status: 400, body: { code: 21220 } });
  });

  test('another method is answered with 405 and the allowed methods', async () => {
    const response = await fetch(`${simulator.url}/2010-04-01/Accounts/${calls}`, { method: 'DELETE' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, GET']);
  });
});

const textFrom = (From: string): Field[] => [
  ['To', ada],
  ['From', From],
  ['Body', 'x'],
];

describe('the account and its numbers', () => {
  const numbers = `${accountSid}/IncomingPhoneNumbers.json`;

  test('the account resource is active and needs credentials', async () => {
    const { status, body } = await rest(simulator, 'GET', `${accountSid}.json`);
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ sid: accountSid, status: 'active', type: 'Full', friendly_name: expect.any(String) }),
    ]);
    expect((await rest(simulator, 'GET', accountSid)).status).toBe(404);
    expect((await rest(simulator, 'GET', `${accountSid}.json`, [], `${accountSid}:x`)).status).toBe(401);
  });

  test('a number of the account has capabilities, and other numbers are not in the list', async () => {
    const ours = await rest(simulator, 'GET', `${numbers}?PhoneNumber=${encodeURIComponent(caller)}`);
    expect(ours.body['incoming_phone_numbers']).toEqual([
      expect.objectContaining({
        phone_number: caller,
        sid: expect.stringMatching(/^PN[0-9a-f]{32}$/),
        capabilities: { voice: true, sms: true, mms: true, fax: false },
      }),
    ]);
    const other = await rest(simulator, 'GET', `${numbers}?PhoneNumber=${encodeURIComponent(ada)}`);
    expect(other.body['incoming_phone_numbers']).toEqual([]);
  });

  test('a number without a capability is refused as the sender', async () => {
    const [mute, deaf] = ['+12025550101', '+12025550102'];
    const other = await startTestSimulator({
      numbers: [
        { number: mute, voice: false, sms: true },
        { number: deaf, voice: true, sms: false },
      ],
    });
    const [placing, sending] = [calls, `${accountSid}/Messages.json`];
    expect(await rest(other, 'POST', placing, callFields({ From: mute }))).toMatchObject({ body: { code: 21210 } });
    expect(await rest(other, 'POST', placing, callFields({ From: deaf }))).toMatchObject({ status: 201 });
    expect(await rest(other, 'POST', placing, callFields())).toMatchObject({ body: { code: 21210 } });
    expect(await rest(other, 'POST', sending, textFrom(mute))).toMatchObject({ status: 201 });
    expect(await rest(other, 'POST', sending, textFrom(deaf))).toMatchObject({ status: 400, body: { code: 21606 } });
    await other.close();
  });

  test('a list has pages, newest first', async () => {
    await fetch(`${simulator.url}/api/reset`, { method: 'POST' });
    const sids = [];
    for (let index = 0; index < 3; index += 1) sids.unshift(await call(simulator, webhooks, `+1202555019${index}`));
    const shown = async (address: string): Promise<{ readonly sids: unknown; readonly next: unknown }> => {
      const { body } = await rest(simulator, 'GET', address.replace('/2010-04-01/Accounts/', ''));
      return { sids: (body['calls'] as { sid: string }[]).map(({ sid }) => sid), next: body['next_page_uri'] };
    };
    const first = await shown(`${calls}?PageSize=2`);
    expect(first).toEqual({ sids: sids.slice(0, 2), next: expect.any(String) });
    expect(await shown(String(first.next))).toEqual({ sids: sids.slice(2), next: null });
    expect(await shown(`${calls}?To=%2B12025550190`)).toEqual({ sids: sids.slice(2), next: null });
    expect(await rest(simulator, 'GET', `${calls}?PageSize=0`)).toMatchObject({ body: { code: 20001 } });
    expect(await rest(simulator, 'GET', `${calls}?Colour=red`)).toMatchObject({ body: { code: 20001 } });
  });
});

describe('the official library', () => {
  test('the official library places, fetches and ends calls, and sends texts', async () => {
    class Pointed extends twilio.RequestClient {
      override request<T>(options: Parameters<twilio.RequestClient['request']>[0]) {
        return super.request<T>({
          ...options,
          uri: options.uri.replace('https://api.twilio.com', simulator.url),
        } as never);
      }
    }
    const client = twilio(accountSid, authToken, { httpClient: new Pointed() });
    await fetch(`${simulator.url}/api/reset`, { method: 'POST' });
    const placed = await client.calls.create({
      to: ada,
      from: caller,
      url: `${webhooks.url}/voice`,
      statusCallback: `${webhooks.url}/status`,
      statusCallbackEvent: ['initiated', 'completed'],
      timeout: 40,
      timeLimit: 120,
      machineDetection: 'Enable',
    });
    expect(placed.dateCreated.getTime()).toBeGreaterThan(Date.now() - 10_000);
    await simulator.person(ada).ringing();
    expect((await client.calls(placed.sid).fetch()).status).toBe('ringing');
    expect((await client.calls(placed.sid).update({ status: 'canceled' })).status).toBe('canceled');
    const message = await client.messages.create({ to: ada, from: caller, body: 'Grüße €', validityPeriod: 300 });
    expect([message.status, message.numSegments]).toEqual(['queued', '1']);
    await simulator.person(ada).text();
    expect((await client.messages(message.sid).fetch()).status).toBe('delivered');
    expect((await client.api.v2010.accounts(accountSid).fetch()).status).toBe('active');
    const [number] = await client.incomingPhoneNumbers.list({ phoneNumber: caller });
    expect(number?.capabilities).toMatchObject({ voice: true, sms: true });
    expect((await client.calls.list({ pageSize: 1, limit: 1 }))[0]?.sid).toBe(placed.sid);
    await expect(client.calls.create({ to: '12', from: caller, url: 'http://x/' })).rejects.toMatchObject({
      status: 400,
      code: 21211,
      moreInfo: 'https://www.twilio.com/docs/errors/21211',
    });
  });
});

describe('limits', () => {
  test('a call is refused while 200 are in progress, until one of them is over', async () => {
    await fetch(`${simulator.url}/api/reset`, { method: 'POST' });
    const other = await startTestSimulator({
      people: Array.from({ length: 200 }, (_, index) => ({ name: `P${index}`, number: `+1202555${1000 + index}` })),
    });
    const place = async (index: number) => rest(other, 'POST', calls, callFields({ To: `+1202555${1000 + index}` }));
    for (let index = 0; index < 200; index += 20) {
      await Promise.all(Array.from({ length: 20 }, (_, more) => place(index + more)));
    }
    expect(await place(0)).toMatchObject({ status: 429, body: { code: 20429, status: 429 } });
    await other.person('+12025551007').ringing();
    await other.person('+12025551007').decline();
    expect(await place(7)).toMatchObject({ status: 201 });
    expect(await place(7)).toMatchObject({ status: 429 });
    await other.close();
  });
});
