/**
 * Keeps the files of the app, so that it opens offline. The page comes from the network first, so that a new version arrives at
 * once; where that takes too long or fails, the kept page opens, with the files it was kept with.
 */
import type { Millis } from '../../../../src/ports/time.ts';

/** Addresses of the page and of all its files: written here by web/authenticator-bundle.ts. */
declare const SHELL: readonly string[];

const page = SHELL[0] ?? '/';
const prefix = 'authenticator-';
/** Names of files hold a hash, so this name changes with any of them. */
const nameOfVersion = async (): Promise<string> => {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(SHELL.join(' ')));
  return prefix + [...new Uint8Array(bytes, 0, 8)].map(byte => byte.toString(16).padStart(2, '0')).join('');
};

/** How long a bad connection may delay the page. */
const patience: Millis = 2500;

const fromNetwork = async (request: Request): Promise<Response> => {
  const answer = await fetch(request, { signal: AbortSignal.timeout(patience) });
  if (!answer.ok) throw new Error(`expected the page, got status ${answer.status}`);
  return answer;
};

const openPage = async (request: Request): Promise<Response> => {
  try {
    return await fromNetwork(request);
  } catch (error) {
    const kept = await caches.match(page);
    if (kept === undefined) throw error;
    return kept;
  }
};

/** @throws Error for a page of another version than this worker: while servers are updated, the two can come from different ones. */
const assertSameVersion = async (kept: Response | undefined): Promise<void> => {
  const used = (await kept?.text())?.match(/\/authenticator\/assets\/[^"]+/g) ?? [];
  if (used.length === 0 || used.some(address => !SHELL.includes(address)))
    throw new Error('expected a page that loads the files of this worker, got another one');
};

const openFile = async (request: Request): Promise<Response> => (await caches.match(request)) ?? fetch(request);

const keepFiles = async (): Promise<void> => {
  const cache = await caches.open(await nameOfVersion());
  await cache.addAll(SHELL);
  await assertSameVersion(await cache.match(page));
};

const removeOldVersions = async (): Promise<void> => {
  const current = await nameOfVersion();
  const old = (await caches.keys()).filter(name => name.startsWith(prefix) && name !== current);
  await Promise.all(old.map(name => caches.delete(name)));
};

/** Adds the handlers. Requests to the API pass by: no answer about a person is ever kept. */
export const keepShell = (worker: ServiceWorkerGlobalScope): void => {
  worker.addEventListener('install', event => event.waitUntil(keepFiles().then(() => worker.skipWaiting())));
  worker.addEventListener('activate', event => event.waitUntil(removeOldVersions().then(() => worker.clients.claim())));
  worker.addEventListener('fetch', event => {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    if (request.method !== 'GET' || origin !== worker.location.origin) return;
    if (request.mode === 'navigate') event.respondWith(openPage(request));
    else if (SHELL.includes(pathname)) event.respondWith(openFile(request));
  });
};
