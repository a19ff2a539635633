/**
 * Chooses the catalogue of sentences for a person. The folder has one catalogue for each language, with all sentences on pages,
 * in calls and in text messages.
 *
 * - `en.ts` and `en/`: English, which defines the shape; `de` and `fr` have the same files, checked by the compiler
 * - `phrase.ts`: builds sentences with marked pieces, so that catalogues hold no markup
 * - `duration.ts`: words a length of time with the units of a catalogue
 * - `code-words.ts`, `end-words.ts`: types that several files share
 *
 * To add a language: a folder and a file beside `en`, a line in `catalogues` below, and its key names in `test/web/catalogues.test.ts`.
 */
import { de } from './de.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';

/**
 * Shape of a catalogue, as English defines it: every other language has every sentence. `zone`: time zone of the person who reads them
 * (IANA name), where it is known.
 */
export type Words = typeof en & { readonly zone?: string };

const catalogues: readonly Words[] = [en, de, fr];

/** Tags of the available languages, for `ui_locales_supported` and `<html lang>`. */
export const languages: readonly string[] = catalogues.map(words => words.language);

/** Each language with its own name for itself, for the language menu. */
export const languageNames: readonly (readonly [tag: string, name: string])[] = catalogues.map(words => [
  words.language,
  words.languageName,
]);

/** Characters of the longest tag to expect (RFC 5646 §4.4.1). A longer one counts as unknown. */
const longestTag = 35;
const primaryOf = (tag: string): string =>
  tag.length > longestTag ? '' : (tag.toLowerCase().split(/[-_]/u, 1)[0] ?? '');

/** Catalogue for a BCP 47 tag, by its primary language only; English for an unknown one. */
export const wording = (language: string): Words => {
  const primary = primaryOf(language);
  return catalogues.find(words => words.language === primary) ?? en;
};

/** Tags considered of one list. Bounds the work for a hostile list. */
const mostWanted = 50;

/** The first available language in `wanted` (BCP 47 tags, most wanted first); English where no tag matches. */
export const chosenLanguage = (wanted: readonly string[]): string =>
  wanted
    .slice(0, mostWanted)
    .map(primaryOf)
    .find(primary => languages.includes(primary)) ?? en.language;
