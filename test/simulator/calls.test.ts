import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import twilio from 'twilio';
import { readWire, resetWorld } from '../../simulator/person.ts';
import type { Simulator } from '../../simulator/start.ts';
import type { WireLine } from '../../simulator/events/wire.ts';
import type { HeldTimers, Webhooks } from './support.ts';
import {
  accountSid,
  ada,
  authToken,
  call,
  caller,
  grace,
  heldTimers,
  look,
  rest,
  startWebhooks,
  startWorld,
} from './support.ts';

const asks = (action: string) =>
  `<Response><Gather numDigits="1" finishOnKey="" timeout="8" action="${action}"><Say>Press pound now</Say></Gather></Response>`;
const bye = '<Response><Say>Thank you</Say><Hangup/></Response>';

let webhooks: Webhooks;
let simulator: Simulator;

beforeEach(async () => {
  webhooks = await startWebhooks();
  webhooks.answer('/voice', asks('/keys?step=1'));
  webhooks.answer('/keys', bye);
});
afterEach(async () => {
  await simulator.close();
  await webhooks.close();
});

const unusable = 'The server gave no usable TwiML';
const wireReasons = (lines: readonly WireLine[]) => lines.map(({ reason }) => reason).join('\n');
const statuses = () =>
  webhooks.heard.filter(({ url }) => url === '/status').map(({ fields }) => String(fields.get('CallStatus')));
const ended = (status: string) => webhooks.asked(({ fields }) => fields.get('CallStatus') === status);

describe('a call that is answered', () => {
  beforeEach(async () => {
    simulator = await startWorld();
  });

  test('rings, speaks, hears the key, and is told of in order', async () => {
    const sid = await call(simulator, webhooks);
    const person = simulator.person(ada);
    expect(await person.ringing()).toMatchObject({ sid, status: 'ringing', from: caller });
    expect(await person.answer()).toMatchObject({ state: 'on-call' });
    expect(await person.hear()).toMatchObject({
      listening: true,
      heard: [{ text: 'Press pound now', language: 'en-US', finished: true }],
    });
    expect(await person.press('#')).toMatchObject({ taken: true });
    expect(await person.hear()).toMatchObject({ status: 'completed', pressed: '#', why: 'The line hung up' });
    await ended('completed');

    const keys = await webhooks.asked(({ url }) => url === '/keys?step=1');
    expect(keys.fields.get('Digits')).toBe('#');
    expect(keys.fields.get('FinishedOnKey')).toBe('');
    expect(statuses()).toEqual(['initiated', 'ringing', 'in-progress', 'completed']);
    const told = webhooks.heard.filter(({ url }) => url === '/status').map(({ fields }) => fields);
    expect(told.map(fields => fields.get('SequenceNumber'))).toEqual(['0', '1', '2', '3']);
    expect(told.map(fields => fields.get('CallbackSource'))).toEqual(Array(4).fill('call-progress-events'));
    expect(told.at(-1)?.get('CallDuration')).toBe('0');
    expect(told[0]?.get('Timestamp')).toMatch(/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} \+0000$/);
  });

  test('sends what Twilio sends, signed so that the official library believes it', async () => {
    const sid = await call(simulator, webhooks, ada, [['MachineDetection', 'Enable']]);
    await simulator.person(ada).ringing();
    await simulator.person(ada).answer();
    const { method, headers, fields } = await webhooks.asked(({ url }) => url === '/voice');
    expect(method).toBe('POST');
    expect(headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    expect(Object.fromEntries(fields)).toMatchObject({
      AccountSid: accountSid,
      ApiVersion: '2010-04-01',
      CallSid: sid,
      CallStatus: 'in-progress',
      Called: ada,
      Caller: caller,
      Direction: 'outbound-api',
      From: caller,
      To: ada,
      AnsweredBy: 'human',
    });
    const signature = String(headers['x-twilio-signature']);
    const params = Object.fromEntries(fields);
    expect(twilio.validateRequest(authToken, signature, `${webhooks.url}/voice`, params)).toBe(true);
    expect(twilio.validateRequest(authToken, signature, `${webhooks.url}/other`, params)).toBe(false);
  });

  test('a key that nobody listens for is lost', async () => {
    webhooks.answer('/voice', 'hang');
    await call(simulator, webhooks);
    const person = simulator.person(ada);
    await person.ringing();
    await person.answer();
    await webhooks.asked(({ url }) => url === '/voice');
    expect(await person.press('#')).toMatchObject({ taken: false, call: { pressed: '#', listening: false } });
  });

  test('the keys of "0#" reach two questions, one after the other', async () => {
    webhooks.answer('/keys', asks('/second'));
    webhooks.answer('/second', bye);
    await call(simulator, webhooks);
    const person = simulator.person(ada);
    await person.ringing();
    await person.answer();
    await person.hear();
    expect(await person.press('0#')).toMatchObject({ taken: true });
    expect((await webhooks.asked(({ url }) => url.startsWith('/keys'))).fields.get('Digits')).toBe('0');
    expect((await webhooks.asked(({ url }) => url === '/second')).fields.get('Digits')).toBe('#');
  });

  test('addresses in TwiML count from the document they stand in', async () => {
    webhooks.answer('/voice', '<Response><Redirect method="GET">a/b?x=1</Redirect></Response>');
    webhooks.answer('/a/b', asks('c'));
    webhooks.answer('/a/c', bye);
    await call(simulator, webhooks);
    const person = simulator.person(ada);
    await person.ringing();
    await person.answer();
    await person.hear();
    await person.press('5');
    const { method, url, headers } = await webhooks.asked(each => each.url.startsWith('/a/b'));
    expect(method).toBe('GET');
    expect(new URL(url, webhooks.url).searchParams.get('CallSid')).toMatch(/^CA/);
    expect(twilio.validateRequest(authToken, String(headers['x-twilio-signature']), webhooks.url + url, {})).toBe(true);
    expect((await webhooks.asked(each => each.url === '/a/c')).fields.get('Digits')).toBe('5');
  });

  test('silence falls through, and the end of the document hangs up', async () => {
    await call(simulator, webhooks);
    const person = simulator.person(ada);
    await person.ringing();
    await person.answer();
    await person.hear();
    await person.waitOut();
    expect(await person.hear()).toMatchObject({ status: 'completed', pressed: '' });
    await ended('completed');
    expect(webhooks.heard.some(({ url }) => url.startsWith('/keys'))).toBe(false);
  });

  test('a world that starts over forgets the call, tells nobody, and the phone can ring again', async () => {
    await call(simulator, webhooks);
    const person = simulator.person(ada);
    await person.ringing();
    await person.answer();
    await person.hear();
    await webhooks.asked(({ url, fields }) => url === '/status' && fields.get('CallStatus') === 'in-progress');
    await resetWorld(simulator.url);
    expect(await person.phone()).toMatchObject({ state: 'idle', calls: [] });
    await call(simulator, webhooks);
    await person.ringing();
    await person.decline();
    await ended('busy');
    expect(statuses()).not.toContain('completed');
  });

  test('the person hangs up', async () => {
    await call(simulator, webhooks);
    const person = simulator.person(ada);
    await person.ringing();
    await person.answer();
    await person.hear();
    expect(await person.hangUp()).toMatchObject({ state: 'idle' });
    await ended('completed');
    expect(webhooks.heard.some(({ url }) => url.startsWith('/keys'))).toBe(false);
  });

  test.each([
    ['a server error', 500, /11200/],
    ['no TwiML', 204, /12100 not well-formed/],
    ['a verb it does not perform', '<Response><Play>x</Play></Response>', /12200 <Play>/],
    ['broken XML', '<Response>', /12100 not well-formed/],
    ['a redirect to another scheme', '<Response><Redirect>file:///etc/passwd</Redirect></Response>', /11100/],
    ['an address that is none', '<Response><Redirect>http://[</Redirect></Response>', /11100/],
    ['more than 64 KiB', `<Response><Say>${'x'.repeat(65_536)}</Say></Response>`, /more than 64 KiB/],
  ])('%s ends the call, and the wire says why', async (_, how, onTheWire) => {
    webhooks.answer('/voice', how);
    await call(simulator, webhooks);
    const person = simulator.person(ada);
    await person.ringing();
    await person.answer();
    const { heard, why, isOver } = await person.hear();
    const apology = 'We are sorry. An application error has occurred. Goodbye.';
    expect({ isOver, why, said: heard.at(-1)?.text }).toEqual({ isOver: true, why: unusable, said: apology });
    expect(wireReasons(await readWire(simulator.url))).toMatch(onTheWire);
  });
});

describe('a call without end', () => {
  test('is ended after 20 redirects', async () => {
    simulator = await startWorld();
    webhooks.answer('/voice', '<Response><Redirect>/voice</Redirect></Response>');
    await call(simulator, webhooks);
    await simulator.person(ada).ringing();
    await simulator.person(ada).answer();
    expect(await simulator.person(ada).hear()).toMatchObject({ isOver: true, why: 'More than 20 redirects' });
    expect(webhooks.heard.filter(({ url }) => url === '/voice')).toHaveLength(21);
  });
});

describe('a call that is not answered', () => {
  beforeEach(async () => {
    simulator = await startWorld();
  });

  test.each([
    ['busy', ['initiated', 'ringing', 'busy']],
    ['no-answer', ['initiated', 'ringing', 'no-answer']],
    ['unreachable', ['initiated', 'failed']],
  ] as const)('a number set to %s ends by itself', async (behaviour, expected) => {
    await simulator.person(ada).behave(behaviour);
    const sid = await call(simulator, webhooks);
    await ended(expected.at(-1) ?? '');
    expect(statuses()).toEqual(expected);
    expect(await look(simulator, sid)).toMatchObject({ status: expected.at(-1), duration: null, start_time: null });
    expect(webhooks.heard.some(({ url }) => url === '/voice')).toBe(false);
  });

  test('a number that nobody has fails', async () => {
    const sid = await call(simulator, webhooks, '+12025550199');
    await ended('failed');
    expect(await look(simulator, sid)).toMatchObject({ status: 'failed' });
  });

  test('a declined call is busy', async () => {
    await call(simulator, webhooks);
    await simulator.person(ada).ringing();
    await simulator.person(ada).decline();
    await ended('busy');
    expect((await simulator.person(ada).phone()).calls).toMatchObject([{ status: 'busy', why: 'Declined' }]);
  });

  test('a second call to a phone that rings is busy, and the first rings on', async () => {
    const first = await call(simulator, webhooks);
    await simulator.person(ada).ringing();
    const second = await call(simulator, webhooks);
    await webhooks.asked(({ fields }) => fields.get('CallSid') === second && fields.get('CallStatus') === 'busy');
    expect(await look(simulator, first)).toMatchObject({ status: 'ringing' });
  });

  test('the caller cancels while it rings; afterwards there is nothing to answer', async () => {
    const sid = await call(simulator, webhooks);
    await simulator.person(ada).ringing();
    const { status, body } = await rest(simulator, 'POST', `${accountSid}/Calls/${sid}.json`, [['Status', 'canceled']]);
    expect([status, body['status']]).toEqual([200, 'canceled']);
    await expect(simulator.person(ada).answer()).rejects.toMatchObject({ status: 409, code: 'not-now' });
    await ended('canceled');
  });
});

describe('people who act by themselves', () => {
  beforeEach(async () => {
    simulator = await startWorld();
  });

  test('one answers and presses #', async () => {
    await simulator.person(grace).behave('presses-hash');
    await call(simulator, webhooks, grace);
    await ended('completed');
    expect((await webhooks.asked(({ url }) => url.startsWith('/keys'))).fields.get('Digits')).toBe('#');
  });

  test('one answers and hangs up', async () => {
    await simulator.person(grace).behave('hangs-up');
    await call(simulator, webhooks, grace);
    await ended('completed');
    expect(webhooks.heard.some(({ url }) => url.startsWith('/keys'))).toBe(false);
  });
});

describe('time', () => {
  let timers: HeldTimers;
  const placed = async (more: readonly (readonly [string, string])[] = []) => {
    const sid = await call(simulator, webhooks, ada, more);
    timers.advance(0);
    return sid;
  };
  beforeEach(async () => {
    timers = heldTimers();
    simulator = await startWorld({ timers, pace: 2 });
  });

  test('a phone rings as long as the order says', async () => {
    const sid = await placed([['Timeout', '40']]);
    timers.advance(39_999);
    expect(await look(simulator, sid)).toMatchObject({ status: 'ringing' });
    timers.advance(1);
    expect(await look(simulator, sid)).toMatchObject({ status: 'no-answer' });
  });

  test('a server that says nothing for 15 seconds loses the call', async () => {
    await simulator.close();
    simulator = await startWorld({ timers });
    webhooks.answer('/voice', 'hang');
    const sid = await placed();
    await simulator.person(ada).answer();
    await webhooks.asked(({ url }) => url === '/voice');
    timers.advance(14_999);
    expect(await look(simulator, sid)).toMatchObject({ status: 'in-progress' });
    timers.advance(1);
    await ended('completed');
    expect(await readWire(simulator.url)).toContainEqual(
      expect.objectContaining({ path: '/voice', status: 'failed', ms: 15_000 }),
    );
  });

  test('a call ends when its time is used up, and tells how long it was', async () => {
    const sid = await placed([['TimeLimit', '60']]);
    await simulator.person(ada).answer();
    timers.advance(60_000);
    await ended('completed');
    expect(await look(simulator, sid)).toMatchObject({
      status: 'completed',
      duration: '60',
      start_time: 'Mon, 05 Jan 2026 12:00:00 +0000',
      end_time: 'Mon, 05 Jan 2026 12:01:00 +0000',
    });
  });

  test('words come one by one, a key silences the rest, and silence counts from the last word', async () => {
    await placed();
    const person = simulator.person(ada);
    await person.answer();
    expect((await person.hear()).heard).toEqual([{ text: 'Press', language: 'en-US', finished: false }]);
    timers.advance(500);
    expect((await person.hear()).heard).toEqual([{ text: 'Press pound', language: 'en-US', finished: false }]);
    expect(await person.press('#')).toMatchObject({ taken: true });
    expect((await webhooks.asked(({ url }) => url.startsWith('/keys'))).fields.get('Digits')).toBe('#');
  });
});
