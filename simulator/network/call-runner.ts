/** Runs an answered call: machine detection, then or meanwhile the TwiML of the server, requested by signed webhooks. */
import type { ChangeNotifier } from '../events/changes.ts';
import type { WireLog } from '../events/wire.ts';
import type { Pace } from '../time/pace.ts';
import type { Timers } from '../time/timers.ts';
import type { CallbackBehaviour } from './behaviours/callbacks.ts';
import type { AnsweringParty } from './behaviours/calls.ts';
import type { DocumentRequest } from './call-flow.ts';
import { runCallFlow } from './call-flow.ts';
import type { Call } from './call.ts';
import type { CallSession } from './call-registry.ts';
import { detectMachine } from './detection.ts';
import { callFields, verdictFields } from './fields.ts';
import type { CallbackSender } from './status-callbacks.ts';
import type { TwimlError } from './twiml.ts';

/** What running a call needs beside the call. */
export interface RunCallDeps {
  readonly accountSid: string;
  readonly timers: Timers;
  readonly pace: Pace;
  readonly changes: ChangeNotifier;
  readonly wire: WireLog;
  readonly callbackSender: CallbackSender;
  /** How webhooks about calls to this number are sent. */
  readonly callbacksOf: (number: string) => CallbackBehaviour;
}

/** Describes keys for the wire log. Shows a single key; only counts several, which may be a code. */
const aboutKeys = (to: string, extra: DocumentRequest['extra']): string => {
  const digits = extra.find(([name]) => name === 'Digits')?.[1];
  if (digits === undefined) return to;
  return digits.length <= 1 ? `${to} · pressed ${digits === '' ? 'nothing' : digits}` : `${to} · ${digits.length} keys`;
};

/** Posts the result of detection, unless the call ended before it. */
const tellVerdict = async (
  { accountSid, callbackSender, callbacksOf }: RunCallDeps,
  call: Call,
  { url, method, detected }: Pick<DocumentRequest, 'url' | 'method'> & { readonly detected: Promise<void> },
): Promise<void> => {
  await detected;
  if (call.answeredBy === undefined) return;
  const { to } = call.parameters;
  const about = `${to} · ${call.answeredBy.result}`;
  await callbackSender.sendVerdict(callbacksOf(to), { url, method, fields: verdictFields(call, accountSid), about });
};

/**
 * Runs a call and gives the reason of its end. `dialled` resolves after the last tone of SendDigits: the first document
 * is requested at once, and performed only then.
 */
export const runCall = async (
  deps: RunCallDeps,
  { call, connection }: CallSession,
  party: AnsweringParty,
  dialled: Promise<void>,
): Promise<string> => {
  const { accountSid, pace, changes, wire, callbackSender, callbacksOf } = deps;
  const { to, url: firstUrl, method: firstMethod } = call.parameters;
  const { asyncAmdStatusCallback: verdictUrl, asyncAmdStatusCallbackMethod: verdictMethod } = call.parameters;
  const detected = detectMachine(call, connection, party, deps);
  if (verdictUrl === undefined) await detected;
  else {
    void tellVerdict(deps, call, { url: verdictUrl, method: verdictMethod, detected });
  }
  if (connection.isOver) return 'over';
  const refused = ({ code, message }: TwimlError) => {
    const line = { direction: 'out', method: 'TwiML', path: new URL(firstUrl).pathname, reason: to } as const;
    wire.record(line)('failed', `${to} · ${code} ${message}`);
  };
  const fetch = async ({ url, method, extra }: DocumentRequest) => {
    const fields = [...callFields(call, accountSid), ...extra];
    const request = { url, method, fields, about: aboutKeys(to, extra) };
    const [document] = await Promise.all([callbackSender.requestTwiml(callbacksOf(to), request), dialled]);
    return document;
  };
  const changed = () => changes.notify();
  const first: DocumentRequest = { url: firstUrl, method: firstMethod, extra: [] };
  return runCallFlow({ call, connection, pace, changed, refused, fetch }, first);
};
