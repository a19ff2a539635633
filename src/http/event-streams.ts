/**
 * Keeps the event streams of waiting pages and of open authenticators. All streams share one heartbeat. Their number is limited for
 * each sign-in, device and address, and for the process. `close` ends all when the process drains, and browsers reconnect to
 * another node.
 *
 * A stream is written to the response itself, and Koa has no part in it: its pipe and its listeners would take some 6 KiB for each.
 */
import type { ServerResponse } from 'node:http';
import type { Context } from 'koa';
import { Problem } from '../errors.ts';
import type { Millis } from '../ports/time.ts';

/** The time between two heartbeats of a stream, because proxies close idle connections. */
const heartbeatInterval: Millis = 15_000;
/** The streams are divided into as many parts, and each second one has its heartbeat: thousands at once would delay requests. */
const heartbeatParts = heartbeatInterval / 1000;
/** Enough for two tabs and a reload. A refused page polls without a stream. */
const maxPerName = 4;
/** Enough for the people of an office behind one address. */
const maxPerAddress = 250;
/**
 * Half the connections of a process (`server/connections.ts`), so that waiting pages leave room for requests. The bench holds 5,000.
 */
const maxInAll = 6_000;
/** Time after which a browser reconnects: random within a spread, so that not all pages of an ending node reconnect at once. */
const reconnect: { readonly soonest: Millis; readonly spread: Millis } = { soonest: 2_000, spread: 3_000 };

/** What a stream belongs to, and how its events are named. */
export interface StreamOf {
  /** A sign-in, an enrollment or a device. */
  readonly name: string;
  /** The address of the client. */
  readonly address: string;
  /** Type of the events; absent: `message`. */
  readonly event?: string;
}

/** The open event streams of one process. */
export interface Streams {
  /**
   * Answers with a stream that sends each line of `source` as a server-sent event. It ends when `source` ends or the reader leaves, and
   * then aborts the signal of `source`. While the process drains it ends at once.
   * @throws Problem 'overloaded' if the name, the address or the process has too many streams.
   */
  open(ctx: Context, of: StreamOf, source: (signal: AbortSignal) => AsyncIterable<string>): void;
  /** Ends all streams, and from now on each new one. */
  close(): void;
}

interface Stream extends StreamOf {
  readonly stop: AbortController;
  /** Which part of the heartbeats it belongs to. */
  readonly part: number;
}

/** What each response gets that may fail after its reader has left. The end of the response is handled by 'close'. */
const ignore = (): void => {};

/**
 * Creates the streams of one process. No library is used, because the format is one line of text. The shared heartbeat and the
 * limit for each sign-in are our own rules.
 */
export const createStreams = (random: () => number = Math.random): Streams => {
  const open = new Map<ServerResponse, Stream>();
  const [names, addresses] = [createTally(), createTally()];
  let isClosed = false;
  let heartbeat: NodeJS.Timeout | undefined;
  let [opened, beats] = [0, 0];

  const leave = (response: ServerResponse): void => {
    const stream = open.get(response);
    if (stream === undefined) return;
    open.delete(response);
    names.remove(stream.name);
    addresses.remove(stream.address);
    stream.stop.abort();
    if (open.size > 0) return;
    clearInterval(heartbeat);
    heartbeat = undefined;
  };
  const end = (response: ServerResponse): void => {
    leave(response);
    response.end();
  };
  const beat = (): void => {
    beats += 1;
    for (const [response, { part }] of open) if (part === beats % heartbeatParts) response.write(': still here\n\n');
  };
  const pump = async (response: ServerResponse, lines: AsyncIterable<string>, type: string): Promise<void> => {
    try {
      for await (const line of lines) if (!response.write(`${type}data: ${line}\n\n`)) break;
    } catch {
      // The page then polls, and that request reports the error.
    } finally {
      end(response);
    }
  };
  const refuseTooMany = ({ name, address }: StreamOf): void => {
    const [named, fromAddress] = [names.of(name), addresses.of(address)];
    if (open.size >= maxInAll) throw new Problem('overloaded', `${open.size} event streams of this process`);
    if (named >= maxPerName) throw new Problem('overloaded', `${named} event streams of one sign-in or device`);
    if (fromAddress >= maxPerAddress) throw new Problem('overloaded', `${fromAddress} event streams of one address`);
  };
  const add = (response: ServerResponse, of: StreamOf): AbortSignal => {
    const stop = new AbortController();
    opened += 1;
    open.set(response, { ...of, stop, part: opened % heartbeatParts });
    names.add(of.name);
    addresses.add(of.address);
    heartbeat ??= setInterval(beat, heartbeatInterval / heartbeatParts).unref();
    return stop.signal;
  };

  return {
    open(ctx, of, source) {
      refuseTooMany(of);
      const { res: response } = ctx;
      ctx.respond = false;
      ctx.status = 200;
      ctx.type = 'text/event-stream';
      ctx.set('x-accel-buffering', 'no');
      response.on('error', ignore);
      response.write(`retry: ${reconnect.soonest + Math.floor(random() * reconnect.spread)}\n\n`);
      if (isClosed || ctx.method === 'HEAD') {
        response.end();
        return;
      }
      response.once('close', () => leave(response));
      const lines = source(add(response, of));
      void pump(response, lines, of.event === undefined ? '' : `event: ${of.event}\n`);
    },
    close() {
      isClosed = true;
      for (const response of open.keys()) end(response);
    },
  };
};

/** Counts how often each text was added and not yet removed. */
const createTally = () => {
  const counts = new Map<string, number>();
  const of = (text: string): number => counts.get(text) ?? 0;
  return {
    of,
    add: (text: string): void => void counts.set(text, of(text) + 1),
    remove(text: string): void {
      if (of(text) > 1) counts.set(text, of(text) - 1);
      else counts.delete(text);
    },
  };
};
