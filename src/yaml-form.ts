/** Checks a file of the operator (YAML 1.2) against a form, and reports all mistakes in it together. */
import * as z from 'zod';
import type { Sentences } from './locales/sentences.ts';
import { languages } from './locales/wording.ts';
import { quotedValue, readYaml, valueAt, type FileFault, type ReadYaml } from './yaml.ts';

/** The value of a file, or its mistakes. */
export type FileValue<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly faults: readonly FileFault[] };

/** Reads the text of a file. Each message of `form` completes "expected …". The caller limits the length of the text. */
export const readByForm = <T>(text: string, form: z.ZodType<T>): FileValue<T> => {
  const yaml = readYaml(text);
  if (!yaml.ok) return yaml;
  const read = form.safeParse(yaml.value);
  if (read.success) return { ok: true, value: read.data };
  return { ok: false, faults: read.error.issues.flatMap(issue => faultsOf(issue, yaml)) };
};

const faultsOf = (
  issue: z.core.$ZodIssue,
  { value, place }: Extract<ReadYaml, { readonly ok: true }>,
): readonly FileFault[] => {
  const { path, message: expected } = issue;
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(name => ({ at: place([...path, name]), got: `the member ${quotedValue(name)}`, expected }));
  }
  const at = place(path);
  const got = quotedValue(valueAt(value, path));
  // A wrong name of a member hides its own sentence inside the issue.
  return [{ at, got, expected: issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? expected) : expected }];
};

/** Characters of a text for people. */
export const longestText = 200;
const textExpected = `a text of 1 to ${longestText} characters`;
/** A text of bounded length. */
export const shortText = z.string({ error: textExpected }).min(1, textExpected).max(longestText, textExpected);

const [, ...translations] = languages;
/** Sentences for people: one in English, and those in other languages of the pages that there are. */
export const sentences: z.ZodType<Sentences> = z.strictObject(
  { en: shortText, ...Object.fromEntries(translations.map(tag => [tag, shortText.optional()])) },
  { error: `sentences by language: en, and perhaps ${translations.join(', ')}` },
);
