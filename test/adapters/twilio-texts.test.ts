/** Tests texts through Twilio: the requests that are sent, and the status callbacks that are accepted. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openTwilioCalls, openTwilioTexts } from '../../adapters/twilio.ts';
import type { TwilioSettings } from '../../src/config/twilio.ts';
import type { Callback, TextMessage } from '../../src/ports/carriers.ts';
import { accountSid, callSid, reply, startFakeApi, take, textSid, type FakeApi } from './support/api.ts';

const token = 'T0kenOfOneText_128bits';
const path = `/callbacks/twilio/text/${token}/status`;

let api: FakeApi;
beforeAll(async () => {
  api = await startFakeApi();
});
afterAll(() => api.close());
beforeEach(() => {
  api.seen.length = 0;
  api.answer = take;
});

const settings = (more: Partial<TwilioSettings> = {}): TwilioSettings => ({
  accountSid,
  authTokens: ['new-token', 'old-token'],
  from: '+15005550006',
  apiBase: api.base,
  callbackBase: new URL('https://login.example.test'),
  ...more,
});
const message: TextMessage = {
  via: 'sms',
  to: '+493012345678',
  token,
  text: '123456 ist Ihr Code für Größe & Co. +1 %\n\n@login.example.test #123456',
  lifetime: 299_500,
};
const soon = () => AbortSignal.timeout(4000);

describe('a text', () => {
  test('is sent unchanged from our number, valid for the life of its code', async () => {
    await expect(openTwilioTexts(settings()).send(message, soon())).resolves.toEqual({ reference: textSid });
    expect(api.seen).toHaveLength(1);
    const [{ method, url, authorization, form }] = api.seen as [FakeApi['seen'][number]];
    expect({ method, url }).toEqual({ method: 'POST', url: `/2010-04-01/Accounts/${accountSid}/Messages.json` });
    expect(authorization).toBe(`Basic ${Buffer.from(`${accountSid}:new-token`).toString('base64')}`);
    expect(Object.fromEntries(form)).toEqual({
      To: '+493012345678',
      From: '+15005550006',
      Body: message.text,
      StatusCallback: `https://login.example.test${path}`,
      ValidityPeriod: '300',
    });
  });

  test('is sent by the messaging service if one is set, without a sender of ours', async () => {
    const messagingServiceSid = `MG${'3'.repeat(32)}`;
    await openTwilioTexts(settings({ messagingServiceSid })).send(message, soon());
    const form = Object.fromEntries(api.seen[0]?.form ?? []);
    expect(form).toMatchObject({ MessagingServiceSid: messagingServiceSid, To: '+493012345678' });
    expect(form).not.toHaveProperty('From');
  });

  test.each([
    [1, '1'],
    [36_000_000, '36000'],
    [86_400_000, '36000'],
  ])('with a life of %i ms has a ValidityPeriod of %s s', async (lifetime, seconds) => {
    await openTwilioTexts(settings()).send({ ...message, lifetime }, soon());
    expect(api.seen[0]?.form.get('ValidityPeriod')).toBe(seconds);
  });
});

const words = [
  ['accepted', 'sent'],
  ['queued', 'sent'],
  ['sending', 'sent'],
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['read', 'delivered'],
  ['undelivered', 'undelivered'],
  ['failed', 'undelivered'],
] as const;

describe('fetching the status of a text', () => {
  test.each(words)('the Twilio status %s is read as %s', async (status, step) => {
    api.answer = (_request, response) => reply(response, 200, { sid: textSid, status });
    await expect(openTwilioTexts(settings()).fetchStatus?.(textSid, soon())).resolves.toEqual({ step });
    expect(api.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET /2010-04-01/Accounts/${accountSid}/Messages/${textSid}.json`,
    ]);
  });

  test('an unknown status is reported as down', async () => {
    api.answer = (_request, response) => reply(response, 200, { sid: textSid, status: 'received' });
    await expect(openTwilioTexts(settings()).fetchStatus?.(textSid, soon())).rejects.toMatchObject({ reason: 'down' });
  });
});

type Fields = readonly [string, string][];
/** Twilio's rule, written from its documentation. */
const sign = (address: string, fields: Fields, secret: string): string =>
  createHmac('sha1', secret)
    .update(
      address +
        [...fields]
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .flat()
          .join(''),
    )
    .digest('base64');
const usual: Fields = [
  ['AccountSid', accountSid],
  ['ApiVersion', '2010-04-01'],
  ['From', '+15005550006'],
  ['MessageSid', textSid],
  ['MessageStatus', 'delivered'],
  ['SmsSid', textSid],
  ['SmsStatus', 'delivered'],
  ['To', '+493012345678'],
];
const change = (name: string, value: string): Fields => [...usual.filter(([each]) => each !== name), [name, value]];
const callback = (fields: Fields, at = path, secret = 'new-token'): Callback => ({
  path: at,
  headers: { 'x-twilio-signature': sign(`https://login.example.test${at}`, fields, secret) },
  body: Buffer.from(new URLSearchParams([...fields]).toString()),
});
const read = (one: Callback) => openTwilioTexts(settings()).read?.(one);
const forged = expect.objectContaining({ code: 'forged' });

describe('a status callback of a text', () => {
  test.each(words)('with MessageStatus=%s is read as %s', (status, step) => {
    expect(read(callback(change('MessageStatus', status)))).toEqual({ token, reference: textSid, progress: { step } });
  });

  test('is accepted with an ErrorCode and a signature by the previous token', () => {
    const fields: Fields = [...change('MessageStatus', 'undelivered'), ['ErrorCode', '30003']];
    expect(read(callback(fields, path, 'old-token'))).toMatchObject({ progress: { step: 'undelivered' } });
  });

  test.each<[string, Callback]>([
    ['without a signature', { ...callback(usual), headers: {} }],
    ['signed by somebody else', callback(usual, path, 'guess')],
    ['signed for another text', { ...callback(usual), path: path.replace('T0ken', 'Other') }],
    ['of another account', callback(change('AccountSid', `AC${'b'.repeat(32)}`))],
    ['about a call', callback(change('MessageSid', callSid))],
    ['without a MessageSid', callback(usual.filter(([name]) => name !== 'MessageSid'))],
    ['without a status', callback(usual.filter(([name]) => name !== 'MessageStatus'))],
    ['with the status of a text that comes in', callback(change('MessageStatus', 'received'))],
    ['with a malformed error code', callback([...usual, ['ErrorCode', '30003From+15005550006']])],
    ['with a query', callback(usual, `${path}?heard=`)],
    ['at the address of a call', callback(usual, `/callbacks/twilio/call/${token}/status`)],
    ['at a longer token', callback(usual, path.replace(token, `${token}x`))],
  ])('%s is refused as forged', (_name, one) => {
    expect(() => read(one)).toThrow(forged);
  });

  test('is refused by the reader for calls', () => {
    expect(() => openTwilioCalls(settings()).read(callback(usual))).toThrow(forged);
  });
});
