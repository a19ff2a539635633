/** Reads the parameters and bodies of the JSON API. */
import type { HttpRequest } from '../http/server.ts';
import type { Person } from '../simulation/people.ts';

/** The most seconds for which a request may wait. */
export const maxWait = 30;

/** Milliseconds of `?wait=SECONDS`, at most 30 s, 0 without it. Undefined: not valid. */
export const waitOf = ({ query }: HttpRequest): number | undefined => {
  const text = query.get('wait') ?? '0';
  const seconds = /^[0-9]{1,2}(\.[0-9]{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  return seconds <= maxWait ? seconds * 1000 : undefined;
};

/** The body as a JSON object; an empty one for any other body. */
export const objectOf = ({ body }: HttpRequest): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
};

const isText = (value: unknown): value is string | undefined => value === undefined || typeof value === 'string';

/** Reads an untrusted value as a person. Undefined: a member is missing, unknown, or of the wrong type. */
export const readPerson = (value: Readonly<Record<string, unknown>>): Person | undefined => {
  const { name, number, totpSecret, extensions, ...unknown } = value;
  if (typeof name !== 'string' || !isText(number) || !isText(totpSecret)) return undefined;
  if (Object.keys(unknown).length > 0) return undefined;
  const names = typeof extensions === 'object' && extensions !== null ? Object.entries(extensions) : [];
  if (!names.every((each): each is [string, string] => typeof each[1] === 'string')) return undefined;
  return {
    name,
    ...(number !== undefined && { number }),
    ...(totpSecret !== undefined && { totpSecret }),
    ...(extensions !== undefined && { extensions: Object.fromEntries(names) }),
  };
};
