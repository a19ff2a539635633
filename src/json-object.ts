/** Reads JSON objects that others wrote, or that were stored. */
import { Problem } from './errors.ts';

/** Members by name. None of them is known to be there. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether the value is an object, and no list. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The object in a text; undefined: the text is not JSON, or another value. The caller limits the length of the text. */
export const jsonObjectIn = (text: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** The text of this member in stored data. `what` names the data in the error. @throws Problem 'internal' where it is no text */
export const textMember = (data: unknown, name: string, what: string): string => {
  const value = isJsonObject(data) ? data[name] : undefined;
  if (typeof value === 'string') return value;
  throw new Problem('internal', `got ${what} without ${name}, expected a text`);
};
