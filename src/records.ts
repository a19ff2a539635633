/**
 * Lists the kinds of durable records. A file of `records/` defines the records of one subject, with the members that are indexed,
 * unique, or end a record. Others import all of them here.
 *
 *   accounts.ts  people, links in mails           sessions.ts  sessions, remembered browsers
 *   authenticators.ts  methods and their limits   clients.ts   clients, tokens, developers
 *   messages.ts  outbox and sent mails            keys.ts      keys, secrets, resealing
 *   audit.ts     events                           schema.ts    migrations
 */
import type { Doc, Kind } from './ports/stores.ts';
import { notMeLinkKind, userKind } from './records/accounts.ts';
import { auditEventKind } from './records/audit.ts';
import { authenticatorKind, dailySendsKind, failedAttemptsKind, pushRequestsKind } from './records/authenticators.ts';
import {
  clientMemberKind,
  clientRefusalsKind,
  clientSignInsKind,
  clientTokensKind,
  oidcDocumentKind,
  registrationTokenKind,
} from './records/clients.ts';
import { hashWorkKind, keyRingKind, resealingKind, secretKind } from './records/keys.ts';
import { outboxKind, sentMailsKind } from './records/messages.ts';
import { upgradeKind } from './records/schema.ts';
import { clientSessionKind, rememberedBrowserKind, sessionRecordKind } from './records/sessions.ts';

export * from './records/accounts.ts';
export * from './records/audit.ts';
export * from './records/authenticators.ts';
export * from './records/clients.ts';
export * from './records/keys.ts';
export * from './records/messages.ts';
export * from './records/schema.ts';
export * from './records/sessions.ts';

/** A document of any kind, with members that only its own rules know. */
export interface StoredDoc extends Doc {
  readonly [member: string]: unknown;
}
/** A kind whose documents are moved from store to store as they are. */
export type StoredKind = Kind<StoredDoc, string>;

const moved = <D extends Doc, Index extends keyof D>(kind: Kind<D, Index>): StoredKind =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- members of all kinds are texts
  kind as unknown as StoredKind;

/**
 * All kinds that hold data of an installation, people first. Left out: `schemaKind`, which a file states in its header, and
 * `migrationLeaseKind`, which belongs to a running process.
 */
export const dataKinds: readonly StoredKind[] = [
  moved(userKind),
  moved(authenticatorKind),
  moved(secretKind),
  moved(keyRingKind),
  moved(resealingKind),
  moved(hashWorkKind),
  moved(oidcDocumentKind),
  moved(registrationTokenKind),
  moved(sessionRecordKind),
  moved(clientSessionKind),
  moved(clientRefusalsKind),
  moved(clientSignInsKind),
  moved(clientTokensKind),
  moved(clientMemberKind),
  moved(rememberedBrowserKind),
  moved(failedAttemptsKind),
  moved(dailySendsKind),
  moved(pushRequestsKind),
  moved(sentMailsKind),
  moved(notMeLinkKind),
  moved(outboxKind),
  moved(upgradeKind),
  moved(auditEventKind),
];
