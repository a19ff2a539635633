/** What a phone does, how the network reports, how the API answers: each row of the tables, and that they are apart. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { BehaviourChange } from '../../simulator/network/behaviours/settings.ts';
import { moveTime } from '../../simulator/person.ts';
import type { Simulator } from '../../simulator/start.ts';
import type { Webhooks } from './support.ts';
import { accountSid, ada, call, caller, grace, heldTimers, look, rest, startWebhooks, startWorld } from './support.ts';

const asks =
  '<Response><Gather numDigits="1" finishOnKey="" timeout="8" action="/keys"><Say>Press pound to go on</Say></Gather></Response>';

let webhooks: Webhooks;
let simulator: Simulator;
beforeEach(async () => {
  webhooks = await startWebhooks();
  webhooks.answer('/voice', asks);
  webhooks.answer('/keys', '<Response><Say>Thank you</Say></Response>');
  simulator = await startWorld();
});
afterEach(async () => {
  await simulator.close();
  await webhooks.close();
});
const behave = (change: BehaviourChange) => simulator.person(ada).behave(change);
const asked = (path: string) => webhooks.asked(({ url }) => url === path);
const ended = () => webhooks.asked(({ fields }) => fields.has('CallDuration'));
const statuses = () =>
  webhooks.heard.filter(({ url }) => url === '/status').map(({ fields }) => String(fields.get('CallStatus')));

describe('who answers', () => {
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
    '%s under %s is told as %s: in the request for TwiML, at the end, and fetched',
    async (calls, how, who) => {
      await behave({ calls });
      const sid = await call(simulator, webhooks, ada, [['MachineDetection', how]]);
      const { fields } = await asked('/voice');
      expect([fields.get('AnsweredBy'), fields.get('CallStatus')]).toEqual([who, 'in-progress']);
      expect(Number(fields.get('MachineDetectionDuration'))).toBeGreaterThan(1000);
      expect(await look(simulator, sid)).toMatchObject({ answered_by: who });
      await moveTime(simulator.url, 9);
      expect((await ended()).fields.get('AnsweredBy')).toBe(who);
    },
  );

  test('nobody asks, nobody tells', async () => {
    await behave({ calls: 'voicemail' });
    const sid = await call(simulator, webhooks);
    expect((await asked('/voice')).fields.has('AnsweredBy')).toBe(false);
    expect(await look(simulator, sid)).toMatchObject({ answered_by: null });
  });

  test('detection that has too little time says unknown, and the document waits for it', async () => {
    await simulator.close();
    simulator = await startWorld({ pace: 2, timers: heldTimers() });
    await behave({ calls: 'voicemail' });
    await call(simulator, webhooks, ada, [
      ['MachineDetection', 'DetectMessageEnd'],
      ['MachineDetectionTimeout', '5'],
    ]);
    await moveTime(simulator.url, 2);
    await webhooks.asked(({ fields }) => fields.get('CallStatus') === 'in-progress');
    await moveTime(simulator.url, 4);
    expect(webhooks.heard.some(({ url }) => url === '/voice')).toBe(false);
    await moveTime(simulator.url, 1);
    const { fields } = await asked('/voice');
    expect([fields.get('AnsweredBy'), fields.get('MachineDetectionDuration')]).toEqual(['unknown', '5000']);
  });

  test.each([
    ['MachineDetectionTimeout', '2'],
    ['MachineDetectionTimeout', '60'],
  ])('refuses %s %s', async (name, value) => {
    expect(await call(simulator, webhooks, ada, [[name, value]])).toBe('undefined');
  });
});

describe('what the person does', () => {
  test.each([
    ['presses-hash', '#'],
    ['presses-wrong', '5'],
  ] as const)('%s', async (calls, key) => {
    await behave({ calls });
    await call(simulator, webhooks);
    expect((await asked('/keys')).fields.get('Digits')).toBe(key);
  });

  test('presses-0-hash: two keys, to two questions', async () => {
    webhooks.answer('/keys', asks.replace('/keys', '/sure'));
    webhooks.answer('/sure', '<Response><Say>Thank you</Say></Response>');
    await behave({ calls: 'presses-0-hash' });
    await call(simulator, webhooks);
    expect((await asked('/keys')).fields.get('Digits')).toBe('0');
    expect((await asked('/sure')).fields.get('Digits')).toBe('#');
  });

  test.each(['silent', 'voicemail', 'fax', 'unknown'] as const)(
    '%s: no key, until the line is tired of it',
    async calls => {
      await behave({ calls });
      await call(simulator, webhooks);
      await asked('/voice');
      await simulator.person(ada).hear();
      await moveTime(simulator.url, 8);
      await ended();
      expect(webhooks.heard.some(({ url }) => url === '/keys')).toBe(false);
    },
  );

  test('voicemail-tone: a tone comes before the announcement is over', async () => {
    await simulator.close();
    simulator = await startWorld({ pace: 2, timers: heldTimers() });
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

/** A call that is answered, and over. */
const placed = async (callbacks: BehaviourChange['callbacks']) => {
  await behave({ calls: 'presses-hash', ...(callbacks !== undefined && { callbacks }) });
  const sid = await call(simulator, webhooks);
  const over = async () => (await look(simulator, sid))['status'] === 'completed';
  for (let step = 0; step < 100 && !(await over()); step += 1);
  expect(await over()).toBe(true);
  return sid;
};

describe('how the network reports', () => {
  const normal = ['initiated', 'ringing', 'in-progress', 'completed'];

  test('normal: each once, in order', async () => {
    await placed('normal');
    await ended();
    expect(statuses()).toEqual(normal);
  });

  test('late: nothing for 20 seconds, then all, and the call went on without them', async () => {
    await placed('late');
    expect(webhooks.heard.some(({ url }) => url === '/keys')).toBe(true);
    expect(statuses()).toEqual([]);
    await moveTime(simulator.url, 21);
    await ended();
    expect(statuses()).toEqual(normal);
  });

  test('doubled: each twice, the same request, also those for TwiML', async () => {
    await placed('doubled');
    for (let step = 0; step < 100 && statuses().length < 8; step += 1) await simulator.person(ada).phone();
    expect(statuses()).toEqual(normal.flatMap(each => [each, each]));
    for (const path of ['/voice', '/keys']) {
      const [first, second] = webhooks.heard.filter(({ url }) => url === path);
      expect(second?.body).toBe(first?.body);
      expect(second?.headers['i-twilio-idempotency-token']).toBe(first?.headers['i-twilio-idempotency-token']);
    }
  });

  test('reordered: neighbours change places', async () => {
    await placed('reordered');
    await webhooks.asked(({ url, fields }) => url === '/status' && fields.get('CallStatus') === 'in-progress');
    expect(statuses()).toEqual(['ringing', 'initiated', 'completed', 'in-progress']);
  });

  test('reordered: one without a neighbour comes after 10 seconds', async () => {
    await behave({ callbacks: 'reordered' });
    await call(simulator, webhooks);
    await simulator.person(ada).ringing();
    await simulator.person(ada).answer();
    await simulator.person(ada).hear();
    await moveTime(simulator.url, 3);
    expect(statuses()).not.toContain('in-progress');
    await moveTime(simulator.url, 7);
    await webhooks.asked(({ url, fields }) => url === '/status' && fields.get('CallStatus') === 'in-progress');
    expect(statuses()).toContain('in-progress');
  });

  test.each([
    ['missing-last', ['initiated', 'ringing', 'in-progress'], true],
    ['missing', [], true],
    ['missing-all', [], false],
  ] as const)('%s', async (callbacks, left, asksForTwiml) => {
    await placed(callbacks);
    await moveTime(simulator.url, 60);
    expect(statuses()).toEqual(left);
    expect(webhooks.heard.some(({ url }) => url === '/voice')).toBe(asksForTwiml);
  });

  test('of calls and of texts apart', async () => {
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
    expect(webhooks.heard.some(({ url }) => url === '/texts')).toBe(false);
    expect(statuses()).toEqual(normal);
  });
});

describe('the settings', () => {
  test('are six, changed one by one, and those of one number', async () => {
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
  ])('refuse %s', async body => {
    const path = `${simulator.url}/api/phones/${encodeURIComponent(ada)}/behaviour`;
    expect((await fetch(path, { method: 'PUT', body })).status).toBe(400);
    expect((await simulator.person(ada).phone()).behaves).toMatchObject({ calls: 'rings', api: { calls: 'answers' } });
  });
});
