/** Draws the page of a call that proves a number to be set up: while it rings, after it was answered, and after it ended. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { submitButton } from './components/actions.ts';
import { keypad, numberDisplay } from './components/call-display.ts';
import { details } from './components/details.ts';
import { limitOf } from './components/developer-note.ts';
import { adviceItem } from './components/ending.ts';
import { enrollLayout, insteadForm, waysBack, type EnrollContent } from './components/enroll-layout.ts';
import { icons } from './components/icons.ts';
import { liveRegion, reloadWithoutScript, statusLine } from './components/live-region.ts';
import { withoutExtension } from './components/masked-number.ts';
import { brokenTrack, track } from './components/track.ts';
import { isWaiting, waitSentence } from './components/wait.ts';
import type { EnrollCallPage } from './enroll-props.ts';
import { enrollLinksOf, fields } from './links.ts';
import { outcomeCodes } from './outcome-codes.ts';
import type { CallPage } from './step-props.ts';
import { callStatus } from './waiting.ts';

type StateOf<Kind extends CallPage['state']['kind']> = Extract<CallPage['state'], { readonly kind: Kind }>;

const calling = (props: EnrollCallPage, state: StateOf<'calling'>, words: Words): EnrollContent => {
  const { uid, sentTo, extension, show, now, reference } = props;
  const { calls, enroll, frame } = words;
  const { progress, begunAt, until } = state;
  const { events, answer } = enrollLinksOf(uid);
  const span = { now, since: begunAt, until };
  const seconds = String(Math.max(0, Math.ceil((until - now) / 1000)));
  const left = html`<span class="scripted" data-left="${frame.secondsLeft('{n}')}">${frame.secondsLeft(seconds)}</span>`;
  const button = html`<button class="button primary" type="submit">${calls.checkAgain}</button>`;
  return {
    heading: calls.heading(withoutExtension(sentTo, extension)),
    lead: extension === undefined ? enroll.call.sentence() : enroll.call.extensionSentence(extension),
    scripts: ['waiting.js'],
    reload: reloadWithoutScript(uid),
    body: html`${liveRegion(
      { uid, events, progress, span },
      html`${show === undefined ? keypad(span) : numberDisplay(show, span)}
${statusLine(callStatus(state, props, words), left)}
${track(progress, words)}
<div class="actions"><form method="post" action="${answer}" data-autosubmit=""><noscript>${button}</noscript><button class="button primary" type="submit" hidden>${calls.checkAgain}</button></form></div>`,
    )}
${waysBack(uid, words, true)}
${details({ reference, at: now }, words)}`,
  };
};

const passed = ({ uid }: EnrollCallPage, words: Words): EnrollContent => ({
  heading: words.enroll.call.passedHeading,
  lead: words.enroll.call.passedSentence,
  scripts: ['autosubmit.js'],
  body: html`<div data-progress="passed">${track('passed', words)}
<div class="actions"><form method="post" action="${enrollLinksOf(uid).answer}" data-autosubmit="">${submitButton(words.frame.continue)}</form></div></div>`,
});

/** A call that ended, or that somebody answered with "this was not me". Another way to the same number, and other numbers, stay. */
const over = (props: EnrollCallPage, state: StateOf<'ended' | 'denied'>, words: Words): EnrollContent => {
  const { uid, sentTo, instead, now, reference } = props;
  const { calls, enroll } = words;
  const reason = state.kind === 'denied' ? 'denied' : state.reason;
  const text = reason === 'denied' ? { ...calls.denied, sentence: () => calls.denied.sentence } : calls.ends[reason];
  const { until } = state;
  const isFinal = ['denied', 'paused', 'number-refused', 'opted-out'].includes(reason);
  const mustWait = !isFinal && isWaiting(now, until);
  const progress = state.kind === 'ended' ? (state.progress ?? 'starting') : 'answered';
  const advice = 'advice' in text ? text.advice : undefined;
  return {
    heading: text.heading,
    lead: text.sentence(sentTo, props.client.name),
    isError: true,
    limit: reason === 'denied' ? 'pause' : limitOf(reason),
    scripts: mustWait ? ['wait.js'] : [],
    body: html`${brokenTrack(reason, progress, text.step, words)}
${advice !== undefined && html`<ul class="advice">${adviceItem(icons.handset, advice)}</ul>`}
${mustWait && waitSentence({ now, until: until ?? now }, words)}
<div class="actions">${!isFinal && html`<form method="post" action="${enrollLinksOf(uid).again}"><input type="hidden" name="${fields.by}" value="call">${submitButton(enroll.again['call'], mustWait ? 'later' : 'primary')}</form>`}${reason !== 'denied' && reason !== 'paused' && insteadForm(uid, instead, words)}</div>
${waysBack(uid, words, true)}
${details({ reference, at: now, code: { label: outcomeCodes.call(reason), term: text.term }, open: true }, words)}`,
  };
};

const contentOf = (props: EnrollCallPage, words: Words): EnrollContent => {
  const { state } = props;
  if (state.kind === 'calling') return calling(props, state, words);
  return state.kind === 'passed' ? passed(props, words) : over(props, state, words);
};

/** The page of such a call, in every state. */
export const enrollCallPage = (props: EnrollCallPage, words: Words): Html =>
  enrollLayout(props, contentOf(props, words), words);
