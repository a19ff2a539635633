/**
 * Plays the phone of a person in Chromium: the real authenticator, with a subscription at the push service of the simulator. What that
 * service decrypts is delivered to the real service worker.
 */
import type { BrowserContext, Page } from 'playwright-core';
import { readPush, subscribeDevice } from '../../../simulator/person.ts';
import type { DeviceView } from '../../../simulator/push/push-service.ts';
import type { BrowserSetup } from '../surface/browser-setup.ts';
import { shownNotifications, workerIsReady } from './authenticator-scripts.ts';
import { listenForComplaints } from './complaints.ts';

/**
 * A script that gives the browser these subscriptions, one after the other and the last one again, when a page subscribes for a key.
 * Without a network Chromium cannot subscribe at its own push service.
 */
const subscribing = (devices: readonly DeviceView[]): string => `(() => {
  let current = null;
  const left = ${JSON.stringify(devices.map(({ endpoint, keys }) => ({ endpoint, expirationTime: null, keys })))};
  const bytesOf = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), each => each.charCodeAt(0)).buffer;
  PushManager.prototype.getSubscription = async () => current;
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    const json = left.length > 1 ? left.shift() : left[0];
    current = {
      endpoint: json.endpoint,
      options: { userVisibleOnly: true, applicationServerKey: bytesOf(applicationServerKey) },
      toJSON: () => json,
      unsubscribe: async () => { current = null; return true; },
    };
    return current;
  };
})()`;

export interface PhoneInChromium {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: readonly string[];
  /** Subscriptions at the simulator: the one that a page gets first, and the one after it. Empty without notifications. */
  readonly devices: readonly DeviceView[];
  /** Opens the app, or a link into it. */
  open(path?: string): Promise<void>;
  press(name: string | RegExp): Promise<void>;
  sees(heading: string | RegExp): Promise<void>;
  /** Hands the next push of the present subscription to the service worker. Gives its payload. */
  deliver(): Promise<string>;
  /** The browser has another subscription from the next opening of the app on. */
  replaceSubscription(): Promise<void>;
  /** The notification with this tag, once the service worker has shown it; none after 10 s without one. */
  notifications(tag: string): Promise<readonly { readonly title: string; readonly body: string }[]>;
  /** Types the number of a request. */
  type(digits: string): Promise<void>;
}

/** Opens a context that is a phone. `push`: whether its person has allowed notifications. */
export const openPhone = async (
  { chromium, world }: Pick<BrowserSetup, 'chromium' | 'world'>,
  { push = true }: { readonly push?: boolean } = {},
): Promise<PhoneInChromium> => {
  const context = await chromium.newContext({
    locale: 'en-US',
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    ...(push && { permissions: ['notifications'] }),
  });
  const complaints = listenForComplaints(context);
  const devices = push
    ? [
        await subscribeDevice(world.simulator, { name: 'Pixel' }),
        await subscribeDevice(world.simulator, { name: 'Pixel, renewed' }),
      ]
    : [];
  let [device] = devices;
  if (push) await context.addInitScript(subscribing(devices));
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const session = await context.newCDPSession(page);
  const registered = Promise.withResolvers<string>();
  session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations: [registration] }) => {
    if (registration !== undefined) registered.resolve(registration.registrationId);
  });
  return {
    context,
    page,
    complaints,
    devices,
    async open(path = '/authenticator/') {
      await page.goto(new URL(path, world.issuer).href);
      await page.evaluate(workerIsReady);
      await session.send('ServiceWorker.enable');
    },
    press: name => page.getByRole('button', { name, exact: true }).click(),
    sees: heading => page.getByRole('heading', { level: 1, name: heading }).waitFor(),
    async deliver() {
      if (device === undefined) throw new Error('this phone has no subscription');
      const { payload } = await readPush(world.simulator, device.id, 10);
      const { origin } = world.issuer;
      const registrationId = await registered.promise;
      await session.send('ServiceWorker.deliverPushMessage', { origin, registrationId, data: payload });
      return payload;
    },
    async replaceSubscription() {
      device = devices[1];
      await context.addInitScript(subscribing(devices.slice(1)));
    },
    notifications: tag => page.evaluate(shownNotifications(tag)),
    async type(digits) {
      await page.getByRole('heading', { level: 1 }).waitFor();
      for (const digit of digits) await page.keyboard.press(digit);
    },
  };
};
