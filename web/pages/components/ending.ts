/** Draws the end of a second step that failed: where it failed, advice, the next step, and the details for a help desk. */
import type { EndReason } from '../../../src/end-reason.ts';
import type { EndWords } from '../../../src/locales/end-words.ts';
import type { EpochMillis } from '../../../src/ports/time.ts';
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html, type Value } from '../../html.ts';
import { linksOf } from '../links.ts';
import type { StepFrame } from '../step-props.ts';
import { buttonForm, otherOptionLink } from './actions.ts';
import { details } from './details.ts';
import { icons } from './icons.ts';
import type { Layout } from './layout.ts';
import { isWaiting, waitSentence } from './wait.ts';

export interface Ending {
  readonly reason: EndReason;
  readonly text: EndWords;
  /** `IDP-2103`. */
  readonly label: string;
  /** The steps of the call, with the one that failed. */
  readonly track?: Value;
  /** When it can be started again, at the earliest. */
  readonly until?: EpochMillis | undefined;
  /** Label of the button that starts it again. */
  readonly again: string;
  /** The person may start it again although they declined: they did so on purpose, on another screen. */
  readonly mayRepeat?: boolean;
  /** A form to show where that button would not help. */
  readonly instead?: Value;
  /** Advice after "this was not me". */
  readonly afterReport?: Value;
  /** Icon of the first piece of advice. */
  readonly icon?: Html;
  /** Further pieces of advice. */
  readonly more?: Value;
}

/** Reasons after which no other attempt is offered: the person declined, or it would fail again for longer than a sign-in. */
const final: ReadonlySet<EndReason> = new Set(['paused', 'declined', 'disabled', 'number-refused', 'push-spent']);

/** One piece of advice with its icon. */
export const adviceItem = (icon: Html, sentence: Value): Html => html`<li>${icon}<span>${sentence}</span></li>`;

/** Everything below the lead of such a page. */
export const ending = (
  props: StepFrame,
  {
    reason,
    text,
    label,
    track,
    until,
    again,
    mayRepeat = false,
    instead,
    afterReport,
    more,
    icon = icons.handset,
  }: Ending,
  words: Words,
): Pick<Layout, 'body' | 'isError' | 'reload' | 'scripts'> => {
  const { uid, now, reference } = props;
  const isFinal = final.has(reason) && !mayRepeat;
  const mustWait = isWaiting(now, until) && !isFinal;
  const advice = [text.advice !== undefined && adviceItem(mustWait ? icons.alert : icon, text.advice), more].filter(
    item => item !== false && item !== undefined,
  );
  const next = !isFinal && buttonForm(linksOf(uid).again, again, mustWait ? 'later' : 'primary');
  return {
    isError: true,
    ...(mustWait && { reload: { after: until - now, to: linksOf(uid).here } }),
    scripts: mustWait ? ['wait.js'] : [],
    body: html`${track}
${afterReport}
${advice.length > 0 && html`<ul class="advice">${advice}</ul>`}
${mustWait && waitSentence({ now, until }, words)}
<div class="actions">${next || instead}${otherOptionLink(props, words)}</div>
${details({ reference, at: now, code: { label, term: text.term }, open: true }, words)}`,
  };
};
