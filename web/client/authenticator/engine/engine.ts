/**
 * Runs the authenticator without drawing it: makes the state that the views show, and does what they ask for.
 *
 *   accounts.ts       entries, as they are kept (`records.ts`, `database.ts`)
 *   pairing.ts        a new account        → api.ts
 *   inbox.ts          requests that wait   → api.ts, requests.ts, server-keys.ts
 *   answers.ts        decisions            → api.ts, device-key.ts
 *   notifications.ts  Web Push
 *   codes-actions.ts  TOTP codes           → codes.ts
 *   follower.ts       events that wake the inbox → events.ts
 *   actions.ts        what the views ask for
 *
 * The browser is brought from outside (`context.ts`), so that all of it can be tested without one.
 */
import type { Millis } from '../../../../src/ports/time.ts';
import type { Actions, AppState, PendingRequest, Screen } from '../state.ts';
import { createAccounts } from './accounts.ts';
import { createActions } from './actions.ts';
import { createAnswers } from './answers.ts';
import { createCodesActions } from './codes-actions.ts';
import type { Context, EngineDeps, Timer } from './context.ts';
import { createFollower, type Follower } from './follower.ts';
import { createInbox } from './inbox.ts';
import { createModel, type Change, type Model } from './model.ts';
import { createNotifications } from './notifications.ts';
import { createPairings } from './pairing.ts';

export interface Engine {
  readonly state: () => AppState;
  readonly actions: Actions;
  /** The app is on the screen: follows events, and cares for the subscription. */
  start(): void;
  /** The app is not on the screen. */
  stop(): void;
  /** Once a second while the app is on the screen. */
  tick(): void;
  /** Changes the browser's part of the state: screen, connection, installation. */
  change(members: Change): void;
  /** The link of a pairing was opened. */
  openLink(secret: string): void;
  /** The service worker has shown a notification. */
  notified(): void;
}

/** What the browser tells at the start. */
export type FirstState = Pick<AppState, 'language' | 'online' | 'deviceName' | 'canInstall'>;

/** Screens that a new request replaces. On the others the person types, scans or decides. */
const mayBeLeft: ReadonlySet<Screen['at']> = new Set(['home', 'pairing', 'ended', 'entry', 'history', 'settings']);

/** A toast is read in this time. */
const toastTime: Millis = 4000;

/** Clears each toast after a while. Gives what to call with each state. */
const clearToasts = (model: () => Model, timer: Timer): ((state: AppState) => void) => {
  let shown: AppState['toast'];
  let stop: (() => void) | undefined;
  return ({ toast }) => {
    if (toast !== undefined && toast !== shown) {
      stop?.();
      stop = timer(() => model().change({ toast: undefined }), toastTime);
    }
    shown = toast;
  };
};

/** Reads what is kept. `onChange` is called with each state after the first. */
export const createEngine = async (
  deps: EngineDeps,
  first: FirstState,
  onChange: (state: AppState) => void,
): Promise<Engine> => {
  const { api, clock, store, navigation, timer } = deps;
  let follower: Follower | undefined;
  let isStarted = false;
  const clearToast = clearToasts(() => model, timer);
  let entries: AppState['entries'] = [];
  const model: Model = createModel(
    {
      phase: 'ready',
      now: clock.now(),
      screen: { at: 'home' },
      entries,
      requests: [],
      history: await store.history(),
      notifications: 'checking',
      ...first,
      language: (await store.setting('language')) ?? first.language,
    },
    state => {
      clearToast(state);
      const areOthers = state.entries !== entries;
      ({ entries } = state);
      if (areOthers) follower?.update();
      onChange(state);
    },
  );
  const accounts = await createAccounts(store, model);
  const context: Context = { deps, model, accounts };
  const notifications = createNotifications(context);
  const pairings = createPairings(context, notifications, id => inbox.fetch(id));
  const inbox = createInbox(context, {
    onAsking: () => notifications.asking(),
    onPairingGone: account => pairings.gone(account),
    onPaired: account => pairings.done(account),
    /** A person who taps the notification finds the request, also where the app showed the end of the last one. */
    onRequest({ id }: PendingRequest) {
      const { at } = model.state.screen;
      if (mayBeLeft.has(at)) navigation.go({ at: 'request', request: id }, { replace: at === 'ended' });
    },
  });
  const answers = createAnswers(context, inbox, { onPaired: account => pairings.done(account) });
  const codes = createCodesActions(context);
  follower = createFollower({ accounts, api, timer, fetch: id => inbox.fetch(id) });

  return {
    state: () => model.state,
    actions: createActions({ context, answers, codes, inbox, notifications, pairings }),
    start() {
      if (!isStarted) pairings.resume();
      isStarted = true;
      notifications.begin();
      follower?.start();
    },
    stop: () => follower?.stop(),
    tick() {
      model.change({ now: clock.now() });
      inbox.expire();
      codes.tick().catch(deps.onFailure);
    },
    change(members) {
      // What is said of the last answer belongs to the screen that sent it, unless it is still under way.
      const isLeft = members.screen !== undefined && model.state.answering?.state !== 'sending';
      model.change(isLeft ? { answering: undefined, ...members } : members);
    },
    openLink: secret => pairings.begin(secret),
    notified() {
      notifications.arrived();
      inbox.fetchAll().catch(deps.onFailure);
    },
  };
};
