/** Event streams of waiting pages: one heartbeat for all of them, few for each sign-in, none after the process drains. */
import { PassThrough, type Readable } from 'node:stream';
import { Problem } from '../../src/errors.ts';
import type { Millis } from '../../src/ports/time.ts';

/** Proxies close a connection on which nothing is said. */
const beats: Millis = 15_000;
/** Two tabs and a reload; a page that is refused asks again without a stream. */
const mostPerName = 4;

export interface Streams {
  /**
   * A stream of server-sent events with each line that `source` gives; it ends when `source` does, or when nobody reads it
   * any more, and tells `source` by its signal. @throws Problem 'overloaded' where this name has too many.
   */
  open(name: string, source: (signal: AbortSignal) => AsyncIterable<string>): Readable;
  /** Ends all of them. */
  close(): void;
}

// By hand: the format is one line of text. The shared heartbeat and the limit for each sign-in are our own rules anyway.
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
  const pump = async (stream: PassThrough, events: AsyncIterable<string>): Promise<void> => {
    try {
      for await (const event of events) if (!stream.write(`data: ${event}\n\n`)) break;
    } finally {
      stream.end();
      leave(stream);
    }
  };

  return {
    open(name, source) {
      const others = [...open.values()].filter(each => each.name === name).length;
      if (others >= mostPerName) throw new Problem('overloaded', `${others} event streams of one sign-in`);
      const stream = new PassThrough();
      const stop = new AbortController();
      open.set(stream, { name, stop });
      stream.once('close', () => leave(stream));
      heartbeat ??= setInterval(beat, beats).unref();
      stream.write('retry: 2000\n\n');
      // What breaks a source ends its stream; the page asks again, and hears of it as any page does.
      pump(stream, source(stop.signal)).catch(() => stream.destroy());
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
