import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import twilio from 'twilio';
import { readWire, resetSimulator } from '../../simulator/person.ts';
import type { Simulator } from '../../simulator/start.ts';
import type { WireLine } from '../../simulator/events/wire.ts';
import type { ManualTimers, Webhooks } from './support.ts';
import {
  accountSid,
  ada,
  authToken,
  call,
  caller,
  grace,
  manualTimers,
  fetchCall,
  rest,
  startWebhooks,
  startTestSimulator,
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
  webhooks.requests.filter(({ url }) => url === '/status').map(({ fields }) => String(fields.get('CallStatus')));
const ended = (status: string) => webhooks.waitFor(({ fields }) => fields.get('CallStatus') === status);

describe('a call that is answered', () => {
  beforeEach(async () => {
    simulator = await startTestSimulator();
  });

  test('an answered call rings, speaks, accepts a key, and is reported in order', async () => {
    const sid = await call(simulator, webhooks);
    const person = simulator.person(ada);
    expect(await person.ringing()).toMatchObject({ sid, status: 'ringing', from: caller });
    expect(await person.answer()).toMatchObject({ state: 'on-call' });
    expect(await person.hear()).toMatchObject({
      listening: true,
      heard: [{ text: 'Press pound now', language: 'en-US', finished: true }],
    });
    expect(await person.press('#')).toMatchObject({ taken: true });
    expect(await person.hear()).toMatchObject({ status: 'completed', pressed: '#', reason: 'The line hung up' });
    await ended('completed');

    const keys = await webhooks.waitFor(({ url }) => url === '/keys?step=1');
    expect(keys.fields.get('Digits')).toBe('#');
    expect(keys.fields.get('FinishedOnKey')).toBe('');
    expect(statuses()).toEqual(['initiated', 'ringing', 'in-progress', 'completed']);
    const told = webhooks.requests.filter(({ url }) => url === '/status').map(({ fields }) => fields);
    expect(told.map(fields => fields.get('SequenceNumber'))).toEqual(['0', '1', '2', '3']);
    expect(told.map(fields => fields.get('CallbackSource'))).toEqual(Array(4).fill('call-progress-events'));
    expect(told.at(-1)?.get('CallDuration')).toMatch(/^\d+$/);
    expect(told[0]?.get('Timestamp')).toMatch(/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} \+0000$/);
  });

  test('a request for TwiML has the fields of Twilio and a signature that the official library accepts', async () => {
    const sid = await call(simulator, webhooks, ada, [['MachineDetection', 'Enable']]);
    await simulator.person(ada).ringing();
    await simulator.person(ada).answer();
    const { method, headers, fields } = await webhooks.waitFor(({ url }) => url === '/voice');
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

  test('a key pressed while no Gather runs is lost', async () => {
    webhooks.answer('/voice', 'hang');
    await call(simulator, webhooks);
    const person = simulator.person(ada);
    await person.ringing();
    await person.answer();
    await webhooks.waitFor(({ url }) => url === '/voice');
    expect(await person.press('#')).toMatchObject({ taken: false, call: { pressed: '#', listening: false } });
  });

  test('the keys of "0#" reach two Gathers, one after the other', async () => {
    webhooks.answer('/keys', asks('/second'));
    webhooks.answer('/second', bye);
    await call(simulator, webhooks);
    const person = simulator.person(ada);
    await person.ringing();
    await person.answer();
    await person.hear();
    expect(await person.press('0#')).toMatchObject({ taken: true });
    expect((await webhooks.waitFor(({ url }) => url.startsWith('/keys'))).fields.get('Digits')).toBe('0');
    expect((await webhooks.waitFor(({ url }) => url === '/second')).fields.get('Digits')).toBe('#');
  });

  test('relative URLs in TwiML are resolved against their document', async () => {
    webhooks.answer('/voice', '<Response><Redirect method="GET">a/b?x=1</Redirect></Response>');
    webhooks.answer('/a/b', asks('c'));
    webhooks.answer('/a/c', bye);
    await call(simulator, webhooks);
    const person = simulator.person(ada);
    await person.ringing();
    await person.answer();
    await person.hear();
    await person.press('5');
    const { method, url, headers } = await webhooks.waitFor(each => each.url.startsWith('/a/b'));
    expect(method).toBe('GET');
    expect(new URL(url, webhooks.url).searchParams.get('CallSid')).toMatch(/^CA/);
    expect(twilio.validateRequest(authToken, String(headers['x-twilio-signature']), webhooks.url + url, {})).toBe(true);
    expect((await webhooks.waitFor(each => each.url === '/a/c')).fields.get('Digits')).toBe('5');
  });

  test('silence falls through the Gather, and the end of the document hangs up', async () => {
    await call(simulator, webhooks);
    const person = simulator.person(ada);
    await person.ringing();
    await person.answer();
    await person.hear();
    await person.waitOut();
    expect(await person.hear()).toMatchObject({ status: 'completed', pressed: '' });
    await ended('completed');
    expect(webhooks.requests.some(({ url }) => url.startsWith('/keys'))).toBe(false);
  });

  test('a reset removes the call without a status callback, and the phone can ring again', async () => {
    await call(simulator, webhooks);
    const person = simulator.person(ada);
    await person.ringing();
    await person.answer();
    await person.hear();
    await webhooks.waitFor(({ url, fields }) => url === '/status' && fields.get('CallStatus') === 'in-progress');
    await resetSimulator(simulator.url);
    expect(await person.phone()).toMatchObject({ state: 'idle', calls: [] });
    await call(simulator, webhooks);
    await person.ringing();
    await person.decline();
    await ended('busy');
    expect(statuses()).not.toContain('completed');
  });

  test('a call that the person hangs up is completed', async () => {
    await call(simulator, webhooks);
    const person = simulator.person(ada);
    await person.ringing();
    await person.answer();
    await person.hear();
    expect(await person.hangUp()).toMatchObject({ state: 'idle' });
    await ended('completed');
    expect(webhooks.requests.some(({ url }) => url.startsWith('/keys'))).toBe(false);
  });

  test.each([
    ['a server error', 500, /11200/],
    ['no TwiML', 204, /12100 not well-formed/],
    ['a verb it does not perform', '<Response><Play>x</Play></Response>', /12200 <Play>/],
    ['broken XML', '<Response>', /12100 not well-formed/],
    ['a redirect to another scheme', '<Response><Redirect>file:///etc/passwd</Redirect></Response>', /11100/],
    ['an address that is none', '<Response><Redirect>http://[</Redirect></Response>', /11100/],
    ['more than 64 KiB', `<Response><Say>${'x'.repeat(65_536)}</Say></Response>`, /more than 64 KiB/],
  ])('the answer %s ends the call, and the wire log has the reason', async (_, how, onTheWire) => {
    webhooks.answer('/voice', how);
    await call(simulator, webhooks);
    const person = simulator.person(ada);
    await person.ringing();
    await person.answer();
    const { heard, reason, isOver } = await person.hear();
    const apology = 'We are sorry. An application error has occurred. Goodbye.';
    expect({ isOver, reason, said: heard.at(-1)?.text }).toEqual({ isOver: true, reason: unusable, said: apology });
    expect(wireReasons(await readWire(simulator.url))).toMatch(onTheWire);
  });
});

/** A call whose first document fails. */
const withFallback = async (fallback: string | number) => {
  simulator = await startTestSimulator();
  webhooks.answer('/voice', 500);
  webhooks.answer('/fallback', fallback);
  await call(simulator, webhooks, ada, [['FallbackUrl', `${webhooks.url}/fallback`]]);
  await simulator.person(ada).ringing();
  await simulator.person(ada).answer();
  return simulator.person(ada).hear();
};

describe('FallbackUrl', () => {
  test('is asked for a document where the first one failed, with the code and the address', async () => {
    const { heard } = await withFallback('<Response><Gather><Say>Once more</Say></Gather></Response>');
    expect(heard.map(({ text }) => text)).toEqual(['Once more']);
    const asked = webhooks.requests.find(({ url }) => url === '/fallback');
    expect(Object.fromEntries(asked?.fields ?? [])).toMatchObject({
      ErrorCode: '11200',
      ErrorUrl: `${webhooks.url}/voice`,
      CallStatus: 'in-progress',
    });
  });

  test('is asked once: where it fails too, the call ends with the apology', async () => {
    expect(await withFallback(500)).toMatchObject({ isOver: true, reason: unusable });
    expect(webhooks.requests.filter(({ url }) => url === '/fallback')).toHaveLength(1);
  });
});

describe('a call without end', () => {
  test('a call is ended after 20 redirects', async () => {
    simulator = await startTestSimulator();
    webhooks.answer('/voice', '<Response><Redirect>/voice</Redirect></Response>');
    await call(simulator, webhooks);
    await simulator.person(ada).ringing();
    await simulator.person(ada).answer();
    expect(await simulator.person(ada).hear()).toMatchObject({ isOver: true, reason: 'More than 20 redirects' });
    expect(webhooks.requests.filter(({ url }) => url === '/voice')).toHaveLength(21);
  });
});

describe('a call that is not answered', () => {
  beforeEach(async () => {
    simulator = await startTestSimulator();
  });

  test.each([
    ['busy', ['initiated', 'ringing', 'busy']],
    ['no-answer', ['initiated', 'ringing', 'no-answer']],
    ['unreachable', ['initiated', 'failed']],
  ] as const)('a call to a number set to %s ends without a person and reports %j', async (behaviour, expected) => {
    await simulator.person(ada).behave(behaviour);
    const sid = await call(simulator, webhooks);
    await ended(expected.at(-1) ?? '');
    expect(statuses()).toEqual(expected);
    expect(await fetchCall(simulator, sid)).toMatchObject({
      status: expected.at(-1),
      duration: null,
      start_time: null,
    });
    expect(webhooks.requests.some(({ url }) => url === '/voice')).toBe(false);
  });

  test('a call to a number that does not exist fails', async () => {
    const sid = await call(simulator, webhooks, '+12025550199');
    await ended('failed');
    expect(await fetchCall(simulator, sid)).toMatchObject({ status: 'failed' });
  });

  test('a declined call is reported as busy', async () => {
    await call(simulator, webhooks);
    await simulator.person(ada).ringing();
    await simulator.person(ada).decline();
    await ended('busy');
    expect((await simulator.person(ada).phone()).calls).toMatchObject([{ status: 'busy', reason: 'Declined' }]);
  });

  test('a second call to a ringing phone is busy, and the first keeps ringing', async () => {
    const first = await call(simulator, webhooks);
    await simulator.person(ada).ringing();
    const second = await call(simulator, webhooks);
    await webhooks.waitFor(({ fields }) => fields.get('CallSid') === second && fields.get('CallStatus') === 'busy');
    expect(await fetchCall(simulator, first)).toMatchObject({ status: 'ringing' });
  });

  test('a call that the caller cancels while it rings cannot be answered', async () => {
    const sid = await call(simulator, webhooks);
    await simulator.person(ada).ringing();
    const { status, body } = await rest(simulator, 'POST', `${accountSid}/Calls/${sid}.json`, [['Status', 'canceled']]);
    expect([status, body['status']]).toEqual([200, 'canceled']);
    await expect(simulator.person(ada).answer()).rejects.toMatchObject({ status: 409, code: 'not-now' });
    await ended('canceled');
  });
});

describe('a phone that acts automatically', () => {
  beforeEach(async () => {
    simulator = await startTestSimulator();
  });

  test('a phone set to presses-hash answers and presses #', async () => {
    await simulator.person(grace).behave('presses-hash');
    await call(simulator, webhooks, grace);
    await ended('completed');
    expect((await webhooks.waitFor(({ url }) => url.startsWith('/keys'))).fields.get('Digits')).toBe('#');
  });

  test('a phone set to hangs-up answers and hangs up', async () => {
    await simulator.person(grace).behave('hangs-up');
    await call(simulator, webhooks, grace);
    await ended('completed');
    expect(webhooks.requests.some(({ url }) => url.startsWith('/keys'))).toBe(false);
  });
});

describe('time', () => {
  let timers: ManualTimers;
  const placed = async (more: readonly (readonly [string, string])[] = []) => {
    const sid = await call(simulator, webhooks, ada, more);
    timers.advance(0);
    return sid;
  };
  beforeEach(async () => {
    timers = manualTimers();
    simulator = await startTestSimulator({ timers, pace: 2 });
  });

  test('a phone rings for the seconds of Timeout', async () => {
    const sid = await placed([['Timeout', '40']]);
    timers.advance(39_999);
    expect(await fetchCall(simulator, sid)).toMatchObject({ status: 'ringing' });
    timers.advance(1);
    expect(await fetchCall(simulator, sid)).toMatchObject({ status: 'no-answer' });
  });

  test('a call ends when the server does not answer for 15 seconds', async () => {
    await simulator.close();
    simulator = await startTestSimulator({ timers });
    webhooks.answer('/voice', 'hang');
    const sid = await placed();
    await simulator.person(ada).answer();
    await webhooks.waitFor(({ url }) => url === '/voice');
    timers.advance(14_999);
    expect(await fetchCall(simulator, sid)).toMatchObject({ status: 'in-progress' });
    timers.advance(1);
    await ended('completed');
    expect(await readWire(simulator.url)).toContainEqual(
      expect.objectContaining({ path: '/voice', status: 'failed', ms: 15_000 }),
    );
  });

  test('a call ends after the seconds of TimeLimit, and shows its duration', async () => {
    const sid = await placed([['TimeLimit', '60']]);
    await simulator.person(ada).answer();
    timers.advance(60_000);
    await ended('completed');
    expect(await fetchCall(simulator, sid)).toMatchObject({
      status: 'completed',
      duration: '60',
      start_time: 'Mon, 05 Jan 2026 12:00:00 +0000',
      end_time: 'Mon, 05 Jan 2026 12:01:00 +0000',
    });
  });

  test('words are spoken one by one, and a key silences the rest', async () => {
    await placed();
    const person = simulator.person(ada);
    await person.answer();
    expect((await person.hear()).heard).toEqual([{ text: 'Press', language: 'en-US', finished: false }]);
    timers.advance(500);
    expect((await person.hear()).heard).toEqual([{ text: 'Press pound', language: 'en-US', finished: false }]);
    expect(await person.press('#')).toMatchObject({ taken: true });
    expect((await webhooks.waitFor(({ url }) => url.startsWith('/keys'))).fields.get('Digits')).toBe('#');
  });
});
