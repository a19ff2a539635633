/** Every value reaches a page through this tag. It escapes, and refuses places where no escaping would help. */
import { blueprintOf, type Hole } from './template.ts';

const made = Symbol('html');
/** Markup that is safe as it stands. Only `html` and `raw` make it. */
export interface Html {
  readonly [made]: true;
  readonly text: string;
}

/** What may stand in a hole. Absent and false leave nothing, or take their whole attribute away; true leaves an empty attribute. */
export type Value = string | number | bigint | boolean | Html | null | undefined | readonly Value[];

/** The only way round the escaping: for markup this house wrote. */
export const raw = (text: string): Html => ({ [made]: true, text });

const isHtml = (value: unknown): value is Html => typeof value === 'object' && value !== null && made in value;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
// Marks that reorder text: inside a name they would rewrite the sentence around it, and no element holds them in.
const special = /[&<>"'\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
const escaped = (text: string): string => text.replace(special, character => entities[character] ?? '');

const asText = (value: Value): string => {
  if (value === undefined || value === null || typeof value === 'boolean') return '';
  if (isHtml(value)) return value.text;
  if (typeof value === 'object') return value.map(asText).join('');
  return escaped(String(value));
};

// Browsers drop these before they look for a scheme.
const ignoredInUrl = /[\p{Cc}\s]/gu;
const otherScheme = /^(?!https?:)[a-z][a-z0-9+.-]*:/iu;

const asAttribute = (value: Value, hole: Hole): string => {
  if (typeof value === 'object' && value !== null) throw new TypeError(`${hole.name} takes text, got markup or a list`);
  const text = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
  if (hole.url && hole.whole && otherScheme.test(text.replace(ignoredInUrl, ''))) {
    throw new TypeError(`${hole.name} takes an http or https address, got another scheme`);
  }
  return escaped(text);
};

const filled = (value: Value, hole: Hole): string => {
  if (hole.name === undefined) return asText(value);
  if (!hole.whole) return asAttribute(value, hole);
  return value === undefined || value === null || value === false ? '' : ` ${hole.name}="${asAttribute(value, hole)}"`;
};

// By hand: template engines escape the same way everywhere; this refuses places where escaping does not help.
/**
 * A piece of a page. Static parts are read once per call site.
 * @throws TypeError for a hole in a place that cannot be made safe, inline script or style, a broken tag, or a foreign scheme.
 */
export const html = (statics: TemplateStringsArray, ...values: readonly Value[]): Html => {
  const { parts, holes } = blueprintOf(statics);
  return raw(parts.map((part, i) => part + (i < holes.length ? filled(values[i], holes[i] ?? {}) : '')).join(''));
};
