/** Makes the requests of one Twilio account, limits their time, and repeats those that were certainly not accepted. */
import { setTimeout } from 'node:timers/promises';
import type { TwilioSettings } from '../../src/config/twilio.ts';
import { Undelivered } from '../../src/errors.ts';
import type { Millis } from '../../src/ports/time.ts';
import { failureOf, timedOut, undelivered, type Failure } from './refusals.ts';
import { requestTimeout, RestError, sendToApi, type RestAnswer, type RestRequest } from './rest.ts';

/** Settings that a request needs. */
export type ApiAccess = Pick<TwilioSettings, 'accountSid' | 'authTokens' | 'apiBase'>;

const maxAttempts = 2;
const shortPause: Millis = 250;
const maxPause: Millis = 1000;

/**
 * The pause before the request is repeated; undefined: it must not be. Only a request that was certainly not accepted is
 * repeated: the connection was refused, or Twilio answered 429 or 503. After any other error the call may have started, or the
 * text may have been sent.
 */
const pauseAfter = ({ status, code }: Failure, retryAfter: string | undefined): Millis | undefined => {
  if (status === undefined) return code === 'ECONNREFUSED' ? shortPause : undefined;
  if (status !== 429 && status !== 503) return undefined;
  if (retryAfter === undefined) return shortPause;
  const pause = /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1000 : Infinity;
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

type Body = RestAnswer['body'];

/** Requests of one account. `expected` completes "expected …" in errors. Each gives the members of the answer. */
export interface Api {
  /** Sends once; errors as `sendToApi` throws them. @throws Undelivered 'slow' where `signal` aborts. */
  request(request: RestRequest, signal: AbortSignal): Promise<Body>;
  /** Sends once. @throws Undelivered */
  ask(expected: string, request: RestRequest, signal: AbortSignal): Promise<Body>;
  /** Starts something that must happen at most once. Repeated where it was certainly not accepted. @throws Undelivered */
  order(expected: string, request: RestRequest, signal: AbortSignal): Promise<Body>;
}

/**
 * The API of one account. A 401 is not repeated with the second token: Twilio accepts both during a rotation, so the first is
 * refused only where the setting is wrong. Using the second would hide that until it is revoked too.
 */
export const createApi = ({ accountSid, authTokens: [token], apiBase }: ApiAccess): Api => {
  const send = async (request: RestRequest): Promise<Body> =>
    (await sendToApi({ accountSid, token, apiBase }, request)).body;

  const orderRepeatedly = async (expected: string, request: RestRequest, signal: AbortSignal): Promise<Body> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await send(request);
      } catch (error) {
        const failure = failureOf(error);
        const pause = pauseAfter(failure, error instanceof RestError ? error.retryAfter : undefined);
        if (attempt === maxAttempts || pause === undefined) throw undelivered(failure, expected);
        await wait(pause, signal);
        // The caller no longer waits for it.
        if (signal.aborted) throw undelivered(failure, expected);
      }
    }
  };

  const request: Api['request'] = async (wanted, signal) => unlessAborted(send(wanted), signal);

  return {
    request,
    async ask(expected, wanted, signal) {
      try {
        return await request(wanted, signal);
      } catch (error) {
        throw error instanceof Undelivered ? error : undelivered(failureOf(error), expected);
      }
    },
    async order(expected, wanted, signal) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(requestTimeout)]);
      return unlessAborted(orderRepeatedly(expected, wanted, limit), limit);
    },
  };
};
