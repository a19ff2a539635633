/** Tests an office: a number with extensions, answered by a switchboard, a receptionist or an extension. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { moveTime } from '../../simulator/person.ts';
import type { Simulator } from '../../simulator/start.ts';
import type { Webhooks } from './support.ts';
import { call, fetchCall, manualTimers, startWebhooks, startTestSimulator } from './support.ts';

const office = '+12025550150';
const [adas, graces] = [`${office};ext=421`, `${office};ext=422`] as const;
const asks = (text: string) =>
  `<Response><Gather numDigits="1" finishOnKey="" timeout="8" action="/keys"><Say>${text}</Say></Gather><Redirect>/again</Redirect></Response>`;
const told = { language: 'en-US', finished: true };

let webhooks: Webhooks;
let simulator: Simulator;
beforeEach(async () => {
  webhooks = await startWebhooks();
  webhooks.answer('/voice', asks('First time'));
  webhooks.answer('/again', asks('Once more'));
  webhooks.answer('/keys', '<Response><Say>Thank you</Say></Response>');
  simulator = await startTestSimulator({
    people: [{ name: 'Contoso', number: office, extensions: { '421': 'Ada', '422': 'Grace' } }],
  });
});
afterEach(async () => {
  await simulator.close();
  await webhooks.close();
});
const dial = (SendDigits?: string) =>
  call(simulator, webhooks, office, SendDigits === undefined ? [] : [['SendDigits', SendDigits]]);
const asked = (path: string) => webhooks.waitFor(({ url }) => url === path);

describe('a switchboard', () => {
  test('a switchboard takes digits and rings the extension, which does not hear what was spoken before', async () => {
    const sid = await dial('ww421');
    const ada = simulator.person(adas);
    expect(await ada.ringing()).toMatchObject({ sid, status: 'ringing', heard: [] });
    // For the carrier the switchboard has answered the call.
    expect(await fetchCall(simulator, sid)).toMatchObject({ status: 'in-progress' });
    await asked('/voice');
    expect(await simulator.person(graces).phone()).toMatchObject({ state: 'idle', calls: [] });
    await ada.answer();
    expect(await ada.hear()).toMatchObject({ heard: [], tones: '', listening: true });
    await ada.waitOut();
    await asked('/again');
    expect(await ada.hear()).toMatchObject({ heard: [{ text: 'Once more', ...told }], listening: true });
    await ada.press('#');
    expect((await asked('/keys')).fields.get('Digits')).toBe('#');
    expect(await ada.hear()).toMatchObject({ status: 'completed', pressed: '#' });
  });

  test('an extension that answers in the middle of a sentence hears the rest of it', async () => {
    await simulator.close();
    const people = [{ name: 'Contoso', number: office, extensions: { '421': 'Ada' } }];
    simulator = await startTestSimulator({ pace: 2, timers: manualTimers(), people });
    webhooks.answer('/voice', asks('one two three four five six'));
    await dial('421');
    const [ada, menu] = [simulator.person(adas), simulator.person(office)];
    await moveTime(simulator.url, 2);
    await menu.hear();
    await moveTime(simulator.url, 1);
    expect((await menu.hear()).heard[0]?.text).toBe('one two three');
    await ada.answer();
    expect((await ada.hear()).heard[0]?.text).toBe('');
    await moveTime(simulator.url, 1);
    expect((await ada.hear()).heard).toEqual([{ text: 'four five', language: 'en-US', finished: false }]);
    await moveTime(simulator.url, 1);
    expect((await ada.hear()).heard).toEqual([{ text: 'four five six', ...told }]);
  });

  test('a switchboard rings an extension for 30 seconds, then ends the call', async () => {
    const sid = await dial('421');
    const ada = simulator.person(adas);
    await ada.ringing();
    await moveTime(simulator.url, 20);
    expect(await fetchCall(simulator, sid)).toMatchObject({ status: 'in-progress' });
    await moveTime(simulator.url, 10);
    expect(await fetchCall(simulator, sid)).toMatchObject({ status: 'completed' });
    expect(await ada.phone()).toMatchObject({
      state: 'idle',
      calls: [{ status: 'no-answer', reason: 'Not answered' }],
    });
  });

  test.each([
    ['that is declined', 'decline', 'The extension: declined'],
    ['that does not answer', 'waitOut', 'The extension: not answered'],
  ] as const)('a switchboard ends the call for an extension %s', async (_, action, reason) => {
    const sid = await dial('421');
    await simulator.person(adas).ringing();
    await simulator.person(adas)[action]();
    expect(await fetchCall(simulator, sid)).toMatchObject({ status: 'completed' });
    expect(await simulator.person(office).hear()).toMatchObject({ reason });
  });

  test.each([
    ['no digit is dialled', undefined],
    ['another extension is dialled', '999'],
    ['an incomplete extension is dialled', '42'],
  ])('a switchboard hangs up after 10 seconds when %s', async (_, digits) => {
    const sid = await dial(digits);
    await asked('/voice');
    await moveTime(simulator.url, 4);
    expect(await fetchCall(simulator, sid)).toMatchObject({ status: 'in-progress' });
    await moveTime(simulator.url, 6);
    expect(await fetchCall(simulator, sid)).toMatchObject({ status: 'completed' });
    expect(await simulator.person(adas).phone()).toMatchObject({ calls: [] });
  });

  test.each([
    ['WWWW421#', true],
    ['WWWwww421#', true],
    ['WWW421#', false],
    ['wwww421#', false],
    ['WWWW421', false],
    ['421#WWWW421#', true],
  ])('a slow switchboard that hears %s after its pick-up connects: %s', async (digits, isConnected) => {
    const [menu, ada] = [simulator.person(office), simulator.person(adas)];
    await menu.behave('switchboard-slow');
    await dial(digits);
    await asked('/voice');
    expect(await menu.hear()).toMatchObject({ listening: true });
    expect((await ada.phone()).state).toBe(isConnected ? 'ringing' : 'idle');
  });

  test('an extension has settings of its own', async () => {
    await simulator.person(graces).behave('busy');
    await simulator.person(adas).behave('presses-hash');
    const busy = await dial('422');
    // The line may listen for an instant before the extension is found busy.
    await webhooks.waitFor(({ fields }) => fields.get('CallSid') === busy && fields.get('CallStatus') === 'completed');
    expect(await simulator.person(office).hear()).toMatchObject({ isOver: true, reason: 'The extension: line busy' });
    await dial('421');
    await moveTime(simulator.url, 9);
    expect((await asked('/keys')).fields.get('Digits')).toBe('#');
  });

  test('a switchboard takes two calls at once, an extension takes one', async () => {
    await dial('421');
    await simulator.person(adas).ringing();
    const second = await dial('422');
    expect(await simulator.person(graces).ringing()).toMatchObject({ sid: second });
    const third = await dial('421');
    await webhooks.waitFor(({ fields }) => fields.get('CallSid') === third && fields.get('CallStatus') === 'completed');
    expect(await simulator.person(adas).phone()).toMatchObject({ state: 'ringing' });
  });

  test('an extension stops ringing when the call to the switchboard ends', async () => {
    const sid = await dial('421');
    const ada = simulator.person(adas);
    await ada.ringing();
    await simulator.person(office).hangUp();
    expect(await fetchCall(simulator, sid)).toMatchObject({ status: 'completed' });
    await expect(ada.answer()).rejects.toMatchObject({ code: 'not-now' });
  });
});

describe('a receptionist', () => {
  test('a receptionist hears the tones and then the voice, and no extension rings', async () => {
    const front = simulator.person(office);
    await front.behave('rings');
    await dial('w421');
    await front.ringing();
    await front.answer();
    expect(await front.hear()).toMatchObject({
      tones: '421',
      heard: [{ text: 'First time', ...told }],
      listening: true,
    });
    expect(await simulator.person(adas).phone()).toMatchObject({ calls: [] });
    await front.press('#');
    expect((await asked('/keys')).fields.get('Digits')).toBe('#');
  });
});

test('the document is requested at once, and the voice begins after the last tone', async () => {
  await simulator.close();
  simulator = await startTestSimulator({
    pace: 2,
    timers: manualTimers(),
    people: [{ name: 'Contoso', number: office }],
  });
  await dial('w421');
  const front = simulator.person(office);
  await moveTime(simulator.url, 0);
  await front.answer();
  await asked('/voice');
  await moveTime(simulator.url, 1);
  const [during] = (await front.phone()).calls;
  expect(during).toMatchObject({ tones: '42', heard: [], listening: false });
  await moveTime(simulator.url, 0.2);
  expect(await front.hear()).toMatchObject({ tones: '421', heard: [{ text: 'First' }], listening: true });
});

describe('the person at the extension', () => {
  test('an extension that rings directly hears the tones and the whole voice', async () => {
    await simulator.person(office).behave('direct');
    const sid = await dial('421');
    const ada = simulator.person(adas);
    await ada.ringing();
    expect(await fetchCall(simulator, sid)).toMatchObject({ status: 'ringing' });
    await ada.answer();
    expect(await ada.hear()).toMatchObject({ tones: '421', heard: [{ text: 'First time', ...told }], listening: true });
  });

  test('a phone without extensions cannot be set to switchboard', async () => {
    await expect(simulator.person(adas).behave('switchboard')).rejects.toMatchObject({ code: 'bad-request' });
  });
});

describe('SendDigits', () => {
  test.each(['1'.repeat(33), '4 2', '+', 'x'])('a call with the SendDigits %s is refused', async digits => {
    expect(await dial(digits)).toBe('undefined');
  });

  test('a call with SendDigits has no machine detection, as at Twilio', async () => {
    await simulator.person(office).behave('voicemail');
    const sid = await call(simulator, webhooks, office, [
      ['SendDigits', '421'],
      ['MachineDetection', 'Enable'],
    ]);
    expect((await asked('/voice')).fields.get('AnsweredBy')).toBeNull();
    expect(await fetchCall(simulator, sid)).toMatchObject({ answered_by: null });
  });
});
