import { randomBytes } from 'node:crypto';
import type { Refusal } from './refusal.ts';
import { refuse } from './refusal.ts';
import { e164, isAddress, isWhole, unknownOf } from './order.ts';

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

const parameters = {
  To: 'once',
  From: 'once',
  MessagingServiceSid: 'once',
  Body: 'once',
  StatusCallback: 'once',
  ValidityPeriod: 'once',
} as const;
const longest = 1600;

/** What must hold, in the order in which Twilio tells of it. */
const faultOf = (form: URLSearchParams): Refusal | undefined => {
  const [to, from, service] = [form.get('To') ?? '', form.get('From') ?? '', form.get('MessagingServiceSid') ?? ''];
  const [body, callback] = [form.get('Body') ?? '', form.get('StatusCallback')];
  const rows: readonly (readonly [boolean, number, string])[] = [
    [to === '', 21604, "A 'To' phone number is required"],
    [from === '' && service === '', 21603, "A 'From' or 'MessagingServiceSid' parameter is required"],
    [!e164.test(to), 21211, `Invalid 'To' Phone Number: ${to}`],
    [from !== '' && !e164.test(from), 21212, `Invalid 'From' Phone Number: ${from}`],
    [service !== '' && !/^MG[0-9a-fA-F]{32}$/.test(service), 21703, 'The Messaging Service does not exist'],
    [body === '', 21602, 'Message body is required'],
    [body.length > longest, 21617, `The concatenated message body exceeds the ${longest} character limit`],
    [to === from, 21266, "'To' and 'From' number cannot be the same"],
    [callback !== null && !isAddress(callback), 21609, 'StatusCallback is not a valid URL'],
    [!isWhole(form.get('ValidityPeriod'), 1, 36_000), 20001, 'ValidityPeriod must be between 1 and 36000 seconds'],
  ];
  const fault = rows.find(([wrong]) => wrong);
  return fault && refuse(fault[1], fault[2]);
};

/** What CreateMessage asks for, or why it is refused. */
export const readTextOrder = (form: URLSearchParams): TextOrder | Refusal => {
  const fault = unknownOf(form, parameters) ?? faultOf(form);
  if (fault !== undefined) return fault;
  const [from, service, callback] = [form.get('From'), form.get('MessagingServiceSid'), form.get('StatusCallback')];
  return {
    to: form.get('To') ?? '',
    ...(from && { from }),
    ...(service && { messagingServiceSid: service }),
    body: form.get('Body') ?? '',
    ...(callback !== null && { statusCallback: callback }),
  };
};
