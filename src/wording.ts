/** Every sentence a person reads or hears, one catalogue a language. */
import { en } from './locales/en.ts';

/** The shape of a catalogue: English is the master, other languages must say all of it. */
export type Words = typeof en;

const catalogues: readonly Words[] = [en];

/** Tags of the languages there are, for `ui_locales_supported` and `<html lang>`. */
export const languages: readonly string[] = catalogues.map(words => words.language);

/** The catalogue for a BCP 47 tag, by its language alone; English where there is none. */
export const wording = (language: string): Words => {
  const [primary = ''] = language.toLowerCase().split(/[-_]/u);
  return catalogues.find(words => words.language === primary) ?? en;
};

/** The first wanted language we have: `ui_locales`, then the person's, then Accept-Language, in the order given. */
export const chosenLanguage = (wanted: readonly string[]): string => {
  const primaries = wanted.map(tag => tag.toLowerCase().split(/[-_]/u)[0] ?? '');
  return primaries.find(primary => languages.includes(primary)) ?? en.language;
};
