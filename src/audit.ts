/**
 * Records facts that someone may have to account for later, and reads them back.
 * Each event is written to the durable store and, as one line, to the log. What anyone can cause goes to `counted-audit.ts`.
 */
import type { Log } from './log.ts';
import { newId } from './new-id.ts';
import type { Clock, EpochMillis } from './ports/time.ts';
import type { Collection, Page } from './ports/stores.ts';
import type { AuditRecord } from './records.ts';

/** The closed list of events. */
export type AuditEventName =
  | 'password.accepted'
  | 'password.refused'
  | 'passkey.accepted'
  | 'passkey.refused'
  | 'challenge.begun'
  | 'challenge.sent'
  | 'challenge.resent'
  | 'challenge.shared'
  | 'challenge.undelivered'
  | 'challenge.refused'
  | 'challenge.answered'
  | 'challenge.passed'
  | 'challenge.denied'
  | 'challenge.ended'
  | 'factor.disabled'
  | 'factor.reused'
  | 'factor.copied'
  | 'account.paused'
  | 'authenticator.bound'
  | 'authenticator.made-default'
  | 'authenticator.renamed'
  | 'authenticator.removed'
  | 'authenticator.left'
  | 'recovery-codes.made'
  | 'temporary-pass.made'
  | 'methods.reset'
  | 'remembered-browser.added'
  | 'remembered-browser.used'
  | 'remembered-browser.copied'
  | 'remembered-browser.removed'
  | 'hardware-token.imported'
  | 'user.added'
  | 'user.removed'
  | 'user.password-set'
  | 'user.password-change-required'
  | 'password-reset.requested'
  | 'password-reset.refused'
  | 'address-proof.requested'
  | 'address-proof.refused'
  | 'user.email-set'
  | 'user.min-acr-set'
  | 'user.profile-set'
  | 'user.locked'
  | 'user.unlocked'
  | 'user.changes-frozen'
  | 'user.changes-unfrozen'
  | 'users.exported'
  | 'users.import-begun'
  | 'client.added'
  | 'client.changed'
  | 'client.secret-added'
  | 'client.secret-removed'
  | 'client.removed'
  | 'callback.refused'
  | 'sign-in.finished'
  | 'sign-in.cancelled'
  | 'sign-in.refused'
  | 'session.ended'
  | 'grant.revoked'
  | 'user-code.refused'
  | 'device.confirmed'
  | 'device.denied'
  | 'pairing.claimed'
  | 'pairing.refused'
  | 'push.tested'
  | 'request-key.rotated'
  | 'approval.asked'
  | 'approval.refused'
  | 'approval.granted'
  | 'approval.declined'
  | 'caller.verified'
  | 'caller.refused'
  | 'token.issued'
  | 'token.refused'
  | 'sends.half-of-ceiling'
  | 'sends.ceiling-reached'
  | 'notice.sent'
  | 'notice.texted'
  | 'message.given-up'
  | 'message.retried'
  | 'message.removed';

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
  /** Why an administrator did it, in their words (`operatorNote`). */
  readonly note?: string;
}

/** One fact as it is recorded. */
export interface AuditEvent extends AuditFacts {
  readonly event: AuditEventName;
  /** Cause of the event: `user:ID`, `client:ID`, `browser`, `carrier`, `device`, `cli`, `system`, `unknown`. */
  readonly actor: string;
  /** Id of the user that the event is about. */
  readonly subject?: string;
  readonly outcome: AuditRecord['outcome'];
  /** The 8-character reference of the sign-in, as pages show it. */
  readonly reference?: string;
}

/** Records one fact. Resolves once it is durable. @throws the error of the store, so that no action continues unrecorded. */
export type Audit = (event: AuditEvent) => Promise<void>;

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

/** Gives the function that records facts. */
export const createAudit =
  (deps: { readonly events: AuditEvents; readonly clock: Clock; readonly log: Log }): Audit =>
  async event => {
    await deps.events.insert(auditRecord(event, deps.clock()));
    const { event: name, ...fields } = event;
    deps.log.info(name, fields);
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
