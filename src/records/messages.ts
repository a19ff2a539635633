/** Defines the records of messages that wait for a system outside, and the mails that were sent to an address. */
import type { Sealed } from '../crypto.ts';
import type { Doc, Json, Kind } from '../ports/stores.ts';
import type { EpochMillis } from '../ports/time.ts';

/** A message to an outside system that must not be lost (`outbox/`). */
export interface OutboxMessage extends Doc {
  /** Such as `backchannel-logout`. */
  readonly kind: string;
  /** Such as `client:ID`. Each recipient is sent one message at a time. */
  readonly recipient: string;
  /** Id of the user whom the message concerns. */
  readonly subject?: string;
  readonly state: 'waiting' | 'given-up';
  /** Data for the sender of its kind, sealed for this id. */
  readonly sealed: Sealed<Json>;
  readonly createdAt: EpochMillis;
  /** Number of attempts begun. */
  readonly attempts: number;
  /** Earliest time of the next attempt. During an attempt: when its claim ends and another node may try. */
  readonly dueAt: EpochMillis;
  /** A failed attempt from this time on is the last one. */
  readonly giveUpAt: EpochMillis;
  /** Error message of the last attempt. */
  readonly lastError?: string;
  /** When a message that was given up is removed. */
  readonly expiresAt?: EpochMillis;
}
export const outboxKind: Kind<OutboxMessage, 'state' | 'recipient'> = {
  name: 'outbox',
  index: ['state', 'recipient'],
  unique: [],
  expires: 'expiresAt',
};

/** Mails to one address (`mail/limits.ts`). The id is a keyed hash of the address. */
export interface SentMails extends Doc {
  /** When the last mails without a code or link were sent or are to be sent, oldest first. */
  readonly notices?: readonly EpochMillis[];
  /** The same of mails with a code or link, which are never delayed. */
  readonly urgent?: readonly EpochMillis[];
  readonly endsAt: EpochMillis;
}
export const sentMailsKind: Kind<SentMails> = { name: 'sent-mails', index: [], unique: [], expires: 'endsAt' };
