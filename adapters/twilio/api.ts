/** Requests to Twilio's REST API, with its own SDK: how long they may take, and which may be made once more. */
import { setTimeout as pass } from 'node:timers/promises';
import twilio from 'twilio';
import type RequestClient from 'twilio/lib/base/RequestClient.js';
import type { TwilioSettings } from '../../src/config/twilio.ts';
import { Undelivered } from '../../src/errors.ts';
import type { Millis } from '../../src/ports/time.ts';
import { failureOf, outOfTime, undelivered, type Failure } from './refusals.ts';

/** Settings that a request needs. */
export type ApiAccess = Pick<TwilioSettings, 'accountSid' | 'authTokens' | 'apiBase'>;

type Account = ReturnType<typeof twilio>;

/** One request and everything around it. The SDK hands no AbortSignal on, so each attempt is a client of its own with this limit. */
export const patience: Millis = 5000;
const attempts = 2;
const shortPause: Millis = 250;
const longestPause: Millis = 1000;

/** Talks to `apiBase` and in every other respect as the SDK talks to Twilio. */
export class PointedClient extends twilio.RequestClient {
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

/**
 * How long to wait before the one more try, or undefined: never again. Only what was certainly not taken is tried
 * again: a connection that was never made, and the two answers that say so. A request that broke off, timed out or met any
 * other error may have started a call or sent a text.
 */
const pauseAfter = ({ status, code }: Failure, retryAfter: unknown): Millis | undefined => {
  if (status === undefined) return code === 'ECONNREFUSED' ? shortPause : undefined;
  if (status !== 429 && status !== 503) return undefined;
  if (retryAfter === undefined) return shortPause;
  const wanted = typeof retryAfter === 'string' && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1000 : Infinity;
  return wanted <= longestPause ? wanted : undefined;
};

/** Gives up waiting when `signal` does; the request itself ends by `patience`. */
const unlessAborted = async <T>(work: Promise<T>, signal: AbortSignal): Promise<T> => {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(outOfTime());
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
};

/** Waits, at most until `signal` ends it. */
const rest = async (pause: Millis, signal: AbortSignal): Promise<void> =>
  pass(pause, undefined, { signal }).catch(() => undefined);

export interface Api {
  /** Within the time given; failures as the SDK throws them. @throws Undelivered 'slow' when the time is over */
  request<T>(work: (account: Account) => Promise<T>, signal: AbortSignal): Promise<T>;
  /** The same. @throws Undelivered */
  ask<T>(wanted: string, work: (account: Account) => Promise<T>, signal: AbortSignal): Promise<T>;
  /** Something that must happen at most once. @throws Undelivered */
  order<T>(wanted: string, work: (account: Account) => Promise<T>, signal: AbortSignal): Promise<T>;
}

/**
 * One account's API. A 401 is not tried again with the second token: Twilio takes both while they are exchanged, so the
 * first is refused only where the setting is wrong, and that is to be seen rather than covered until the second goes too.
 */
export const createApi = ({ accountSid, authTokens, apiBase }: ApiAccess): Api => {
  const account = (httpClient: PointedClient) => twilio(accountSid, authTokens[0], { httpClient });

  const ordered = async <T>(wanted: string, work: (account: Account) => Promise<T>, signal: AbortSignal) => {
    for (let attempt = 1; ; attempt += 1) {
      const client = new PointedClient(apiBase);
      try {
        return await work(account(client));
      } catch (error) {
        const failure = failureOf(error);
        const headers = client.lastResponse?.headers as Readonly<Record<string, unknown>> | undefined;
        const pause = pauseAfter(failure, headers?.['retry-after']);
        if (attempt === attempts || pause === undefined) throw undelivered(failure, wanted);
        await rest(pause, signal);
        // nobody waits for it any more
        if (signal.aborted) throw undelivered(failure, wanted);
      }
    }
  };

  const request: Api['request'] = async (work, signal) =>
    unlessAborted(work(account(new PointedClient(apiBase))), signal);

  return {
    request,
    async ask(wanted, work, signal) {
      try {
        return await request(work, signal);
      } catch (error) {
        throw error instanceof Undelivered ? error : undelivered(failureOf(error), wanted);
      }
    },
    async order(wanted, work, signal) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
      return unlessAborted(ordered(wanted, work, limit), limit);
    },
  };
};
