/**
 * Reads the operator's scopes from their file (YAML 1.2), and reports all mistakes together. `docs/scopes.md` describes the form:
 *
 *   scopes:  { NAME: { claims: [claim, …], words: { en, de, fr } } }
 *   claims:  { NAME: { en, de, fr } }
 */
import * as z from 'zod';
import { languages } from '../locales/wording.ts';
import type { Sentences } from '../locales/sentences.ts';
import { quotedValue, readYaml, type FileFault } from '../yaml.ts';
import { claims as standard, openableClaims, type OperatorScopes } from './scopes.ts';

const most = { entries: 100, text: 200 } as const;

const textExpected = `a text of 1 to ${most.text} characters`;
const text = z.string({ error: textExpected }).min(1, textExpected).max(most.text, textExpected);
const [, ...translations] = languages;
const words: z.ZodType<Sentences> = z.strictObject(
  { en: text, ...Object.fromEntries(translations.map(tag => [tag, text.optional()])) },
  { error: `words by language: en, and perhaps ${translations.join(', ')}` },
);

/** RFC 6749 §3.3, of bounded length. */
const scopeName = /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/;
const scopeNameExpected = 'the name of a scope: 1 to 128 characters of ASCII without space, " and \\ (RFC 6749 §3.3)';
const fewExpected = `${most.entries} or less`;
const isFew = (value: object): boolean => Object.keys(value).length <= most.entries;

/** Scopes that have claims already, or a meaning of their own: an operator may only choose other words. */
const fixed: readonly string[] = [...Object.keys(standard), 'offline_access'];

const claimsExpected = `claims of people, each once: ${openableClaims.join(', ')}`;
const openedClaims = z
  .array(z.enum(openableClaims, { error: claimsExpected }), { error: claimsExpected })
  .min(1, claimsExpected)
  .refine(names => new Set(names).size === names.length, claimsExpected);

const scopeForm = z.strictObject(
  { claims: openedClaims.optional(), words },
  { error: 'a map with words, and with claims where the scope opens some' },
);
const form = z.strictObject(
  {
    scopes: z
      .record(z.string().regex(scopeName, scopeNameExpected), scopeForm, { error: 'a map of scopes by their names' })
      .refine(isFew, fewExpected)
      .superRefine((scopes, context) => {
        for (const name of fixed) {
          if (!Object.hasOwn(scopes, name) || scopes[name]?.claims === undefined) continue;
          context.addIssue({
            code: 'custom',
            path: [name, 'claims'],
            message: `no claims: those of ${name} are fixed`,
          });
        }
      })
      .optional(),
    claims: z
      .partialRecord(z.enum(openableClaims, { error: claimsExpected }), words, { error: 'a map of words by claims' })
      .optional(),
  },
  { error: 'a map with no other members than scopes, claims' },
);

type Read =
  | { readonly ok: true; readonly scopes: OperatorScopes }
  | { readonly ok: false; readonly faults: readonly FileFault[] };

/** Reads the text of the file. */
export const readScopes = (file: string): Read => {
  const yaml = readYaml(file);
  if (!yaml.ok) return yaml;
  const read = form.safeParse(yaml.value);
  if (read.success) return { ok: true, scopes: toScopes(read.data) };
  return {
    ok: false,
    faults: read.error.issues.map(issue => ({
      at: yaml.place(issue.path),
      got: quotedValue(valueAt(yaml.value, issue.path)),
      expected: expectedOf(issue),
    })),
  };
};

/** A wrong name of a member hides its own sentence inside the issue. */
const expectedOf = (issue: z.core.$ZodIssue): string =>
  issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (of, each) =>
      typeof of === 'object' && of !== null && Object.hasOwn(of, each) ? Reflect.get(of, each) : undefined,
    value,
  );

const toScopes = ({ scopes = {}, claims = {} }: z.infer<typeof form>): OperatorScopes => ({
  claims: Object.fromEntries(
    Object.entries(scopes).flatMap(([name, { claims: opened }]) => (opened === undefined ? [] : [[name, opened]])),
  ),
  words: {
    scopes: new Map(Object.entries(scopes).map(([name, { words: own }]) => [name, own])),
    claims: new Map(Object.entries(claims).flatMap(([name, own]) => (own === undefined ? [] : [[name, own]]))),
  },
});
