/** Draws buttons and the forms around them. A page has at most one primary button. */
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html, type Value } from '../../html.ts';
import { accountLinks, fields, linksOf } from '../links.ts';
import type { ClientShown } from '../props.ts';
import type { CodeSent, StepFrame } from '../step-props.ts';
import { waitId } from './wait.ts';

/** later: the server refuses it before the end of the wait on this page; `wait.js` makes it primary then. */
export type Look = 'primary' | 'secondary' | 'later';

/** A button that submits its form. */
export const submitButton = (label: Value, look: Look = 'primary'): Html =>
  look === 'later'
    ? html`<button class="button later" type="submit" aria-describedby="${waitId}" data-after="${waitId}">${label}</button>`
    : html`<button class="button ${look}" type="submit">${label}</button>`;

/** A form with one button and no fields. */
export const buttonForm = (action: string, label: Value, look: Look = 'primary'): Html =>
  html`<form method="post" action="${action}">${submitButton(label, look)}</form>`;

/** A link to the other methods. Without another method it leads to help, so that no page is a dead end. */
export const otherOptionLink = ({ uid, options }: Pick<StepFrame, 'uid' | 'options'>, { frame }: Words): Html =>
  options
    ? html`<a class="button" href="${linksOf(uid).options}">${frame.otherOption}</a>`
    : html`<a class="button" href="${linksOf(uid).helpNothingLeft}">${frame.getHelp}</a>`;

/** "Call me instead": chooses a call to the phone that the text was sent to. */
export const callInsteadForm = (
  uid: string,
  sent: CodeSent | undefined,
  look: 'primary' | 'secondary',
  { codes }: Words,
): Value =>
  sent?.callInstead !== undefined &&
  html`<form method="post" action="${linksOf(uid).options}"><button class="button ${look}" type="submit" name="${fields.method}" value="${sent.callInstead}">${codes.texted.resend.callInstead}</button></form>`;

/** A button to the registered page of the client; nothing where it has none. `label` gets the client's name. */
export const clientButton = (client: ClientShown | undefined, label: (name: string) => string): Value =>
  client?.uri !== undefined &&
  html`<div class="actions"><a class="button primary" href="${client.uri}">${label(client.name)}</a></div>`;

/** The way on from a page that no client leads to: to the person's own account. */
export const accountButton = ({ pages }: Words): Html =>
  html`<div class="actions"><a class="button" href="${accountLinks.security}">${pages.front.account}</a></div>`;

/** Hidden fields of a form, by name. */
export const hiddenFields = (members: Readonly<Record<string, string>>): Html =>
  html`${Object.entries(members).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}`;
