/** Sentences of the operator for people, by language (`en`, `de`, …). English is always there. */
export type Sentences = { readonly en: string } & { readonly [language: string]: string | undefined };

/** The sentence in this language, or the English one. */
export const inLanguage = (
  sentences: Sentences,
  language: string,
): { readonly text: string; readonly language: string } => {
  const text = sentences[language];
  return text === undefined ? { text: sentences.en, language: 'en' } : { text, language };
};
