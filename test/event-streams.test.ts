/** Tests event streams over HTTP: what is sent, who frees a place, the limits, and the heartbeat. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import { once } from 'node:events';
import Koa from 'koa';
import { createStreams, type Streams } from '../src/http/event-streams.ts';
import { isProblem } from '../src/errors.ts';

let streams: Streams;
let server: Server;
let port: number;
let source: (signal: AbortSignal) => AsyncIterable<string>;
/** Signals of the sources that were opened. */
let signals: AbortSignal[];

/** Gives a line, and then waits for its reader to leave. */
async function* waits(signal: AbortSignal): AsyncGenerator<string> {
  signals.push(signal);
  yield 'first';
  if (!signal.aborted) await once(signal, 'abort');
}

beforeEach(async () => {
  streams = createStreams(() => 0.5);
  signals = [];
  source = waits;
  const koa = new Koa();
  koa.use(async (ctx, next) => {
    await next();
    ctx.set('x-late', 'ignored');
  });
  koa.use(ctx => {
    const { name = 'a', event } = ctx.query as Record<string, string | undefined>;
    try {
      streams.open(ctx, { name, address: '192.0.2.1', ...(event !== undefined && { event }) }, source);
    } catch (error) {
      if (!isProblem(error, 'overloaded')) throw error;
      ctx.status = 503;
    }
  });
  const answer = koa.callback();
  server = createServer((asked, response) => void answer(asked, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterEach(async () => {
  jest.useRealTimers();
  streams.close();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

interface Reader {
  readonly response: IncomingMessage;
  /** Everything received so far. */
  readonly text: () => string;
  /** Waits for a text. */
  until(part: string): Promise<void>;
  readonly ended: Promise<unknown>;
}
const read = async (query = '', method = 'GET'): Promise<Reader> => {
  const asked = request({ host: '127.0.0.1', port, path: `/${query}`, method, agent: false }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  let text = '';
  response.setEncoding('utf8').on('data', (part: string) => (text += part));
  response.on('error', () => {});
  const ended = new Promise(resolve => response.once('close', resolve));
  return {
    response,
    text: () => text,
    async until(part) {
      for (let turns = 0; turns < 1000 && !text.includes(part); turns += 1) await new Promise(setImmediate);
      expect(text).toContain(part);
    },
    ended,
  };
};
const countStopped = (): number => signals.filter(({ aborted }) => aborted).length;
/** Waits until so many sources were told to stop. */
const stopped = async (count: number): Promise<void> => {
  for (let turns = 0; turns < 10_000 && countStopped() < count; turns += 1) await new Promise(setImmediate);
  expect(countStopped()).toBe(count);
};

describe('a stream', () => {
  test('begins with the time to reconnect, sends each line as an event, and ends with its source', async () => {
    source = async function* () {
      yield 'one';
      yield 'two';
    };
    const { response, text, ended } = await read('?event=changed');
    await ended;
    expect(text()).toBe('retry: 3500\n\nevent: changed\ndata: one\n\nevent: changed\ndata: two\n\n');
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'x-accel-buffering': 'no',
    });
  });

  test('ends where its source fails, without an error of the process', async () => {
    source = async function* () {
      yield 'one';
      throw new Error('the store cannot be reached');
    };
    const { text, ended } = await read();
    await ended;
    expect(text()).toBe('retry: 3500\n\ndata: one\n\n');
  });

  test('stops its source where the reader leaves, and frees its place', async () => {
    const readers = await Promise.all([1, 2, 3, 4].map(() => read()));
    await Promise.all(readers.map(each => each.until('first')));
    expect((await read()).response.statusCode).toBe(503);
    expect((await read('?name=b')).response.statusCode).toBe(200);
    readers[0]?.response.destroy();
    await stopped(1);
    expect((await read()).response.statusCode).toBe(200);
  });

  test('asked for by HEAD has no source', async () => {
    const { response, ended } = await read('', 'HEAD');
    await ended;
    expect([response.statusCode, signals]).toEqual([200, []]);
  });
});

test('one address may have 250 streams', async () => {
  const all = await Promise.all(Array.from({ length: 250 }, (_, at) => read(`?name=${at}`)));
  expect(new Set(all.map(({ response }) => response.statusCode))).toEqual(new Set([200]));
  expect((await read('?name=another')).response.statusCode).toBe(503);
});

test('a process that drains ends all streams, and each new one at once', async () => {
  const reader = await read();
  await reader.until('first');
  streams.close();
  await reader.ended;
  await stopped(1);
  const late = await read();
  await late.ended;
  expect([late.text(), signals.length]).toEqual(['retry: 3500\n\n', 1]);
});

test('each stream has one heartbeat in fifteen seconds, and not all at once', async () => {
  const rest = ['nextTick', 'setImmediate', 'setTimeout', 'clearTimeout', 'clearImmediate', 'queueMicrotask'] as const;
  jest.useFakeTimers({ doNotFake: [...rest, 'Date', 'performance', 'hrtime'] });
  const readers = await Promise.all(Array.from({ length: 15 }, (_, at) => read(`?name=${at}`)));
  await Promise.all(readers.map(each => each.until('first')));
  jest.advanceTimersByTime(1000);
  await Promise.any(readers.map(each => each.until('still here')));
  expect(readers.filter(each => each.text().includes('still here'))).toHaveLength(1);
  jest.advanceTimersByTime(14_000);
  await Promise.all(readers.map(each => each.until('still here')));
  expect(readers.map(each => each.text().split('still here').length - 1)).toEqual(readers.map(() => 1));
});
