/**
 * Remembers which push services and subscriptions get no push for a while. 429 is about one subscription (RFC 8030 §8.4): pushes
 * to other devices go on. 5xx and failed connections are about the whole service.
 */
import type { Clock, EpochMillis, Millis } from '../../src/ports/time.ts';

/** The wait after 429 without Retry-After, and the first one after failures. */
const usualWait: Millis = 5_000;
/** A service that asks for more is asked again after this. */
const longestWait: Millis = 3_600_000;
/** A single failure may be about one push; this many in a row are about the service. */
const failuresInARow = 3;
/** Of the waits after failures, which double. */
const longestAfterFailures: Millis = 300_000;
/** Entries. Anybody can subscribe at invented hosts below the domain of a push service. */
const most = 1000;

interface Entry {
  readonly failures: number;
  readonly until: EpochMillis;
}

export class BackOff {
  readonly #clock: Clock;
  /** By endpoint (429) and by host (failures), oldest first. */
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** When a push to this endpoint may be sent; undefined: now. */
  waitsUntil(endpoint: URL): EpochMillis | undefined {
    const until = Math.max(this.#read(endpoint.href)?.until ?? 0, this.#read(endpoint.host)?.until ?? 0);
    return until > this.#clock() ? until : undefined;
  }

  /** A push was taken. */
  taken(endpoint: URL): void {
    this.#entries.delete(endpoint.host);
    this.#entries.delete(endpoint.href);
  }

  /** 429. `retryAfter` as the service said it. */
  tooMany(endpoint: URL, retryAfter: Millis | undefined): void {
    this.#write(endpoint.href, { failures: 1, until: this.#clock() + bounded(retryAfter ?? usualWait, longestWait) });
  }

  /** No answer, or 5xx. `retryAfter` as the service said it. */
  failed(endpoint: URL, retryAfter: Millis | undefined): void {
    // Pushes that were under way together fail together: they count as one.
    if (retryAfter === undefined && this.waitsUntil(endpoint) !== undefined) return;
    const failures = (this.#read(endpoint.host)?.failures ?? 0) + 1;
    const doubled = failures < failuresInARow ? 0 : usualWait * 2 ** Math.min(failures - failuresInARow, 10);
    const wait = retryAfter === undefined ? bounded(doubled, longestAfterFailures) : bounded(retryAfter, longestWait);
    this.#write(endpoint.host, { failures, until: this.#clock() + wait });
  }

  #read(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  #write(key: string, entry: Entry): void {
    // Deleted first, so that it becomes the newest.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > most && oldest !== undefined) this.#entries.delete(oldest);
  }
}

const bounded = (wait: Millis, longest: Millis): Millis => Math.max(0, Math.min(wait, longest));

/** Retry-After as milliseconds from `now` (RFC 9110 §10.2.3: seconds or a date); undefined where it says neither. */
export const retryAfterOf = (header: string | null, now: EpochMillis): Millis | undefined => {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const date = header.endsWith(' GMT') ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
};
