/** Checks telephone numbers, countries, and voices of calls. */
import type * as Numbering from 'libphonenumber-js/max';
import * as z from 'zod';
import { lazily } from '../../lazily.ts';
import { isDistinct, separated, text } from './values.ts';

/** The numbering plans of all countries take 11 MB. */
const numbering = lazily<typeof Numbering>('libphonenumber-js/max');
/** With one parameter: as a second one `isSupportedCountry` takes its own numbering plans. */
const isCountry = (code: string): boolean => numbering().isSupportedCountry(code);

/** A number in E.164, the form that carriers take. */
export const telephoneNumber = (): z.ZodType<string> => text.pipe(z.e164());

/** Two-letter country codes (ISO 3166-1) that have a numbering plan, separated by commas, without duplicates. */
export const countries = (): z.ZodType<readonly string[]> =>
  separated.pipe(z.array(z.string().refine(isCountry))).refine(isDistinct);

/** First digits of numbers in E.164, separated by commas, without duplicates. */
export const numberPrefixes = (): z.ZodType<readonly string[]> =>
  separated.pipe(z.array(z.string().regex(/^\+[1-9]\d{2,13}$/))).refine(isDistinct);

/** Names of voices by language and region, each language once. */
export const voices = (): z.ZodType<Readonly<Record<string, string>>> =>
  separated
    .pipe(z.array(z.string().regex(/^[a-z]{2}-[A-Z]{2}=[A-Za-z][A-Za-z0-9.-]{0,60}$/)))
    .transform(pairs => pairs.map(pair => pair.split('=')))
    .refine(pairs => isDistinct(pairs.map(([language = '']) => language)))
    .transform(pairs => Object.fromEntries(pairs.map(([language = '', voice = '']) => [language, voice])));

/** `US:500,*:50`: a count for each country, `*` for every other one. */
export const countsByCountry = (min: number, max: number): z.ZodType<ReadonlyMap<string, number>> =>
  separated
    .transform(entries => entries.map(entry => /^([A-Z]{2}|\*):(\d{1,9})$/.exec(entry)?.slice(1) ?? ['', '']))
    .transform(entries =>
      entries.map(([country = '', count = '']): readonly [string, number] => [country, Number(count)]),
    )
    .refine(entries => entries.every(([country]) => country === '*' || isCountry(country)))
    .refine(entries => entries.every(([, count]) => count >= min && count <= max))
    .refine(entries => isDistinct(entries.map(([country]) => country)))
    .transform(entries => new Map(entries));
