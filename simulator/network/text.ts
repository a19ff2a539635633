/** Defines a text and its statuses: accepted → queued → sending → sent → delivered, undelivered or failed. */
import { randomBytes } from 'node:crypto';

/** Status of a text, https://www.twilio.com/docs/messaging/api/message-resource. */
export type TextStatus = 'accepted' | 'queued' | 'sending' | 'sent' | 'delivered' | 'undelivered' | 'failed';

/** The checked parameters of CreateMessage. */
export interface TextParameters {
  readonly to: string;
  /** Absent: the messaging service chooses a sender. */
  readonly from?: string;
  readonly messagingServiceSid?: string;
  readonly body: string;
  readonly statusCallback?: string;
}

/** One text. Only `texts.ts` changes it. Times in milliseconds since 1970. */
export interface Text {
  readonly sid: string;
  readonly parameters: TextParameters;
  readonly createdAt: number;
  status: TextStatus;
  updatedAt: number;
  /** Undefined until a messaging service has chosen a sender. */
  from?: string;
  sentAt?: number;
  /** Twilio's error, after undelivered or failed. */
  error?: readonly [code: number, message: string];
  /** The times at which it arrived at the phone: at most two. */
  readonly arrivals: number[];
  /** Whether the person has read it. */
  read: boolean;
}

/** A new text; accepted if a messaging service sends it, else queued. */
export const newText = (parameters: TextParameters, now: number): Text => ({
  sid: `SM${randomBytes(16).toString('hex')}`,
  parameters,
  createdAt: now,
  updatedAt: now,
  status: parameters.messagingServiceSid === undefined ? 'queued' : 'accepted',
  ...(parameters.from !== undefined && { from: parameters.from }),
  arrivals: [],
  read: false,
});
