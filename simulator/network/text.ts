import { randomBytes } from 'node:crypto';

export type TextStatus = 'accepted' | 'queued' | 'sending' | 'sent' | 'delivered' | 'undelivered' | 'failed';

/** What CreateMessage asked for. */
export interface TextOrder {
  readonly to: string;
  /** Absent: the messaging service chooses. */
  readonly from?: string;
  readonly messagingServiceSid?: string;
  readonly body: string;
  readonly statusCallback?: string;
}

/** One text as the network keeps it. Only `texts.ts` changes it. */
export interface Text {
  readonly sid: string;
  readonly order: TextOrder;
  readonly createdAt: number;
  status: TextStatus;
  updatedAt: number;
  /** Undefined until a messaging service has chosen. */
  from?: string;
  sentAt?: number;
  /** Twilio's code and words, where it ended badly. */
  error?: readonly [code: number, message: string];
  /** When it came to the phone: none, once, twice. */
  readonly arrivals: number[];
  /** Whether the person has looked at it. */
  read: boolean;
}

export const newText = (order: TextOrder, now: number): Text => ({
  sid: `SM${randomBytes(16).toString('hex')}`,
  order,
  createdAt: now,
  updatedAt: now,
  status: order.messagingServiceSid === undefined ? 'queued' : 'accepted',
  ...(order.from !== undefined && { from: order.from }),
  arrivals: [],
  read: false,
});
