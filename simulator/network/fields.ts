import type { Call, CallEvent } from './call.ts';
import { durationOf, isOver } from './call.ts';
import type { Fields } from './signature.ts';

export const apiVersion = '2010-04-01';

/** RFC 2822, as Twilio writes dates: `Tue, 31 Aug 2010 20:36:28 +0000`. */
export const rfc2822 = (at: number): string => new Date(at).toUTCString().replace('GMT', '+0000');

/** Twilio tells where numbers are from, mostly in empty fields; the fictional +1 202 555 01xx stand in Washington. */
const places = (side: 'From' | 'To' | 'Caller' | 'Called', number: string): Fields => {
  const washington = number.startsWith('+1202');
  return [
    [`${side}City`, ''],
    [`${side}State`, washington ? 'DC' : ''],
    [`${side}Zip`, ''],
    [`${side}Country`, number.startsWith('+1') ? 'US' : ''],
  ];
};

/** What every request about a call carries. */
export const callFields = (call: Call, accountSid: string, status: string = call.status): Fields => {
  const { to, from } = call.order;
  const byMachine: Fields =
    call.answeredBy === undefined
      ? []
      : [
          ['AnsweredBy', call.answeredBy.says],
          ['MachineDetectionDuration', String(call.answeredBy.took)],
        ];
  return [
    ['AccountSid', accountSid],
    ['ApiVersion', apiVersion],
    ['CallSid', call.sid],
    ['CallStatus', status],
    ['Called', to],
    ['Caller', from],
    ['Direction', 'outbound-api'],
    ['From', from],
    ['To', to],
    ...places('Called', to),
    ...places('Caller', from),
    ...places('From', from),
    ...places('To', to),
    ...byMachine,
  ];
};

const statusOf: Readonly<Record<Exclude<CallEvent, 'completed'>, string>> = {
  initiated: 'initiated',
  ringing: 'ringing',
  answered: 'in-progress',
};
const sipOf: Readonly<Record<string, string>> = {
  completed: '200',
  busy: '486',
  'no-answer': '487',
  canceled: '487',
  failed: '404',
};

/** What a status callback carries beside the call: its place in the order, its time, and at the end how long it was. */
export const eventFields = (
  call: Call,
  accountSid: string,
  event: { readonly name: CallEvent; readonly sequence: number; readonly at: number },
): Fields => {
  const duration = durationOf(call) ?? 0;
  const status = event.name === 'completed' ? call.status : statusOf[event.name];
  const end: Fields = isOver(call.status)
    ? [
        ['CallDuration', String(duration)],
        ['Duration', String(Math.ceil(duration / 60))],
        ['SipResponseCode', sipOf[call.status] ?? '200'],
      ]
    : [];
  return [
    ...callFields(call, accountSid, status),
    ['CallbackSource', 'call-progress-events'],
    ['SequenceNumber', String(event.sequence)],
    ['Timestamp', rfc2822(event.at)],
    ...(event.name === 'completed' ? end : []),
  ];
};
