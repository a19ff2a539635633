/** Defines the records of recorded events. */
import type { Doc, Kind } from '../ports/stores.ts';
import type { EpochMillis } from '../ports/time.ts';

/** A recorded event. Holds no code, secret or full number: `audit.ts` lists the members. */
export interface AuditRecord extends Doc {
  readonly at: EpochMillis;
  readonly event: string;
  readonly actor: string;
  readonly subject?: string;
  readonly reference?: string;
  readonly outcome: 'success' | 'failure' | 'refused' | 'info';
  readonly facts: { readonly [member: string]: string | number | boolean };
}
export const auditEventKind: Kind<AuditRecord, 'subject' | 'reference' | 'event'> = {
  name: 'audit-events',
  index: ['subject', 'reference'],
  filters: ['event'],
  unique: [],
};
