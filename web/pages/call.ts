/** Draws the page of a call: while it rings, after it was answered, and after it ended. `waiting.js` updates it meanwhile. */
import type { Phrase } from '../../src/locales/phrase.ts';
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html, type Value } from '../html.ts';
import { otherOptionLink } from './components/actions.ts';
import { keypad, numberDisplay } from './components/call-display.ts';
import { details } from './components/details.ts';
import { limitOf } from './components/developer-note.ts';
import { adviceItem, ending } from './components/ending.ts';
import { otherCallWords, watchOtherCall, withWatch } from './components/other-call.ts';
import { icons } from './components/icons.ts';
import { layout, type Layout } from './components/layout.ts';
import { liveRegion, reloadWithoutScript, statusLine } from './components/live-region.ts';
import { withoutExtension } from './components/masked-number.ts';
import { hasOtherOption, notMe } from './components/not-me.ts';
import { rememberBox } from './components/remember-box.ts';
import { phraseHtml } from './components/phrase.ts';
import { brokenTrack, track } from './components/track.ts';
import { linksOf } from './links.ts';
import { outcomeCodes } from './outcome-codes.ts';
import type { CallPage } from './step-props.ts';
import { callStatus } from './waiting.ts';

type StateOf<Kind extends CallPage['state']['kind']> = Extract<CallPage['state'], { readonly kind: Kind }>;
type Content = Pick<Layout, 'limit' | 'stage' | 'heading' | 'lead' | 'body' | 'isError' | 'reload' | 'scripts'>;

const instruction = ({ show, extension, client }: CallPage, { calls }: Words): Phrase => {
  const text = show === undefined ? calls : calls.number;
  return extension === undefined ? text.sentence(client.name) : text.extensionSentence(extension, client.name);
};

const calling = (props: CallPage, state: StateOf<'calling'>, words: Words): Content => {
  const { progress, begunAt, until } = state;
  const { uid, sentTo, now, reference, show, extension, remember } = props;
  const { calls, frame } = words;
  const seconds = String(Math.max(0, Math.ceil((until - now) / 1000)));
  const span = { now, since: begunAt, until };
  // Without script this page is loaded again and again, which would clear the box: there the page after the call has it.
  const box = rememberBox(remember, words, 'with-script');
  const left = html`<span class="scripted" data-left="${frame.secondsLeft('{n}')}">${frame.secondsLeft(seconds)}</span>`;
  return {
    stage: 'second-step',
    heading: calls.heading(withoutExtension(sentTo, extension)),
    lead: [...instruction(props, words), ' ', ...calls.report(props.pause)],
    scripts: ['waiting.js'],
    reload: reloadWithoutScript(uid),
    body: html`${liveRegion(
      { uid, progress, span },
      html`${show === undefined ? keypad(span) : numberDisplay(show, span)}
${statusLine(callStatus(state, props, words), left)}
${track(progress, words)}
<div class="actions">${continueForm(uid, calls.checkAgain, { forNoScript: true, box })}${otherOptionLink(props, words)}</div>`,
    )}
${details({ reference, at: now }, words)}`,
  };
};

// `waiting.js` submits this form when the call has passed. It shows the button only where it receives no events.
const continueForm = (
  uid: string,
  label: string,
  { forNoScript, box }: { readonly forNoScript: boolean; readonly box: Value },
): Html => {
  const button = html`<button class="button primary" type="submit">${label}</button>`;
  return html`<form method="post" action="${linksOf(uid).factor}" data-autosubmit="">${box}${forNoScript ? html`<noscript>${button}</noscript><button class="button primary" type="submit" hidden>${label}</button>` : button}</form>`;
};

const passed = ({ uid, client, remember }: CallPage, words: Words): Content => {
  // With script the form is sent at once, and the box stood on the page before.
  const box = remember !== undefined && html`<noscript>${rememberBox(remember, words)}</noscript>`;
  return {
    stage: 'signed-in',
    heading: words.calls.passedHeading,
    lead: words.calls.passedSentence(client.name),
    scripts: ['autosubmit.js'],
    body: html`<div data-progress="passed">
${statusLine(words.calls.passedStatus(client.name))}
${track('passed', words)}
<div class="actions">${continueForm(uid, words.frame.continue, { forNoScript: false, box })}</div>
</div>`,
  };
};

const denied = (props: CallPage, { until }: StateOf<'denied'>, words: Words): Content => {
  const { options, works, reference, now } = props;
  const text = words.calls.denied;
  const code = { label: outcomeCodes.call('denied'), term: text.term };
  return {
    stage: 'second-step',
    heading: text.heading,
    lead: text.sentence,
    isError: true,
    limit: 'pause',
    body: html`${brokenTrack('denied', 'answered', text.step, words)}
${notMe({ options, until, works, justNow: true }, words)}
<div class="actions">${otherOptionLink({ ...props, options: hasOtherOption(props) }, words)}</div>
${details({ reference, at: now, code, open: true }, words)}`,
  };
};

/** Reasons after which the phone may have rung without being recognised. The page then tells which number calls. */
const mayBeUnrecognised: ReadonlySet<string> = new Set(['busy', 'no-answer', 'unreachable', 'machine', 'expired']);

const ended = (props: CallPage, state: StateOf<'ended'>, words: Words): Content => {
  const { sentTo, client, callsFrom, options, works } = props;
  const { reason, progress = 'starting', until, otherCall } = state;
  const other = otherCallWords(state, sentTo, words);
  const text = { ...words.calls.ends[reason], ...other };
  return {
    stage: 'second-step',
    heading: text.heading,
    lead: text.sentence(sentTo, client.name),
    limit: limitOf(reason),
    ...withWatch(
      ending(
        reason === 'paused' ? { ...props, options: hasOtherOption(props) } : props,
        {
          reason,
          text,
          label: outcomeCodes.call(reason),
          track: html`${brokenTrack(reason, progress, text.step, words)}${watchOtherCall(props, otherCall)}`,
          until,
          again: other?.again ?? words.calls.callAgain,
          afterReport: reason === 'paused' && notMe({ options, until, works }, words),
          more:
            mayBeUnrecognised.has(reason) &&
            callsFrom !== undefined &&
            adviceItem(icons.phone, phraseHtml(words.calls.callsFrom(callsFrom), words)),
        },
        words,
      ),
      props,
      otherCall,
    ),
  };
};

const contentOf = (props: CallPage, words: Words): Content => {
  const { state } = props;
  if (state.kind === 'calling') return calling(props, state, words);
  if (state.kind === 'passed') return passed(props, words);
  return state.kind === 'denied' ? denied(props, state, words) : ended(props, state, words);
};

/** The page of a call, in every state. */
export const callPage = (props: CallPage, words: Words): Html => {
  const { client, account, uid, reference, developerNotes } = props;
  const why = props.state.kind === 'calling' ? props.why : undefined;
  return layout({ client, account, uid, reference, why, developerNotes, ...contentOf(props, words) }, words);
};
