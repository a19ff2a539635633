/**
 * Decodes an `application/x-www-form-urlencoded` body strictly: UTF-8, each field once, no broken escape.
 * By hand, because URLSearchParams and body parsers accept broken escapes and repeated fields. Two readers of such a form may
 * see different values. URL Standard §5.1.
 */
import { Problem } from './errors.ts';

/** The fields that a form may have: these names, or every name of this form. */
export interface FormShape<Name extends string> {
  readonly fields: readonly Name[] | RegExp;
  readonly maxFields: number;
}

/**
 * The value of each field by its name, in the order of the body. A field without `=` has an empty value.
 * @throws Problem 'bad-request' for a field that `shape` does not have, a repeated one, or bytes that are not UTF-8.
 */
export const readForm = <Name extends string>(body: Uint8Array, shape: FormShape<Name>): ReadonlyMap<Name, string> => {
  const form = new Map<Name, string>();
  const text = utf8(body);
  // One pair more than allowed is enough to refuse the form: the rest is not even split.
  const pairs = text === '' ? [] : text.split('&', shape.maxFields + 1);
  if (pairs.length > shape.maxFields) throw refused(`more than ${shape.maxFields} fields`, 'fewer');
  for (const pair of pairs) {
    const cut = pair.indexOf('=');
    const name = decoded(cut < 0 ? pair : pair.slice(0, cut));
    if (!isField(name, shape)) throw refused('a field that this form does not have', 'only its own fields');
    if (form.has(name)) throw refused(`the field ${name} twice`, 'each field once');
    form.set(name, cut < 0 ? '' : decoded(pair.slice(cut + 1)));
  }
  return form;
};

const isField = <Name extends string>(name: string, { fields }: FormShape<Name>): name is Name =>
  fields instanceof RegExp ? fields.test(name) : fields.some(each => each === name);

const refused = (got: string, expected: string, cause?: unknown): Problem =>
  new Problem('bad-request', `got ${got}, expected ${expected}`, { cause });

const utf8 = (body: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw refused('a form that is not UTF-8', 'UTF-8', cause);
  }
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (cause) {
    throw refused('a broken escape in a field', 'percent-encoded UTF-8', cause);
  }
};
