/** Words the labels that we give to methods. Labels that people write are shown as they are. */
import { en } from './en.ts';
import type { Words } from './wording.ts';

/**
 * A label that we gave, in words of the language; undefined: the person wrote it. Stored are the kinds of phones, and the English
 * names of other kinds. Own members only, because people may write `constructor`.
 */
export const givenLabel = (label: string, { pages, enroll, passkeys }: Words): string | undefined => {
  const { phones } = pages.options;
  if (Object.hasOwn(phones, label)) return phones[label];
  if (label === en.passkeys.securityKey) return passkeys.securityKey;
  const [kind] = Object.entries(en.enroll.kinds).find(([, { name }]) => name === label) ?? [];
  return kind === undefined ? undefined : enroll.kinds[kind]?.name;
};
