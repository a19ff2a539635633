/** Draws a wait. `wait.js` counts it down and then makes its button ready; without script the sentence tells the time of its end. */
import type { Phrase } from '../../../src/locales/phrase.ts';
import type { EpochMillis } from '../../../src/ports/time.ts';
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html } from '../../html.ts';
import { icons } from './icons.ts';
import { phraseHtml } from './phrase.ts';

/** Id of the sentence, for the fields and buttons that it describes. A page has at most one wait. */
export const waitId = 'wait';

export interface Wait {
  readonly now: EpochMillis;
  readonly until: EpochMillis;
  /** What happened before, where the page does not say it elsewhere. */
  readonly reason?: string;
  /** When it ends. Default: "Try again in …". */
  readonly sentence?: Phrase;
  /** Something was refused because of the wait: its sentence is an error. */
  readonly isRefusal?: boolean;
}

/** The sentence of a wait. A page with it loads `wait.js`. */
export const waitSentence = (
  { now, until, reason, sentence, isRefusal = false }: Wait,
  words: Words,
): Html => html`<p class="${isRefusal ? 'wrong' : 'wait'}" id="${waitId}" role="${isRefusal && 'alert'}" data-wait="${Math.max(0, until - now)}" data-over="${words.frame.waitOver}">
${isRefusal ? icons.alert : icons.clock}<span>${reason !== undefined && `${reason} `}${phraseHtml(sentence ?? words.frame.tryAgainAt(now, until), words)}</span></p>`;

/** True while `until` is to come. */
export const isWaiting = (now: EpochMillis, until: EpochMillis | undefined): until is EpochMillis =>
  until !== undefined && until > now;
