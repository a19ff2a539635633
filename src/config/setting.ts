/** Defines what a setting is, and the two kinds that most settings are: durations and whole numbers. */
import type * as z from 'zod';
import { duration as durationFrom, whole } from './checks/values.ts';

/** One setting as operators see it. Without a `fallback` (its default) the setting is optional. */
export interface Setting<T = unknown> {
  readonly name: string;
  readonly check: z.ZodType<T>;
  /** Completes the sentence "expected …" in error messages and on the reference page. */
  readonly expected: string;
  readonly example: string;
  readonly doc: string;
  readonly fallback?: string;
  /** Never shown or logged. May come from the file that `NAME_FILE` names. */
  readonly secret?: true;
  /** Its value is shown by its length only. May come from the file that `NAME_FILE` names. */
  readonly isLong?: true;
  /** Its value is shown as this makes it. May come from the file that `NAME_FILE` names. */
  readonly mask?: (text: string) => string;
}

/** A setting with a default. */
export const withDefault = <T>(entry: Setting<T> & { readonly fallback: string }): typeof entry => entry;
/** A setting that may be unset. */
export const optional = <T>(entry: Setting<T> & { readonly fallback?: never }): typeof entry => entry;

/** A duration with a default and bounds, such as `10m`. */
export const duration = (name: string, fallback: string, min: string, max: string, doc: string) =>
  withDefault({
    name,
    check: durationFrom(min, max),
    expected: `a duration from ${min} to ${max}: a whole number and s, m, h or d`,
    example: fallback,
    doc,
    fallback,
  });
/** A whole number with a default and bounds. */
export const count = (name: string, fallback: number, min: number, max: number, doc: string) =>
  withDefault({
    name,
    check: whole(min, max),
    expected: `a whole number from ${min} to ${max}`,
    example: `${fallback}`,
    doc,
    fallback: `${fallback}`,
  });
