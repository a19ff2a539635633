/** Formats texts as the Message resource of the REST API. */
import { apiVersion, rfc2822 } from './fields.ts';
import { dateOrNull } from './call-resource.ts';
import { segmentsOf } from './segments.ts';
import type { Text } from './text.ts';

/** The Message resource, schema api.v2010.account.message. https://www.twilio.com/docs/messaging/api/message-resource */
export const textResource = (text: Text, accountSid: string): Readonly<Record<string, unknown>> => {
  const base = `/${apiVersion}/Accounts/${accountSid}/Messages/${text.sid}`;
  const { parameters, from, error } = text;
  // Unknown until the messaging service has chosen a sender.
  const segments = from === undefined ? 0 : segmentsOf(parameters.body).segments;
  return {
    sid: text.sid,
    account_sid: accountSid,
    messaging_service_sid: parameters.messagingServiceSid ?? null,
    to: parameters.to,
    from: from ?? null,
    body: parameters.body,
    status: text.status,
    num_segments: String(segments),
    num_media: '0',
    direction: 'outbound-api',
    api_version: apiVersion,
    date_created: rfc2822(text.createdAt),
    date_updated: rfc2822(text.updatedAt),
    date_sent: dateOrNull(text.sentAt),
    price: null,
    price_unit: 'USD',
    error_code: error?.[0] ?? null,
    error_message: error?.[1] ?? null,
    uri: `${base}.json`,
    subresource_uris: { media: `${base}/Media.json` },
  };
};
