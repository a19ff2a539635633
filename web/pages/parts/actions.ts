/** Buttons and the ways out. One primary button a page at most. */
import type { EpochMillis } from '../../../src/ports/time.ts';
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html, type Value } from '../../html.ts';
import { fields, linksOf } from '../links.ts';
import type { CodeSent, StepFrame } from '../props.ts';

/** A form of one button. */
export const post = (action: string, label: Value, look: 'primary' | 'secondary' = 'primary'): Html =>
  html`<form method="post" action="${action}"><button class="button ${look}" type="submit">${label}</button></form>`;

/** A wait that people sit out on the page, in milliseconds. */
const soon = 90_000;

/** Looks again, where waiting for that is worth it. */
export const lookAgain = ({ uid, now }: Pick<StepFrame, 'uid' | 'now'>, until: EpochMillis, { frame }: Words): Value =>
  until - now <= soon && html`<a class="button primary" href="${linksOf(uid).here}">${frame.tryAgain}</a>`;

/** Another method where there is one; help where there is none, so that no page is a dead end. */
export const wayOut = ({ uid, options }: Pick<StepFrame, 'uid' | 'options'>, { frame }: Words): Html =>
  options
    ? html`<a class="button" href="${linksOf(uid).options}">${frame.otherOption}</a>`
    : html`<a class="button" href="${linksOf(uid).helpless}">${frame.getHelp}</a>`;

/** To be called at the phone that was texted. */
export const callInstead = (
  uid: string,
  sent: CodeSent | undefined,
  look: 'primary' | 'secondary',
  { codes }: Words,
): Value =>
  sent?.callInstead !== undefined &&
  html`<form method="post" action="${linksOf(uid).options}"><button class="button ${look}" type="submit" name="${fields.method}" value="${sent.callInstead}">${codes.texted.resend.callInstead}</button></form>`;

/** Names and values that a form carries unseen. */
export const hidden = (members: Readonly<Record<string, string>>): Html =>
  html`${Object.entries(members).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}`;
