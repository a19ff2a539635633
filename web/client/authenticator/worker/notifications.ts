/**
 * Shows the notification of a push message, and opens the app when it is tapped. The message is Declarative Web Push JSON, which
 * Safari shows without this script: `{ web_push: 8030, notification: { title, body, navigate, lang, tag } }`.
 */

import type { EpochMillis, Millis } from '../../../../src/ports/time.ts';

/** Written here by web/authenticator-bundle.ts. */
declare const ICON: string;
declare const BADGE: string;

/** Message to the pages of the app: a push message has arrived. */
export interface PushArrived {
  readonly kind: 'push';
  readonly tag: string;
}

interface Shown {
  readonly title: string;
  readonly body: string;
  readonly lang: string;
  readonly tag: string;
}

const textOf = (from: object, name: string): string => {
  const value: unknown = Reflect.get(from, name);
  return typeof value === 'string' ? value : '';
};

/** Reads a message. Each one has to be shown (`userVisibleOnly`), so one without text gets a name at least. */
const read = (data: PushMessageData | null): Shown => {
  let message: unknown;
  try {
    message = data?.json();
  } catch {
    message = undefined;
  }
  const notification: unknown =
    typeof message === 'object' && message !== null ? Reflect.get(message, 'notification') : {};
  const from = typeof notification === 'object' && notification !== null ? notification : {};
  return {
    title: textOf(from, 'title') || 'Sallyport Authenticator',
    body: textOf(from, 'body'),
    lang: textOf(from, 'lang'),
    tag: textOf(from, 'tag'),
  };
};

/** The pages of the app that are open, also those that this worker does not control yet. */
const openPages = async (worker: ServiceWorkerGlobalScope): Promise<readonly WindowClient[]> =>
  worker.clients.matchAll({ type: 'window', includeUncontrolled: true });

/** A request waits no longer than this. */
const longestRequest: Millis = 300_000;

/** The time that `show` has kept with a notification; 0 where the browser has shown it without this script. */
const shownAt = ({ data }: Notification): EpochMillis => {
  const time: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, 'shownAt') : undefined;
  return typeof time === 'number' ? time : 0;
};

/** Closes notifications of requests that have ended. While the app is open, it closes them earlier. */
const closeOld = async ({ registration }: ServiceWorkerGlobalScope, now: EpochMillis): Promise<void> => {
  for (const each of await registration.getNotifications()) if (now - shownAt(each) > longestRequest) each.close();
};

const show = async (worker: ServiceWorkerGlobalScope, { title, body, lang, tag }: Shown): Promise<void> => {
  const now = Date.now();
  await worker.registration.showNotification(title, {
    body,
    data: { shownAt: now },
    lang,
    icon: ICON,
    badge: BADGE,
    ...(tag !== '' && { tag }),
  });
  await closeOld(worker, now);
  const arrived: PushArrived = { kind: 'push', tag };
  for (const page of await openPages(worker)) page.postMessage(arrived, []);
};

const openApp = async (worker: ServiceWorkerGlobalScope): Promise<void> => {
  const [page] = await openPages(worker);
  // The address is ours, not that of the message: a message cannot lead anywhere else.
  if (page === undefined) await worker.clients.openWindow(worker.registration.scope);
  else await page.focus();
};

/** Adds the handlers. */
export const showNotifications = (worker: ServiceWorkerGlobalScope): void => {
  worker.addEventListener('push', event => event.waitUntil(show(worker, read(event.data))));
  worker.addEventListener('notificationclick', event => {
    event.notification.close();
    event.waitUntil(openApp(worker));
  });
};
