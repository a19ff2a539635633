import type { Changes } from './changes.ts';
import type { Timers } from '../time/timers.ts';

/** One request between the server and this world. `status` is absent while it is under way. */
export interface WireLine {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** in: the server asks the carrier; out: the carrier calls the server. */
  readonly direction: 'in' | 'out';
  readonly method: string;
  /** Path and query, with secrets shortened. */
  readonly path: string;
  readonly status?: number | 'failed';
  readonly reason: string;
  readonly ms?: number;
}

export interface Wire {
  readonly lines: readonly WireLine[];
  /** Writes a request down; what it gives writes down how it ended. */
  begin(line: Pick<WireLine, 'direction' | 'method' | 'path' | 'reason'>): Ended;
  clear(): void;
}
type Ended = (status: number | 'failed', reason: string) => void;

const kept = 500;
const longest = 200;
/** Identifiers and tokens: a run of 16 or more such characters in an address is nothing that a person reads. */
const secret = /[A-Za-z0-9_-]{16,}/g;
/** In a sentence, such a run with a digit in it. */
const secretInText = /(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{16,}/g;

const shortened = (value: string): string => `${value.slice(0, /^(AC|CA|SM)/.test(value) ? 6 : 4)}…`;
/** Keeps what tells two values apart and hides what makes them work: `CA1f0c…`. */
const shortenPath = (path: string): string => path.replace(secret, shortened).slice(0, longest);
const shortenText = (text: string): string => text.replace(secretInText, shortened).slice(0, longest);

/** The last 500 requests, oldest first: when, by this world's clock, and how long they took, by the machine's. */
export const createWire = (timers: Timers, wall: Timers, changes: Changes): Wire => {
  const lines: WireLine[] = [];
  let next = 1;
  return {
    lines,
    begin({ direction, method, path, reason }) {
      const [at, began] = [timers.now(), wall.now()];
      const line: WireLine = { id: next, at, direction, method, path: shortenPath(path), reason: shortenText(reason) };
      next += 1;
      lines.push(line);
      if (lines.length > kept) lines.shift();
      changes.ring();
      return (status, ended) => {
        const index = lines.findIndex(each => each.id === line.id);
        if (index < 0) return;
        lines[index] = { ...line, status, reason: shortenText(ended), ms: wall.now() - began };
        changes.ring();
      };
    },
    clear() {
      lines.length = 0;
    },
  };
};
