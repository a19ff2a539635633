/** Sends requests to Twilio's REST API by its SDK, limits their time, and repeats those that were certainly not accepted. */
import { setTimeout } from 'node:timers/promises';
import twilio from 'twilio';
import type RequestClient from 'twilio/lib/base/RequestClient.js';
import type { TwilioSettings } from '../../src/config/twilio.ts';
import { Undelivered } from '../../src/errors.ts';
import type { Millis } from '../../src/ports/time.ts';
import { failureOf, timedOut, undelivered, type Failure } from './refusals.ts';

/** Settings that a request needs. */
export type ApiAccess = Pick<TwilioSettings, 'accountSid' | 'authTokens' | 'apiBase'>;

type Account = ReturnType<typeof twilio>;

/** For one request. The SDK does not pass an AbortSignal on, so each attempt has a client of its own with this timeout. */
export const requestTimeout: Millis = 5000;
const maxAttempts = 2;
const shortPause: Millis = 250;
const maxPause: Millis = 1000;

/** The SDK's HTTP client, with requests sent to `apiBase`. */
export class PointedClient extends twilio.RequestClient {
  readonly #origin: string;
  constructor(apiBase: URL) {
    super({ timeout: requestTimeout, keepAlive: false });
    this.#origin = apiBase.origin;
  }
  override async request<T>(options: RequestClient.RequestOptions<T>) {
    const { pathname, search } = new URL(options.uri);
    return super.request({ ...options, uri: `${this.#origin}${pathname}${search}` });
  }
}

/**
 * The pause before the request is repeated; undefined: it must not be. Only a request that was certainly not accepted is
 * repeated: the connection was refused, or Twilio answered 429 or 503. After any other error the call may have started, or the
 * text may have been sent.
 */
const pauseAfter = ({ status, code }: Failure, retryAfter: unknown): Millis | undefined => {
  if (status === undefined) return code === 'ECONNREFUSED' ? shortPause : undefined;
  if (status !== 429 && status !== 503) return undefined;
  if (retryAfter === undefined) return shortPause;
  const pause = typeof retryAfter === 'string' && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1000 : Infinity;
  return pause <= maxPause ? pause : undefined;
};

/** Stops waiting when `signal` aborts. The request itself ends after `requestTimeout`. */
const unlessAborted = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(timedOut());
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
};

/** Waits, at most until `signal` aborts. */
const wait = async (pause: Millis, signal: AbortSignal): Promise<void> =>
  setTimeout(pause, undefined, { signal }).catch(() => undefined);

/** Requests of one account. `expected` completes "expected …" in errors. */
export interface Api {
  /** Sends once; errors as the SDK throws them. @throws Undelivered 'slow' where `signal` aborts. */
  request<T>(work: (account: Account) => Promise<T>, signal: AbortSignal): Promise<T>;
  /** Sends once. @throws Undelivered */
  ask<T>(expected: string, work: (account: Account) => Promise<T>, signal: AbortSignal): Promise<T>;
  /** Starts something that must happen at most once. Repeated where it was certainly not accepted. @throws Undelivered */
  order<T>(expected: string, work: (account: Account) => Promise<T>, signal: AbortSignal): Promise<T>;
}

/**
 * The API of one account. A 401 is not repeated with the second token: Twilio accepts both during a rotation, so the first is
 * refused only where the setting is wrong. Using the second would hide that until it is revoked too.
 */
export const createApi = ({ accountSid, authTokens, apiBase }: ApiAccess): Api => {
  const account = (httpClient: PointedClient) => twilio(accountSid, authTokens[0], { httpClient });

  const orderRepeatedly = async <T>(expected: string, work: (account: Account) => Promise<T>, signal: AbortSignal) => {
    for (let attempt = 1; ; attempt += 1) {
      const client = new PointedClient(apiBase);
      try {
        return await work(account(client));
      } catch (error) {
        const failure = failureOf(error);
        const headers = client.lastResponse?.headers as Readonly<Record<string, unknown>> | undefined;
        const pause = pauseAfter(failure, headers?.['retry-after']);
        if (attempt === maxAttempts || pause === undefined) throw undelivered(failure, expected);
        await wait(pause, signal);
        // The caller no longer waits for it.
        if (signal.aborted) throw undelivered(failure, expected);
      }
    }
  };

  const request: Api['request'] = async (work, signal) =>
    unlessAborted(work(account(new PointedClient(apiBase))), signal);

  return {
    request,
    async ask(expected, work, signal) {
      try {
        return await request(work, signal);
      } catch (error) {
        throw error instanceof Undelivered ? error : undelivered(failureOf(error), expected);
      }
    },
    async order(expected, work, signal) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(requestTimeout)]);
      return unlessAborted(orderRepeatedly(expected, work, limit), limit);
    },
  };
};
