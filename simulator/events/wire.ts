/** Records the requests between the server and the simulator, with secrets shortened. */
import type { Timers } from '../time/timers.ts';
import type { ChangeNotifier } from './changes.ts';

/** One request between the server and the simulator. `status` is absent while it is in progress. */
export interface WireLine {
  readonly id: number;
  /** Milliseconds since 1970, by the clock of the simulation. */
  readonly at: number;
  /** in: the server calls the carrier's API. out: the carrier calls a webhook of the server. */
  readonly direction: 'in' | 'out';
  readonly method: string;
  /** Path and query, with secrets shortened. */
  readonly path: string;
  readonly status?: number | 'failed';
  readonly reason: string;
  /** How long it took, by the clock of the machine. */
  readonly ms?: number;
}

type Finish = (status: number | 'failed', reason: string) => void;

/** The last 500 requests. */
export interface WireLog {
  /** Oldest first. */
  readonly lines: readonly WireLine[];
  /** Records the start of a request; the function it returns records the end. */
  record(line: Pick<WireLine, 'direction' | 'method' | 'path' | 'reason'>): Finish;
  clear(): void;
}

/** What a wire log is made from. */
export interface WireLogDeps {
  /** The clock of the simulation: says when. */
  readonly clock: Timers;
  /** The clock of the machine: says how long. */
  readonly machineTimers: Timers;
  readonly changes: ChangeNotifier;
}

const maxLines = 500;
const maxLength = 200;
/** Identifiers and tokens: in an address, a run of 16 or more such characters carries no meaning for a reader. */
const secret = /[A-Za-z0-9_-]{16,}/g;
/** In a sentence, only a run with a digit in it. */
const secretInText = /(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{16,}/g;

/** Keeps enough to tell two values apart, too little to use one: `CA1f0c…`. */
const shortened = (value: string): string => `${value.slice(0, /^(AC|CA|SM)/.test(value) ? 6 : 4)}…`;
const shortenPath = (path: string): string => path.replace(secret, shortened).slice(0, maxLength);
const shortenText = (text: string): string => text.replace(secretInText, shortened).slice(0, maxLength);

/** Makes an empty log. */
export const createWireLog = ({ clock, machineTimers, changes }: WireLogDeps): WireLog => {
  const lines: WireLine[] = [];
  let nextId = 1;
  return {
    lines,
    record({ direction, method, path, reason }) {
      const [at, started] = [clock.now(), machineTimers.now()];
      const line: WireLine = {
        id: nextId,
        at,
        direction,
        method,
        path: shortenPath(path),
        reason: shortenText(reason),
      };
      nextId += 1;
      lines.push(line);
      if (lines.length > maxLines) lines.shift();
      changes.notify();
      return (status, finalReason) => {
        const index = lines.findIndex(each => each.id === line.id);
        if (index < 0) return;
        lines[index] = { ...line, status, reason: shortenText(finalReason), ms: machineTimers.now() - started };
        changes.notify();
      };
    },
    clear() {
      lines.length = 0;
    },
  };
};
