import { randomUUID } from 'node:crypto';
import type { Timers } from '../time/timers.ts';
import type { Wire } from '../events/wire.ts';
import type { Fields } from './signature.ts';
import { sign } from './signature.ts';

export interface WebhookRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly fields: Fields;
  /** For the wire: whom it is about. */
  readonly about: string;
  /** The same for each copy of one request. */
  readonly idempotency?: string;
}

/** Sends one request to the server as Twilio sends it. Undefined: no answer with 2xx in 15 s; the wire tells why. */
export type Webhook = (request: WebhookRequest) => Promise<string | undefined>;

/** Twilio's limit for an answer to a webhook of a call. */
const patience = 15_000;
const longest = 64 * 1024;

const readLimited = async (response: Response): Promise<string> => {
  const parts: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> | null = response.body;
  for await (const part of body ?? []) {
    size += part.byteLength;
    if (size > longest) throw new Error('more than 64 KiB');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
};

/** The part of a TwiML answer that tells most, for the wire. */
const gist = (body: string): string =>
  /<(?:Gather|Redirect|Hangup)[^>]*>/.exec(body)?.[0].replace(/ (?:action|method|input)="[^"]*"/g, '') ?? '';

const why = (error: unknown): string => {
  if (!(error instanceof Error)) return 'failed';
  return error.cause instanceof Error ? error.cause.message : error.message;
};

/** Twilio keeps a fragment (connection overrides) for itself; a GET carries the fields in its query. */
const addressOf = ({ url, method, fields }: WebhookRequest): URL => {
  const address = new URL(url);
  address.hash = '';
  if (method === 'GET') for (const [name, value] of fields) address.searchParams.append(name, value);
  return address;
};

export const createWebhook =
  (parts: {
    readonly authToken: string;
    readonly wire: Wire;
    /** Of the machine: a server answers in real time, however this world's clock is moved. */
    readonly timers: Timers;
    /** Ends what is under way when the world closes. A person who hangs up does not: the request has left. */
    readonly signal: AbortSignal;
  }): Webhook =>
  async request => {
    const { method, fields, about } = request;
    const address = addressOf(request);
    const posted = method === 'POST' ? fields : [];
    const ended = parts.wire.begin({
      direction: 'out',
      method,
      path: address.pathname + new URL(request.url).search,
      reason: about,
    });
    const late = new AbortController();
    const stop = parts.timers.after(patience, () => late.abort(new Error('no answer within 15 s')));
    try {
      const response = await fetch(address, {
        method,
        redirect: 'manual',
        signal: AbortSignal.any([late.signal, parts.signal]),
        headers: {
          'user-agent': 'Sallyport-Simulator/1.0',
          accept: '*/*',
          'x-twilio-signature': sign(parts.authToken, address.href, posted),
          'i-twilio-idempotency-token': request.idempotency ?? randomUUID(),
        },
        ...(method === 'POST' && {
          body: new URLSearchParams(posted.map(([name, value]): [string, string] => [name, value])),
        }),
      });
      const body = await readLimited(response);
      const said = response.ok ? gist(body) : 'refused (11200)';
      ended(response.status, said === '' ? about : `${about} · ${said}`);
      return response.ok ? body : undefined;
    } catch (error) {
      ended('failed', `${about} · ${why(late.signal.aborted ? late.signal.reason : error)}`);
      return undefined;
    } finally {
      stop();
    }
  };
