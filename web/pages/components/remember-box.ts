/** Draws the box "Don't ask again in this browser". It stands in the form that completes the second step. */
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Value } from '../../html.ts';
import { fields } from '../links.ts';
import type { RememberBox } from '../step-props.ts';

const noteId = 'remember-note';

/** The box with its note, or nothing where the browser cannot be remembered. `seen`: always, or with script only. */
export const rememberBox = (
  remember: RememberBox | undefined,
  { frame }: Words,
  seen: 'always' | 'with-script' = 'always',
): Value =>
  remember !== undefined &&
  html`<div class="${seen === 'always' ? 'remember' : 'remember scripted'}"><label class="choice"><input type="checkbox" name="${fields.remember}" value="yes" checked="${remember.isTicked === true}" aria-describedby="${noteId}"> ${frame.remember.label(remember.lasts)}</label>
<p class="note" id="${noteId}">${frame.remember.note}</p></div>`;
