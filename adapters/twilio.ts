/**
 * Opens two channels over one Twilio account: calls and texts. `twilio/callback.ts` and `twilio/text-callback.ts` read what
 * Twilio posts to us, `twilio/voice.ts` writes the spoken sentences. Twilio's formats are known only in this adapter.
 */
import type { TwilioSettings } from '../src/config/twilio.ts';
import { Undelivered } from '../src/errors.ts';
import type {
  CallbackRoute,
  CallMessage,
  Carrier,
  Channel,
  Message,
  Progress,
  TextMessage,
} from '../src/ports/carriers.ts';
import { createAddress, textAddress, type CallbackStep } from './twilio/address.ts';
import { createApi } from './twilio/api.ts';
import { createReader } from './twilio/callback.ts';
import { createDialling } from './twilio/dialling.ts';
import { hangUp } from './twilio/hang-up.ts';
import { callProgress, textProgress } from './twilio/progress.ts';
import { callPath, errorCodeIn, statusIn, textPath } from './twilio/resources.ts';
import { createTextReader } from './twilio/text-callback.ts';
import { createVoice } from './twilio/voice.ts';

export { inspectAccount, type Inspection } from './twilio/inspection.ts';

const isCall = (reference: string): boolean => /^CA[0-9a-f]{32}$/.test(reference);
const isText = (reference: string): boolean => /^(?:SM|MM)[0-9a-f]{32}$/.test(reference);

/** The id in the answer. Without one it is unknown whether Twilio accepted the message. */
const referenceIn = (sid: unknown, isExpected: (sid: string) => boolean): { readonly reference: string } => {
  if (typeof sid === 'string' && isExpected(sid)) return { reference: sid };
  throw new Undelivered('slow', 'got an answer without an id, expected the id of a call or text');
};

const knownProgress = (progress: Progress | undefined): Progress => {
  if (progress !== undefined) return progress;
  throw new Undelivered('down', 'got an unknown status, expected a documented one');
};

type CallbackReader = Pick<CallbackRoute, 'read'>;
type VoiceCallbacks = Required<Pick<CallbackRoute, 'read' | 'render'>>;

/** Opens the channel for calls, with the callbacks about them. It makes its first request when it is used. */
export const openTwilioCalls = (settings: TwilioSettings): Channel<CallMessage> & VoiceCallbacks => {
  const { accountSid, authTokens, callbackBase } = settings;
  const api = createApi(settings);
  const address = createAddress(callbackBase);
  const dialling = createDialling(settings.from, address);

  return {
    via: 'call',
    async send(message: CallMessage, signal) {
      const { sid } = await api.order('a call', { path: 'Calls', form: dialling(message) }, signal);
      return referenceIn(sid, isCall);
    },
    async fetchStatus(reference, signal) {
      const call = await api.ask('the status of a call', { path: callPath(reference) }, signal);
      return knownProgress(callProgress(statusIn(call)));
    },
    async cancel(reference, signal) {
      if (isCall(reference)) await hangUp(api, reference, signal);
    },
    read: createReader({ accountSid, authTokens, callbackBase }),
    render: createVoice(address, settings.voices),
  };
};

/** Seconds that a text may wait in Twilio's queue. */
const validity = { min: 1, max: 36_000 } as const;

/** Opens the channel for texts over the same account, with the callbacks about them. */
export const openTwilioTexts = (settings: TwilioSettings): Channel<TextMessage> & CallbackReader => {
  const { accountSid, authTokens, callbackBase, from, messagingServiceSid } = settings;
  const api = createApi(settings);
  const sender = messagingServiceSid === undefined ? { from } : { messagingServiceSid };

  return {
    via: 'sms',
    async send({ to, token, text, lifetime }: TextMessage, signal) {
      const wanted = {
        to,
        ...sender,
        body: text,
        ...(token !== undefined && { statusCallback: textAddress(callbackBase, token) }),
        validityPeriod: Math.min(Math.max(Math.ceil(lifetime / 1000), validity.min), validity.max),
      };
      const { sid } = await api.order('a text', { path: 'Messages', form: wanted }, signal);
      return referenceIn(sid, isText);
    },
    async fetchStatus(reference, signal) {
      const text = await api.ask('the status of a text', { path: textPath(reference) }, signal);
      return knownProgress(textProgress(statusIn(text), errorCodeIn(text)));
    },
    read: createTextReader({ accountSid, authTokens, callbackBase }),
  };
};

/** Twilio as one carrier, for the kinds of message that are needed. */
export const openTwilio = (settings: TwilioSettings, needed: readonly Message['via'][]): Carrier => {
  const calls = needed.includes('call') ? openTwilioCalls(settings) : undefined;
  const texts = needed.includes('sms') ? openTwilioTexts(settings) : undefined;
  return {
    name: 'twilio',
    callerId: settings.from,
    channels: [calls, texts].filter(channel => channel !== undefined),
    callbacks: [
      ...(calls === undefined ? [] : callSteps.map(step => ({ path: `/call/:token/${step}`, ...voiceOf(calls) }))),
      ...(texts === undefined ? [] : [{ path: '/text/:token/status', read: texts.read }]),
    ],
  };
};

const callSteps: readonly CallbackStep[] = ['answered', 'answerer', 'fallback', 'keys', 'status'];
const voiceOf = ({ read, render }: VoiceCallbacks): VoiceCallbacks => ({ read, render });
