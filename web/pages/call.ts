/** The second step by telephone: the phone answers, this page watches and goes on. */
import type { Phrase } from '../../src/locales/phrase.ts';
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { linksOf } from './links.ts';
import { outcomeCodes } from './outcome-codes.ts';
import { wayOut } from './parts/actions.ts';
import { details } from './parts/details.ts';
import { ending, tip } from './parts/ending.ts';
import { icons } from './parts/icons.ts';
import { keypad } from './parts/keypad.ts';
import { lineOf } from './parts/line.ts';
import { live, statusLine } from './parts/live-region.ts';
import { isLeft, notMe } from './parts/not-me.ts';
import { say } from './parts/phrase.ts';
import { numberDisplay } from './parts/number-display.ts';
import { layout, type Layout } from './parts/layout.ts';
import { brokenTrack, track } from './parts/track.ts';
import type { CallPage } from './props.ts';
import { callStatus } from './waiting.ts';

type Of<Kind extends CallPage['state']['kind']> = Extract<CallPage['state'], { readonly kind: Kind }>;
type Part = Pick<Layout, 'heading' | 'lead' | 'body' | 'wrong' | 'scripts' | 'door'>;

const whatToDo = ({ show, extension, client }: CallPage, { calls }: Words): Phrase => {
  const said = show === undefined ? calls : calls.number;
  return extension === undefined ? said.sentence(client.name) : said.extensionSentence(extension, client.name);
};

const calling = (props: CallPage, { progress, begunAt, until }: Of<'calling'>, words: Words): Part => {
  const { uid, sentTo, now, reference, show, extension } = props;
  const { calls, frame } = words;
  const seconds = String(Math.max(0, Math.ceil((until - now) / 1000)));
  const span = { now, since: begunAt, until };
  const left = html`<span data-left="${frame.secondsLeft('{n}')}">${frame.secondsLeft(seconds)}</span>`;
  return {
    door: 'second',
    heading: calls.heading(lineOf(sentTo, extension)),
    lead: whatToDo(props, words),
    scripts: ['waiting.js', 'small.js'],
    body: html`${live(
      { uid, progress, span },
      html`${show === undefined ? keypad(span) : numberDisplay(show, span)}
${statusLine(callStatus(progress, props, words), left)}
${track(progress, words)}
<div class="actions">${goOn(uid, calls.checkAgain, true)}${wayOut(props, words)}</div>`,
    )}
${details({ reference, at: now }, words)}`,
  };
};

// Where script runs, it posts this form when the phone has answered, and shows the button only where it can hear nothing.
const goOn = (uid: string, label: string, forNoScript: boolean): Html => {
  const button = html`<button class="button primary" type="submit">${label}</button>`;
  return html`<form method="post" action="${linksOf(uid).factor}" data-onward="">${forNoScript ? html`<noscript>${button}</noscript><button class="button primary" type="submit" hidden>${label}</button>` : button}</form>`;
};

const passed = ({ uid, client }: CallPage, words: Words): Part => ({
  door: 'through',
  heading: words.calls.throughHeading,
  lead: words.calls.throughSentence(client.name),
  scripts: ['onward.js'],
  body: html`<div data-progress="passed">
${statusLine(words.calls.through(client.name))}
${track('passed', words)}
<div class="actions">${goOn(uid, words.frame.continue, false)}</div>
</div>`,
});

const denied = (props: CallPage, { until }: Of<'denied'>, words: Words): Part => {
  const { options, works, reference, now } = props;
  const said = words.calls.denied;
  const code = { label: outcomeCodes.call('denied'), term: said.term };
  return {
    door: 'second',
    heading: said.heading,
    lead: said.sentence,
    wrong: true,
    scripts: ['small.js'],
    body: html`${brokenTrack('denied', 'answered', said.step, words)}
${notMe({ options, until, works, justNow: true }, words)}
<div class="actions">${wayOut({ ...props, options: isLeft(props) }, words)}</div>
${details({ reference, at: now, code, open: true }, words)}`,
  };
};

// Only where the phone may have rung, and nobody knew whose call it was.
const maybeUnheard: ReadonlySet<string> = new Set(['busy', 'no-answer', 'unreachable', 'machine', 'expired']);

const ended = (props: CallPage, { reason, progress = 'starting', until }: Of<'ended'>, words: Words): Part => {
  const { sentTo, client, callsFrom, options, works } = props;
  const said = words.calls.outcomes[reason];
  return {
    door: 'second',
    heading: said.heading,
    lead: said.sentence(sentTo, client.name),
    ...ending(
      reason === 'paused' ? { ...props, options: isLeft(props) } : props,
      {
        reason,
        said,
        label: outcomeCodes.call(reason),
        track: brokenTrack(reason, progress, said.step, words),
        until,
        again: words.calls.callAgain,
        afterReport: reason === 'paused' && notMe({ options, until, works }, words),
        more:
          maybeUnheard.has(reason) &&
          callsFrom !== undefined &&
          tip(icons.phone, say(words.calls.callsFrom(callsFrom))),
      },
      words,
    ),
  };
};

const partOf = (props: CallPage, words: Words): Part => {
  const { state } = props;
  if (state.kind === 'calling') return calling(props, state, words);
  if (state.kind === 'passed') return passed(props, words);
  return state.kind === 'denied' ? denied(props, state, words) : ended(props, state, words);
};

export const callPage = (props: CallPage, words: Words): Html => {
  const { client, account, uid, reference } = props;
  return layout({ client, account, uid, reference, ...partOf(props, words) }, words);
};
