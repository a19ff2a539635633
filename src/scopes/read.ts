/**
 * Reads the operator's scopes from their file (YAML 1.2), and reports all mistakes together. `docs/scopes.md` describes the form:
 *
 *   scopes:  { NAME: { claims: [claim, …], words: { en, de, fr } } }
 *   claims:  { NAME: { en, de, fr } }
 */
import * as z from 'zod';
import { readByForm, sentences, type FileValue } from '../yaml-form.ts';
import { claims as standard, openableClaims, type OperatorScopes } from './scopes.ts';

const maxEntries = 100;

/** RFC 6749 §3.3, of bounded length. */
const scopeName = /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/;
const scopeNameExpected = 'the name of a scope: 1 to 128 characters of ASCII without space, " and \\ (RFC 6749 §3.3)';
const fewExpected = `${maxEntries} or less`;
const isFew = (value: object): boolean => Object.keys(value).length <= maxEntries;

/** Scopes that have claims already, or a meaning of their own: an operator may only choose other words. */
const fixed: readonly string[] = [...Object.keys(standard), 'offline_access'];

const claimsExpected = `claims of people, each once: ${openableClaims.join(', ')}`;
const openedClaims = z
  .array(z.enum(openableClaims, { error: claimsExpected }), { error: claimsExpected })
  .min(1, claimsExpected)
  .refine(names => new Set(names).size === names.length, claimsExpected);

const scopeForm = z.strictObject(
  { claims: openedClaims.optional(), words: sentences },
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
      .partialRecord(z.enum(openableClaims, { error: claimsExpected }), sentences, {
        error: 'a map of words by claims',
      })
      .optional(),
  },
  { error: 'a map with no other members than scopes, claims' },
);

/** Reads the text of the file. */
export const readScopes = (file: string): FileValue<OperatorScopes> => {
  const read = readByForm(file, form);
  return read.ok ? { ok: true, value: toScopes(read.value) } : read;
};

const toScopes = ({ scopes = {}, claims = {} }: z.infer<typeof form>): OperatorScopes => ({
  claims: Object.fromEntries(
    Object.entries(scopes).flatMap(([name, { claims: opened }]) => (opened === undefined ? [] : [[name, opened]])),
  ),
  words: {
    scopes: new Map(Object.entries(scopes).map(([name, { words: own }]) => [name, own])),
    claims: new Map(Object.entries(claims).flatMap(([name, own]) => (own === undefined ? [] : [[name, own]]))),
  },
});
