/** A server that plays the part of ours: it answers webhooks by a table and remembers what it was asked. */
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

export interface Heard {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly fields: URLSearchParams;
}

export interface Webhooks {
  readonly url: string;
  readonly heard: Heard[];
  /** Resolves with the first request that fits, past or future. */
  asked(fits: (heard: Heard) => boolean): Promise<Heard>;
  /** What the next requests to a path get: TwiML, a status, or with 'hang' nothing at all. */
  answer(path: string, how: string | number): void;
  close(): Promise<void>;
}

/** Listens on a free loopback port. Paths without an answer get an empty 204. */
export const startWebhooks = async (): Promise<Webhooks> => {
  const answers = new Map<string, string | number>();
  const heard: Heard[] = [];
  const waiting = new Set<() => void>();
  const respond = (request: Heard, response: ServerResponse) => {
    const how = answers.get(request.url.split('?')[0] ?? '') ?? 204;
    if (how === 'hang') return;
    response.writeHead(typeof how === 'number' ? how : 200, { 'content-type': 'text/xml' });
    response.end(typeof how === 'number' ? undefined : how);
  };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const body = Buffer.concat(parts).toString();
      const one = { method, url, headers, body, fields: new URLSearchParams(body) };
      heard.push(one);
      for (const look of waiting) look();
      respond(one, response);
    });
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    heard,
    asked: fits =>
      new Promise(resolve => {
        const look = () => {
          const found = heard.find(fits);
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    answer(path, how) {
      answers.set(path, how);
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

/** Time that stands still until it is moved. */
export interface HeldTimers extends Timers {
  /** Moves time and runs what is due, in order. */
  advance(ms: number): void;
}

export const heldTimers = (start = Date.UTC(2026, 0, 5, 12)): HeldTimers => {
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

/** A simulator with Ada and Grace in it, everything at once unless told. */
export const startWorld = (settings: Partial<SimulatorSettings> = {}): Promise<Simulator> =>
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

/** CreateCall and its relatives, as any HTTP client would ask. */
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

/** Places a call to `to` whose TwiML and status callbacks are at `webhooks`. Gives its SID. */
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

/** FetchCall. */
export const look = async (
  simulator: Pick<Simulator, 'url'>,
  sid: string,
): Promise<Readonly<Record<string, unknown>>> => (await rest(simulator, 'GET', `${accountSid}/Calls/${sid}.json`)).body;
