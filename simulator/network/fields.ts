/** Builds the form fields of requests about calls. https://www.twilio.com/docs/voice/twiml */
import type { Call, CallEvent } from './call.ts';
import { durationOf, isOver } from './call.ts';
import type { Fields } from './signature.ts';

/** The version of Twilio's REST API. */
export const apiVersion = '2010-04-01';

/** Formats a time in milliseconds as RFC 2822, as Twilio does: `Tue, 31 Aug 2010 20:36:28 +0000`. */
export const rfc2822 = (at: number): string => new Date(at).toUTCString().replace('GMT', '+0000');

/** Location of a number, mostly in empty fields. The fictional numbers +1 202 555 01xx belong to Washington, DC. */
const locationOf = (side: 'From' | 'To' | 'Caller' | 'Called', number: string): Fields => {
  const washington = number.startsWith('+1202');
  return [
    [`${side}City`, ''],
    [`${side}State`, washington ? 'DC' : ''],
    [`${side}Zip`, ''],
    [`${side}Country`, number.startsWith('+1') ? 'US' : ''],
  ];
};

const detectionFields = ({ answeredBy }: Call): Fields =>
  answeredBy === undefined
    ? []
    : [
        ['AnsweredBy', answeredBy.result],
        ['MachineDetectionDuration', String(answeredBy.took)],
      ];

/** The fields of the request to AsyncAmdStatusCallback. https://www.twilio.com/docs/voice/answering-machine-detection */
export const verdictFields = (call: Call, accountSid: string): Fields => [
  ['AccountSid', accountSid],
  ['CallSid', call.sid],
  ...detectionFields(call),
];

/** The fields of every request about a call. With AsyncAmd the result of detection has a request of its own. */
export const callFields = (call: Call, accountSid: string, status: string = call.status): Fields => {
  const { to, from } = call.parameters;
  const isToldApart = call.parameters.asyncAmdStatusCallback !== undefined;
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
    ...locationOf('Called', to),
    ...locationOf('Caller', from),
    ...locationOf('From', from),
    ...locationOf('To', to),
    ...(isToldApart ? [] : detectionFields(call)),
  ];
};

const statusOf: Readonly<Record<Exclude<CallEvent, 'completed'>, string>> = {
  initiated: 'initiated',
  ringing: 'ringing',
  answered: 'in-progress',
};
/** SIP response codes, RFC 3261 §21. */
const sipOf: Readonly<Record<string, string>> = {
  completed: '200',
  busy: '486',
  'no-answer': '487',
  canceled: '487',
  failed: '404',
};

/** The fields of a status callback: those of the call, sequence number and time, and at the end the duration. */
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
