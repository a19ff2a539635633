/** Draws why a form was refused: what is wrong, or a wait that is counted down. */
import type { Words } from '../../../src/locales/wording.ts';
import type { EpochMillis } from '../../../src/ports/time.ts';
import { html, type Html, type Value } from '../../html.ts';
import { icons } from './icons.ts';
import { waitId, waitSentence } from './wait.ts';

/** What is wrong with a field. The field names `id` in its `aria-describedby`. */
export const wrong = (text: Value, id = 'wrong'): Html =>
  html`<p class="wrong" id="${id}" role="alert">${icons.alert}<span>${text}</span></p>`;

/** A refused form: by a rule that it broke, or for a while. */
type Refusal = { readonly kind: string } | { readonly kind: 'wait'; readonly until: EpochMillis };

/** The sentence above the field. `text`: the reason in words. */
export const refusal = (state: Refusal, now: EpochMillis, text: string, words: Words): Html =>
  'until' in state ? waitSentence({ now, until: state.until, reason: text, isRefusal: true }, words) : wrong(text);

/** The id of that sentence, for the field; undefined: nothing was refused. */
export const refusalId = (state: Refusal | undefined): string | undefined =>
  state && ('until' in state ? waitId : 'wrong');
