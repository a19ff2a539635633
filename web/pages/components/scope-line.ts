/** Draws what a scope or claim allows: in the operator's words, in those of the catalogue, or by its name. */
import type { Words } from '../../../src/locales/wording.ts';
import type { ShownScope } from '../../../src/scopes/scopes.ts';
import { html, type Html } from '../../html.ts';
import { phraseHtml } from './phrase.ts';

export const scopeLine = ({ name, at, words: own }: ShownScope, words: Words): Html => {
  const { consent } = words.pages;
  if (own === undefined)
    return at === undefined ? html`${consent.scope(name)}` : phraseHtml(consent.scopeAt(name, at), words);
  const translated = own[words.language];
  // A language that the operator has no words in gets the English ones, which a screen reader must know.
  const text = translated === undefined ? html`<span lang="en">${own.en}</span>` : html`${translated}`;
  return at === undefined ? text : html`${text} <small><bdi dir="ltr">${at}</bdi></small>`;
};
