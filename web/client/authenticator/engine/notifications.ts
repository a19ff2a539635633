/**
 * Cares for the subscription to Web Push: it is told to the server at each start, renewed where the push service has forgotten it,
 * and tested on demand.
 */
import type { RequestsAnswer, SubscriptionJson } from '../../../../src/mfa/push/protocol.ts';
import type { Millis } from '../../../../src/ports/time.ts';
import type { Context } from './context.ts';

export interface Notifications {
  /** Finds out whether requests reach this device, and tells the server of each account the subscription. */
  care(): Promise<void>;
  /** The subscription for a new account; null without one. Asks nothing. */
  current(): Promise<SubscriptionJson | null>;
  /** Asks the person, and cares for the subscription of the accounts that are there. */
  allow(): Promise<void>;
  /** True where the person was not asked yet. */
  canAsk(): boolean;
  /** What the server says about the subscription of an account. */
  told(push: RequestsAnswer['push']): void;
  test(): Promise<void>;
  /** The service worker has shown a notification. */
  arrived(): void;
}

/** How long a test notification may take. */
const testTime: Millis = 20_000;

export const createNotifications = ({ deps, model, accounts }: Context): Notifications => {
  const { api, push, timer } = deps;
  /** One renewal a start: a push service that forgets each subscription at once is not asked in a loop. */
  let renewed = false;
  let stopTest: (() => void) | undefined;

  const subscribe = async (renew: boolean): Promise<SubscriptionJson | 'unreachable' | undefined> => {
    const reply = await api.configuration();
    if (!reply.ok) return 'unreachable';
    return push.subscription(reply.body.vapidKey, { renew });
  };

  /** undefined: the server could not be reached, so that it is as it was. */
  const tellAll = async (subscription: SubscriptionJson | null): Promise<'works' | 'failed' | undefined> => {
    const { language } = model.state;
    const replies = await Promise.all(accounts.served().map(({ key }) => api.subscribe(key, subscription, language)));
    const isRefused = replies.some(
      each => !each.ok && each.reason === 'refused' && each.error === 'subscription-refused',
    );
    if (subscription === null || isRefused) return 'failed';
    return replies.every(({ ok }) => ok) ? 'works' : undefined;
  };

  const renewWith = async (renew: boolean): Promise<void> => {
    const permission = push.permission();
    if (permission !== 'granted') {
      const notifications = { unsupported: 'unsupported', default: 'ask', denied: 'blocked' } as const;
      model.change({ notifications: notifications[permission] });
      // The server stops sending to a subscription that the person has ended, and its page says so.
      await tellAll(null);
      return;
    }
    const subscription = await subscribe(renew);
    if (subscription === 'unreachable') return;
    const told = await tellAll(subscription ?? null);
    if (told !== undefined) model.change({ notifications: told });
  };

  return {
    care: () => renewWith(false),
    async current() {
      if (push.permission() !== 'granted') return null;
      const subscription = await subscribe(false);
      return subscription === 'unreachable' ? null : (subscription ?? null);
    },
    async allow() {
      await push.askPermission();
      await renewWith(false);
      if (model.state.notifications === 'works') model.change({ toast: 'notifications-on' });
    },
    canAsk: () => push.permission() === 'default',
    told(told) {
      if (told === 'works' || push.permission() !== 'granted') return;
      if (renewed) {
        if (told === 'gone') model.change({ notifications: 'gone' });
        return;
      }
      renewed = true;
      void renewWith(told === 'gone');
    },
    async test() {
      const account = accounts.served().find(({ state }) => state === 'paired');
      if (account === undefined) return;
      stopTest?.();
      model.change({ test: 'sending' });
      const reply = await api.test(account.key);
      // It may have arrived before the answer of the server.
      if (model.state.test !== 'sending') return;
      if (!reply.ok) {
        model.change({ test: reply.reason === 'refused' && reply.status === 429 ? 'later' : 'unreachable' });
        return;
      }
      model.change({ test: 'sent' });
      stopTest = timer(() => {
        if (model.state.test === 'sent') model.change({ test: 'missing' });
      }, testTime);
    },
    arrived() {
      if (model.state.test === undefined) return;
      stopTest?.();
      model.change({ test: 'arrived' });
    },
  };
};
