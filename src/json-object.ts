/** Reads JSON objects that others wrote. */

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
