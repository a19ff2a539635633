/** The second step by telephone: the phone answers, this page watches and goes on. */
import type { Words } from '../../src/wording.ts';
import { html, type Html } from '../html.ts';
import { linksOf } from './links.ts';
import { outcomeCodes } from './outcome-codes.ts';
import { lookAgain, post, wayOut } from './parts/actions.ts';
import { details } from './parts/details.ts';
import { icons } from './parts/icons.ts';
import { keypad } from './parts/keypad.ts';
import { say } from './parts/phrase.ts';
import { sheet, type Sheet } from './parts/sheet.ts';
import { brokenTrack, track } from './parts/track.ts';
import type { CallPage } from './props.ts';

type Of<Kind extends CallPage['state']['kind']> = Extract<CallPage['state'], { readonly kind: Kind }>;
type Part = Pick<Sheet, 'heading' | 'lead' | 'body' | 'wrong' | 'scripts' | 'door'>;

const calling = (props: CallPage, { progress, begunAt, until }: Of<'calling'>, words: Words): Part => {
  const { uid, sentTo, client, now, reference } = props;
  const { calls, frame } = words;
  const seconds = String(Math.max(0, Math.ceil((until - now) / 1000)));
  return {
    door: 'second',
    heading: calls.heading(sentTo),
    lead: calls.sentence(client.name),
    scripts: ['waiting.js', 'small.js'],
    body: html`<div data-waiting="${linksOf(uid).events}" data-progress="${progress}" data-now="${now}" data-since="${begunAt}" data-until="${until}">
${keypad(now, begunAt, until)}
<div class="status"><p role="status"><span class="dot"></span><span data-status="">${calls.status[progress]}</span></p><span data-left="${frame.secondsLeft('{n}')}">${frame.secondsLeft(seconds)}</span></div>
${track(progress, words)}
<div class="actions">${goOn(uid, calls.checkAgain, true)}${wayOut(props, words)}</div>
</div>
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
<div class="status"><p role="status"><span class="dot"></span>${words.calls.through(client.name)}</p></div>
${track('passed', words)}
<div class="actions">${goOn(uid, words.frame.continue, false)}</div>
</div>`,
});

const denied = (props: CallPage, { until }: Of<'denied'>, words: Words): Part => {
  const said = words.calls.denied;
  const code = { label: outcomeCodes.call('denied'), term: said.term };
  return {
    door: 'second',
    heading: said.heading,
    lead: said.sentence,
    wrong: true,
    scripts: ['small.js'],
    body: html`${brokenTrack('denied', 'answered', said.step, words)}
<div class="alert stop">${icons.alert}<p><b>${said.notMe}</b><br>${said.notMeNext}</p></div>
<ul class="advice">
${until !== undefined && html`<li>${icons.clock}<span>${say(said.rests(until))}</span></li>`}
<li>${icons.question}<span>${props.options ? said.mistake : said.mistakeAlone}</span></li>
</ul>
<div class="actions">${wayOut(props, words)}</div>
${details({ reference: props.reference, at: props.now, code, open: true }, words)}`,
  };
};

// Only where the phone may have rung, and nobody knew whose call it was.
const maybeUnheard: ReadonlySet<string> = new Set(['busy', 'no-answer', 'unreachable', 'expired']);
// These do not get better by calling again.
const final: ReadonlySet<string> = new Set(['paused', 'disabled']);

const ended = (props: CallPage, { why, progress = 'starting', until }: Of<'ended'>, words: Words): Part => {
  const { sentTo, client, now, callsFrom, reference } = props;
  const said = words.calls.outcomes[why];
  const rests = until !== undefined && until > now;
  return {
    door: 'second',
    heading: said.heading,
    lead: said.sentence(sentTo, client.name),
    wrong: true,
    scripts: ['small.js'],
    body: html`${brokenTrack(why, progress, said.step, words)}
<ul class="advice">
${said.advice !== undefined && html`<li>${icons.handset}<span>${said.advice}</span></li>`}
${rests && html`<li>${icons.clock}<span>${say(words.frame.tryAgainAt(now, until))}</span></li>`}
${maybeUnheard.has(why) && callsFrom !== undefined && html`<li>${icons.phone}<span>${say(words.calls.callsFrom(callsFrom))}</span></li>`}
</ul>
<div class="actions">${!final.has(why) && !rests && post(linksOf(props.uid).again, words.calls.callAgain)}${rests && lookAgain(props, until, words)}${wayOut(props, words)}</div>
${details({ reference, at: now, code: { label: outcomeCodes.call(why), term: said.term }, open: true }, words)}`,
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
  return sheet({ client, account, uid, reference, ...partOf(props, words) }, words);
};
