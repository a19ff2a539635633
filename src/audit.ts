/** Facts for those who must answer later what happened. Written to the durable store and, as one line each, to the log. */
import { randomUUIDv7 } from 'node:crypto';
import type { Log } from './log.ts';
import type { Clock } from './ports/time.ts';
import type { Collection } from './ports/stores.ts';
import type { AuditRecord } from './records.ts';

/** The closed list of what is recorded. A new kind of event is a new line here. */
export type AuditEventName =
  | 'password.accepted'
  | 'password.refused'
  | 'challenge.begun'
  | 'challenge.sent'
  | 'challenge.resent'
  | 'challenge.undelivered'
  | 'challenge.refused'
  | 'challenge.answered'
  | 'challenge.passed'
  | 'challenge.denied'
  | 'challenge.ended'
  | 'factor.disabled'
  | 'factor.reused'
  | 'account.paused'
  | 'authenticator.bound'
  | 'authenticator.removed'
  | 'user.added'
  | 'user.password-set'
  | 'user.locked'
  | 'user.unlocked'
  | 'client.added'
  | 'client.removed'
  | 'callback.refused'
  | 'sign-in.finished'
  | 'sign-in.cancelled'
  | 'sign-in.refused'
  | 'session.ended'
  | 'grant.revoked'
  | 'token.refused'
  | 'notice.sent';

/**
 * What an event may say beside its names. A closed set of members, none of which can carry a code, a secret or a full
 * number: that is why there is no free text here.
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
  readonly progress?: string;
  readonly notice?: string;
  /** Whom a notice is for: `person`, `administrators`. */
  readonly audience?: string;
  /** What carried a message. */
  readonly via?: string;
}

export interface AuditEvent extends AuditFacts {
  readonly event: AuditEventName;
  /** Who did it: `user:ID`, `browser`, `carrier`, `cli`, `system`. */
  readonly actor: string;
  /** Whose account it is about: a user's id. */
  readonly subject?: string;
  readonly outcome: AuditRecord['outcome'];
  /** The 8-character reference of the sign-in, as pages show it. */
  readonly reference?: string;
}

/** Records one fact. Resolves once it is durable; throws what the store throws, so that nothing goes on unrecorded. */
export type Audit = (event: AuditEvent) => Promise<void>;

export const createAudit =
  (deps: {
    readonly events: Collection<AuditRecord, 'subject' | 'reference' | 'event'>;
    readonly clock: Clock;
    readonly log: Log;
  }): Audit =>
  async ({ event, actor, subject, outcome, reference, ...facts }) => {
    const record: AuditRecord = {
      id: randomUUIDv7(),
      rev: 1,
      at: deps.clock(),
      event,
      actor,
      outcome,
      ...(subject !== undefined && { subject }),
      ...(reference !== undefined && { reference }),
      facts: Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)),
    };
    await deps.events.insert(record);
    deps.log.info(event, { actor, subject, outcome, reference, ...facts });
  };
