/**
 * Draws the page of a request in the authenticator: while it waits there, after it was answered, and after it ended. `waiting.js`
 * updates it meanwhile. Nothing is typed on this page: its number is typed on the device.
 */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { otherOptionLink, submitButton } from './components/actions.ts';
import { details } from './components/details.ts';
import { limitOf } from './components/developer-note.ts';
import { ending } from './components/ending.ts';
import { icons } from './components/icons.ts';
import { layout, type Layout } from './components/layout.ts';
import { reloadWithoutScript, statusLine } from './components/live-region.ts';
import { hasOtherOption, notMe } from './components/not-me.ts';
import { rememberBox } from './components/remember-box.ts';
import { requestForm, waitingRequest } from './components/request.ts';
import { linksOf } from './links.ts';
import { outcomeCodes } from './outcome-codes.ts';
import type { ApprovePage } from './step-props.ts';

type StateOf<Kind extends ApprovePage['state']['kind']> = Extract<ApprovePage['state'], { readonly kind: Kind }>;
type Content = Pick<Layout, 'limit' | 'stage' | 'heading' | 'lead' | 'body' | 'isError' | 'reload' | 'scripts'>;

const waiting = (props: ApprovePage, state: StateOf<'waiting'>, words: Words): Content => {
  const { uid, sentTo, show, now, reference, remember } = props;
  // Without script this page is loaded again and again, which would clear the box: there the next page has it.
  const box = rememberBox(remember, words, 'with-script');
  const actions = html`${requestForm(linksOf(uid).factor, words, box)}${otherOptionLink(props, words)}`;
  return {
    stage: 'second-step',
    heading: words.approve.heading,
    lead: words.approve.sentence(sentTo),
    scripts: ['waiting.js'],
    reload: reloadWithoutScript(uid),
    body: html`${waitingRequest({ uid, now, show, sentTo, state, actions }, words)}
${details({ reference, at: now }, words)}`,
  };
};

const passed = ({ uid, client, remember }: ApprovePage, words: Words): Content => {
  const { approve, frame } = words;
  // With script the form is sent at once, and the box stood on the page before.
  const box = remember !== undefined && html`<noscript>${rememberBox(remember, words)}</noscript>`;
  return {
    stage: 'signed-in',
    heading: approve.passedHeading,
    lead: approve.passedSentence(client.name),
    scripts: ['autosubmit.js'],
    body: html`<div data-progress="passed">
${statusLine(approve.passedStatus(client.name))}
<div class="actions"><form method="post" action="${linksOf(uid).factor}" data-autosubmit="">${box}${submitButton(frame.continue)}</form></div>
</div>`,
  };
};

const denied = (props: ApprovePage, { until }: StateOf<'denied'>, words: Words): Content => {
  const { options, works, reference, now } = props;
  const text = words.approve.denied;
  const code = { label: outcomeCodes.request('denied'), term: text.term };
  return {
    stage: 'second-step',
    heading: text.heading,
    lead: text.sentence,
    isError: true,
    limit: 'pause',
    body: html`${notMe({ options, until, works, justNow: true, text }, words)}
<div class="actions">${otherOptionLink({ ...props, options: hasOtherOption(props) }, words)}</div>
${details({ reference, at: now, code, open: true }, words)}`,
  };
};

const ended = (props: ApprovePage, { reason, until }: StateOf<'ended'>, words: Words): Content => {
  const { sentTo, client, options, works } = props;
  const { ends, denied: report } = words.approve;
  const text = ends[reason] ?? ends.lost;
  return {
    stage: 'second-step',
    heading: text.heading,
    lead: text.sentence(sentTo, client.name),
    limit: limitOf(reason),
    ...ending(
      reason === 'paused' ? { ...props, options: hasOtherOption(props) } : props,
      {
        reason,
        text,
        label: outcomeCodes.request(reason),
        until,
        icon: icons.approve,
        mayRepeat: reason === 'declined',
        again: words.pages.methods['push']?.again ?? words.frame.tryAgain,
        afterReport: reason === 'paused' && notMe({ options, until, works, text: report }, words),
      },
      words,
    ),
  };
};

const contentOf = (props: ApprovePage, words: Words): Content => {
  const { state } = props;
  if (state.kind === 'waiting') return waiting(props, state, words);
  if (state.kind === 'passed') return passed(props, words);
  return state.kind === 'denied' ? denied(props, state, words) : ended(props, state, words);
};

/** The page of a request, in every state. */
export const approvePage = (props: ApprovePage, words: Words): Html => {
  const { client, account, uid, reference, developerNotes } = props;
  const why = props.state.kind === 'waiting' ? props.why : undefined;
  return layout({ client, account, uid, reference, why, developerNotes, ...contentOf(props, words) }, words);
};
