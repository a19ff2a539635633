/** Serves the push service: POST to the address of a subscription, as RFC 8030 says, treated as it is set. */
import type { WireLog } from '../events/wire.ts';
import type { HttpRequest, HttpResponse, Route } from '../http/server.ts';
import { delay, type Timers } from '../time/timers.ts';
import type { PostedPush, PushService } from './push-service.ts';
import { senderOf } from './vapid.ts';

/** What the routes act on. */
export interface PushDeps {
  readonly push: PushService;
  readonly wire: WireLog;
  /** Of the simulation: answers may come late. */
  readonly clock: Timers;
  /** Of the machine: the server signs by it. */
  readonly timers: Timers;
}

/** Bytes of the longest body (RFC 8291 §4). */
const maxBody = 4096;
const urgencies: ReadonlySet<string | undefined> = new Set(['very-low', 'low', 'normal', 'high', undefined]);

/** An answer without the headers of a page; `reason` goes to the wire log and, as a text, to the sender. */
interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The address of this server, as the request names it. */
export const originOf = ({ headers }: Pick<HttpRequest, 'headers'>): string => `http://${headers['host'] ?? ''}`;

const refuse = (reason: string): Answer => ({ status: 400, reason });

const read = ({ headers, bytes }: HttpRequest): PostedPush | Answer => {
  const { ttl, urgency, topic } = headers;
  if (ttl === undefined || !/^\d{1,9}$/.test(ttl)) return refuse('expected a TTL in seconds (RFC 8030 §5.2)');
  if (!urgencies.has(urgency)) return refuse('expected an Urgency of RFC 8030 §5.3');
  if (topic !== undefined && !/^[\w-]{1,32}$/.test(topic)) {
    return refuse('expected a Topic of at most 32 characters (RFC 8030 §5.4)');
  }
  if (headers['content-encoding'] !== 'aes128gcm') return refuse('expected the encoding aes128gcm (RFC 8291 §4)');
  if (bytes.length > maxBody) return { status: 413, reason: `got ${bytes.length} bytes, expected at most ${maxBody}` };
  return { body: bytes, ttl: Number(ttl), urgency, topic };
};

/** The route that senders post to. */
export const pushRoutes = ({ push, wire, clock, timers }: PushDeps): readonly Route[] => {
  const answer = (request: HttpRequest, id: string): Answer => {
    const { instead, headers = {} } = push.behaviourOf(id);
    const device = push.device(id);
    if (device === undefined) return { status: 404, reason: 'no device has this subscription' };
    const sender = senderOf(request.headers['authorization'], originOf(request), timers.now());
    if (typeof sender === 'string') return { status: 401, reason: `VAPID: ${sender}` };
    if (!push.admits(id, sender.key)) return { status: 403, reason: 'the device subscribed for another sender' };
    if (typeof instead === 'number') return { status: instead, reason: `as set for ${device.name}`, headers };
    const posted = read(request);
    if ('status' in posted) return posted;
    try {
      push.push(id, posted);
    } catch (error) {
      return { status: 400, reason: `not decrypted: ${error instanceof Error ? error.message : 'unknown error'}` };
    }
    return { status: 201, reason: `push to ${device.name}`, headers: { location: `${originOf(request)}/push/taken` } };
  };

  const handle = async (request: HttpRequest): Promise<HttpResponse> => {
    const id = request.params['id'] ?? '';
    const finish = wire.record({ direction: 'in', method: 'POST', path: request.path, reason: 'push' });
    const { delay: wait = 0, instead } = push.behaviourOf(id);
    await delay(clock, wait, request.signal);
    if (instead === 'reset') {
      finish('failed', 'connection broken, as set');
      return { status: 0, drop: true };
    }
    const { status, reason, headers = {} } = answer(request, id);
    finish(status, reason);
    return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: reason };
  };
  return [{ method: 'POST', path: '/push/:id', handle }];
};
