/**
 * Decides which push subscriptions (W3C Push API, RFC 8030) the server accepts. A subscription comes from a device, so its address
 * is one that a person chose: without a list of push services it would lead requests of this server anywhere (SSRF). The rule is
 * asked when a subscription is saved, and again before each push: the operator may have shortened the list.
 */
import { ECDH } from 'node:crypto';
import type { PushTarget } from '../../ports/carriers.ts';

/** Hosts of the push services of Chrome, Firefox, Safari and Edge. A dot at the beginning: any host below that domain. */
const knownHosts = [
  'fcm.googleapis.com',
  'updates.push.services.mozilla.com',
  '.push.services.mozilla.com',
  'web.push.apple.com',
  '.push.apple.com',
  '.notify.windows.com',
] as const;

/** Characters of an endpoint. The longest known ones (Windows) have about 600. */
const maxEndpoint = 900;
/** Bytes of an uncompressed point of P-256, and of the secret of a subscription (RFC 8291 §3.2). */
const pointLength = 65;
const authLength = 16;

/**
 * True where pushes may be sent to this endpoint: https at the usual port of a known push service, or one of `more`, the origins that
 * the operator added. An added origin may have any port, and on loopback http.
 */
export const isPushEndpoint = (endpoint: string, more: readonly URL[]): boolean => {
  const url = URL.parse(endpoint);
  if (url === null || endpoint.length > maxEndpoint) return false;
  if (url.username !== '' || url.password !== '' || url.hash !== '') return false;
  if (more.some(({ origin }) => origin === url.origin)) return true;
  return url.protocol === 'https:' && url.port === '' && knownHosts.some(known => isHost(url.hostname, known));
};

const isHost = (hostname: string, known: string): boolean =>
  known.startsWith('.') ? hostname.endsWith(known) : hostname === known;

/** The subscription in an untrusted value; undefined where it is none, or at no push service that is allowed. */
export const readSubscription = (value: unknown, more: readonly URL[]): PushTarget | undefined => {
  const { endpoint, keys } = membersOf(value);
  const { p256dh, auth } = membersOf(keys);
  if (typeof endpoint !== 'string' || typeof p256dh !== 'string' || typeof auth !== 'string') return undefined;
  if (!isPushEndpoint(endpoint, more) || !isPoint(p256dh) || bytesOf(auth)?.length !== authLength) return undefined;
  return { endpoint, keys: { p256dh, auth } };
};

const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};

/** The bytes of base64url without padding; undefined for anything else, also for a second spelling of the same bytes. */
const bytesOf = (text: string): Buffer | undefined => {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
};

/** True for an uncompressed point on P-256. A point beside the curve could reveal bits of the key it is combined with. */
const isPoint = (text: string): boolean => {
  const bytes = bytesOf(text);
  if (bytes?.length !== pointLength || bytes[0] !== 4) return false;
  try {
    ECDH.convertKey(bytes, 'prime256v1');
    return true;
  } catch {
    return false;
  }
};
