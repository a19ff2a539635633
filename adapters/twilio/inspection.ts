/** Reads the state of the Twilio account and its number, for `config check --live`. Neither calls nor changes anything. */
import twilio from 'twilio';
import type { EpochMillis } from '../../src/ports/time.ts';
import { PointedClient, type ApiAccess } from './api.ts';
import { failureOf, type Failure } from './refusals.ts';

type Answer<T> = { readonly ok: true; readonly found: T } | ({ readonly ok: false } & Failure);

/** Reads from one account. */
export interface Inspection {
  /** `token`: the auth token to sign in with. `now`: Twilio's time. */
  account(
    token: string,
  ): Promise<Answer<{ readonly status: string; readonly isTrial: boolean; readonly now?: EpochMillis }>>;
  /** The abilities of this number; `found` undefined: it does not belong to the account. */
  number(number: string): Promise<Answer<{ readonly voice: boolean; readonly sms: boolean } | undefined>>;
}

const answerOf = async <T>(work: () => Promise<T>): Promise<Answer<T>> => {
  try {
    return { ok: true, found: await work() };
  } catch (error) {
    return { ok: false, ...failureOf(error) };
  }
};

/** The Date of an answer (RFC 9110 §6.6.1), in full seconds. */
const timeOf = (client: PointedClient): EpochMillis | undefined => {
  const headers = client.lastResponse?.headers as Readonly<Record<string, unknown>> | undefined;
  const at = Date.parse(String(headers?.['date']));
  return Number.isNaN(at) ? undefined : at;
};

/** Gives the reader of an account. */
export const inspectAccount = ({ accountSid, authTokens, apiBase }: ApiAccess): Inspection => ({
  account: async token =>
    answerOf(async () => {
      const httpClient = new PointedClient(apiBase);
      const { status, type } = await twilio(accountSid, token, { httpClient }).api.v2010.accounts(accountSid).fetch();
      const now = timeOf(httpClient);
      return { status, isTrial: type === 'Trial', ...(now !== undefined && { now }) };
    }),
  number: async phoneNumber =>
    answerOf(async () => {
      const account = twilio(accountSid, authTokens[0], { httpClient: new PointedClient(apiBase) });
      const found = await account.incomingPhoneNumbers.list({ phoneNumber, limit: 2 });
      // Twilio also finds numbers that contain this one.
      const exact = found.find(each => each.phoneNumber === phoneNumber);
      return exact === undefined ? undefined : { voice: exact.capabilities.voice, sms: exact.capabilities.sms };
    }),
});
