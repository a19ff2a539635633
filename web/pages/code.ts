/** The second step by a code from an authenticator app. */
import type { Words } from '../../src/wording.ts';
import { html, type Html, type Value } from '../html.ts';
import { fields, linksOf } from './links.ts';
import { outcomeCodes } from './outcome-codes.ts';
import { lookAgain, post, wayOut } from './parts/actions.ts';
import { details } from './parts/details.ts';
import { icons } from './parts/icons.ts';
import { say } from './parts/phrase.ts';
import { sheet, type Sheet } from './parts/sheet.ts';
import type { CodePage } from './props.ts';

type State = CodePage['state'];
type Part = Pick<Sheet, 'heading' | 'lead' | 'body' | 'wrong' | 'scripts'>;

const message = (state: State, { length, now }: CodePage, { codes, frame }: Words): Value => {
  if (state.kind === 'malformed') return codes.malformed(length);
  if (state.kind === 'wrong') return codes.wrong(state.triesLeft);
  if (state.kind === 'reused') return codes.reused;
  return state.kind === 'wait' && html`${codes.wait} ${say(frame.tryAgainAt(now, state.until))}`;
};

const asking = (props: CodePage, state: Exclude<State, { readonly kind: 'ended' }>, words: Words): Part => {
  const { codes, frame } = words;
  const { uid, length, typed, reference, now } = props;
  const wrong = message(state, props, words);
  const described = wrong === false ? 'hint' : 'hint wrong';
  const code = state.kind !== 'open' && { label: outcomeCodes.code(state.kind), term: codes.terms[state.kind] };
  return {
    heading: codes.heading,
    wrong: wrong !== false,
    scripts: ['code.js', 'small.js'],
    body: html`<p class="lead" id="hint">${codes.sentence} ${codes.hint(length)}</p>
<form method="post" action="${linksOf(uid).factor}">
<label class="apart" for="code">${codes.label}</label>
${wrong !== false && html`<p class="wrong" id="wrong" role="alert">${icons.alert}<span>${wrong}</span></p>`}
<input class="code" id="code" type="text" name="${fields.code}" value="${typed}" inputmode="numeric" autocomplete="one-time-code" enterkeyhint="done" dir="ltr" spellcheck="false" required autofocus data-digits="${length}" aria-describedby="${described}" aria-invalid="${wrong !== false && state.kind !== 'wait' && 'true'}">
<div class="actions"><button class="button primary" type="submit">${frame.continue}</button>${wayOut(props, words)}</div>
</form>
${code && details({ reference, at: now, code }, words)}`,
  };
};

type Stop = 'tries' | 'expired' | 'disabled' | 'other';
const stops: Readonly<Record<string, Stop>> = { tries: 'tries', expired: 'expired', disabled: 'disabled' };

const stopped = (props: CodePage, state: Extract<State, { readonly kind: 'ended' }>, words: Words): Part => {
  const { codes, frame } = words;
  const { uid, now, reference, options } = props;
  const stop = stops[state.why] ?? 'other';
  const rests = state.until !== undefined && state.until > now;
  const then = rests ? frame.tryAgainAt(now, state.until) : stop !== 'disabled' && codes.freshCode;
  return {
    heading: codes.headings[stop],
    wrong: true,
    scripts: ['small.js'],
    body: html`<div class="alert">${icons.clock}<p><b>${codes.ended[stop]}</b><br>${then !== false && say(then)} ${options && codes.useAnother}</p></div>
<div class="actions">${stop !== 'disabled' && (rests ? lookAgain(props, state.until, words) : post(linksOf(uid).again, frame.tryAgain))}${wayOut(props, words)}</div>
${details({ reference, at: now, code: { label: outcomeCodes.code(stop), term: codes.terms[stop] }, open: true }, words)}`,
  };
};

export const codePage = (props: CodePage, words: Words): Html => {
  const { client, account, uid, reference, state } = props;
  const part = state.kind === 'ended' ? stopped(props, state, words) : asking(props, state, words);
  return sheet({ door: 'second', client, account, uid, reference, ...part }, words);
};
