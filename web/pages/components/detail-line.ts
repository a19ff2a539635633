/** Draws one thing that a client asks for beside scopes, with everything that it says about it. */
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html } from '../../html.ts';
import type { DetailShown } from '../props.ts';
import { operatorSentence } from './why-asked.ts';

export const detailLine = ({ words: sentence, members }: DetailShown, words: Words): Html =>
  html`<div>${operatorSentence(sentence, words)}<dl>${members.map(({ name, value }) => html`<dt>${name}</dt><dd><bdi>${value}</bdi></dd>`)}</dl></div>`;
