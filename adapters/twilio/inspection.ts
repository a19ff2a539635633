/** Reads the state of the Twilio account and its number, for `config check --live`. Neither calls nor changes anything. */
import type { EpochMillis } from '../../src/ports/time.ts';
import type { ApiAccess } from './api.ts';
import { failureOf, type Failure } from './refusals.ts';
import { abilitiesIn, isTrial, statusIn } from './resources.ts';
import { sendToApi, type RestAnswer } from './rest.ts';

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
const timeOf = ({ headers }: RestAnswer): EpochMillis | undefined => {
  const at = Date.parse(headers.date ?? '');
  return Number.isNaN(at) ? undefined : at;
};

/** Gives the reader of an account. */
export const inspectAccount = ({ accountSid, authTokens, apiBase }: ApiAccess): Inspection => ({
  account: async token =>
    answerOf(async () => {
      const answer = await sendToApi({ accountSid, token, apiBase }, { path: '' });
      const now = timeOf(answer);
      const status = statusIn(answer.body) ?? 'unknown';
      return { status, isTrial: isTrial(answer.body), ...(now !== undefined && { now }) };
    }),
  number: async phoneNumber =>
    answerOf(async () => {
      const request = { path: 'IncomingPhoneNumbers', query: { phoneNumber, pageSize: 2 } };
      const { body } = await sendToApi({ accountSid, token: authTokens[0], apiBase }, request);
      return abilitiesIn(body, phoneNumber);
    }),
});
