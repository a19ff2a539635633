/** Web Push of this browser (W3C Push API), through the registration of the service worker. */
import type { PushBrowser } from '../engine/context.ts';
import { subscribe } from './subscription.ts';

const isSupported = (): boolean => 'PushManager' in window && 'Notification' in window && 'serviceWorker' in navigator;

/** `registration`: gives undefined where the browser has no service worker here. */
export const createPush = (registration: Promise<ServiceWorkerRegistration | undefined>): PushBrowser => ({
  permission: () => (isSupported() ? Notification.permission : 'unsupported'),
  async askPermission() {
    if (isSupported()) await Notification.requestPermission();
  },
  async subscription(vapidKey, options) {
    const found = await registration;
    try {
      return found && (await subscribe(found, vapidKey, options));
    } catch {
      return undefined;
    }
  },
  async shown() {
    // Not `registration`: a first start would wait for the files of the worker.
    const found = isSupported() ? await navigator.serviceWorker.getRegistration() : undefined;
    const notifications = (await found?.getNotifications()) ?? [];
    return () => notifications.forEach(each => each.close());
  },
});
