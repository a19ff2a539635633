/** Buttons and the ways out. One primary button a page at most. */
import type { Words } from '../../../src/wording.ts';
import { html, type Html, type Value } from '../../html.ts';
import { linksOf } from '../links.ts';
import type { Step } from '../props.ts';

/** A form of one button. */
export const post = (action: string, label: Value, look: 'primary' | 'secondary' = 'primary'): Html =>
  html`<form method="post" action="${action}"><button class="button ${look}" type="submit">${label}</button></form>`;

/** Another method where there is one; help where there is none, so that no page is a dead end. */
export const wayOut = ({ uid, options }: Pick<Step, 'uid' | 'options'>, { frame }: Words): Html =>
  options
    ? html`<a class="button" href="${linksOf(uid).options}">${frame.otherOption}</a>`
    : html`<a class="button" href="${linksOf(uid).helpless}">${frame.getHelp}</a>`;

/** Names and values that a form carries unseen. */
export const hidden = (members: Readonly<Record<string, string>>): Html =>
  html`${Object.entries(members).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}`;
