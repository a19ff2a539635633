/** Checks every request of our adapter against Twilio's OpenAPI description. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openTwilioCalls, openTwilioTexts } from '../../adapters/twilio.ts';
import type { TwilioSettings } from '../../src/config/twilio.ts';
import type { CallMessage, TextMessage } from '../../src/ports/carriers.ts';
import { checkRequest } from '../support/carrier/twilio-openapi.ts';
import {
  accountSid,
  callMessage as call,
  callSid,
  reply,
  startFakeApi,
  take,
  textSid,
  type FakeApi,
  type Seen,
} from './support/api.ts';

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
  authTokens: ['token'],
  from: '+15005550006',
  apiBase: api.base,
  callbackBase: new URL('https://login.example.test'),
  ...more,
});
const soon = () => AbortSignal.timeout(4000);
const { to, token } = call;
const text: TextMessage = { via: 'sms', to, token, text: '123456 ist Ihr Code.', lifetime: 300_000 };

const calling = (message: CallMessage) => async () => void (await openTwilioCalls(settings()).send(message, soon()));
const texting = (more: Partial<TwilioSettings>) => async () =>
  void (await openTwilioTexts(settings(more)).send(text, soon()));
const ending = (status: string) => async () => {
  api.answer = (_request, response) => reply(response, 200, { sid: callSid, status });
  await openTwilioCalls(settings()).cancel?.(callSid, soon());
};
const looking = (work: () => Promise<unknown> | undefined, status: string) => async () => {
  api.answer = (_request, response) => reply(response, 200, { status });
  await work();
};

const requests: readonly (readonly [string, string, () => Promise<void>])[] = [
  ['a call', 'POST', calling(call)],
  ['a call that asks who picks up', 'POST', calling({ ...call, machineDetection: true })],
  [
    'a call that asks who picks up while we speak',
    'POST',
    calling({ ...call, machineDetection: true, asyncDetectionTimeout: 10_000 }),
  ],
  ['a call to an extension', 'POST', calling({ ...call, extension: '421' })],
  ['a text from a number', 'POST', texting({})],
  ['a text by a messaging service', 'POST', texting({ messagingServiceSid: `MG${'3'.repeat(32)}` })],
  ['how a call goes', 'GET', looking(() => openTwilioCalls(settings()).fetchStatus?.(callSid, soon()), 'ringing')],
  ['how a text goes', 'GET', looking(() => openTwilioTexts(settings()).fetchStatus?.(textSid, soon()), 'sent')],
  ['cancelling a call', 'GET POST', ending('ringing')],
  ['completing a call', 'GET POST', ending('in-progress')],
];

const faultsOf = ({ method, url, form }: Seen) =>
  checkRequest({ method, path: url, ...(method === 'POST' && { form }) });

describe("Twilio's OpenAPI description", () => {
  test.each(requests)('accepts our requests for %s (%s)', async (_name, methods, work) => {
    await work();
    expect(api.seen.map(({ method }) => method).join(' ')).toBe(methods);
    expect(api.seen.flatMap(faultsOf)).toEqual([]);
  });

  test('rejects an unknown parameter or a value of another shape', async () => {
    await calling(call)();
    const [seen] = api.seen as [Seen];
    const changed = (name: string, value: string) => {
      const form = new URLSearchParams(seen.form);
      form.set(name, value);
      return faultsOf({ ...seen, form });
    };
    expect(changed('Timeout', 'forty')).not.toEqual([]);
    expect(changed('Machine', 'Enable')).not.toEqual([]);
    expect(faultsOf({ ...seen, url: seen.url.replace('AC', 'AX') })).not.toEqual([]);
  });
});
