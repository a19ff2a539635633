/** Gathers the settings of the Twilio account. They are complete or absent as a whole. */
import type { Values } from './table.ts';

/** The account that calls and texts people. */
export interface TwilioSettings {
  /** AC and 32 hexadecimal digits. */
  readonly accountSid: string;
  /** The first authenticates our requests. Callbacks signed with any of them are genuine, so that tokens can be rotated. */
  readonly authTokens: readonly [string, ...string[]];
  /** E.164, the number that calls, and texts where there is no messaging service. */
  readonly from: string;
  /** MG and 32 hexadecimal digits: the service that selects the sender of a text. */
  readonly messagingServiceSid?: string;
  /** Names of voices by language and region. A language that is not named here gets the account's default voice. */
  readonly voices?: Readonly<Record<string, string>>;
  /** `https://api.twilio.com`, or the simulator in development. Only scheme and host are used. */
  readonly apiBase: URL;
  /** Our public address, to which Twilio sends callbacks. It signs this and the path. */
  readonly callbackBase: URL;
}

/** Settings of the account; undefined where none is configured. */
export const twilioOf = (values: Values): TwilioSettings | undefined => {
  const { twilioAccountSid: accountSid, twilioAuthTokens: authTokens, twilioFrom: from } = values;
  const { twilioMessagingServiceSid: messagingServiceSid } = values;
  if (accountSid === undefined || authTokens === undefined || from === undefined) return undefined;
  return {
    accountSid,
    authTokens,
    from,
    ...(messagingServiceSid !== undefined && { messagingServiceSid }),
    voices: values.twilioVoices,
    apiBase: values.twilioApiBase,
    callbackBase: values.callbackBase ?? values.issuer,
  };
};
