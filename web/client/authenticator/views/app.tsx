/**
 * Shows the screen of a state. `App` is the only view that others need: `render(<App state={state} actions={actions} />, element)`
 * after each change of the state.
 */
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Actions, AppState } from '../state.ts';
import { wordsIn } from '../words.ts';
import { Add } from './add.tsx';
import { Codes } from './codes.tsx';
import { EndedRequest } from './ended.tsx';
import { EntryDetails } from './entry.tsx';
import { Screen } from './frame.tsx';
import { History } from './history.tsx';
import { Home } from './home.tsx';
import { ObstaclePage } from './obstacle.tsx';
import { PairingSteps } from './pairing.tsx';
import { Remove } from './remove.tsx';
import { Report } from './report.tsx';
import { Request } from './request.tsx';
import { Scan } from './scan.tsx';
import { Settings } from './settings.tsx';
import { entryOf, type View } from './view.ts';

/** Two states with the same key show one screen, which keeps its focus and what was typed there. */
const screenKey = ({ phase, obstacle, screen, pairing }: AppState): string => {
  if (phase === 'starting' || obstacle !== undefined) return `${phase} ${obstacle ?? ''}`;
  const detail = 'request' in screen ? screen.request : 'entry' in screen ? screen.entry : '';
  return `${screen.at} ${detail} ${screen.at === 'pairing' ? (pairing?.step ?? '') : ''}`;
};

const screenOf = (view: View): JSX.Element => {
  const { state, words } = view;
  const { screen } = state;
  if (state.phase === 'starting') return <Screen view={view} heading={words.starting} back={false} />;
  if (state.obstacle !== undefined) return <ObstaclePage view={view} obstacle={state.obstacle} />;
  const home = <Home view={view} />;
  switch (screen.at) {
    case 'home':
      break;
    case 'request':
    case 'report': {
      const request = state.requests.find(({ id }) => id === screen.request);
      if (request === undefined) return home;
      return screen.at === 'request' ? (
        <Request view={view} request={request} />
      ) : (
        <Report view={view} request={request} />
      );
    }
    case 'ended': {
      const ended = state.history.find(({ id }) => id === screen.request);
      return ended === undefined ? home : <EndedRequest view={view} ended={ended} />;
    }
    case 'add':
      return <Add view={view} />;
    case 'scan':
      return <Scan view={view} />;
    case 'pairing':
      return state.pairing === undefined ? home : <PairingSteps view={view} pairing={state.pairing} />;
    case 'codes':
      return <Codes view={view} />;
    case 'history':
      return <History view={view} />;
    case 'settings':
      return <Settings view={view} />;
    case 'entry':
    case 'remove': {
      const entry = entryOf(state, screen.entry);
      if (entry === undefined) return home;
      return screen.at === 'entry' ? <EntryDetails view={view} entry={entry} /> : <Remove view={view} entry={entry} />;
    }
  }
  return home;
};

export const App = ({ state, actions }: { readonly state: AppState; readonly actions: Actions }): JSX.Element => {
  const view: View = { state, actions, words: wordsIn(state.language) };
  const key = screenKey(state);
  const root = useRef<HTMLDivElement>(null);
  const isFirst = useRef(true);

  useLayoutEffect(() => {
    document.documentElement.lang = state.language;
  }, [state.language]);
  // A new screen is read from its heading. The first one is not: the browser reads a new page.
  useLayoutEffect(() => {
    if (!isFirst.current) {
      scrollTo(0, 0);
      root.current?.querySelector('h1')?.focus();
    }
    isFirst.current = false;
    const heading = root.current?.querySelector('h1')?.textContent ?? '';
    document.title = heading === view.words.name ? view.words.fullName : `${heading} · ${view.words.fullName}`;
  }, [key, state.language]);

  return (
    <div class="app" ref={root}>
      <div key={key} class="sheet">
        {screenOf(view)}
      </div>
      <p class="toast" role="status">
        {state.toast !== undefined && view.words.toasts[state.toast]}
      </p>
    </div>
  );
};
