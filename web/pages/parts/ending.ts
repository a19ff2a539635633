/** How a second step ends that came to nothing: where it broke, what helps, the next step, what to read to a help desk. */
import type { EndWords } from '../../../src/locales/end-words.ts';
import type { EpochMillis } from '../../../src/ports/time.ts';
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html, type Value } from '../../html.ts';
import { linksOf } from '../links.ts';
import type { Ended, StepFrame } from '../props.ts';
import { lookAgain, post, wayOut } from './actions.ts';
import { details } from './details.ts';
import { icons } from './icons.ts';
import { say } from './phrase.ts';
import type { Layout } from './layout.ts';

export interface Ending {
  readonly reason: Ended;
  readonly said: EndWords;
  /** `IDP-2103`. */
  readonly label: string;
  /** The picture of how far it came, interrupted. */
  readonly track?: Value;
  /** The earliest moment it may be begun again. */
  readonly until?: EpochMillis | undefined;
  /** On the button that begins it again. */
  readonly again: string;
  /** A form that takes its place where beginning again would not help. */
  readonly instead?: Value;
  /** What to do after "this was not me". */
  readonly afterReport?: Value;
  /** Beside what helps: the thing it is about. */
  readonly icon?: Html;
  /** Further rows of advice. */
  readonly more?: Value;
}

/** These do not get better by trying again, as long as a sign-in lasts. */
const final: ReadonlySet<Ended> = new Set(['paused', 'disabled', 'number-refused', 'send-limit']);

/** One row of advice with its drawing. */
export const tip = (icon: Html, sentence: Value): Html => html`<li>${icon}<span>${sentence}</span></li>`;

export const ending = (
  props: StepFrame,
  { reason, said, label, track, until, again, instead, afterReport, more, icon = icons.handset }: Ending,
  words: Words,
): Pick<Layout, 'body' | 'wrong' | 'scripts'> => {
  const { uid, now, reference } = props;
  const rests = until !== undefined && until > now && !final.has(reason);
  const rows = [
    said.advice !== undefined && tip(rests ? icons.alert : icon, said.advice),
    rests && tip(icons.clock, say(words.frame.tryAgainAt(now, until))),
    more,
  ].filter(row => row !== false && row !== undefined);
  const next = rests ? lookAgain(props, until, words) : !final.has(reason) && post(linksOf(uid).again, again);
  return {
    wrong: true,
    scripts: ['small.js'],
    body: html`${track}
${afterReport}
${rows.length > 0 && html`<ul class="advice">${rows}</ul>`}
<div class="actions">${next || instead}${wayOut(props, words)}</div>
${details({ reference, at: now, code: { label, term: said.term }, open: true }, words)}`,
  };
};
