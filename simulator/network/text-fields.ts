/** Builds the form fields of status callbacks about texts. */
import { apiVersion } from './fields.ts';
import type { Fields } from './signature.ts';
import type { Text } from './text.ts';

/** The fields of a status callback. https://www.twilio.com/docs/messaging/guides/track-outbound-message-status */
export const textFields = ({ sid, parameters, status, from, error }: Text, accountSid: string): Fields => {
  const { to, messagingServiceSid } = parameters;
  return [
    ['AccountSid', accountSid],
    ['ApiVersion', apiVersion],
    ['From', from ?? ''],
    ['MessageSid', sid],
    ['MessageStatus', status],
    ['SmsSid', sid],
    ['SmsStatus', status],
    ['To', to],
    ...(messagingServiceSid === undefined ? [] : ([['MessagingServiceSid', messagingServiceSid]] as const)),
    ...(error === undefined ? [] : ([['ErrorCode', String(error[0])]] as const)),
  ];
};
