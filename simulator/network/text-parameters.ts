/** Reads the parameters of CreateMessage. https://www.twilio.com/docs/messaging/api/message-resource */
import type { RestError } from './behaviours/api.ts';
import { e164, isHttpUrl, isIntegerBetween, unknownParameter } from './parameters.ts';
import { badRequest } from './rest-error.ts';
import type { TextParameters } from './text.ts';

const known = {
  To: 'once',
  From: 'once',
  MessagingServiceSid: 'once',
  Body: 'once',
  StatusCallback: 'once',
  ValidityPeriod: 'once',
} as const;
const maxLength = 1600;

/** The first error, in the order in which Twilio reports them. */
const firstError = (form: URLSearchParams): RestError | undefined => {
  const [to, from, service] = [form.get('To') ?? '', form.get('From') ?? '', form.get('MessagingServiceSid') ?? ''];
  const [body, callback] = [form.get('Body') ?? '', form.get('StatusCallback')];
  const rows: readonly (readonly [boolean, number, string])[] = [
    [to === '', 21604, "A 'To' phone number is required"],
    [from === '' && service === '', 21603, "A 'From' or 'MessagingServiceSid' parameter is required"],
    [!e164.test(to), 21211, `Invalid 'To' Phone Number: ${to}`],
    [from !== '' && !e164.test(from), 21212, `Invalid 'From' Phone Number: ${from}`],
    [service !== '' && !/^MG[0-9a-fA-F]{32}$/.test(service), 21703, 'The Messaging Service does not exist'],
    [body === '', 21602, 'Message body is required'],
    [body.length > maxLength, 21617, `The concatenated message body exceeds the ${maxLength} character limit`],
    [to === from, 21266, "'To' and 'From' number cannot be the same"],
    [callback !== null && !isHttpUrl(callback), 21609, 'StatusCallback is not a valid URL'],
    [
      !isIntegerBetween(form.get('ValidityPeriod'), 1, 36_000),
      20001,
      'ValidityPeriod must be between 1 and 36000 seconds',
    ],
  ];
  const found = rows.find(([wrong]) => wrong);
  return found && badRequest(found[1], found[2]);
};

/** Reads the parameters of CreateMessage, or gives the error to answer. */
export const readTextParameters = (form: URLSearchParams): TextParameters | RestError => {
  const error = unknownParameter(form, known) ?? firstError(form);
  if (error !== undefined) return error;
  const [from, service, callback] = [form.get('From'), form.get('MessagingServiceSid'), form.get('StatusCallback')];
  return {
    to: form.get('To') ?? '',
    ...(from && { from }),
    ...(service && { messagingServiceSid: service }),
    body: form.get('Body') ?? '',
    ...(callback !== null && { statusCallback: callback }),
  };
};
