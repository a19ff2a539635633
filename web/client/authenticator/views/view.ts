/** Defines what every view is given, and how moments and names are shown. */
import type { EpochMillis } from '../../../../src/ports/time.ts';
import { browserOfText } from '../../../../src/user-agent.ts';
import type { Actions, AppState, Entry } from '../state.ts';
import type { AppWords } from '../words.ts';

export interface View {
  readonly state: AppState;
  readonly actions: Actions;
  readonly words: AppWords;
}

/** Whole seconds from `now` to `until`, rounded up; 0 once that has passed. */
export const secondsTo = (now: EpochMillis, until: EpochMillis): number => Math.max(0, Math.ceil((until - now) / 1000));

/** Whole seconds since a moment; 0 where the clock was set back. */
export const secondsSince = (now: EpochMillis, at: EpochMillis): number => Math.max(0, Math.floor((now - at) / 1000));

/** `14:32`, with its day where that is not today. In the time zone of the device, and in its region where that has the language. */
export const momentText = (at: EpochMillis, now: EpochMillis, language: string): string => {
  const regions = navigator.languages.filter(each => each.startsWith(language));
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return new Intl.DateTimeFormat([...regions, language], {
    ...(!isToday && { day: 'numeric', month: 'short' }),
    hour: 'numeric',
    minute: '2-digit',
  }).format(at);
};

/** A browser that the server named, in the language of the app. */
export const browserText = (named: string, words: AppWords): string => {
  const { browser, system } = browserOfText(named);
  return words.browser(browser, system);
};

/** `482 913`: a code in two halves, as people read it aloud. */
export const spacedCode = (code: string): string =>
  code.length > 5 ? `${code.slice(0, code.length / 2)} ${code.slice(code.length / 2)}` : code;

export const entryOf = ({ entries }: AppState, id: Entry['id']): Entry | undefined =>
  entries.find(each => each.id === id);
