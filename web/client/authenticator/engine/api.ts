/**
 * Calls the API of the server at /authenticator/api. Each call is signed with the key of its account. Each answer tells the time of the
 * server: a call that was refused because this device's clock is wrong is made once more.
 */
import type {
  AnswerOutcome,
  ConfigurationAnswer,
  PairingAnswer,
  PairingRequest,
  RequestsAnswer,
  SubscriptionJson,
} from '../../../../src/mfa/push/protocol.ts';
import type { EpochMillis, Millis } from '../../../../src/ports/time.ts';
import { proveCall, type DeviceKey } from './device-key.ts';

/** Answer of a call. refused: the server said no, with its code and its sentence for the person. */
export type Reply<Body> =
  | { readonly ok: true; readonly body: Body }
  | { readonly ok: false; readonly reason: 'unreachable' }
  | {
      readonly ok: false;
      readonly reason: 'refused';
      readonly status: number;
      readonly error: string;
      readonly message: string;
      /** Of an ended request: why. */
      readonly reasonOfEnd: string;
    };

/** The time of the server, as far as this device knows it. */
export interface ServerClock {
  now(): EpochMillis;
  /** Learns from the header `Date` of an answer, which took so long to come. */
  learn(date: string | null, took: Millis): void;
}

/** Smaller differences come from the whole seconds of the header. */
const exactEnough: Millis = 2000;

/** Begins with the clock of the device. */
export const createServerClock = (clock: () => EpochMillis): ServerClock => {
  let ahead: Millis = 0;
  return {
    now: () => clock() + ahead,
    learn(date, took) {
      const told = Date.parse(date ?? '');
      const difference = Math.abs(told - clock() - ahead);
      if (!Number.isNaN(told) && difference > exactEnough + took) ahead = told - clock();
    },
  };
};

export interface ApiDeps {
  readonly fetch: (address: string, request: RequestInit) => Promise<Response>;
  /** Origin of the server. */
  readonly origin: string;
  readonly clock: ServerClock;
}

/** The calls. `key`: of the account that makes it. */
export interface Api {
  configuration(): Promise<Reply<ConfigurationAnswer>>;
  pair(key: DeviceKey, pairing: PairingRequest): Promise<Reply<PairingAnswer>>;
  requests(key: DeviceKey): Promise<Reply<RequestsAnswer>>;
  /** `answer`: a signed JWT. */
  answer(key: DeviceKey, answer: string): Promise<Reply<AnswerOutcome>>;
  subscribe(key: DeviceKey, subscription: SubscriptionJson | null, language: string): Promise<Reply<object>>;
  /** Asks for a test notification. */
  test(key: DeviceKey): Promise<Reply<object>>;
  /** Tells the server that this device has removed the account. */
  leave(key: DeviceKey): Promise<Reply<object>>;
  /** Opens the stream of events; undefined where it cannot be had. */
  events(key: DeviceKey, signal: AbortSignal): Promise<ReadableStream<Uint8Array<ArrayBuffer>> | undefined>;
}

const base = '/authenticator/api/';
const patience: Millis = 15_000;

const textIn = (json: unknown, name: string): string => {
  const value: unknown = typeof json === 'object' && json !== null ? Reflect.get(json, name) : undefined;
  return typeof value === 'string' ? value : '';
};

const jsonOf = async (answer: Response): Promise<unknown> => {
  const text = await answer.text();
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
};

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly to: string;
  readonly key?: DeviceKey;
  readonly content?: object;
  readonly signal?: AbortSignal;
}

export const createApi = ({ fetch: send, origin, clock }: ApiDeps): Api => {
  const once = async ({ method, to, key, content, signal }: Call): Promise<Response> => {
    const path = base + to;
    const began = clock.now();
    const body = content === undefined ? undefined : JSON.stringify(content);
    const answer = await send(origin + path, {
      method,
      headers: {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(key !== undefined && { authorization: await proveCall(key, { origin, method, path, body }, clock.now()) }),
      },
      ...(body !== undefined && { body }),
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      signal: signal ?? AbortSignal.timeout(patience),
    });
    clock.learn(answer.headers.get('date'), clock.now() - began);
    return answer;
  };
  /** Calls, and once more with the time of the server where that was the reason of the refusal. */
  const twice = async (call: Call): Promise<{ readonly answer: Response; readonly json: unknown }> => {
    const answer = await once(call);
    if (answer.ok) return { answer, json: undefined };
    const json = await jsonOf(answer);
    if (answer.status !== 401 || textIn(json, 'error') !== 'clock') return { answer, json };
    const again = await once(call);
    return { answer: again, json: again.ok ? undefined : await jsonOf(again) };
  };
  const ask = async <Body>(call: Call): Promise<Reply<Body>> => {
    try {
      const { answer, json } = await twice(call);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- by TLS from the server, whose types are these
      if (answer.ok) return { ok: true, body: (await jsonOf(answer)) as Body };
      return {
        ok: false,
        reason: 'refused',
        status: answer.status,
        error: textIn(json, 'error'),
        message: textIn(json, 'message'),
        reasonOfEnd: textIn(json, 'reason'),
      };
    } catch {
      return { ok: false, reason: 'unreachable' };
    }
  };

  return {
    configuration: () => ask({ method: 'GET', to: 'configuration' }),
    pair: (key, content) => ask({ method: 'POST', to: 'pairings', key, content }),
    requests: key => ask({ method: 'GET', to: 'requests', key }),
    answer: (key, answer) => ask({ method: 'POST', to: 'answers', key, content: { answer } }),
    subscribe: (key, subscription, language) =>
      ask({ method: 'PUT', to: 'subscription', key, content: { subscription, language } }),
    test: key => ask({ method: 'POST', to: 'test', key, content: {} }),
    leave: key => ask({ method: 'DELETE', to: 'device', key }),
    async events(key, signal) {
      try {
        const { answer } = await twice({ method: 'GET', to: 'events', key, signal });
        return answer.ok ? (answer.body ?? undefined) : undefined;
      } catch {
        return undefined;
      }
    },
  };
};
