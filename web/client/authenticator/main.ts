/** Starts the authenticator: gives the engine this browser, and draws each state. */
import { h, render } from 'preact';
import { biometric } from './browser/biometric.ts';
import { offerInstall } from './browser/install.ts';
import { createNavigation } from './browser/navigation.ts';
import { deviceName, languageOf, obstacle } from './browser/platform.ts';
import { createPush } from './browser/push.ts';
import { registerWorker } from './browser/service-worker.ts';
import { createApi, createServerClock } from './engine/api.ts';
import { openStore } from './engine/database.ts';
import { createEngine, type Engine } from './engine/engine.ts';
import type { Store } from './engine/records.ts';
import { secretIn } from './engine/scanned.ts';
import type { Actions, AppState } from './state.ts';
import { App } from './views/app.tsx';
import { wordsIn } from './words.ts';

const element = document.querySelector('#app');
const draw = (state: AppState, actions: Actions): void => {
  if (element !== null) render(h(App, { state, actions }), element);
};

const language = languageOf(navigator.languages);
const first = {
  language,
  online: navigator.onLine,
  deviceName: deviceName(navigator, wordsIn(language).browser),
  canInstall: false,
};
/** Before the engine runs no view asks for anything, except for another language. */
const drawBefore = (members: Pick<AppState, 'phase' | 'obstacle'>): void => {
  const state: AppState = {
    ...first,
    ...members,
    now: Date.now(),
    screen: { at: 'home' },
    entries: [],
    requests: [],
    history: [],
    notifications: 'checking',
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a proxy has every method
  draw(state, new Proxy({}, { get: () => () => {} }) as Actions);
};

/** Tells the engine what happens in the browser. */
const connect = (engine: Engine): void => {
  const { origin } = location;
  let ticking: ReturnType<typeof setInterval> | undefined;
  const follow = (): void => {
    clearInterval(ticking);
    if (document.visibilityState !== 'visible') return engine.stop();
    ticking = setInterval(() => engine.tick(), 1000);
    engine.start();
  };
  const readLink = (): void => {
    const secret = secretIn(location.hash);
    if (secret === undefined) return;
    history.replaceState(history.state, '', location.pathname);
    engine.openLink(secret);
  };
  document.addEventListener('visibilitychange', follow);
  addEventListener('online', () => {
    engine.change({ online: true });
    engine.actions.refresh();
  });
  addEventListener('offline', () => engine.change({ online: false }));
  addEventListener('hashchange', readLink);
  navigator.serviceWorker.addEventListener('message', ({ origin: from }) => {
    if (from === origin) engine.notified();
  });
  // A page that was kept in memory (bfcache) has lost its streams.
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) follow();
  });
  follow();
};

const start = async (): Promise<void> => {
  drawBefore({ phase: 'starting' });
  const found = obstacle();
  if (found !== undefined) return drawBefore({ phase: 'ready', obstacle: found });
  let store: Store;
  try {
    store = await openStore();
  } catch {
    return drawBefore({ phase: 'ready', obstacle: 'storage' });
  }
  const link = secretIn(location.hash);
  let engine: Engine | undefined = undefined;
  const change = (members: Parameters<Engine['change']>[0]): void => engine?.change(members);
  const clock = createServerClock(Date.now);
  const { origin } = location;
  engine = await createEngine(
    {
      store,
      clock,
      origin,
      api: createApi({ fetch: (address, request) => fetch(address, request), origin, clock }),
      timer(run, after) {
        const timer = setTimeout(run, after);
        return () => clearTimeout(timer);
      },
      push: createPush(registerWorker()),
      biometric,
      navigation: createNavigation(screen => change({ screen })),
      async copy(text) {
        try {
          await navigator.clipboard.writeText(text);
          return true;
        } catch {
          return false;
        }
      },
      persist: async () => void (await navigator.storage.persist?.()),
      onFailure: error => reportError(error),
      install: offerInstall(canInstall => change({ canInstall })),
    },
    first,
    state => {
      if (engine !== undefined) draw(state, engine.actions);
    },
  );
  draw(engine.state(), engine.actions);
  if (link !== undefined) engine.openLink(link);
  connect(engine);
};

void start();
