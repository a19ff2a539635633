/** Subscribes to Web Push. Page and service worker share it. */
import type { SubscriptionJson } from '../../../../src/mfa/push/protocol.ts';
import { base64url } from '../engine/bytes.ts';

const keysOf = (subscription: PushSubscription): SubscriptionJson | undefined => {
  const { endpoint, expirationTime, keys } = subscription.toJSON();
  const { p256dh, auth } = keys ?? {};
  if (endpoint === undefined || p256dh === undefined || auth === undefined) return undefined;
  return { endpoint, expirationTime: expirationTime ?? null, keys: { p256dh, auth } };
};

/**
 * The subscription of a registration for this key of the server, made where it is missing or for another key. @throws DOMException
 * where the push service of the browser refuses.
 */
export const subscribe = async (
  { pushManager }: Pick<ServiceWorkerRegistration, 'pushManager'>,
  vapidKey: string,
  { renew }: { readonly renew: boolean },
): Promise<SubscriptionJson | undefined> => {
  const existing = await pushManager.getSubscription();
  const key = existing?.options.applicationServerKey;
  const isOurs = existing !== null && key !== null && key !== undefined && base64url(key) === vapidKey;
  if (isOurs && !renew) return keysOf(existing);
  await existing?.unsubscribe();
  return keysOf(await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: vapidKey }));
};
