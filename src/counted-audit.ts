/**
 * Audits events that anyone can cause: no known account, client or call stands behind them. They are counted, so that
 * they cannot fill the durable store. One record stands for all equal events of an hour from one address; its fact `count` says how
 * many. Each event is also a log line, with the exact address and its own reference; that of a token of a service at level `debug`.
 *
 * Records are counted in this process and belong to it: each node writes its own, and a restart begins new ones.
 */
import { auditRecord, type AuditEvent, type AuditEvents } from './audit.ts';
import type { Log } from './log.ts';
import { insertIfAbsent } from './optimistic-write.ts';
import { noMetrics, type Metrics } from './ports/metrics.ts';
import type { Clock, EpochMillis, Millis, Schedule } from './ports/time.ts';
import type { AuditRecord } from './records.ts';

const hour: Millis = 3_600_000;
/**
 * Records that name an address, client or person, per hour and process. Further events share one record for each event and reason,
 * which names none of them; the log names each.
 */
export const maxCountedRecords = 100;

/** A service may ask for a token with each of its requests. The line of that request names it already. */
const isFrequent = (event: AuditEvent['event']): boolean => event === 'token.issued';

interface CountedAuditDeps {
  readonly events: AuditEvents;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics?: Metrics;
  /** The prefix of one subscriber, by which a client address is counted. */
  readonly subscriberOf: (address: string | undefined) => string;
  readonly schedule: Schedule;
}

/** One record, and what of it the store has. */
interface Counted {
  readonly first: AuditRecord;
  count: number;
  stored: AuditRecord | undefined;
  /** The answer of a write was lost: the store may have another revision than `stored`. */
  isUnsure: boolean;
  /** Writes of one record follow one another, because each needs the `rev` of the one before. */
  writing: Promise<void>;
}

export class CountedAudit {
  readonly #deps: CountedAuditDeps;
  #records = new Map<string, Counted>();
  /** Number of the hour that is counted now. */
  #hour = -1;
  #cancelTimer = (): void => {};

  constructor(deps: CountedAuditDeps) {
    this.#deps = deps;
  }

  /**
   * Counts an event. The first of an hour is written, then each doubling, and the rest when the hour ends: n events cost
   * log n writes. Where the store fails, the log says so; no request waits for it or fails by it.
   */
  count(event: AuditEvent): void {
    const counted = this.#add(event);
    if (isPowerOfTwo(counted.count)) this.#catchUpInBackground(counted);
  }

  /**
   * Counts an event with exactly one write, as `Audit` does. For events that a limit bounds and whose cost must not tell
   * them apart from audited ones (a wrong password of an unknown name). @throws the error of the store, as `Audit` does.
   * An earlier write whose answer was lost fails no later event: what the store has is read afterwards, in the background.
   */
  async countWithOneWrite(event: AuditEvent): Promise<void> {
    const counted = this.#add(event);
    await inTurn(counted, async () => this.#write(counted));
    if (counted.isUnsure) this.#catchUpInBackground(counted);
  }

  /** Writes what was counted since the last write. Must be called before the process ends. */
  async close(): Promise<void> {
    this.#cancelTimer();
    await this.#endHour();
  }

  #add(event: AuditEvent): Counted {
    const { clock, log, metrics = noMetrics } = this.#deps;
    const { event: name, ...fields } = event;
    const now = clock();
    this.#beginHour(now);
    log[isFrequent(name) ? 'debug' : 'info'](name, fields);
    metrics.count('sallyport_audit_events_total', { event: name, outcome: event.outcome });
    const counted = this.#recordOf(event, now);
    counted.count += 1;
    return counted;
  }

  #beginHour(now: EpochMillis): void {
    const current = Math.floor(now / hour);
    if (current === this.#hour) return;
    void this.#endHour();
    this.#hour = current;
    this.#cancelTimer();
    this.#cancelTimer = this.#deps.schedule((current + 1) * hour - now, async () => this.#endHour());
  }

  async #endHour(): Promise<void> {
    const ended = [...this.#records.values()];
    this.#records = new Map();
    this.#hour = -1;
    for (const counted of ended) {
      await this.#catchUp(counted).catch((error: unknown) => this.#logFailure(counted, error));
    }
  }

  #recordOf(event: AuditEvent, now: EpochMillis): Counted {
    const { address, client, record, ...rest } = event;
    const named = {
      ...rest,
      ...(client !== undefined && { client }),
      ...(record !== undefined && { record }),
      address: this.#deps.subscriberOf(address),
    };
    const existing = this.#records.get(keyOf(named));
    if (existing !== undefined) return existing;
    const isFull = this.#records.size >= maxCountedRecords;
    const kept = isFull ? unnamed(rest) : named;
    const key = keyOf(kept);
    const counted = this.#records.get(key) ?? {
      first: auditRecord(kept, now),
      count: 0,
      stored: undefined,
      isUnsure: false,
      writing: Promise.resolve(),
    };
    this.#records.set(key, counted);
    return counted;
  }

  #catchUpInBackground(counted: Counted): void {
    this.#catchUp(counted).catch((error: unknown) => this.#logFailure(counted, error));
  }

  /** Writes the count, unless the write before has stored it already. */
  async #catchUp(counted: Counted): Promise<void> {
    return inTurn(counted, async () => {
      if (counted.isUnsure) {
        counted.stored = await this.#deps.events.get(counted.first.id);
        counted.isUnsure = false;
      }
      if (counted.stored?.facts['count'] !== counted.count) await this.#write(counted);
    });
  }

  /** One write of the count. It has no effect where the store has another revision than `stored`: `isUnsure` is then true. */
  async #write(counted: Counted): Promise<void> {
    const { events } = this.#deps;
    const { first, stored, count } = counted;
    const next = { ...(stored ?? first), facts: { ...first.facts, count } };
    let written: AuditRecord | undefined;
    try {
      if (stored !== undefined) written = await events.replace(next);
      else if (await insertIfAbsent(events, next)) written = next;
    } finally {
      counted.isUnsure = written === undefined;
    }
    counted.stored = written ?? stored;
  }

  #logFailure({ first, count }: Counted, error: unknown): void {
    (this.#deps.metrics ?? noMetrics).count('sallyport_audit_failures_total', {});
    this.#deps.log.warn('audit.not-counted', { counted: first.event, count, error });
  }
}

/** Runs a write after those before it, whether or not they failed. */
const inTurn = async (counted: Counted, write: () => Promise<void>): Promise<void> => {
  const written = counted.writing.then(write);
  counted.writing = written.catch(() => undefined);
  return written;
};

/** Of a record that stands for events of others too: it names neither person nor client, and belongs to no request. */
const unnamed = ({ subject: _subject, reference: _reference, actor, ...rest }: AuditEvent): AuditEvent => ({
  ...rest,
  actor: actor.split(':', 1)[0] ?? 'unknown',
});

const isPowerOfTwo = (count: number): boolean => Number.isInteger(Math.log2(count));

/** Events with the same key are counted in one record. The reference is not part of it: each request may have its own. */
const keyOf = ({ event, outcome, reason, client, record, address }: AuditEvent): string =>
  JSON.stringify([event, outcome, reason, client, record, address]);
