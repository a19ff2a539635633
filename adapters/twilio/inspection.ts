/** What an account at Twilio is and has, for `config check --live`. Nothing is dialled, nothing is changed. */
import twilio from 'twilio';
import type { EpochMillis } from '../../src/ports/time.ts';
import { PointedClient, type ApiAccess } from './api.ts';
import { failureOf, type Failure } from './refusals.ts';

type Asked<T> = { readonly ok: true; readonly found: T } | ({ readonly ok: false } & Failure);

export interface Inspection {
  /** `token`: which of ours to sign in with. `now`: what time it is there. */
  account(
    token: string,
  ): Promise<Asked<{ readonly status: string; readonly isTrial: boolean; readonly now?: EpochMillis }>>;
  /** What this number of the account can do; `found` undefined: it is not the account's. */
  number(number: string): Promise<Asked<{ readonly voice: boolean; readonly sms: boolean } | undefined>>;
}

const asked = async <T>(work: () => Promise<T>): Promise<Asked<T>> => {
  try {
    return { ok: true, found: await work() };
  } catch (error) {
    return { ok: false, ...failureOf(error) };
  }
};

/** The Date of an answer (RFC 9110 §6.6.1), to a second. */
const timeOf = (client: PointedClient): EpochMillis | undefined => {
  const headers = client.lastResponse?.headers as Readonly<Record<string, unknown>> | undefined;
  const at = Date.parse(String(headers?.['date']));
  return Number.isNaN(at) ? undefined : at;
};

export const inspectAccount = ({ accountSid, authTokens, apiBase }: ApiAccess): Inspection => ({
  account: async token =>
    asked(async () => {
      const httpClient = new PointedClient(apiBase);
      const { status, type } = await twilio(accountSid, token, { httpClient }).api.v2010.accounts(accountSid).fetch();
      const now = timeOf(httpClient);
      return { status, isTrial: type === 'Trial', ...(now !== undefined && { now }) };
    }),
  number: async phoneNumber =>
    asked(async () => {
      const account = twilio(accountSid, authTokens[0], { httpClient: new PointedClient(apiBase) });
      const found = await account.incomingPhoneNumbers.list({ phoneNumber, limit: 2 });
      // Twilio looks for a part of a number too
      const ours = found.find(each => each.phoneNumber === phoneNumber);
      return ours === undefined ? undefined : { voice: ours.capabilities.voice, sms: ours.capabilities.sms };
    }),
});
