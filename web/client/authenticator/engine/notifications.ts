/**
 * Cares for the subscription to Web Push: it is told to the server at each start, renewed where the push service has forgotten it,
 * and tested on demand. One piece of work follows the other: if they crossed, the server could be left with a forgotten subscription.
 */
import type { RequestsAnswer, SubscriptionJson } from '../../../../src/mfa/push/protocol.ts';
import type { Millis } from '../../../../src/ports/time.ts';
import type { Context } from './context.ts';

export interface Notifications {
  /**
   * The app is on the screen: cares for the subscription, renewed where the server finds it gone. Where there are accounts, the
   * first answer of their server is awaited (`asking`).
   */
  begin(): void;
  /** Finds out whether requests reach this device, and tells the server of each account the subscription. */
  care(): Promise<void>;
  /** The subscription for a new account; null without one. Asks nothing. */
  current(): Promise<SubscriptionJson | null>;
  /** Asks the person, and cares for the subscription of the accounts that are there. */
  allow(): Promise<void>;
  /** True where the person was not asked yet. */
  canAsk(): boolean;
  /**
   * The server is about to be asked. The function it gives takes what the server says about the subscription of an account
   * (undefined: it does not know the account).
   */
  asking(): (push: RequestsAnswer['push'] | undefined) => void;
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
  /** The app has started, and the server has not answered since. */
  let isDue = false;
  /** Counts beginnings and ends of work: answers from before are about an earlier subscription. */
  let changes = 0;
  let last: Promise<unknown> = Promise.resolve();
  let stopTest: (() => void) | undefined;

  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const before = last.catch(() => {});
    const done = (async () => {
      await before;
      changes += 1;
      return work().finally(() => {
        changes += 1;
      });
    })();
    last = done;
    return done;
  };

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

  const care = (renew = false): Promise<void> => inTurn(() => renewWith(renew));

  /** Acts on what the server says. Each start tells it the subscription once, and once more where it has none or a forgotten one. */
  const told = (said: RequestsAnswer['push'] | undefined): void => {
    if (!isDue && push.permission() !== 'granted') return;
    const isRight = said === undefined || said === 'works';
    if (isDue || (!isRight && !renewed)) {
      isDue = false;
      renewed ||= !isRight;
      care(said === 'gone').catch(deps.onFailure);
    } else if (said === 'gone') model.change({ notifications: 'gone' });
  };

  return {
    begin() {
      renewed = false;
      isDue = push.permission() === 'granted' && accounts.served().length > 0;
      if (!isDue) care().catch(deps.onFailure);
    },
    care: () => care(),
    async current() {
      if (push.permission() !== 'granted') return null;
      const subscription = await inTurn(() => subscribe(false));
      return subscription === 'unreachable' ? null : (subscription ?? null);
    },
    async allow() {
      await push.askPermission();
      await care();
      if (model.state.notifications === 'works') model.change({ toast: 'notifications-on' });
    },
    canAsk: () => push.permission() === 'default',
    asking() {
      const asked = changes;
      return said => told(asked === changes ? said : undefined);
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
