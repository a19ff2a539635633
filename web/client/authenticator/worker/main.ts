/**
 * Is the service worker of the authenticator: keeps the app for use offline, shows notifications and opens the app when one is
 * tapped. No notification has an action that decides anything: that needs the number of the sign-in page.
 */
import { keepShell } from './shell.ts';
import { showNotifications } from './notifications.ts';
import { renewSubscription } from './subscription.ts';

declare const self: ServiceWorkerGlobalScope;

keepShell(self);
showNotifications(self);
renewSubscription(self);
