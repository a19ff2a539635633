/**
 * Lists every metric of ours once, with its labels and the closed list of values of each label. `docs/metrics.md` is generated from
 * it. No label names a person, a client, a number or an address.
 */
import { auditEventNames } from './audit-events.ts';
import { routeClasses } from './route-class.ts';

/** `given`: the list is known when the process starts (factors and carriers in use, the version). */
type Values = readonly string[] | 'given';

/** One metric. `labels`: the values of each. `buckets`: upper bounds, in the unit that the name ends with. */
export interface Metric {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: Readonly<Record<string, Values>>;
  readonly buckets?: readonly number[];
}

/** Factor labels of the two steps that are no factor: a password, and a passkey that needs no password before it. */
export const passwordStep = 'password';
export const passkeyAlone = 'passkey-alone';

const channels = ['call', 'sms', 'email', 'push'] as const;
const stores = ['durable', 'short-lived'] as const;

/** Operations of both ports in `ports/stores.ts`. */
export const storeOperations = [
  ...(['get', 'find', 'insert', 'insertMany', 'replace', 'remove', 'batch', 'check'] as const),
  ...(['getMany', 'put', 'setIfAbsent', 'setWith', 'writeMany', 'compareAndSwap', 'getAndDelete'] as const),
  ...(['increment', 'incrementMany', 'counts', 'decrement', 'dropTagged', 'publish', 'subscribe'] as const),
] as const;

const toFiveSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const;

export const metrics = {
  sallyport_attempts_total: {
    type: 'counter',
    help:
      'Steps of sign-ins, enrollments and approvals. begun: a challenge was made. passed, wrong: the answer. waiting: not compared, ' +
      'because of wrong answers before. not-sent: its message was not sent. denied: its owner refused it. ended: for another reason. ' +
      'What was begun and never came to an end has expired.',
    labels: {
      purpose: ['sign-in', 'enrollment', 'approval'],
      factor: 'given',
      outcome: ['begun', 'passed', 'wrong', 'waiting', 'not-sent', 'denied', 'ended'],
    },
  },
  sallyport_answer_seconds: {
    type: 'histogram',
    help: 'Time from the begin of a challenge to its right answer.',
    labels: { factor: 'given' },
    buckets: [1, 2.5, 5, 7.5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300],
  },
  sallyport_totp_steps_total: {
    type: 'counter',
    help: 'Right codes of authenticator apps by their time step: -1, one before that of this node; 0, the same; 1, one after.',
    labels: { offset: ['-1', '0', '1'] },
  },
  sallyport_messages_total: {
    type: 'counter',
    help:
      'Messages handed to a carrier, by its answer. accepted: it took the message. refused, opted-out, gone: because of this recipient. ' +
      'down, slow, busy, misconfigured, failed: because of the carrier or of us; after slow it may have taken the message.',
    labels: {
      carrier: 'given',
      channel: channels,
      result: ['accepted', 'refused', 'opted-out', 'gone', 'down', 'slow', 'busy', 'misconfigured', 'failed'],
    },
  },
  sallyport_message_seconds: {
    type: 'histogram',
    help: 'Time until a carrier answered whether it takes a message.',
    labels: { carrier: 'given', channel: channels },
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
  sallyport_message_reports_total: {
    type: 'counter',
    help: 'What carriers reported of calls and texts. forged: a callback without a valid signature.',
    labels: {
      carrier: 'given',
      report: [
        ...(['dialled', 'ringing', 'answered', 'sent', 'delivered', 'undelivered'] as const),
        ...(['completed', 'busy', 'no-answer', 'failed', 'canceled', 'keys', 'answerer', 'forged'] as const),
      ],
    },
  },
  sallyport_circuit_open: {
    type: 'gauge',
    help: '1 while nothing is sent over a channel, because its carrier failed five times in a row.',
    labels: { carrier: 'given', channel: channels },
  },
  sallyport_store_seconds: {
    type: 'histogram',
    help: 'Time of store operations that succeeded.',
    labels: { store: stores, operation: storeOperations },
    buckets: toFiveSeconds,
  },
  sallyport_store_errors_total: {
    type: 'counter',
    help: 'Store operations that failed. A lost race (conflict) is no failure.',
    labels: { store: stores, operation: storeOperations },
  },
  sallyport_outbox_messages: { type: 'gauge', help: 'Messages that wait in the outbox, of all nodes.', labels: {} },
  sallyport_outbox_oldest_seconds: {
    type: 'gauge',
    help: 'Age of the oldest message that waits in the outbox; 0 where none waits.',
    labels: {},
  },
  sallyport_password_hash_seconds: {
    type: 'histogram',
    help: 'Time to hash or verify one password, with the time in the queue.',
    labels: { operation: ['hash', 'verify'] },
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  },
  sallyport_password_hash_refused_total: {
    type: 'counter',
    help: 'Passwords that were not hashed. overloaded: the queue was full. unavailable: the hashing process was lost.',
    labels: { reason: ['overloaded', 'unavailable'] },
  },
  sallyport_password_hash_waiting: {
    type: 'gauge',
    help: 'Passwords that are being hashed or wait for it on this node.',
    labels: {},
  },
  sallyport_password_failure_alarm: {
    type: 'gauge',
    help: '1 while this node sees so many wrong passwords that one sender tries many accounts, from any number of addresses.',
    labels: {},
  },
  sallyport_requests_total: {
    type: 'counter',
    help: 'HTTP requests of the public port by the class of their route and of their status. aborted: the client left before.',
    labels: { route: routeClasses, status: ['1xx', '2xx', '3xx', '4xx', '5xx', 'aborted'] },
  },
  sallyport_request_seconds: {
    type: 'histogram',
    help: 'Time to answer a request of the public port. Event streams (stream) stay open for minutes.',
    labels: { route: routeClasses },
    buckets: [...toFiveSeconds.slice(2), 10, 30],
  },
  sallyport_requests_in_flight: {
    type: 'gauge',
    help: 'Requests of the public port that are not answered yet. stream: waiting pages and open authenticators.',
    labels: { kind: ['request', 'stream'] },
  },
  sallyport_requests_refused_total: {
    type: 'counter',
    help: 'Requests that were answered 503 at once, because the node had enough to do.',
    labels: { reason: ['overload'] },
  },
  sallyport_key_age_seconds: {
    type: 'gauge',
    help: 'For how long the current key of each use has signed. It is read from the store every five seconds.',
    labels: { use: ['signing', 'cookie'], algorithm: ['ES256', 'RS256', 'HS256'] },
  },
  sallyport_audit_events_total: {
    type: 'counter',
    help: 'Events that were recorded for the audit.',
    labels: { event: auditEventNames, outcome: ['success', 'failure', 'refused', 'info'] },
  },
  sallyport_audit_failures_total: {
    type: 'counter',
    help: 'Events that could not be recorded. What they were about was not done, or is in the log.',
    labels: {},
  },
  sallyport_build_info: {
    type: 'gauge',
    help: 'Always 1. Its labels say what runs.',
    labels: { version: 'given', node: 'given' },
  },
} as const satisfies Readonly<Record<string, Metric>>;
