/** Sends requests to the server as Twilio does. https://www.twilio.com/docs/usage/webhooks */
import { randomUUID } from 'node:crypto';
import type { WireLog } from '../events/wire.ts';
import type { Timers } from '../time/timers.ts';
import type { Fields } from './signature.ts';
import { sign } from './signature.ts';

/** One request to the server. */
export interface WebhookRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly fields: Fields;
  /** Shown in the wire log: the number and the subject. */
  readonly about: string;
  /** Equal in all copies of one request. */
  readonly idempotency?: string;
}

/** Sends one request and gives the body. Undefined: no 2xx answer within 15 s; the wire log has the reason. */
export type Webhook = (request: WebhookRequest) => Promise<string | undefined>;

/** What a webhook is made from. */
export interface WebhookDeps {
  readonly authToken: string;
  readonly wire: WireLog;
  /** The timers of the machine: the server answers in real time, even if the clock of the simulation is moved. */
  readonly timers: Timers;
  /** Aborts requests when the simulator closes. The end of a call does not abort a request that was sent. */
  readonly signal: AbortSignal;
}

/** Twilio's limit for the answer to a webhook of a call, in milliseconds. */
const timeout = 15_000;
const maxBody = 64 * 1024;

const readLimited = async (response: Response): Promise<string> => {
  const parts: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  for await (const part of body ?? []) {
    size += part.byteLength;
    if (size > maxBody) throw new Error('more than 64 KiB');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
};

/** The verb of a TwiML answer that matters most, for the wire log. */
const summaryOf = (body: string): string =>
  /<(?:Gather|Redirect|Hangup)[^>]*>/.exec(body)?.[0].replace(/ (?:action|method|input)="[^"]*"/g, '') ?? '';

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'failed';
  return error.cause instanceof Error ? error.cause.message : error.message;
};

/** The requested URL: without a fragment, which holds connection overrides; for GET with the fields in the query. */
const urlOf = ({ url, method, fields }: WebhookRequest): URL => {
  const target = new URL(url);
  target.hash = '';
  if (method === 'GET') for (const [name, value] of fields) target.searchParams.append(name, value);
  return target;
};

/** Makes the function that sends signed requests. */
export const createWebhook =
  ({ authToken, wire, timers, signal }: WebhookDeps): Webhook =>
  async request => {
    const { method, fields, about } = request;
    const url = urlOf(request);
    const posted = method === 'POST' ? fields : [];
    const path = url.pathname + new URL(request.url).search;
    const finish = wire.record({ direction: 'out', method, path, reason: about });
    const late = new AbortController();
    const cancel = timers.after(timeout, () => late.abort(new Error('no answer within 15 s')));
    try {
      const response = await fetch(url, {
        method,
        redirect: 'manual',
        signal: AbortSignal.any([late.signal, signal]),
        headers: {
          'user-agent': 'Sallyport-Simulator/1.0',
          accept: '*/*',
          'x-twilio-signature': sign(authToken, url.href, posted),
          'i-twilio-idempotency-token': request.idempotency ?? randomUUID(),
        },
        ...(method === 'POST' && {
          body: new URLSearchParams(posted.map(([name, value]): [string, string] => [name, value])),
        }),
      });
      const body = await readLimited(response);
      const summary = response.ok ? summaryOf(body) : 'refused (11200)';
      finish(response.status, summary === '' ? about : `${about} · ${summary}`);
      return response.ok ? body : undefined;
    } catch (error) {
      finish('failed', `${about} · ${reasonOf(late.signal.aborted ? late.signal.reason : error)}`);
      return undefined;
    } finally {
      cancel();
    }
  };
