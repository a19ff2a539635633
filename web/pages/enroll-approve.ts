/** Draws the page of the request that ends a pairing: while it waits on the device, after its answer, and after it ended. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { submitButton } from './components/actions.ts';
import { details } from './components/details.ts';
import { adviceItem } from './components/ending.ts';
import { enrollLayout, waysBack, type EnrollContent } from './components/enroll-layout.ts';
import { icons } from './components/icons.ts';
import { reloadWithoutScript } from './components/live-region.ts';
import { requestForm, waitingRequest } from './components/request.ts';
import { isWaiting, waitSentence } from './components/wait.ts';
import type { EnrollApprovePage } from './enroll-props.ts';
import { enrollLinksOf, fields } from './links.ts';
import { outcomeCodes } from './outcome-codes.ts';

type StateOf<Kind extends EnrollApprovePage['state']['kind']> = Extract<
  EnrollApprovePage['state'],
  { readonly kind: Kind }
>;

const waiting = (props: EnrollApprovePage, state: StateOf<'waiting'>, words: Words): EnrollContent => {
  const { uid, sentTo, show, now, reference } = props;
  const { events, answer } = enrollLinksOf(uid);
  const { test } = words.pairing;
  return {
    heading: test.heading,
    lead: test.sentence(sentTo),
    scripts: ['waiting.js'],
    reload: reloadWithoutScript(uid),
    body: html`${waitingRequest({ uid, events, now, show, sentTo, state, actions: requestForm(answer, words) }, words)}
${waysBack(uid, words)}
${details({ reference, at: now }, words)}`,
  };
};

const passed = ({ uid }: EnrollApprovePage, words: Words): EnrollContent => ({
  heading: words.pairing.test.passedHeading,
  lead: words.pairing.test.passedSentence,
  scripts: ['autosubmit.js'],
  body: html`<div class="actions" data-progress="passed"><form method="post" action="${enrollLinksOf(uid).answer}" data-autosubmit="">${submitButton(words.frame.continue)}</form></div>`,
});

/** The same device is asked again; after "this was not me" it is not, nor where it was paired before. */
const over = (props: EnrollApprovePage, state: StateOf<'ended' | 'denied'>, words: Words): EnrollContent => {
  const { uid, sentTo, client, now, reference } = props;
  const { approve, pairing } = words;
  const { until } = state;
  const isDenied = state.kind === 'denied' || state.reason === 'paused';
  const reason = state.kind === 'denied' ? 'denied' : state.reason;
  const end = approve.ends[reason] ?? approve.ends.lost;
  const advice = isDenied ? pairing.test.advice : end.advice;
  const canRepeat = !isDenied && reason !== 'bound';
  const mustWait = canRepeat && isWaiting(now, until);
  const again = html`<form method="post" action="${enrollLinksOf(uid).pair}"><input type="hidden" name="${fields.isOwnDevice}" value="yes">${submitButton(pairing.test.again, mustWait ? 'later' : 'primary')}</form>`;
  const code = {
    label: outcomeCodes.request(reason),
    term: reason === 'denied' ? approve.denied.term : end.term,
  };
  return {
    heading: pairing.test.stopped,
    lead: isDenied ? pairing.test.denied : end.sentence(sentTo, client.name),
    isError: true,
    scripts: mustWait ? ['wait.js'] : [],
    body: html`${advice !== undefined && html`<ul class="advice">${adviceItem(icons.approve, advice)}</ul>`}
${mustWait && waitSentence({ now, until: until ?? now }, words)}
<div class="actions">${canRepeat && again}</div>
${waysBack(uid, words)}
${details({ reference, at: now, code, open: true }, words)}`,
  };
};

const contentOf = (props: EnrollApprovePage, words: Words): EnrollContent => {
  const { state } = props;
  if (state.kind === 'waiting') return waiting(props, state, words);
  return state.kind === 'passed' ? passed(props, words) : over(props, state, words);
};

/** The page of such a request, in every state. */
export const enrollApprovePage = (props: EnrollApprovePage, words: Words): Html =>
  enrollLayout(props, contentOf(props, words), words);
