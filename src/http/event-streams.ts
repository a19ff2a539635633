/**
 * Keeps the event streams of waiting pages and of open authenticators. All streams share one heartbeat. Their number is limited for
 * each sign-in, device and address, and for the process. `close` ends all when the process drains, and browsers reconnect to
 * another node.
 */
import { PassThrough, type Readable } from 'node:stream';
import { Problem } from '../errors.ts';
import type { Millis } from '../ports/time.ts';

/** The time between heartbeats, because proxies close idle connections. */
const heartbeatInterval: Millis = 15_000;
/** Enough for two tabs and a reload. A refused page polls without a stream. */
const maxPerName = 4;
/** Enough for the people of an office behind one address. */
const maxPerAddress = 250;
/**
 * Half the connections of a process (`server/connections.ts`), so that waiting pages leave room for requests. Each takes some 45 KiB.
 * The bench holds 5,000.
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
   * Opens a stream that sends each line of `source` as a server-sent event. It ends when `source` ends or the reader leaves, and then
   * aborts the signal of `source`. While the process drains it ends at once.
   * @throws Problem 'overloaded' if the name, the address or the process has too many streams.
   */
  open(of: StreamOf, source: (signal: AbortSignal) => AsyncIterable<string>): Readable;
  /** Ends all streams, and from now on each new one. */
  close(): void;
}

/**
 * Creates the streams of one process. No library is used, because the format is one line of text. The shared heartbeat and the
 * limit for each sign-in are our own rules.
 */
export const createStreams = (random: () => number = Math.random): Streams => {
  const open = new Map<PassThrough, StreamOf & { readonly stop: AbortController }>();
  let isClosed = false;
  let heartbeat: NodeJS.Timeout | undefined;

  const leave = (stream: PassThrough): void => {
    open.get(stream)?.stop.abort();
    open.delete(stream);
    if (open.size > 0) return;
    clearInterval(heartbeat);
    heartbeat = undefined;
  };
  const beat = (): void => {
    for (const stream of open.keys()) stream.write(': still here\n\n');
  };
  const pump = async (stream: PassThrough, lines: AsyncIterable<string>, type: string): Promise<void> => {
    try {
      for await (const line of lines) if (!stream.write(`${type}data: ${line}\n\n`)) break;
    } finally {
      stream.end();
      leave(stream);
    }
  };

  return {
    open(of, source) {
      refuseTooMany(open, of);
      const stream = new PassThrough();
      stream.write(`retry: ${reconnect.soonest + Math.floor(random() * reconnect.spread)}\n\n`);
      if (isClosed) return stream.end();
      const stop = new AbortController();
      open.set(stream, { ...of, stop });
      stream.once('close', () => leave(stream));
      heartbeat ??= setInterval(beat, heartbeatInterval).unref();
      // A failing source ends its stream. The page then polls, and that request reports the error.
      pump(stream, source(stop.signal), of.event === undefined ? '' : `event: ${of.event}\n`).catch(() =>
        stream.destroy(),
      );
      return stream;
    },
    close() {
      isClosed = true;
      for (const stream of open.keys()) {
        stream.end();
        leave(stream);
      }
    },
  };
};

const refuseTooMany = (open: ReadonlyMap<unknown, StreamOf>, { name, address }: StreamOf): void => {
  if (open.size >= maxInAll) throw new Problem('overloaded', `${open.size} event streams of this process`);
  let [named, fromAddress] = [0, 0];
  for (const other of open.values()) {
    if (other.name === name) named += 1;
    if (other.address === address) fromAddress += 1;
  }
  if (named >= maxPerName) throw new Problem('overloaded', `${named} event streams of one sign-in or device`);
  if (fromAddress >= maxPerAddress) throw new Problem('overloaded', `${fromAddress} event streams of one address`);
};
