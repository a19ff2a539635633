import type { Refusal } from './behaviours/api.ts';
import { e164, isAddress, isWhole, unknownOf } from './parameters.ts';
import { refuse } from './rest-error.ts';
import type { TextOrder } from './text.ts';

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
