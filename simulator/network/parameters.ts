import type { Refusal } from './behaviours/api.ts';
import { refuse } from './rest-error.ts';

export const e164 = /^\+[1-9][0-9]{6,14}$/;

export const isAddress = (text: string | null): text is string => {
  const url = text === null ? null : URL.parse(text);
  return url?.protocol === 'http:' || url?.protocol === 'https:';
};

export const isWhole = (text: string | null, from: number, to: number): boolean =>
  text === null || (/^[0-9]{1,6}$/.test(text) && Number(text) >= from && Number(text) <= to);

export const unknownOf = (
  form: URLSearchParams,
  known: Readonly<Record<string, 'once' | 'many'>>,
): Refusal | undefined => {
  for (const name of new Set(form.keys())) {
    const often = Object.hasOwn(known, name) ? known[name] : undefined;
    if (often === undefined) return refuse(20001, `Parameter ${name} is not known to this network`);
    if (often === 'once' && form.getAll(name).length > 1) return refuse(20001, `Parameter ${name} more than once`);
  }
  return undefined;
};
