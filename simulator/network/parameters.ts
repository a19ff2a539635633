/** Checks single parameters of the REST API. */
import type { RestError } from './behaviours/api.ts';
import { badRequest } from './rest-error.ts';

/** A telephone number in E.164: a plus and 7 to 15 digits. */
export const e164 = /^\+[1-9][0-9]{6,14}$/;

/** Whether a text is an absolute http or https URL. */
export const isHttpUrl = (text: string | null): text is string => {
  const url = text === null ? null : URL.parse(text);
  return url?.protocol === 'http:' || url?.protocol === 'https:';
};

/** Whether a text is an integer in this range. A missing parameter passes. */
export const isIntegerBetween = (text: string | null, from: number, to: number): boolean =>
  text === null || (/^[0-9]{1,6}$/.test(text) && Number(text) >= from && Number(text) <= to);

/** An error for a parameter that is not in `known`, or comes twice but may come `once`. */
export const unknownParameter = (
  form: URLSearchParams,
  known: Readonly<Record<string, 'once' | 'many'>>,
): RestError | undefined => {
  for (const name of new Set(form.keys())) {
    const count = Object.hasOwn(known, name) ? known[name] : undefined;
    if (count === undefined) return badRequest(20001, `Parameter ${name} is not known to this network`);
    if (count === 'once' && form.getAll(name).length > 1) return badRequest(20001, `Parameter ${name} more than once`);
  }
  return undefined;
};
