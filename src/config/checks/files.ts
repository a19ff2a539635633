/** Checks YAML files of the operator, which a setting holds as a whole. */
import * as z from 'zod';
import { readPolicy, type PolicyFile } from '../../policy/read.ts';
import { readScopes } from '../../scopes/read.ts';
import type { OperatorScopes } from '../../scopes/scopes.ts';
import type { FileValue } from '../../yaml-form.ts';
import { readDetailTypes, type DetailTypes } from '../authorization-details.ts';
import { maxFileLength } from './values.ts';

/** A file of the operator. Each mistake in it is an issue with a `fault`. */
const fileOf = <T>(read: (text: string) => FileValue<T>): z.ZodType<T> =>
  z
    .string()
    .max(maxFileLength, { abort: true })
    .transform((file, context) => {
      const result = read(file);
      if (result.ok) return result.value;
      for (const fault of result.faults) {
        context.addIssue({ code: 'custom', message: fault.expected, params: { fault } });
      }
      return z.NEVER;
    });

/** Types of authorization details. */
export const detailTypes = (): z.ZodType<DetailTypes> => fileOf(readDetailTypes);

/** A policy file. */
export const policyFile = (): z.ZodType<PolicyFile> => fileOf(readPolicy);

/** A file of scopes. */
export const scopesFile = (): z.ZodType<OperatorScopes> => fileOf(readScopes);
