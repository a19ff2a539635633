/** What to do after somebody said "this was not me": it is either an attack or a mistake, and both have a next step. */
import type { EpochMillis } from '../../../src/ports/time.ts';
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html } from '../../html.ts';
import { tip } from './ending.ts';
import { icons } from './icons.ts';
import { say } from './phrase.ts';

export interface Report {
  readonly options: boolean;
  /** Calls rest that long. */
  readonly until?: EpochMillis | undefined;
  /** Factors that this person can still use. */
  readonly works?: readonly string[] | undefined;
  /** It was said just now, so it may have been a slip. */
  readonly justNow?: boolean;
}

/** Whether another option is worth offering: while calls rest, one that rings a telephone is none. */
export const isLeft = ({ options, works }: Pick<Report, 'options' | 'works'>): boolean =>
  options && works?.length !== 0;

/** The next step of an honest person: after a slip just now, or while calls rest. */
const instead = (report: Report, { calls: { denied }, pages }: Words): string => {
  const names = (report.works ?? []).map(type => pages.methods[type]?.name ?? type);
  if (report.justNow === true) return isLeft(report) ? denied.mistake(names) : denied.mistakeAlone;
  if (!isLeft(report)) return denied.deskWorks;
  return names.length === 0 ? denied.othersWork : denied.works(names);
};

export const notMe = (report: Report, words: Words): Html => {
  const { denied } = words.calls;
  return html`<div class="alert stop">${icons.alert}<p><b>${denied.notMe}</b><br>${denied.notMeNext}</p></div>
<ul class="advice">
${report.until !== undefined && tip(icons.clock, say(denied.rests(report.until)))}
${tip(report.justNow === true ? icons.question : icons.tick, instead(report, words))}
</ul>`;
};
