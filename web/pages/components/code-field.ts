/** Draws the field for a code, with the error or the wait above it. */
import type { CodeWords } from '../../../src/locales/code-words.ts';
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html, type Value } from '../../html.ts';
import { fields } from '../links.ts';
import type { CodePage } from '../step-props.ts';
import { wrong } from './refusal.ts';
import { isWaiting, waitId, waitSentence } from './wait.ts';

export type AskingState = Exclude<CodePage['state'], { readonly kind: 'ended' }>;

/** What is wrong with the typed code, or false. */
export const fieldError = (state: AskingState, { length }: Pick<CodePage, 'length'>, text: CodeWords): Value => {
  if (state.kind === 'malformed') return text.malformed(length);
  if (state.kind === 'wrong') return text.wrong(state.attemptsLeft);
  return state.kind === 'reused' && text.reused;
};

/** The wait after wrong codes, or false. It is an error only where a code was refused for it. */
export const fieldWait = (state: AskingState, { now }: Pick<CodePage, 'now'>, words: Words): Html | false => {
  const until = 'until' in state ? state.until : undefined;
  if (!isWaiting(now, until)) return false;
  const { codes } = words;
  if (state.kind !== 'wait') return waitSentence({ now, until }, words);
  const isRefusal = state.tooSoon === true;
  return waitSentence({ now, until, reason: isRefusal ? codes.tooSoon : codes.wait, isRefusal }, words);
};

export interface CodeField {
  readonly length: number;
  readonly typed?: string | undefined;
  readonly error?: Value;
  readonly wait?: Html | false;
  readonly isFocused: boolean;
  /** Id of the sentence that says where the code comes from. */
  readonly hint: string;
  /** Letters and digits that the person was given earlier, instead of digits alone. */
  readonly isGiven?: boolean;
}

/** The label for screen readers, the error, the wait and the field. */
export const codeField = (
  { length, typed, error = false, wait = false, isFocused, hint, isGiven = false }: CodeField,
  { codes }: Words,
): Html => {
  const describedBy = [hint, error !== false && 'wrong', wait !== false && waitId].filter(Boolean).join(' ');
  return html`<label class="visually-hidden" for="code">${codes.label}</label>
${error !== false && wrong(error)}
${wait}
<input class="${isGiven ? 'code given' : 'code'}" id="code" type="text" name="${fields.code}" value="${typed}" inputmode="${isGiven ? 'text' : 'numeric'}" autocomplete="${isGiven ? 'off' : 'one-time-code'}" autocapitalize="${isGiven && 'characters'}" enterkeyhint="done" dir="ltr" spellcheck="false" required autofocus="${isFocused}" data-digits="${!isGiven && length}" aria-describedby="${describedBy}" aria-invalid="${error !== false && 'true'}">`;
};
