/** Keeps the screens as entries of the browser's history, so that the Back button and gesture work as in any app. */
import type { Screen } from '../state.ts';
import type { Navigation } from '../engine/context.ts';

interface Kept {
  readonly screen: Screen;
  /** Screens of the app behind this one. */
  readonly depth: number;
}

const isKept = (value: unknown): value is Kept =>
  typeof value === 'object' && value !== null && 'screen' in value && 'depth' in value;

/** `show`: draws a screen. Begins at home, whatever was open before a reload. */
export const createNavigation = (show: (screen: Screen) => void): Navigation => {
  let depth = 0;
  const home: Screen = { at: 'home' };
  // Without the fragment, so that the secret of a pairing does not stay in the address.
  history.replaceState({ screen: home, depth }, '', location.pathname);
  addEventListener('popstate', ({ state }) => {
    const kept: unknown = state;
    if (!isKept(kept)) return;
    ({ depth } = kept);
    show(kept.screen);
  });
  return {
    go(screen, { replace } = { replace: screen.at === 'home' }) {
      depth += replace ? 0 : 1;
      const kept: Kept = { screen, depth };
      if (replace) history.replaceState(kept, '');
      else history.pushState(kept, '');
      show(screen);
    },
    back() {
      if (depth > 0) history.back();
      else show(home);
    },
  };
};
