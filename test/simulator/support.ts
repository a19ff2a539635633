/** Starts a simulator for tests, a fake of our server that answers webhooks from a table, and manual timers. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Simulator, SimulatorSettings } from '../../simulator/start.ts';
import { startSimulator } from '../../simulator/start.ts';
import type { Timers } from '../../simulator/time/timers.ts';

export const accountSid = `AC${'5a'.repeat(16)}`;
export const authToken = '0123456789abcdef0123456789abcdef';
export const ada = '+12025550142';
export const grace = '+12025550143';
export const caller = '+12025550100';

/** A webhook request that the fake server received. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly fields: URLSearchParams;
}

/** The fake server. */
export interface Webhooks {
  readonly url: string;
  /** In the order of arrival. */
  readonly requests: ReceivedRequest[];
  /** Resolves with the first request that matches, past or future. */
  waitFor(matches: (request: ReceivedRequest) => boolean): Promise<ReceivedRequest>;
  /** Sets the answer to requests of a path: TwiML, a status, or 'hang' for no answer. */
  answer(path: string, answer: string | number): void;
  close(): Promise<void>;
}

/** Listens on a free loopback port. Answers other paths with an empty 204. */
export const startWebhooks = async (): Promise<Webhooks> => {
  const answers = new Map<string, string | number>();
  const requests: ReceivedRequest[] = [];
  const waiting = new Set<() => void>();
  const respond = (request: ReceivedRequest, response: ServerResponse) => {
    const answer = answers.get(request.url.split('?')[0] ?? '') ?? 204;
    if (answer === 'hang') return;
    response.writeHead(typeof answer === 'number' ? answer : 200, { 'content-type': 'text/xml' });
    response.end(typeof answer === 'number' ? undefined : answer);
  };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const body = Buffer.concat(parts).toString();
      const one = { method, url, headers, body, fields: new URLSearchParams(body) };
      requests.push(one);
      for (const check of waiting) check();
      respond(one, response);
    });
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    waitFor: matches =>
      new Promise(resolve => {
        const check = () => {
          const found = requests.find(matches);
          if (found === undefined) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      }),
    answer(path, answer) {
      answers.set(path, answer);
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** Timers that run only when a test advances the time. */
export interface ManualTimers extends Timers {
  /** Advances the time and runs the timers that fall due, in order. */
  advance(ms: number): void;
}

/** Makes timers that start at `start` (milliseconds since 1970). */
export const manualTimers = (start = Date.UTC(2026, 0, 5, 12)): ManualTimers => {
  let now = start;
  let next = 0;
  const due = new Map<number, { readonly at: number; readonly run: () => void }>();
  return {
    now: () => now,
    after(ms, run) {
      const id = next;
      next += 1;
      due.set(id, { at: now + ms, run });
      return () => due.delete(id);
    },
    advance(ms) {
      const until = now + ms;
      const first = () => [...due].filter(([, { at }]) => at <= until).toSorted(([, a], [, b]) => a.at - b.at)[0];
      for (let found = first(); found !== undefined; found = first()) {
        const [id, { at, run }] = found;
        due.delete(id);
        now = Math.max(now, at);
        run();
      }
      now = until;
    },
  };
};

/** Starts a simulator with Ada and Grace, in which speech and people take no time by default. */
export const startTestSimulator = (settings: Partial<SimulatorSettings> = {}): Promise<Simulator> =>
  startSimulator({
    port: 0,
    relyingPartyPort: 0,
    accountSid,
    authToken,
    people: [
      { name: 'Ada', number: ada, totpSecret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' },
      { name: 'Grace', number: grace },
    ],
    pace: 'instant',
    ...settings,
  });

type Field = readonly [string, string];

/** Sends a request to the REST API. */
export const rest = async (
  simulator: Pick<Simulator, 'url'>,
  method: 'GET' | 'POST',
  path: string,
  fields: readonly Field[] = [],
  credentials = `${accountSid}:${authToken}`,
): Promise<{
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Headers;
}> => {
  const response = await fetch(`${simulator.url}/2010-04-01/Accounts/${path}`, {
    method,
    headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    ...(method === 'POST' && {
      body: new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])),
    }),
  });
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, body, headers: response.headers };
};

const allEvents: readonly Field[] = ['initiated', 'ringing', 'answered', 'completed'].map((event): Field => [
  'StatusCallbackEvent',
  event,
]);

/** Places a call to `to`, with TwiML and status callbacks at `webhooks`. Gives its SID. */
export const call = async (
  simulator: Pick<Simulator, 'url'>,
  webhooks: Pick<Webhooks, 'url'>,
  to = ada,
  more: readonly Field[] = [],
): Promise<string> => {
  const { body } = await rest(simulator, 'POST', `${accountSid}/Calls.json`, [
    ['To', to],
    ['From', caller],
    ['Url', `${webhooks.url}/voice`],
    ['StatusCallback', `${webhooks.url}/status`],
    ...allEvents,
    ...more,
  ]);
  return String(body['sid']);
};

/** Fetches a call from the REST API. */
export const fetchCall = async (
  simulator: Pick<Simulator, 'url'>,
  sid: string,
): Promise<Readonly<Record<string, unknown>>> => (await rest(simulator, 'GET', `${accountSid}/Calls/${sid}.json`)).body;
