/**
 * Sends pushes to the push services of browsers: RFC 8030, encrypted as RFC 8291 says, signed as RFC 8292 says. It uses node:crypto
 * and jose. A push service that fails or is busy gets no push for a while (`web-push/back-off.ts`).
 */
import { Undelivered } from '../src/errors.ts';
import type { OutgoingPush, PushTransport, VapidKey } from '../src/ports/push.ts';
import type { Clock } from '../src/ports/time.ts';
import { BackOff, retryAfterOf } from './web-push/back-off.ts';
import { encrypt } from './web-push/encryption.ts';
import { authorization } from './web-push/vapid.ts';

/** Posts bytes, follows no redirect, and connects to public addresses only (`createOutbound`). */
type Post = (
  address: URL,
  request: {
    readonly method: 'POST';
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Uint8Array<ArrayBuffer>;
    readonly signal: AbortSignal;
  },
) => Promise<Response>;

export interface WebPushDeps {
  readonly key: () => Promise<VapidKey>;
  /** Of the operator, for the push service: a mailto: or https: address (RFC 8292 §2.1). */
  readonly contact: string;
  readonly post: Post;
  readonly clock: Clock;
}

/** Opens the transport. It makes its first request when it is used. */
export const openWebPush = ({ key, contact, post, clock }: WebPushDeps): PushTransport => {
  const backOff = new BackOff(clock);

  const request = async ({ target, topic, lifetime, payload }: OutgoingPush, endpoint: URL) => ({
    method: 'POST' as const,
    headers: {
      authorization: await authorization(endpoint, await key(), { contact, now: clock() }),
      'content-encoding': 'aes128gcm',
      'content-type': 'application/octet-stream',
      ttl: `${Math.max(0, Math.floor(lifetime / 1000))}`,
      urgency: 'high',
      topic,
    },
    body: encrypt(Buffer.from(payload), target.keys),
  });

  return {
    async send(push, signal) {
      const endpoint = new URL(push.target.endpoint);
      const until = backOff.waitsUntil(endpoint);
      if (until !== undefined) {
        throw new Undelivered('busy', `${endpoint.host}: got a push before ${new Date(until).toISOString()}`);
      }
      const wanted = await request(push, endpoint);
      const { status, headers } = await answerOf(post(endpoint, { ...wanted, signal }), () =>
        backOff.failed(endpoint, undefined),
      );
      const retryAfter = retryAfterOf(headers.get('retry-after'), clock());
      if (status >= 500) backOff.failed(endpoint, retryAfter);
      else if (status === 429) backOff.tooMany(endpoint, retryAfter);
      else backOff.taken(endpoint);
      const refusal = refusalOf(status);
      if (refusal !== undefined) throw new Undelivered(refusal, `${endpoint.host}: got ${status}, expected 201`);
    },
  };
};

/** The answer. @throws Undelivered 'busy' without one: the next push service may well be up, so this is not the channel's failure. */
const answerOf = async (asked: Promise<Response>, failed: () => void): Promise<Response> => {
  try {
    return await asked;
  } catch (cause) {
    failed();
    throw new Undelivered('busy', 'got no answer of the push service, expected one', { cause });
  }
};

/** What an answer means; undefined: the push was taken. 413, other 4xx and redirects are mistakes of ours, or of the service. */
const refusalOf = (status: number): 'gone' | 'busy' | 'misconfigured' | undefined => {
  if (status >= 200 && status < 300) return undefined;
  if (status === 404 || status === 410) return 'gone';
  return status === 429 || status >= 500 ? 'busy' : 'misconfigured';
};
