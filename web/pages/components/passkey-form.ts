/**
 * Draws the form that asks the browser for a passkey. It is hidden until its script shows it: without script the button could do no
 * work. A sentence beside it then names the other ways.
 */
import type { Words } from '../../../src/locales/wording.ts';
import type { PasskeyCreationOptions, PasskeyRequestOptions } from '../../../src/passkey-options.ts';
import { html, type Html, type Value } from '../../html.ts';
import { fields } from '../links.ts';
import { hiddenFields } from './actions.ts';
import { icons } from './icons.ts';
import { waitId } from './wait.ts';

export interface PasskeyForm {
  readonly action: string;
  readonly options: PasskeyRequestOptions | PasskeyCreationOptions;
  readonly label: Value;
  /** later: as of a button that waits (`actions.ts`). */
  readonly look: 'primary' | 'secondary' | 'later';
  /** Why the last answer was refused. */
  readonly problem?: string | undefined;
  /** A wait, drawn. It takes the place of `problem`. */
  readonly wait?: Html | false;
  /** The script asks at once, without a press of the button. */
  readonly asksAtOnce?: boolean;
  /** The path that gives newer options and their ticket, as JSON. */
  readonly renewal?: string;
  /** Above the button. */
  readonly box?: Value;
  /** Hidden fields beside the answer. */
  readonly more?: Readonly<Record<string, string>>;
}

/** What the person is told instead of the form, without script and in a browser that has no passkeys. */
export const passkeysMissing = (texts: { readonly noScript: string; readonly unsupported: string }): Html =>
  html`<noscript><p class="block">${texts.noScript}</p></noscript><p class="block" data-unsupported="" hidden>${texts.unsupported}</p>`;

/** The form. What the browser reports is told in the place of `problem`; its sentences are attributes for the script. */
export const passkeyForm = (form: PasskeyForm, { passkeys: { failures } }: Words): Html => {
  const { action, options, label, look, problem, wait = false, asksAtOnce, renewal, box, more = {} } = form;
  const button = html`<button class="button ${look}" type="submit" aria-describedby="${wait === false ? 'passkey-problem' : waitId}" data-after="${look === 'later' && waitId}">${icons.passkey}<span>${label}</span></button>`;
  return html`<form method="post" action="${action}" data-passkey="${JSON.stringify(options)}" data-at-once="${asksAtOnce === true}" data-renewal="${renewal}" hidden>
${hiddenFields({ ...more, [fields.credential]: '' })}
${wait}<p class="wrong" id="passkey-problem" role="alert" data-cancelled="${failures.cancelled}" data-known="${failures.known}" data-insecure="${failures.insecure}" data-failed="${failures.failed}" hidden="${problem === undefined || wait !== false}">${icons.alert}<span>${problem}</span></p>
${box}${button}
</form>`;
};
