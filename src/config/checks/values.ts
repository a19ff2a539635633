/**
 * Checks single settings, as zod schemas: text in, typed value out. zod's own messages are not shown, because the `expected` line of
 * the table is more precise.
 *
 *   values.ts     choices, numbers, durations, names     addresses.ts    origins and hosts
 *   stores.ts     databases and Redis                    mail.ts         mail servers and mailboxes
 *   telephone.ts  numbers, countries, voices             credentials.ts  keys, secrets, certificates, passkey models
 *   files.ts      YAML files of the operator
 */
import * as z from 'zod';
import type { Millis } from '../../ports/time.ts';

/** Characters of the longest value. A longer one is refused before any pattern runs over it. */
const maxTextLength = 16_384;
/** Characters of the longest file that a setting may come from. */
export const maxFileLength = 262_144;
/** Text of any form that is not too long. */
export const text = z.string().max(maxTextLength, { abort: true });

/** Texts that commas separate, without spaces around them. */
export const separated = text.transform(value => value.split(',').map(each => each.trim()));
/** True where each value comes once. */
export const isDistinct = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

/** Exactly one of `values`, case-sensitive. */
export const oneOf = <T extends string>(...values: readonly [T, ...T[]]): z.ZodType<T> => z.enum(values);

/** One or more of `values`, separated by commas, without duplicates. */
export const someOf = <T extends string>(...values: readonly [T, ...T[]]): z.ZodType<readonly T[]> =>
  separated.pipe(z.array(z.enum(values))).refine(isDistinct);

/** A whole number in decimal digits. The pattern comes first, because `Number` also reads `0x1`, `1e0` and ` 1 `. */
export const whole = (min: number, max: number): z.ZodType<number> =>
  text
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.int().min(min).max(max));

const units: Readonly<Record<string, Millis>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const millis = (value: string): Millis => Number(value.slice(0, -1)) * (units[value.slice(-1)] ?? Number.NaN);

/** A duration such as `90s`, `10m`, `24h` or `14d`. Both bounds have the same form. */
export const duration = (min: string, max: string): z.ZodType<Millis> =>
  text
    .regex(/^\d{1,6}[smhd]$/)
    .transform(millis)
    .pipe(z.int().min(millis(min)).max(millis(max)));

/** A duration, or `forever`: Infinity. */
export const durationOrForever = (min: string, max: string): z.ZodType<Millis> =>
  z.union([z.literal('forever').transform(() => Infinity), duration(min, max)]);

/** The path of a file or folder. Whether it exists is seen where it is read. */
export const path = (): z.ZodType<string> => text.max(4096).refine(each => !each.includes('\0'));

/** One to ten names, separated by commas, without duplicates. Whether they are names of accounts is not known here. */
export const names = (): z.ZodType<readonly string[]> =>
  separated.pipe(z.array(z.string().min(1).max(254)).min(1).max(10)).refine(isDistinct);

/** `off`, `everyone`, or one to ten names of groups. */
export const offEveryoneOrNames = (): z.ZodType<'off' | 'everyone' | readonly string[]> =>
  z.union([z.enum(['off', 'everyone']), names()]);

/** Text of the given form. `form` must be anchored at both ends. */
export const matching = (form: RegExp): z.ZodType<string> => text.regex(form);
