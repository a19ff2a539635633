/**
 * Reads the types of authorization details (RFC 9396) that the operator describes, from a file (YAML 1.2):
 *
 *     payment_initiation:
 *       words: { en: Make a payment, de: Eine Zahlung veranlassen }
 *       members: [amount, creditorName]
 *     account_information:
 *       words: { en: See your accounts }
 *       members: [accounts]
 *       remember: true
 */
import * as z from 'zod';
import type { Sentences } from '../locales/sentences.ts';
import { readByForm, sentences, type FileValue } from '../yaml-form.ts';

/** One type of authorization details. */
export interface DetailType {
  /** What people allow with it. */
  readonly words: Sentences;
  /** Members that a request may have beside those of every type (RFC 9396 §2.2). */
  readonly members: readonly string[];
  /** The answer of a person counts for the same details later too. False: they are asked each time, as for a payment. */
  readonly remember: boolean;
}

/** Types by their names. */
export type DetailTypes = ReadonlyMap<string, DetailType>;

const most = { types: 50, members: 30 } as const;

const nameExpected = 'a name of 1 to 64 letters, digits and . _ : / -';
const name = z.string({ error: nameExpected }).regex(/^[\w.:/-]{1,64}$/, nameExpected);
const membersExpected = `names of members, ${most.members} or less`;
const form = z
  .record(
    name,
    z.strictObject(
      {
        words: sentences,
        members: z.array(name, { error: membersExpected }).max(most.members, membersExpected).default([]),
        remember: z.boolean({ error: 'true or false' }).default(false),
      },
      {
        error:
          'a map with words, and perhaps with members (where a request has more than those of every type) and remember',
      },
    ),
    { error: 'a map of types by their names' },
  )
  .refine(types => Object.keys(types).length <= most.types, `${most.types} types or less`);

/** Reads the text of the file. */
export const readDetailTypes = (file: string): FileValue<DetailTypes> => {
  const read = readByForm(file, form);
  return read.ok ? { ok: true, value: new Map(Object.entries(read.value)) } : read;
};
