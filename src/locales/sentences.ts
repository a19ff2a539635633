/** Sentences of the operator for people, by language (`en`, `de`, …). English is always there. */
export type Sentences = { readonly en: string } & { readonly [language: string]: string | undefined };
