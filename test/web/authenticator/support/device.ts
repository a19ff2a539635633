/**
 * Runs the engine of the authenticator without a browser: over a store in memory, a clock and timers that the test moves, and a
 * server in memory that signs requests (`server.ts`).
 */
import { createApi, createServerClock } from '../../../../web/client/authenticator/engine/api.ts';
import type { EngineDeps, PushBrowser } from '../../../../web/client/authenticator/engine/context.ts';
import { createEngine, type Engine } from '../../../../web/client/authenticator/engine/engine.ts';
import {
  maxEnded,
  type Settings,
  type Store,
  type StoredAccount,
  type StoredEntry,
} from '../../../../web/client/authenticator/engine/records.ts';
import type { AppState, Ended, Screen } from '../../../../web/client/authenticator/state.ts';
import { origin, type Server } from './server.ts';

export interface MemoryStore extends Store {
  readonly kept: Map<string, StoredEntry>;
}

export const memoryStore = (): MemoryStore => {
  const kept = new Map<string, StoredEntry>();
  let history: Ended[] = [];
  const settings: { -readonly [Name in keyof Settings]?: Settings[Name] } = {};
  return {
    kept,
    entries: async () => [...kept.values()],
    putEntry: async entry => void kept.set(entry.id, entry),
    removeEntry: async id => void kept.delete(id),
    history: async () => history,
    putEnded: async ended => void (history = [ended, ...history].slice(0, maxEnded)),
    setting: async name => settings[name],
    putSetting: async (name, value) => void (settings[name] = value),
  };
};

export interface Device {
  readonly engine: Engine;
  readonly store: MemoryStore;
  readonly state: () => AppState;
  /** Screens behind the present one. */
  readonly screens: Screen[];
  /** What Web Push of the browser does. */
  readonly push: {
    permission: ReturnType<PushBrowser['permission']>;
    renewals: number;
    refuses: boolean;
    /** Notifications on the screen. */
    shown: string[];
  };
  /** What WebAuthn does: undefined where the person is not verified. */
  readonly biometric: { answer: string | undefined; asked: object[] };
  readonly copied: string[];
  /** Waits until nothing is under way. */
  readonly settle: () => Promise<void>;
  /** Moves the clock of the device, and runs the timers that are due. */
  advance(by: number): Promise<void>;
  account(): StoredAccount;
}

interface DeviceOptions {
  readonly store?: MemoryStore;
  /** How far its clock is ahead of the server's. */
  readonly skew?: number;
  readonly permission?: ReturnType<PushBrowser['permission']>;
}

/** Calls of WebCrypto that run in other threads. */
let signing = 0;
for (const name of ['sign', 'verify', 'digest', 'generateKey', 'importKey', 'exportKey', 'wrapKey', 'unwrapKey']) {
  const { subtle } = crypto;
  const call = Reflect.get(subtle, name) as (...args: readonly unknown[]) => Promise<unknown>;
  const counted = async (...args: readonly unknown[]): Promise<unknown> => {
    signing += 1;
    try {
      return await call.apply(subtle, [...args]);
    } finally {
      signing -= 1;
    }
  };
  Object.defineProperty(subtle, name, { value: counted });
}

/** Opens the app on a device. */
export const openDevice = async (
  server: Server,
  { store = memoryStore(), skew = 0, permission = 'unsupported' }: DeviceOptions = {},
): Promise<Device> => {
  const push: Device['push'] = { permission, renewals: 0, refuses: false, shown: [] };
  const biometric: Device['biometric'] = { answer: 'asserted', asked: [] };
  const copied: string[] = [];
  const screens: Screen[] = [];
  let timers: { readonly run: () => void; readonly at: number }[] = [];
  const time = (): number => server.now() + skew;
  const clock = createServerClock(time);
  let engine: Engine | undefined = undefined;
  const show = (screen: Screen): void => engine?.change({ screen });
  const subscription = (): { endpoint: string; keys: { p256dh: string; auth: string } } => ({
    endpoint: `https://push.example/${push.renewals}`,
    keys: { p256dh: 'p', auth: 'a' },
  });
  const deps: EngineDeps = {
    store,
    clock,
    origin,
    api: createApi({ fetch: (address, request) => server.fetch(address, request), origin, clock }),
    timer(run, after) {
      const timer = { run, at: time() + after };
      timers.push(timer);
      return () => {
        timers = timers.filter(each => each !== timer);
      };
    },
    push: {
      permission: () => push.permission,
      async askPermission() {
        push.permission = 'granted';
      },
      async subscription(_, { renew }) {
        if (renew) push.renewals += 1;
        return push.refuses ? undefined : subscription();
      },
      async shown() {
        const now = push.shown;
        return () => {
          push.shown = push.shown.filter(each => !now.includes(each));
        };
      },
    },
    biometric: {
      async create(options) {
        biometric.asked.push(options);
        return biometric.answer === undefined
          ? undefined
          : { registration: biometric.answer, id: 'credential', rpId: 'login.example' };
      },
      async assert(wish) {
        biometric.asked.push(wish);
        return biometric.answer;
      },
    },
    navigation: {
      go(screen, { replace } = { replace: false }) {
        if (!replace) screens.push(engine?.state().screen ?? { at: 'home' });
        show(screen);
      },
      back: () => show(screens.pop() ?? { at: 'home' }),
    },
    copy: async text => copied.push(text) > 0,
    persist: async () => {},
    install: async () => {},
    onFailure(error) {
      throw error;
    },
  };
  const first = { language: 'en', online: true, deviceName: 'Pixel', canInstall: false } as const;
  engine = await createEngine(deps, first, () => {});
  const running = engine;
  const settle = async (): Promise<void> => {
    for (let quiet = 0; quiet < 10; quiet += 1) {
      const calls = server.calls.length;
      await new Promise(resolve => {
        setImmediate(resolve);
      });
      if (server.calls.length !== calls || server.isBusy() || signing > 0) quiet = 0;
    }
  };
  return {
    engine: running,
    store,
    state: running.state,
    screens,
    push,
    biometric,
    copied,
    settle,
    async advance(by) {
      server.advance(by);
      const due = timers.filter(({ at }) => at <= time());
      timers = timers.filter(each => !due.includes(each));
      for (const { run } of due) run();
      await settle();
    },
    account() {
      const account = [...store.kept.values()].find(each => each.kind === 'account');
      if (account === undefined) throw new Error('there is no account');
      return account;
    },
  };
};
