/**
 * Follows the event stream of an account (HTML §9.2, `text/event-stream`), read by `fetch` because an EventSource cannot prove the
 * device. Events only say that something changed. Without a stream, the caller asks again after a while.
 */
import type { Millis } from '../../../../src/ports/time.ts';
import type { Timer } from './context.ts';

/** Without a stream, and beside one. */
const intervals = { without: 4000, beside: 30_000 } as const;
/** The server sends something at least every 15 s, so a stream that is silent for longer is dead. */
const silence: Millis = 45_000;

export interface WatchDeps {
  readonly open: (signal: AbortSignal) => Promise<ReadableStream<Uint8Array<ArrayBuffer>> | undefined>;
  /** Fetches what there is. */
  readonly fetchNow: () => Promise<void>;
  readonly timer: Timer;
}

/** Number of events with the name `changed` in a text, and what remains of an unfinished line. */
const changesIn = (text: string): { readonly changed: boolean; readonly rest: string } => {
  const lines = text.split(/\r\n|\n|\r/u);
  const rest = lines.pop() ?? '';
  return { changed: lines.some(line => /^event: ?changed$/u.test(line)), rest };
};

/** Reads a stream to its end. Calls `onChange` for events, and ends where the stream is silent for too long. */
export const readEvents = async (
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  { onChange, timer }: { readonly onChange: () => void; readonly timer: Timer },
): Promise<void> => {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const stop = timer(() => void reader.cancel().catch(() => {}), silence);
    const part = await reader.read().catch(() => undefined);
    stop();
    if (part === undefined || part.done) return;
    const read = changesIn(rest + decoder.decode(part.value, { stream: true }));
    // A line of events is short. More than that is something else.
    rest = read.rest.slice(-1000);
    if (read.changed) onChange();
  }
};

/** Fetches at once, at each event and from time to time, until `signal`. */
export const watch = async ({ open, fetchNow, timer }: WatchDeps, signal: AbortSignal): Promise<void> => {
  const pause = (after: Millis): Promise<void> =>
    new Promise(over => {
      const stop = timer(over, after);
      signal.addEventListener(
        'abort',
        () => {
          stop();
          over();
        },
        { once: true },
      );
    });
  const poll = async (interval: Millis, until: AbortSignal): Promise<void> => {
    while (!until.aborted && !signal.aborted) {
      await pause(interval);
      if (!until.aborted && !signal.aborted) await fetchNow();
    }
  };
  while (!signal.aborted) {
    // Opened first: what changes between the two is then an event.
    const stream = await open(signal);
    await fetchNow();
    if (stream === undefined) {
      await pause(intervals.without);
      continue;
    }
    const ended = new AbortController();
    const beside = poll(intervals.beside, ended.signal);
    await readEvents(stream, { onChange: () => void fetchNow(), timer });
    ended.abort();
    void beside;
    // A server that ends each stream at once is not asked in a tight loop.
    await pause(1000);
  }
};
