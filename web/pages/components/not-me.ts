/** Draws the advice after somebody reported "this was not me". It is either an attack or a mistake, and both have a next step. */
import type { EpochMillis } from '../../../src/ports/time.ts';
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html } from '../../html.ts';
import { adviceItem } from './ending.ts';
import { icons } from './icons.ts';
import { phraseHtml } from './phrase.ts';

export interface Report {
  readonly options: boolean;
  /** End of the pause of calls. */
  readonly until?: EpochMillis | undefined;
  /** Factors that this person can still use. */
  readonly works?: readonly string[] | undefined;
  /** Reported a moment ago, so it may have been a mistake. */
  readonly justNow?: boolean;
  /** Words that differ from those after a call. */
  readonly text?: Partial<Words['calls']['denied']>;
}

/** True when another option is left. While calls are paused, methods that call do not count. */
export const hasOtherOption = ({ options, works }: Pick<Report, 'options' | 'works'>): boolean =>
  options && works?.length !== 0;

/** The next step of an honest person: after a mistake, or while calls are paused. */
const nextStep = (report: Report, denied: Words['calls']['denied'], { pages }: Words): string => {
  const names = (report.works ?? []).map(factor => pages.methods[factor]?.name ?? factor);
  if (report.justNow === true) return hasOtherOption(report) ? denied.mistake(names) : denied.mistakeAlone;
  if (!hasOtherOption(report)) return denied.deskWorks;
  return names.length === 0 ? denied.othersWork : denied.works(names);
};

/** The warning, the end of the pause, and the next step. */
export const notMe = (report: Report, words: Words): Html => {
  const denied = { ...words.calls.denied, ...report.text };
  return html`<div class="alert stop">${icons.alert}<p><b>${denied.notMe}</b><br>${denied.notMeNext}</p></div>
<ul class="advice">
${report.until !== undefined && adviceItem(icons.clock, phraseHtml(denied.pausedUntil(report.until), words))}
${adviceItem(report.justNow === true ? icons.question : icons.tick, nextStep(report, denied, words))}
</ul>`;
};
