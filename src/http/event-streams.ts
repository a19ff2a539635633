/**
 * Keeps the event streams of waiting pages and of open authenticators. All streams share one heartbeat, each sign-in and each device
 * may have a few, and `close` ends all when the process drains.
 */
import { PassThrough, type Readable } from 'node:stream';
import { Problem } from '../errors.ts';
import type { Millis } from '../ports/time.ts';

/** The time between heartbeats, because proxies close idle connections. */
const heartbeatInterval: Millis = 15_000;
/** Enough for two tabs and a reload. A refused page polls without a stream. */
const maxPerName = 4;

/** The open event streams of one process. */
export interface Streams {
  /**
   * Opens a stream that sends each line of `source` as a server-sent event, of the type `event` where one is given. It ends when
   * `source` ends or the reader leaves, and then aborts the signal of `source`.
   * @throws Problem 'overloaded' if `name` has too many streams.
   */
  open(name: string, source: (signal: AbortSignal) => AsyncIterable<string>, event?: string): Readable;
  /** Ends all streams. */
  close(): void;
}

/**
 * Creates the streams of one process. No library is used, because the format is one line of text. The shared heartbeat and the
 * limit for each sign-in are our own rules.
 */
export const createStreams = (): Streams => {
  const open = new Map<PassThrough, { readonly name: string; readonly stop: AbortController }>();
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
    open(name, source, event) {
      const others = [...open.values()].filter(each => each.name === name).length;
      if (others >= maxPerName) throw new Problem('overloaded', `${others} event streams of one sign-in or device`);
      const stream = new PassThrough();
      const stop = new AbortController();
      open.set(stream, { name, stop });
      stream.once('close', () => leave(stream));
      heartbeat ??= setInterval(beat, heartbeatInterval).unref();
      stream.write('retry: 2000\n\n');
      // A failing source ends its stream. The page then polls, and that request reports the error.
      pump(stream, source(stop.signal), event === undefined ? '' : `event: ${event}\n`).catch(() => stream.destroy());
      return stream;
    },
    close() {
      for (const stream of open.keys()) {
        stream.end();
        leave(stream);
      }
    },
  };
};
