/**
 * Records facts that someone may have to account for later, and reads them back.
 * Each event is written to the durable store and, as one line, to the log. What anyone can cause goes to `counted-audit.ts`.
 */
import type { AuditEventName } from './audit-events.ts';
import { Problem } from './errors.ts';
import type { Log } from './log.ts';
import { newId } from './new-id.ts';
import type { Clock, EpochMillis } from './ports/time.ts';
import { noMetrics, type Metrics } from './ports/metrics.ts';
import {
  inserting,
  type BatchOutcome,
  type Collection,
  type DurableStore,
  type Page,
  type Write,
} from './ports/stores.ts';
import { auditEventKind, type AuditRecord } from './records.ts';

/**
 * What an event may state beside its names. No member can hold a code, a secret or a full number. The only free text
 * is `note`, which an administrator types.
 */
export interface AuditFacts {
  readonly factor?: string;
  readonly authenticator?: string;
  readonly reason?: string;
  readonly client?: string;
  readonly acr?: string;
  readonly amr?: string;
  readonly count?: number;
  readonly until?: number;
  readonly address?: string;
  /** Browser and system in plain words, such as `Firefox on Linux` (`user-agent.ts`). */
  readonly browser?: string;
  readonly progress?: string;
  readonly notice?: string;
  /** To whom a notice went: `person`, `administrators`. */
  readonly audience?: string;
  /** Kind of an outbox message, and its recipient. */
  readonly message?: string;
  readonly recipient?: string;
  /** Channel that carried a message. */
  readonly via?: string;
  /** Names of changed members of a client, never their values. */
  readonly members?: string;
  /** Id of a key of the installation, and its ring. */
  readonly key?: string;
  readonly ring?: string;
  /** Record whose sealed value does not open. */
  readonly record?: string;
  /** What the policy required of a sign-in, and why (`src/policy/trace.ts`). Too long for a line of the log. */
  readonly policy?: string;
  /** Why an administrator did it, in their words (`operatorNote`). */
  readonly note?: string;
}

/** One fact as it is recorded. */
export interface AuditEvent extends AuditFacts {
  readonly event: AuditEventName;
  /**
   * Cause of the event: `user:ID`, `client:ID`, `registration-token:ID`, `browser`, `carrier`, `device`, `cli`, `file`, `system`,
   * `unknown`.
   */
  readonly actor: string;
  /** Id of the user that the event is about. */
  readonly subject?: string;
  readonly outcome: AuditRecord['outcome'];
  /** The 8-character reference of the sign-in, as pages show it. */
  readonly reference?: string;
}

/** Records one fact. Resolves once it is durable. @throws the error of the store, so that no action continues unrecorded. */
export type Audit = (event: AuditEvent) => Promise<void>;

/**
 * Carries out writes and records what they are about, in one commit: all or none. Where a write is lost, nothing is recorded.
 * @throws the error of the store
 */
export type WriteAudited = (writes: readonly Write[], events: readonly AuditEvent[]) => Promise<BatchOutcome>;

/** Records several facts in one commit. @throws the error of the store, which may then have some of them */
export type RecordAll = (events: readonly AuditEvent[]) => Promise<void>;

/** Audit records, found by what an operator knows of an event. */
export type AuditEvents = Collection<AuditRecord, 'subject' | 'reference' | 'event'>;

/** The record of an event that happened at this time, with a new id. */
export const auditRecord = (
  { event, actor, subject, outcome, reference, ...facts }: AuditEvent,
  at: EpochMillis,
): AuditRecord => ({
  id: newId(),
  rev: 1,
  at,
  event,
  actor,
  outcome,
  ...(subject !== undefined && { subject }),
  ...(reference !== undefined && { reference }),
  facts: Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)),
});

interface RecordingDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics?: Metrics;
}

/** Gives the function that records facts. */
export const createAudit =
  (deps: RecordingDeps & { readonly events: AuditEvents }): Audit =>
  async event => {
    await countingFailures(deps, async () => deps.events.insert(auditRecord(event, deps.clock())));
    told(deps, event);
  };

/** Gives the function that records several facts. */
export const createRecordAll =
  (deps: RecordingDeps & { readonly events: AuditEvents }): RecordAll =>
  async facts => {
    const records = facts.map(event => auditRecord(event, deps.clock()));
    const outcomes = await countingFailures(deps, async () => deps.events.insertMany(records));
    if (outcomes.includes('conflict'))
      throw new Problem('internal', 'got the id of another audit record, expected a new one');
    for (const event of facts) told(deps, event);
  };

/** Gives the function that writes and records in one commit. */
export const createWriteAudited =
  (deps: RecordingDeps & { readonly durable: Pick<DurableStore, 'batch'> }): WriteAudited =>
  async (writes, events) => {
    const records = events.map(event => inserting(auditEventKind, auditRecord(event, deps.clock())));
    const outcome = await countingFailures(deps, async () => deps.durable.batch([...writes, ...records]));
    if (outcome.ok) for (const event of events) told(deps, event);
    return outcome;
  };

const countingFailures = async <T>({ metrics = noMetrics }: RecordingDeps, write: () => Promise<T>): Promise<T> => {
  try {
    return await write();
  } catch (error) {
    metrics.count('sallyport_audit_failures_total', {});
    throw error;
  }
};

/** Counts and logs an event that is durable. */
const told = (
  { metrics = noMetrics, log }: RecordingDeps,
  { event: name, policy: _policy, ...fields }: AuditEvent,
): void => {
  metrics.count('sallyport_audit_events_total', { event: name, outcome: fields.outcome });
  log.info(name, fields);
};

/** Records many events in few round trips. Unlike `Audit` it writes no log lines, because an import would flood the log. */
export const createBulkAudit =
  (deps: { readonly events: AuditEvents; readonly clock: Clock }) =>
  async (facts: readonly AuditEvent[]): Promise<void> => {
    await deps.events.insertMany(facts.map(fact => auditRecord(fact, deps.clock())));
  };

/** Members that a found record must have. Several may be given; without any, each record is found. */
export interface AuditQuery {
  /** Id of a user. */
  readonly subject?: string;
  /** As a person reads it from a page to the help desk. */
  readonly reference?: string;
  readonly event?: AuditEventName;
}

/** Reads recorded events. */
export interface AuditTrail {
  /**
   * One page of at most 100 records, by the millisecond in which they were recorded, by default the newest first.
   * The next page continues `after` the id of the last record.
   */
  find(query: AuditQuery, page?: Page): Promise<readonly AuditRecord[]>;
}

const maxPage = 100;

/** Gives the reader of recorded events. */
export const createAuditTrail = ({ events }: { readonly events: AuditEvents }): AuditTrail => ({
  find: (query, { limit = maxPage, ...page } = {}) =>
    events.find(query, { order: 'newest', ...page, limit: Math.min(limit, maxPage) }),
});
