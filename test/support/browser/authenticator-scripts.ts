/** Scripts for `page.evaluate` that look into the authenticator: what it keeps, and which notifications it shows. */

/** Gives each key that is kept with whether and how it can be used and exported, and all texts and bytes that are kept as one text. */
export const whatIsKept = `(async () => {
  const opened = indexedDB.open('sallyport-authenticator');
  await new Promise(resolve => opened.addEventListener('success', resolve));
  const all = async store => {
    const request = opened.result.transaction(store).objectStore(store).getAll();
    await new Promise(resolve => request.addEventListener('success', resolve));
    return request.result;
  };
  const everything = [...(await all('settings')), ...(await all('entries')), ...(await all('history'))];
  opened.result.close();
  const keys = [];
  const textOf = value => {
    if (value instanceof CryptoKey) return keys.push(value), 'key';
    if (ArrayBuffer.isView(value)) return textOf(value.buffer);
    if (value instanceof ArrayBuffer) return String.fromCharCode(...new Uint8Array(value));
    if (typeof value !== 'object' || value === null) return String(value);
    return Object.values(value).map(textOf).join(' ');
  };
  const text = everything.map(textOf).join(' ');
  const exportOf = async key => {
    const formats = key.type === 'private' ? ['jwk', 'pkcs8'] : ['jwk', 'raw'];
    const tried = await Promise.allSettled(formats.map(format => crypto.subtle.exportKey(format, key)));
    return tried.map(each => (each.status === 'rejected' ? each.reason.name : 'exported'));
  };
  return {
    text,
    keys: await Promise.all(
      keys.map(async key => ({ name: key.algorithm.name, usages: key.usages, exports: await exportOf(key) })),
    ),
  };
})()`;

export interface Kept {
  readonly text: string;
  readonly keys: readonly {
    readonly name: string;
    readonly usages: readonly string[];
    /** Names of the errors, or `exported`, of each format. */
    readonly exports: readonly string[];
  }[];
}

/** Waits at most 10 s for a notification, with this tag where one is given, and gives those that are shown. */
export const shownNotifications = (tag?: string): string => `(async () => {
  const registration = await navigator.serviceWorker.ready;
  const find = () => registration.getNotifications(${JSON.stringify(tag === undefined ? {} : { tag })});
  for (let turn = 0; turn < 200 && (await find()).length === 0; turn += 1)
    await new Promise(resolve => setTimeout(resolve, 50));
  const shown = await find();
  return shown.map(({ title, body, tag, actions }) => ({ title, body, tag, actions }));
})()`;

/** In the service worker: taps the first notification as if it had an action, and gives how many are left. */
export const tapNotification = `(async () => {
  const [notification] = await self.registration.getNotifications();
  self.dispatchEvent(new NotificationEvent('notificationclick', { notification, action: 'approve' }));
  return (await self.registration.getNotifications()).length;
})()`;

/** Resolves once the service worker has taken over. */
export const workerIsReady = `navigator.serviceWorker.ready.then(() => true)`;

/** In the service worker: moves its clock on. */
export const moveClock = (by: number): string => `(() => {
  const now = Date.now;
  Date.now = () => now() + ${by};
})()`;

/**
 * In the service worker: waits at most 5 s until the notification with this tag is shown and the worker is done, and gives the tags of
 * all in their order.
 */
export const tagsAfter = (tag: string): string => `(async () => {
  const tags = async () => (await self.registration.getNotifications()).map(each => each.tag);
  for (let turn = 0; turn < 100 && !(await tags()).includes(${JSON.stringify(tag)}); turn += 1)
    await new Promise(resolve => setTimeout(resolve, 50));
  await new Promise(resolve => setTimeout(resolve, 100));
  return (await tags()).sort();
})()`;

/** Replaces the kept files by those of an old version, of which only the page matters here, and ends the worker that kept them. */
export const becomeOld = `(async () => {
  for (const name of await caches.keys()) await caches.delete(name);
  const old = await caches.open('authenticator-0123456789');
  await old.put('/authenticator/', new Response('An old page', { headers: { 'content-type': 'text/html' } }));
  await (await navigator.serviceWorker.ready).unregister();
})()`;
