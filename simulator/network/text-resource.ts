import { apiVersion, rfc2822 } from './fields.ts';
import { dateOrNull } from './call-resource.ts';
import { segmentsOf } from './segments.ts';
import type { Text } from './text.ts';

/** A Message resource as the REST API shows it (schema api.v2010.account.message). */
export const textResource = (text: Text, accountSid: string): Readonly<Record<string, unknown>> => {
  const base = `/${apiVersion}/Accounts/${accountSid}/Messages/${text.sid}`;
  const { order, from, error } = text;
  // Unknown before a messaging service has chosen who sends.
  const segments = from === undefined ? 0 : segmentsOf(order.body).segments;
  return {
    sid: text.sid,
    account_sid: accountSid,
    messaging_service_sid: order.messagingServiceSid ?? null,
    to: order.to,
    from: from ?? null,
    body: order.body,
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
