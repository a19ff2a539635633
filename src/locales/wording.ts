/** Chooses the catalogue of sentences that a person reads or hears; one catalogue a language. */
import { de } from './de.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';

/** Shape of a catalogue. English defines it, and each other language must have every sentence. */
export type Words = typeof en;

const catalogues: readonly Words[] = [en, de, fr];

/** Tags of the available languages, for `ui_locales_supported` and `<html lang>`. */
export const languages: readonly string[] = catalogues.map(words => words.language);

/** Each language with its name in that language, for the list in which people choose. */
export const languageNames: readonly (readonly [tag: string, name: string])[] = catalogues.map(words => [
  words.language,
  words.languageName,
]);

/** Characters of the longest tag to expect (RFC 5646 §4.4.1). A longer one is ignored. */
const longestTag = 35;
const primaryOf = (tag: string): string =>
  tag.length > longestTag ? '' : (tag.toLowerCase().split(/[-_]/u, 1)[0] ?? '');

/** Catalogue for a BCP 47 tag, by its primary language only; English for an unknown one. */
export const wording = (language: string): Words => {
  const primary = primaryOf(language);
  return catalogues.find(words => words.language === primary) ?? en;
};

/** Tags considered in one list; bounds the work for a hostile list. */
const mostWanted = 50;

/** First available language of `wanted`, in its order; English where there is no match. */
export const chosenLanguage = (wanted: readonly string[]): string =>
  wanted
    .slice(0, mostWanted)
    .map(primaryOf)
    .find(primary => languages.includes(primary)) ?? en.language;
