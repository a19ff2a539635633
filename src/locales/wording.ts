/** Every sentence a person reads or hears, one catalogue a language. */
import { de } from './de.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';

/** The shape of a catalogue: English is the master, other languages must say all of it. */
export type Words = typeof en;

const catalogues: readonly Words[] = [en, de, fr];

/** Tags of the languages there are, for `ui_locales_supported` and `<html lang>`. */
export const languages: readonly string[] = catalogues.map(words => words.language);

/** Each language by its own name, for those who look for theirs. */
export const languageNames: readonly (readonly [tag: string, name: string])[] = catalogues.map(words => [
  words.language,
  words.languageName,
]);

/** No tag in use is longer (RFC 5646 §4.4.1); what is longer is nobody's language. */
const longestTag = 35;
const primaryOf = (tag: string): string =>
  tag.length > longestTag ? '' : (tag.toLowerCase().split(/[-_]/u, 1)[0] ?? '');

/** The catalogue for a BCP 47 tag, by its language alone; English where there is none. */
export const wording = (language: string): Words => {
  const primary = primaryOf(language);
  return catalogues.find(words => words.language === primary) ?? en;
};

/** More than anybody wants; the rest is not looked at. */
const mostWanted = 50;

/** The first wanted language we have, in the order given. */
export const chosenLanguage = (wanted: readonly string[]): string =>
  wanted
    .slice(0, mostWanted)
    .map(primaryOf)
    .find(primary => languages.includes(primary)) ?? en.language;

const longestHeader = 1000;
const entry = /^\s*([a-z0-9-]{1,35})\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/iu;

/**
 * The tags of `Accept-Language`, the most wanted first, none that is refused (`q=0`). RFC 9110 §12.5.4. A header that is longer
 * than any browser's is not read at all.
 */
export const acceptedLanguages = (header: string): readonly string[] =>
  (header.length > longestHeader ? [] : header.split(',', mostWanted))
    .map(each => entry.exec(each))
    .map(match => ({ tag: match?.[1] ?? '', weight: Number(match?.[2] ?? 1) }))
    .filter(({ tag, weight }) => tag !== '' && weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag);
