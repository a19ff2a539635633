/** Formats calls as the Call resource of the REST API. */
import type { Call } from './call.ts';
import { durationOf } from './call.ts';
import { apiVersion, rfc2822 } from './fields.ts';

const subresources = [
  'notifications',
  'recordings',
  'payments',
  'events',
  'siprec',
  'streams',
  'transcriptions',
  'user_defined_message_subscriptions',
  'user_defined_messages',
] as const;

const camel = (name: string): string => name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Formats North American numbers as Twilio does, `(202) 555-0143`, and leaves others. */
const formatted = (number: string): string => {
  const [, area, exchange, line] = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(number) ?? [];
  return area === undefined ? number : `(${area}) ${exchange}-${line}`;
};

/** Formats a time in milliseconds; null, as in Twilio's JSON, for an event that has not happened. */
export const dateOrNull = (at: number | undefined): string | null => (at === undefined ? null : rfc2822(at));

/** The Call resource, schema api.v2010.account.call. https://www.twilio.com/docs/voice/api/call-resource */
export const callResource = (call: Call, accountSid: string): Readonly<Record<string, unknown>> => {
  const base = `/${apiVersion}/Accounts/${accountSid}/Calls/${call.sid}`;
  const { parameters, answeredAt } = call;
  const duration = durationOf(call);
  return {
    sid: call.sid,
    date_created: rfc2822(call.createdAt),
    date_updated: rfc2822(call.updatedAt),
    parent_call_sid: null,
    account_sid: accountSid,
    to: parameters.to,
    to_formatted: formatted(parameters.to),
    from: parameters.from,
    from_formatted: formatted(parameters.from),
    phone_number_sid: null,
    status: call.status,
    start_time: dateOrNull(answeredAt),
    end_time: dateOrNull(answeredAt === undefined ? undefined : call.endedAt),
    duration: duration === undefined ? null : String(duration),
    price: null,
    price_unit: 'USD',
    direction: 'outbound-api',
    answered_by: call.answeredBy?.result ?? null,
    api_version: apiVersion,
    forwarded_from: null,
    group_sid: null,
    caller_name: null,
    queue_time: '0',
    trunk_sid: null,
    uri: `${base}.json`,
    subresource_uris: Object.fromEntries(subresources.map(name => [name, `${base}/${camel(name)}.json`])),
  };
};
