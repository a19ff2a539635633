/** Draws "View details": the reference, time and code that a person reads to a help desk. */
import { errorPath } from '../../../src/error-path.ts';
import { grouped } from '../../../src/locales/phrase.ts';
import type { EpochMillis } from '../../../src/ports/time.ts';
import type { Words } from '../../../src/locales/wording.ts';
import { html, type Html } from '../../html.ts';
import { icons } from './icons.ts';

export interface Details {
  /** 8 characters, without the hyphen. */
  readonly reference?: string;
  readonly at: EpochMillis;
  /** Stable label with a short term in the language of the page: `IDP-2103`, `line busy`. */
  readonly code?: { readonly label: string; readonly term: string };
  /** True where the sign-in stopped. After a typing error the details stay closed. */
  readonly open?: boolean;
  /** Further lines for developers. */
  readonly more?: readonly string[];
}

/** `2026-11-22 13:32:07 UTC`. */
export const utcTime = (at: EpochMillis): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

const copyable = (reference: string, { frame }: Words): Html =>
  html`<code>${grouped(reference)}</code><button class="quiet" type="button" data-copy="${grouped(reference)}" data-copied="${frame.copied}" hidden>${frame.copy}</button>`;

/**
 * The details. The code leads to its page, in a tab of its own: the sign-in goes on here. A page with a reference loads `enhance.js`
 * for the button Copy.
 */
export const details = (
  { reference, at, code, open = false, more }: Details,
  words: Words,
): Html => html`<details class="details" open="${open}">
<summary>${icons.chevron}${words.frame.details}</summary>
<dl>
${reference !== undefined && html`<dt>${words.frame.reference}</dt><dd>${copyable(reference, words)}</dd>`}
<dt>${words.frame.time}</dt><dd><code>${utcTime(at)}</code></dd>
${code && html`<dt>${words.frame.code}</dt><dd><a href="${errorPath(code.label)}" target="_blank" rel="noopener"><code>${code.label} ${code.term}</code></a></dd>`}
</dl>
${more?.map(line => html`<p><code>${line}</code></p>`)}
</details>`;
