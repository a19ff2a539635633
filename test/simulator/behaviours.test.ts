/** Tests each row of the behaviour tables, and that the settings do not affect each other. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { BehaviourChange } from '../../simulator/network/behaviours/settings.ts';
import { moveTime } from '../../simulator/person.ts';
import type { Simulator } from '../../simulator/start.ts';
import type { Webhooks } from './support.ts';
import {
  accountSid,
  ada,
  call,
  caller,
  fetchCall,
  grace,
  manualTimers,
  rest,
  startWebhooks,
  startTestSimulator,
} from './support.ts';

const asks =
  '<Response><Gather numDigits="1" finishOnKey="" timeout="8" action="/keys"><Say>Press pound to go on</Say></Gather></Response>';

let webhooks: Webhooks;
let simulator: Simulator;
beforeEach(async () => {
  webhooks = await startWebhooks();
  webhooks.answer('/voice', asks);
  webhooks.answer('/keys', '<Response><Say>Thank you</Say></Response>');
  simulator = await startTestSimulator();
});
afterEach(async () => {
  await simulator.close();
  await webhooks.close();
});
const behave = (change: BehaviourChange) => simulator.person(ada).behave(change);
const asked = (path: string) => webhooks.waitFor(({ url }) => url === path);
const ended = () => webhooks.waitFor(({ fields }) => fields.has('CallDuration'));
const statuses = () =>
  webhooks.requests.filter(({ url }) => url === '/status').map(({ fields }) => String(fields.get('CallStatus')));

describe('machine detection', () => {
  test.each([
    ['voicemail', 'Enable', 'machine_start'],
    ['voicemail', 'DetectMessageEnd', 'machine_end_silence'],
    ['voicemail-beep', 'Enable', 'machine_start'],
    ['voicemail-beep', 'DetectMessageEnd', 'machine_end_beep'],
    ['fax', 'Enable', 'fax'],
    ['unknown', 'Enable', 'unknown'],
    ['unknown', 'DetectMessageEnd', 'unknown'],
    ['presses-hash', 'Enable', 'human'],
    ['silent', 'DetectMessageEnd', 'human'],
  ] as const)(
    'a phone set to %s, called with %s, is reported as %s in webhooks and in the resource',
    async (calls, how, who) => {
      await behave({ calls });
      const sid = await call(simulator, webhooks, ada, [['MachineDetection', how]]);
      const { fields } = await asked('/voice');
      expect([fields.get('AnsweredBy'), fields.get('CallStatus')]).toEqual([who, 'in-progress']);
      expect(Number(fields.get('MachineDetectionDuration'))).toBeGreaterThan(1000);
      expect(await fetchCall(simulator, sid)).toMatchObject({ answered_by: who });
      await moveTime(simulator.url, 9);
      expect((await ended()).fields.get('AnsweredBy')).toBe(who);
    },
  );

  test('without machine detection no AnsweredBy is reported', async () => {
    await behave({ calls: 'voicemail' });
    const sid = await call(simulator, webhooks);
    expect((await asked('/voice')).fields.has('AnsweredBy')).toBe(false);
    expect(await fetchCall(simulator, sid)).toMatchObject({ answered_by: null });
  });

  test('detection that times out reports unknown, and the document is requested only then', async () => {
    await simulator.close();
    simulator = await startTestSimulator({ pace: 2, timers: manualTimers() });
    await behave({ calls: 'voicemail' });
    await call(simulator, webhooks, ada, [
      ['MachineDetection', 'DetectMessageEnd'],
      ['MachineDetectionTimeout', '5'],
    ]);
    await moveTime(simulator.url, 2);
    await webhooks.waitFor(({ fields }) => fields.get('CallStatus') === 'in-progress');
    await moveTime(simulator.url, 4);
    expect(webhooks.requests.some(({ url }) => url === '/voice')).toBe(false);
    await moveTime(simulator.url, 1);
    const { fields } = await asked('/voice');
    expect([fields.get('AnsweredBy'), fields.get('MachineDetectionDuration')]).toEqual(['unknown', '5000']);
  });

  test.each([
    ['MachineDetectionTimeout', '2'],
    ['MachineDetectionTimeout', '60'],
  ])('a call with %s %s is refused', async (name, value) => {
    expect(await call(simulator, webhooks, ada, [[name, value]])).toBe('undefined');
  });
});

const asyncAmd = (): [string, string][] => [
  ['MachineDetection', 'Enable'],
  ['AsyncAmd', 'true'],
  ['AsyncAmdStatusCallback', `${webhooks.url}/verdict`],
];

describe('machine detection while the documents run (AsyncAmd)', () => {
  test.each([
    ['voicemail', 'machine_start'],
    ['fax', 'fax'],
    ['unknown', 'unknown'],
    ['silent', 'human'],
  ] as const)('a phone set to %s: the document comes first, and %s has a request of its own', async (calls, who) => {
    await simulator.close();
    simulator = await startTestSimulator({ pace: 2, timers: manualTimers() });
    await behave({ calls });
    const sid = await call(simulator, webhooks, ada, [...asyncAmd(), ['MachineDetectionTimeout', '10']]);
    await moveTime(simulator.url, 2);
    const { fields: first } = await asked('/voice');
    expect(first.has('AnsweredBy')).toBe(false);
    expect(webhooks.requests.some(({ url }) => url === '/verdict')).toBe(false);
    await moveTime(simulator.url, 10);
    const { fields, headers, method } = await asked('/verdict');
    expect([method, ...fields.keys()]).toEqual([
      'POST',
      'AccountSid',
      'CallSid',
      'AnsweredBy',
      'MachineDetectionDuration',
    ]);
    expect([fields.get('CallSid'), fields.get('AnsweredBy')]).toEqual([sid, who]);
    expect(headers).toHaveProperty('x-twilio-signature');
    expect(await fetchCall(simulator, sid)).toMatchObject({ answered_by: who });
  });

  test('a call that ends before the result has no request', async () => {
    await simulator.close();
    simulator = await startTestSimulator({ pace: 2, timers: manualTimers() });
    await behave({ calls: 'hangs-up' });
    webhooks.answer('/voice', '<Response><Hangup/></Response>');
    await call(simulator, webhooks, ada, asyncAmd());
    await moveTime(simulator.url, 2);
    await ended();
    await moveTime(simulator.url, 60);
    expect(webhooks.requests.some(({ url }) => url === '/verdict')).toBe(false);
  });

  test('the result can be late, doubled, or missing', async () => {
    await behave({ calls: 'presses-hash', callbacks: 'late-verdict' });
    await call(simulator, webhooks, ada, asyncAmd());
    await asked('/keys');
    expect(webhooks.requests.some(({ url }) => url === '/verdict')).toBe(false);
    await moveTime(simulator.url, 9);
    await asked('/verdict');
    webhooks.requests.length = 0;
    for (const callbacks of ['missing-verdict', 'missing', 'missing-all'] as const) {
      await behave({ callbacks });
      await call(simulator, webhooks, ada, asyncAmd());
      await moveTime(simulator.url, 60);
    }
    await behave({ callbacks: 'doubled' });
    await call(simulator, webhooks, ada, asyncAmd());
    await webhooks.waitFor(() => webhooks.requests.filter(({ url }) => url === '/verdict').length === 2);
  });

  test.each([
    [[['AsyncAmd', 'yes']], 20001],
    [[['AsyncAmd', 'true']], 21262],
    [
      [
        ['AsyncAmd', 'true'],
        ['AsyncAmdStatusCallback', 'here'],
      ],
      20001,
    ],
    [[['AsyncAmdStatusCallbackMethod', 'PUT']], 21403],
  ] as const)('a call with %j is refused', async (fields, code) => {
    const form = [['To', ada], ['From', caller], ['Url', `${webhooks.url}/voice`], ...fields] as const;
    const { status, body } = await rest(simulator, 'POST', `${accountSid}/Calls.json`, form);
    expect([status, body['code']]).toEqual([400, code]);
  });

  test('AsyncAmd=false waits for the result', async () => {
    await behave({ calls: 'silent' });
    await call(simulator, webhooks, ada, [
      ['MachineDetection', 'Enable'],
      ['AsyncAmd', 'false'],
    ]);
    expect((await asked('/voice')).fields.get('AnsweredBy')).toBe('human');
  });
});

describe('a phone that acts automatically', () => {
  test.each([
    ['voicemail-hash', '#'],
    ['presses-hash', '#'],
    ['presses-wrong', '5'],
  ] as const)('a phone set to %s presses %s', async (calls, key) => {
    await behave({ calls });
    await call(simulator, webhooks);
    expect((await asked('/keys')).fields.get('Digits')).toBe(key);
  });

  test('a phone set to presses-0-hash answers two Gathers with one key each', async () => {
    webhooks.answer('/keys', asks.replace('/keys', '/sure'));
    webhooks.answer('/sure', '<Response><Say>Thank you</Say></Response>');
    await behave({ calls: 'presses-0-hash' });
    await call(simulator, webhooks);
    expect((await asked('/keys')).fields.get('Digits')).toBe('0');
    expect((await asked('/sure')).fields.get('Digits')).toBe('#');
  });

  test.each(['silent', 'voicemail', 'fax', 'unknown'] as const)(
    'a phone set to %s presses no key until the Gather times out',
    async calls => {
      await behave({ calls });
      await call(simulator, webhooks);
      await asked('/voice');
      await simulator.person(ada).hear();
      await moveTime(simulator.url, 8);
      await ended();
      expect(webhooks.requests.some(({ url }) => url === '/keys')).toBe(false);
    },
  );

  test('a phone set to voicemail-tone presses # before the announcement is over', async () => {
    await simulator.close();
    simulator = await startTestSimulator({ pace: 2, timers: manualTimers() });
    await behave({ calls: 'voicemail-tone' });
    await call(simulator, webhooks);
    await moveTime(simulator.url, 2);
    expect(await simulator.person(ada).hear()).toMatchObject({
      listening: true,
      heard: [{ text: 'Press' }],
      pressed: '',
    });
    await moveTime(simulator.url, 0.6);
    const [last] = (await simulator.person(ada).phone()).calls;
    expect(last).toMatchObject({ pressed: '#' });
    expect(last?.heard[0]).toMatchObject({ text: 'Press pound', finished: false });
    expect((await asked('/keys')).fields.get('Digits')).toBe('#');
  });
});

/** Places a call, and waits until it was answered and completed. */
const placed = async (callbacks: BehaviourChange['callbacks']) => {
  await behave({ calls: 'presses-hash', ...(callbacks !== undefined && { callbacks }) });
  const sid = await call(simulator, webhooks);
  const over = async () => (await fetchCall(simulator, sid))['status'] === 'completed';
  for (let step = 0; step < 100 && !(await over()); step += 1);
  expect(await over()).toBe(true);
  return sid;
};

describe('webhooks', () => {
  const normal = ['initiated', 'ringing', 'in-progress', 'completed'];

  test('normal webhooks arrive once and in order', async () => {
    await placed('normal');
    await ended();
    expect(statuses()).toEqual(normal);
  });

  test('late status callbacks arrive after 20 seconds, and the call does not wait for them', async () => {
    await placed('late');
    expect(webhooks.requests.some(({ url }) => url === '/keys')).toBe(true);
    expect(statuses()).toEqual([]);
    await moveTime(simulator.url, 21);
    await ended();
    expect(statuses()).toEqual(normal);
  });

  test('doubled webhooks arrive twice with equal content, requests for TwiML too', async () => {
    await placed('doubled');
    for (let step = 0; step < 100 && statuses().length < 8; step += 1) await simulator.person(ada).phone();
    expect(statuses()).toEqual(normal.flatMap(each => [each, each]));
    for (const path of ['/voice', '/keys']) {
      const [first, second] = webhooks.requests.filter(({ url }) => url === path);
      expect(second?.body).toBe(first?.body);
      expect(second?.headers['i-twilio-idempotency-token']).toBe(first?.headers['i-twilio-idempotency-token']);
    }
  });

  test('reordered status callbacks arrive in swapped pairs', async () => {
    await placed('reordered');
    await webhooks.waitFor(({ url, fields }) => url === '/status' && fields.get('CallStatus') === 'in-progress');
    expect(statuses()).toEqual(['ringing', 'initiated', 'completed', 'in-progress']);
  });

  test('a reordered status callback without a following one arrives after 10 seconds', async () => {
    await behave({ callbacks: 'reordered' });
    await call(simulator, webhooks);
    await simulator.person(ada).ringing();
    await simulator.person(ada).answer();
    await simulator.person(ada).hear();
    await moveTime(simulator.url, 3);
    expect(statuses()).not.toContain('in-progress');
    await moveTime(simulator.url, 7);
    await webhooks.waitFor(({ url, fields }) => url === '/status' && fields.get('CallStatus') === 'in-progress');
    expect(statuses()).toContain('in-progress');
  });

  test.each([
    ['missing-last', ['initiated', 'ringing', 'in-progress'], true],
    ['missing', [], true],
    ['missing-all', [], false],
  ] as const)('webhooks set to %s report %j, and TwiML is requested: %j', async (callbacks, left, asksForTwiml) => {
    await placed(callbacks);
    await moveTime(simulator.url, 60);
    expect(statuses()).toEqual(left);
    expect(webhooks.requests.some(({ url }) => url === '/voice')).toBe(asksForTwiml);
  });

  test('webhooks of calls and of texts are set separately', async () => {
    await behave({ callbacks: { texts: 'missing' } });
    await rest(simulator, 'POST', `${accountSid}/Messages.json`, [
      ['To', ada],
      ['From', caller],
      ['Body', 'x'],
      ['StatusCallback', `${webhooks.url}/texts`],
    ]);
    await simulator.person(ada).text();
    await placed(undefined);
    await ended();
    expect(webhooks.requests.some(({ url }) => url === '/texts')).toBe(false);
    expect(statuses()).toEqual(normal);
  });
});

describe('the settings of a number', () => {
  test('a change affects only the named settings of one number', async () => {
    await behave({ calls: 'busy', callbacks: 'late', api: { texts: 'too-many' } });
    await behave({ texts: 'late' });
    expect((await simulator.person(ada).phone()).behaves).toEqual({
      calls: 'busy',
      texts: 'late',
      callbacks: { calls: 'late', texts: 'late' },
      api: { calls: 'answers', texts: 'too-many' },
    });
    expect(await simulator.person(grace).phone()).toMatchObject({ behaviour: 'rings', behaves: { texts: 'at-once' } });
  });

  test.each([
    '{"calls":"constructor"}',
    '{"texts":"busy"}',
    '{"callbacks":{"mails":"late"}}',
    '{"callbacks":{"calls":"busy"}}',
    '{"api":null}',
    '{"api":["reset"]}',
    '{"colour":"red"}',
    '{}',
    '[]',
  ])('the change %s is refused', async body => {
    const path = `${simulator.url}/api/phones/${encodeURIComponent(ada)}/behaviour`;
    expect((await fetch(path, { method: 'PUT', body })).status).toBe(400);
    expect((await simulator.person(ada).phone()).behaves).toMatchObject({ calls: 'rings', api: { calls: 'answers' } });
  });
});
