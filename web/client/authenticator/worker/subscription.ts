/** Tells the server a new subscription when the browser has replaced the one before, also while the app is closed. */
import { subscribe } from '../browser/subscription.ts';
import { createApi, createServerClock } from '../engine/api.ts';
import { openStore } from '../engine/database.ts';

const renew = async (worker: ServiceWorkerGlobalScope): Promise<void> => {
  const { origin } = worker.location;
  const store = await openStore();
  const clock = createServerClock(Date.now);
  const api = createApi({ fetch: (address, request) => fetch(address, request), origin, clock });
  const configuration = await api.configuration();
  if (!configuration.ok) return;
  const subscription = await subscribe(worker.registration, configuration.body.vapidKey, { renew: false });
  const language = (await store.setting('language')) ?? 'en';
  for (const entry of await store.entries())
    if (entry.kind === 'account' && entry.state === 'paired')
      await api.subscribe(entry.key, subscription ?? null, language);
};

/** Adds the handler. */
export const renewSubscription = (worker: ServiceWorkerGlobalScope): void => {
  worker.addEventListener('pushsubscriptionchange', event => {
    if (event instanceof ExtendableEvent) event.waitUntil(renew(worker));
  });
};
