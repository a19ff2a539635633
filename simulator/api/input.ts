import type { Asked } from '../http/server.ts';
import type { Person } from '../simulation/people.ts';

/** Seconds that a request may wait. */
export const longestWait = 10;

/** `?wait=SECONDS`, at most 10; 0 unless told. Undefined for anything else. */
export const waitOf = ({ query }: Asked): number | undefined => {
  const text = query.get('wait') ?? '0';
  const seconds = /^[0-9]{1,2}(\.[0-9]{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  return seconds <= longestWait ? seconds * 1000 : undefined;
};

/** The body as a JSON object; empty where it is none. */
export const objectOf = ({ body }: Asked): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
};

const isText = (value: unknown): value is string | undefined => value === undefined || typeof value === 'string';

/** An untrusted value as somebody who may live here. */
export const readPerson = (value: Readonly<Record<string, unknown>>): Person | undefined => {
  const { name, number, totpSecret, extensions, ...strange } = value;
  if (typeof name !== 'string' || !isText(number) || !isText(totpSecret)) return undefined;
  if (Object.keys(strange).length > 0) return undefined;
  const named = typeof extensions === 'object' && extensions !== null ? Object.entries(extensions) : [];
  if (!named.every((each): each is [string, string] => typeof each[1] === 'string')) return undefined;
  return {
    name,
    ...(number !== undefined && { number }),
    ...(totpSecret !== undefined && { totpSecret }),
    ...(extensions !== undefined && { extensions: Object.fromEntries(named) }),
  };
};
