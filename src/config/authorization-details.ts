/**
 * Reads the types of authorization details (RFC 9396) that the operator describes, from a file (YAML 1.2):
 *
 *     payment_initiation:
 *       words: { en: Make a payment, de: Eine Zahlung veranlassen }
 *       members: [amount, creditorName]
 */
import * as z from 'zod';
import { languages } from '../locales/wording.ts';
import { quotedValue, readYaml, type FileFault } from '../yaml.ts';

/** One type of authorization details. */
export interface DetailType {
  /** What people allow with it, by language. English is always there. */
  readonly words: { readonly en: string } & { readonly [language: string]: string | undefined };
  /** Members that a request may have beside those of every type (RFC 9396 §2.2). */
  readonly members: readonly string[];
}

/** Types by their names. */
export type DetailTypes = ReadonlyMap<string, DetailType>;

const most = { types: 50, members: 30, text: 200 } as const;

const textExpected = `a text of 1 to ${most.text} characters`;
const text = z.string({ error: textExpected }).min(1, textExpected).max(most.text, textExpected);
const [, ...translations] = languages;
const words: z.ZodType<DetailType['words']> = z.strictObject(
  { en: text, ...Object.fromEntries(translations.map(tag => [tag, text.optional()])) },
  { error: `words by language: en, and perhaps ${translations.join(', ')}` },
);

const nameExpected = 'a name of 1 to 64 letters, digits and . _ : / -';
const name = z.string({ error: nameExpected }).regex(/^[\w.:/-]{1,64}$/, nameExpected);
const membersExpected = `names of members, ${most.members} or less`;
const form = z
  .record(
    name,
    z.strictObject(
      {
        words,
        members: z.array(name, { error: membersExpected }).max(most.members, membersExpected).default([]),
      },
      { error: 'a map with words, and with members where a request has more than those of every type' },
    ),
    { error: 'a map of types by their names' },
  )
  .refine(types => Object.keys(types).length <= most.types, `${most.types} types or less`);

type Read =
  | { readonly ok: true; readonly types: DetailTypes }
  | { readonly ok: false; readonly faults: readonly FileFault[] };

/** Reads the text of the file. */
export const readDetailTypes = (file: string): Read => {
  const yaml = readYaml(file);
  if (!yaml.ok) return yaml;
  const read = form.safeParse(yaml.value);
  if (read.success) return { ok: true, types: new Map(Object.entries(read.data)) };
  return {
    ok: false,
    faults: read.error.issues.map(issue => ({
      at: yaml.place(issue.path),
      got: quotedValue(valueAt(yaml.value, issue.path)),
      // A wrong name hides its own sentence inside the issue.
      expected: issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message,
    })),
  };
};

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (of, each) =>
      typeof of === 'object' && of !== null && Object.hasOwn(of, each) ? Reflect.get(of, each) : undefined,
    value,
  );
