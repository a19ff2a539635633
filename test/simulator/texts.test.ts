import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import twilio from 'twilio';
import { moveTime, readWire } from '../../simulator/person.ts';
import type { Simulator } from '../../simulator/start.ts';
import type { Webhooks } from './support.ts';
import { accountSid, ada, authToken, caller, rest, startWebhooks, startTestSimulator } from './support.ts';

let webhooks: Webhooks;
let simulator: Simulator;
beforeEach(async () => {
  webhooks = await startWebhooks();
  simulator = await startTestSimulator();
});
afterEach(async () => {
  await simulator.close();
  await webhooks.close();
});

const messages = `${accountSid}/Messages.json`;
type Field = readonly [string, string];
const textFields = (changes: Readonly<Record<string, string | undefined>> = {}): Field[] =>
  Object.entries({
    To: ada,
    From: caller,
    Body: '482913 is your code.',
    StatusCallback: `${webhooks.url}/status`,
    ...changes,
  }).flatMap(([name, value]): Field[] => (value === undefined ? [] : [[name, value]]));
const submit = async (changes: Readonly<Record<string, string | undefined>> = {}) => {
  const { status, body } = await rest(simulator, 'POST', messages, textFields(changes));
  return { status, body, sid: String(body['sid']) };
};
const look = async (sid: string) => (await rest(simulator, 'GET', `${accountSid}/Messages/${sid}.json`)).body;
const reported = () => webhooks.requests.map(({ fields }) => fields.get('MessageStatus'));
const ended = (status: string) => webhooks.waitFor(({ fields }) => fields.get('MessageStatus') === status);

describe('a text', () => {
  test('a text arrives once and is reported in order, with signatures that the official library accepts', async () => {
    const { status, body, sid } = await submit();
    expect([status, body]).toEqual([
      201,
      expect.objectContaining({
        sid: expect.stringMatching(/^SM[0-9a-f]{32}$/),
        status: 'queued',
        num_segments: '1',
        body: '482913 is your code.',
        date_sent: null,
        error_code: null,
      }),
    ]);
    const text = await simulator.person(ada).text();
    expect(text).toMatchObject({ sid, from: caller, text: '482913 is your code.', arrivals: 1 });
    const { headers, fields } = await ended('delivered');
    expect(reported()).toEqual(['queued', 'sent', 'delivered']);
    expect(Object.fromEntries(fields)).toEqual({
      AccountSid: accountSid,
      ApiVersion: '2010-04-01',
      From: caller,
      MessageSid: sid,
      MessageStatus: 'delivered',
      SmsSid: sid,
      SmsStatus: 'delivered',
      To: ada,
    });
    const signature = String(headers['x-twilio-signature']);
    const params = Object.fromEntries(fields);
    expect(twilio.validateRequest(authToken, signature, `${webhooks.url}/status`, params)).toBe(true);
    expect(twilio.validateRequest(`${authToken}0`, signature, `${webhooks.url}/status`, params)).toBe(false);
    expect(await look(sid)).toMatchObject({ status: 'delivered', date_sent: expect.stringMatching(/\+0000$/) });
  });

  test('a text is read once, and the next read waits for the next text', async () => {
    await submit({ Body: 'one' });
    const person = simulator.person(ada);
    expect((await person.text()).text).toBe('one');
    await expect(person.text(0)).rejects.toMatchObject({ status: 404, code: 'silent' });
    const next = person.text();
    await submit({ Body: 'two' });
    expect((await next).text).toBe('two');
    expect((await person.messages()).map(({ text }) => text)).toEqual(['two', 'one']);
  });

  test('the wire log does not contain the body of a text', async () => {
    await submit();
    await simulator.person(ada).text();
    await ended('delivered');
    const wire = JSON.stringify(await readWire(simulator.url));
    expect(wire).toContain('/Messages.json');
    for (const secret of ['482913', 'your code', authToken, accountSid]) expect(wire).not.toContain(secret);
  });

  test('a text of a messaging service is accepted first, without sender and segments', async () => {
    const service = `MG${'a'.repeat(32)}`;
    const { body, sid } = await submit({ From: undefined, MessagingServiceSid: service });
    expect(body).toMatchObject({ status: 'accepted', from: null, num_segments: '0', messaging_service_sid: service });
    expect(await simulator.person(ada).text()).toMatchObject({ from: caller });
    expect((await ended('delivered')).fields.get('MessagingServiceSid')).toBe(service);
    expect(await look(sid)).toMatchObject({ from: caller, num_segments: '1' });
  });
});

describe('delivery of a text', () => {
  test('a late text is sent, and arrives when the clock is moved', async () => {
    const person = simulator.person(ada);
    await person.behave({ texts: 'late' });
    const { sid } = await submit();
    await ended('sent');
    expect(await person.phone()).toMatchObject({ onTheWay: 1 });
    await moveTime(simulator.url, 60);
    await expect(person.text(0)).rejects.toMatchObject({ code: 'silent' });
    expect(await look(sid)).toMatchObject({ status: 'sent' });
    await moveTime(simulator.url, 30);
    const { sentAt, arrivedAt } = await person.text(0);
    expect(arrivedAt - sentAt).toBeGreaterThanOrEqual(90_000);
    await ended('delivered');
  });

  test('a late text arrives when it is released', async () => {
    const person = simulator.person(ada);
    await person.behave({ texts: 'late' });
    await submit();
    await ended('sent');
    expect(await person.releaseTexts()).toBe(1);
    expect(await person.text(0)).toMatchObject({ arrivals: 1 });
    expect(await person.releaseTexts()).toBe(0);
  });

  test('a late text that is released before it is sent arrives as soon as it is sent', async () => {
    const person = simulator.person(ada);
    await person.behave({ texts: 'late' });
    await submit();
    expect(await person.releaseTexts()).toBe(1);
    expect(await person.text()).toMatchObject({ arrivals: 1 });
  });

  test('a doubled text arrives twice, and is read and reported once', async () => {
    const person = simulator.person(ada);
    await person.behave({ texts: 'doubled' });
    const { sid } = await submit();
    await person.text();
    await ended('delivered');
    await moveTime(simulator.url, 3);
    expect(await person.messages()).toMatchObject([{ sid, arrivals: 2 }]);
    // The next text is reported after the first one.
    await simulator.person(ada).behave({ texts: 'undelivered' });
    await submit();
    await ended('undelivered');
    expect(reported().filter(each => each === 'delivered')).toHaveLength(1);
    await expect(person.text(0)).rejects.toMatchObject({ code: 'silent' });
  });

  test('a lost text is last reported as sent', async () => {
    await simulator.person(ada).behave({ texts: 'lost' });
    const { sid } = await submit();
    await ended('sent');
    await moveTime(simulator.url, 3600);
    expect(await look(sid)).toMatchObject({ status: 'sent' });
    expect(await simulator.person(ada).messages()).toEqual([]);
  });

  test.each([
    ['undelivered', 'undelivered', 30003],
    ['blocked', 'undelivered', 30004],
    ['unknown', 'undelivered', 30005],
    ['landline', 'undelivered', 30006],
    ['filtered', 'undelivered', 30007],
    ['failed', 'failed', 30008],
  ] as const)('a text set to %s is reported and fetched as %s with code %i', async (texts, status, code) => {
    await simulator.person(ada).behave({ texts });
    const { sid } = await submit();
    expect((await ended(status)).fields.get('ErrorCode')).toBe(String(code));
    expect(await look(sid)).toMatchObject({ status, error_code: code, error_message: expect.any(String) });
    expect(await simulator.person(ada).messages()).toEqual([]);
  });

  test('a text to a number that does not exist is undelivered with code 30005', async () => {
    await submit({ To: '+12025550199' });
    expect((await ended('undelivered')).fields.get('ErrorCode')).toBe('30005');
  });
});

describe('CreateMessage', () => {
  test.each<[string, Readonly<Record<string, string | undefined>>, number]>([
    ['no To', { To: undefined }, 21604],
    ['no From', { From: undefined }, 21603],
    ['a To that is no number', { To: '0142' }, 21211],
    ['a From that is no number', { From: 'Contoso' }, 21212],
    ['a From that is not ours', { From: '+12025550111' }, 21606],
    ['a messaging service that is none', { From: undefined, MessagingServiceSid: 'MG1' }, 21703],
    ['no Body', { Body: undefined }, 21602],
    ['1,601 characters', { Body: 'x'.repeat(1601) }, 21617],
    ['a text to itself', { To: caller }, 21266],
    ['a StatusCallback that is no address', { StatusCallback: 'status' }, 21609],
    ['a ValidityPeriod of 0', { ValidityPeriod: '0' }, 20001],
    ['a ValidityPeriod of 36,001', { ValidityPeriod: '36001' }, 20001],
    ['a parameter this network does not know', { MediaUrl: 'https://x.example/' }, 20001],
    ['a parameter of Object', { constructor: 'x' }, 20001],
  ])('CreateMessage refuses %s with an error in the format of Twilio', async (_, changes, code) => {
    const { status, body } = await submit(changes);
    expect([status, body]).toEqual([
      400,
      { code, message: expect.any(String), more_info: `https://www.twilio.com/docs/errors/${code}`, status: 400 },
    ]);
  });

  test('CreateMessage accepts 1,600 characters and a ValidityPeriod of ten hours', async () => {
    expect(await submit({ Body: 'x'.repeat(1600), ValidityPeriod: '36000' })).toMatchObject({ status: 201 });
  });
});
