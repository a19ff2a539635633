/**
 * Calls through Twilio's REST API, with its own SDK. What Twilio tells us later is read in `twilio/callback.ts`,
 * what the phone says is written in `twilio/voice.ts`; no other file knows the dialect.
 */
import twilio from 'twilio';
import type RequestClient from 'twilio/lib/base/RequestClient.js';
import { Problem } from '../src/errors.ts';
import type { CallMessage, Line } from '../src/ports.ts';
import { createAddress } from './twilio/address.ts';
import { createReader } from './twilio/callback.ts';
import { createVoice } from './twilio/voice.ts';

export interface TwilioSettings {
  readonly accountSid: string;
  /** The first one signs our requests in; callbacks signed with any of them are genuine (rotation). */
  readonly authTokens: readonly [string, ...string[]];
  /** E.164, the number that calls. */
  readonly from: string;
  /** `https://api.twilio.com`, or what stands for it in development. Only scheme and host are taken from it. */
  readonly apiBase: URL;
  /** Where Twilio reaches us from outside. What it signs is this and the path. */
  readonly callbackBase: URL;
}

/** Milliseconds one request may take. The SDK hands no AbortSignal on, so each send is a client of its own with this limit. */
const patience = 5000;
const connectAttempts = 2;
const cancelAttempts = 3;
/** Twilio's error 21220: the call's state does not permit this change. */
const invalidCallState = 21_220;

/** What ends a call depends on how far it got; a call in a state that is not listed is over. */
const endings: Readonly<Record<string, 'canceled' | 'completed' | undefined>> = {
  queued: 'canceled',
  initiated: 'canceled',
  ringing: 'canceled',
  'in-progress': 'completed',
};

/** Talks to `apiBase` and in every other respect as the SDK talks to Twilio. */
class PointedClient extends twilio.RequestClient {
  readonly #origin: string;
  constructor(apiBase: URL) {
    super({ timeout: patience, keepAlive: false });
    this.#origin = apiBase.origin;
  }
  override async request<T>(options: RequestClient.RequestOptions<T>) {
    const { pathname, search } = new URL(options.uri);
    return super.request({ ...options, uri: `${this.#origin}${pathname}${search}` });
  }
}

/** What went wrong, without the SDK's own words and objects: they hold the number and the credentials. */
const refusal = (error: unknown): { status?: number; code?: number | string } => {
  if (typeof error !== 'object' || error === null) return {};
  const { status, code } = error as { status?: unknown; code?: unknown };
  return {
    ...(typeof status === 'number' && { status }),
    ...((typeof code === 'number' || typeof code === 'string') && { code }),
  };
};

/** A request that was understood and refused is refused again; anything else may be better in a while. */
const undeliverable = (error: unknown): Problem => {
  const { status, code } = refusal(error);
  const refused = status !== undefined && status < 500 && status !== 429;
  return new Problem(
    'undeliverable',
    `Twilio answered ${status ?? 'nothing'} (${code ?? 'no code'}), expected a call`,
    {
      retryable: !refused,
    },
  );
};

/** Gives up waiting when `signal` does; the request itself ends by `patience`. */
const unlessAborted = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(new Problem('undeliverable', 'Twilio did not answer in the time given'));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
};

/** Opens the telephone. Nothing is connected until the first call. */
export const openTwilio = (settings: TwilioSettings): Line => {
  const { accountSid, authTokens, from, apiBase, callbackBase } = settings;
  const api = () => twilio(accountSid, authTokens[0], { httpClient: new PointedClient(apiBase) });
  const address = createAddress(callbackBase);

  const dial = async ({ to, token, rings, lasts }: CallMessage): Promise<{ readonly reference: string }> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { sid } = await api().calls.create({
          to,
          from,
          url: address(token, 'answered'),
          statusCallback: address(token, 'status'),
          statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
          timeout: Math.ceil(rings / 1000),
          timeLimit: Math.ceil(lasts / 1000),
        });
        return { reference: sid };
      } catch (error) {
        // Only a connection that was never made is tried again: any other request may have started a call.
        if (refusal(error).code !== 'ECONNREFUSED' || attempt === connectAttempts) throw undeliverable(error);
      }
    }
  };

  const hangUp = async (reference: string): Promise<void> => {
    for (let attempt = 1; attempt <= cancelAttempts; attempt += 1) {
      try {
        const call = api().calls(reference);
        const { status } = await call.fetch();
        const ending = endings[status];
        if (ending !== undefined) await call.update({ status: ending });
        return;
      } catch (error) {
        const { status, code } = refusal(error);
        if (status === 404) return;
        // It was picked up, or ended, between the look and the change: look again.
        if (code !== invalidCallState) throw undeliverable(error);
      }
    }
  };

  return {
    via: 'call',
    send: async (message, signal) => unlessAborted(dial(message), signal),
    cancel: async (reference, signal) => unlessAborted(hangUp(reference), signal),
    read: createReader({ accountSid, authTokens, callbackBase }),
    speak: createVoice(address),
  };
};
