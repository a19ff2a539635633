/**
 * Builds the markup of every page. Each value is escaped for the place that it fills.
 * A template with a value in a place that escaping cannot make safe is refused: a style, an event handler, a tag name.
 * Written by hand, because template engines escape every place in the same way.
 */
import { parseTemplate, type Hole } from './template.ts';

const safe = Symbol('html');
/** Safe markup. Only `html` and `raw` make it. */
export interface Html {
  readonly [safe]: true;
  readonly text: string;
}

/**
 * A value of a template. Text and numbers are escaped, and a list is joined.
 * Absent and false give no text, and remove an attribute that they fill; true leaves that attribute empty.
 */
export type Value = string | number | bigint | boolean | Html | null | undefined | readonly Value[];

/** Declares `text` to be safe markup, without escaping. Only for constant markup in our own source. */
export const raw = (text: string): Html => ({ [safe]: true, text });

const isHtml = (value: unknown): value is Html => typeof value === 'object' && value !== null && safe in value;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
// Includes the characters that reorder text (Unicode Standard Annex 9): a name with one would change how the whole sentence reads.
const special = /[&<>"'\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
const escaped = (text: string): string => text.replace(special, character => entities[character] ?? '');

const asText = (value: Value): string => {
  if (value === undefined || value === null || typeof value === 'boolean') return '';
  if (isHtml(value)) return value.text;
  if (typeof value === 'object') return value.map(asText).join('');
  return escaped(String(value));
};

// Browsers remove these characters before they look for a scheme (WHATWG URL).
const ignoredInUrl = /[\p{Cc}\s]/gu;
// A scheme with a dot is that of an installed program (RFC 8252 §7.1), which browsers hand on and never run themselves.
const otherScheme = /^(?!https?:)[a-z][a-z0-9+-]*:/iu;

/** Whether a browser neither runs nor shows this address itself, with the rights of our page: no `javascript:`, no `data:`. */
export const hasSafeScheme = (address: string): boolean => !otherScheme.test(address.replace(ignoredInUrl, ''));

const asAttribute = (value: Value, hole: Hole): string => {
  if (typeof value === 'object' && value !== null) throw new TypeError(`${hole.name} takes text, got markup or a list`);
  const text = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
  if (hole.url && hole.whole && !hasSafeScheme(text)) {
    throw new TypeError(
      `${hole.name} takes an http or https address or that of an installed program, got another scheme`,
    );
  }
  return escaped(text);
};

const filled = (value: Value, hole: Hole): string => {
  if (hole.name === undefined) return asText(value);
  if (!hole.whole) return asAttribute(value, hole);
  return value === undefined || value === null || value === false ? '' : ` ${hole.name}="${asAttribute(value, hole)}"`;
};

/**
 * Template tag for a piece of a page. The static text is parsed once for each place in the source.
 * @throws TypeError for a value in an unsafe place, inline script or style, a broken tag, or an address with another scheme.
 */
export const html = (statics: TemplateStringsArray, ...values: readonly Value[]): Html => {
  const { texts, holes } = parseTemplate(statics);
  return raw(texts.map((text, i) => text + (i < holes.length ? filled(values[i], holes[i] ?? {}) : '')).join(''));
};
