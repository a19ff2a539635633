import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { request } from 'node:http';
import { addPhone, readWire, resetSimulator } from '../../simulator/person.ts';
import type { Simulator } from '../../simulator/start.ts';
import { codeAt } from '../../simulator/simulation/totp.ts';
import type { Webhooks } from './support.ts';
import { accountSid, ada, authToken, call, caller, grace, rest, startWebhooks, startTestSimulator } from './support.ts';

let webhooks: Webhooks;
let simulator: Simulator;
beforeAll(async () => {
  webhooks = await startWebhooks();
  simulator = await startTestSimulator();
});
beforeEach(() => resetSimulator(simulator.url));
afterAll(async () => {
  await simulator.close();
  await webhooks.close();
});

const ask = async (
  method: string,
  path: string,
  body?: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly body: unknown }> => {
  const response = await fetch(`${simulator.url}/api${path}`, { method, headers, ...(body !== undefined && { body }) });
  return { status: response.status, body: await response.json() };
};
const error = (code: string) => ({ error: { code, message: expect.any(String) } });
const phone = `/phones/${encodeURIComponent(ada)}`;
const asUsual = {
  behaviour: 'rings',
  behaves: {
    calls: 'rings',
    texts: 'at-once',
    callbacks: { calls: 'normal', texts: 'normal' },
    api: { calls: 'answers', texts: 'answers' },
  },
  state: 'idle',
  onTheWay: 0,
  calls: [],
};

describe('the API for tests', () => {
  test('the API lists phones, and a request for ringing waits for a call', async () => {
    expect(await ask('GET', '/phones')).toEqual({
      status: 200,
      body: [
        { name: 'Ada', number: ada, ...asUsual },
        { name: 'Grace', number: grace, ...asUsual },
      ],
    });
    const waiting = simulator.person(ada).ringing(10);
    const sid = await call(simulator, webhooks);
    expect(await waiting).toMatchObject({ sid, status: 'ringing' });
    expect(await simulator.person(ada).phone()).toMatchObject({ state: 'ringing', calls: [{ sid }] });
  });

  test.each([
    ['GET', '/phones/0', undefined, 404, 'not-found'],
    ['GET', '/phones/%ff', undefined, 404, 'not-found'],
    ['GET', '/nothing', undefined, 404, 'not-found'],
    ['DELETE', '/phones', undefined, 405, 'method-not-allowed'],
    ['GET', `${phone}/ringing`, undefined, 404, 'silent'],
    ['GET', `${phone}/ringing?wait=31`, undefined, 400, 'bad-request'],
    ['GET', `${phone}/ringing?wait=-1`, undefined, 400, 'bad-request'],
    ['GET', `${phone}/transcript?wait=x`, undefined, 400, 'bad-request'],
    ['GET', `${phone}/transcript`, undefined, 404, 'silent'],
    ['POST', `${phone}/answer`, undefined, 409, 'not-now'],
    ['POST', `${phone}/decline`, undefined, 409, 'not-now'],
    ['POST', `${phone}/hang-up`, undefined, 409, 'not-now'],
    ['POST', `${phone}/wait-out`, undefined, 409, 'not-now'],
    ['POST', `${phone}/press`, '{"keys":"#"}', 409, 'not-now'],
    ['POST', `${phone}/press`, '{"keys":"A"}', 400, 'bad-request'],
    ['POST', `${phone}/press`, '{"keys":["#"]}', 400, 'bad-request'],
    ['POST', `${phone}/press`, 'null', 400, 'bad-request'],
    ['POST', `${phone}/press`, '{', 400, 'bad-request'],
    ['POST', `${phone}/press`, `{"keys":"${'1'.repeat(65)}"}`, 400, 'bad-request'],
    ['PUT', `${phone}/behaviour`, '{"behaviour":"constructor"}', 400, 'bad-request'],
    ['PUT', `${phone}/behaviour`, '{}', 400, 'bad-request'],
    ['GET', '/people/Grace/code', undefined, 404, 'not-found'],
    ['POST', `${phone}/press`, 'x'.repeat(65_537), 413, 'too-large'],
    ['POST', `${phone}/read`, undefined, 404, 'silent'],
    ['POST', `${phone}/read?wait=31`, undefined, 400, 'bad-request'],
    ['PUT', '/carrier', '{"api":"constructor"}', 400, 'bad-request'],
    ['POST', '/phones', '{}', 400, 'bad-request'],
    ['POST', '/phones', '{"name":"Eve","colour":"red"}', 400, 'bad-request'],
    ['POST', '/phones', '{"name":" ","number":"+12025550199"}', 400, 'bad-request'],
    ['POST', '/phones', '{"name":"Eve","number":"0142"}', 400, 'bad-request'],
    ['POST', '/phones', '{"name":"Eve","totpSecret":"1"}', 400, 'bad-request'],
    ['POST', '/phones', '{"name":"Eve","number":"+12025550199","extensions":{"4":1}}', 400, 'bad-request'],
    ['POST', '/phones', '{"name":"Eve","number":"+12025550199","extensions":{"x":"Ada"}}', 400, 'bad-request'],
    ['POST', '/phones', '{"name":"Eve","number":"+12025550199","extensions":{"4":"A","42":"B"}}', 400, 'bad-request'],
    ['POST', '/phones', '{"name":"Eve","extensions":{"4":"A"}}', 400, 'bad-request'],
    ['POST', '/phones', `{"name":"Eve","number":"${ada}"}`, 409, 'taken'],
  ])('the request %s %s %s is answered with %i', async (method, path, body, status, code) => {
    expect(await ask(method, path, body)).toEqual({ status, body: error(code) });
  });

  test('an added person has a phone and an app, an added office has extensions, and a reset removes both', async () => {
    const totpSecret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    const [phoneOfEve] = await addPhone(simulator.url, { name: 'Eve', number: '+12025550199', totpSecret });
    expect(phoneOfEve).toMatchObject({ name: 'Eve', number: '+12025550199', state: 'idle' });
    const extensions = { '421': 'Eve', '422': 'Linus' };
    const phones = await addPhone(simulator.url, { name: 'Contoso', number: '+12025550150', extensions });
    expect(phones.map(({ name, number, behaviour }) => [name, number, behaviour])).toEqual([
      ['Contoso', '+12025550150', 'switchboard'],
      ['Eve', '+12025550150;ext=421', 'rings'],
      ['Linus', '+12025550150;ext=422', 'rings'],
    ]);
    await call(simulator, webhooks, '+12025550199');
    await simulator.person('+12025550199').ringing();
    const now = Date.now();
    const codes = [now, now + 30_000].map(at => codeAt(totpSecret, at).code);
    expect(codes).toContain(await simulator.person('+12025550150;ext=421').code());
    await resetSimulator(simulator.url);
    expect(((await ask('GET', '/phones')).body as readonly unknown[]).length).toBe(2);
  });

  test('requests from another site or under another host name are refused', async () => {
    const own = await ask('POST', '/reset', undefined, { origin: simulator.url });
    expect(own.status).toBe(200);
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1']) {
      expect(await ask('POST', '/reset', undefined, { origin })).toEqual({ status: 403, body: error('foreign') });
    }
    const { port } = new URL(simulator.url);
    const status = await new Promise(resolve => {
      const headers = { host: `evil.example:${port}` };
      request({ host: '127.0.0.1', port, path: '/api/phones', headers }, response => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(status).toBe(403);
  });

  test('the API shows the code of an authenticator app, by name or number', async () => {
    const now = Date.now();
    const codes = [now, now + 30_000].map(at => codeAt('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', at).code);
    expect(codes).toContain(await simulator.person(ada).code());
    expect((await ask('GET', '/people/Ada/code')).body).toMatchObject({ secondsLeft: expect.any(Number) });
  });
});

describe('the wire log', () => {
  const token = 'b7QpZ3xk9RvT2mWcY8nD4s';

  test('the wire log shows requests in both directions and no secret', async () => {
    webhooks.answer(`/voice/${token}`, '<Response><Gather numDigits="6"/></Response>');
    await fetch(`${simulator.url}/2010-04-01/Accounts/${accountSid}/Calls.json`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}` },
      body: new URLSearchParams({ To: ada, From: caller, Url: `${webhooks.url}/voice/${token}?heard=` }),
    });
    const person = simulator.person(ada);
    await person.ringing();
    await person.answer();
    await person.hear();
    await person.press('493817');
    await webhooks.waitFor(({ fields }) => fields.get('Digits') === '493817');
    const lines = await readWire(simulator.url);
    expect(lines.map(({ direction, method, path }) => `${direction} ${method} ${path}`)).toEqual([
      'in POST /2010-04-01/Accounts/AC5a5a…/Calls.json',
      'out POST /voice/b7Qp…?heard=',
      'out POST /voice/b7Qp…?heard=',
    ]);
    const text = JSON.stringify(lines);
    for (const secret of [token, authToken, accountSid, '493817']) expect(text).not.toContain(secret);
    expect(lines[2]?.reason).toContain('6 keys');
  });

  test('the wire log names the setting that replaced an answer', async () => {
    await simulator.person(ada).behave({ api: { texts: 'too-many' } });
    const form = [
      ['To', ada],
      ['From', caller],
      ['Body', '493817'],
    ] as const;
    await rest(simulator, 'POST', `${accountSid}/Messages.json`, form);
    const [line] = await readWire(simulator.url);
    expect(line).toMatchObject({ status: 429, reason: `To ${ada} · 20429 Too Many Requests · set to “Too many”` });
  });

  test('the wire log keeps the last 500 lines', async () => {
    for (let index = 0; index < 26; index += 1) {
      await Promise.all(
        Array.from({ length: 20 }, () => fetch(`${simulator.url}/2010-04-01/Accounts/${accountSid}/Calls/x.json`)),
      );
    }
    const lines = await readWire(simulator.url);
    expect([lines.length, lines.at(-1)?.status]).toEqual([500, 401]);
  });
});
