/** Chooses the sentences of a call, and the region of their voice, by the number that is called: a person hears the usual words. */
import { phoneElsewhere } from './en/phone.ts';
import { wording, type Words } from './wording.ts';

/** Regions of English outside North America with a voice of their own, by calling code. Others hear British English. */
const englishByCode: readonly (readonly [prefix: string, voice: string])[] = [
  ['+61', 'en-AU'],
  ['+91', 'en-IN'],
];

/** Words and voice for a call to this number. `language`: BCP 47, its primary language counts. `to`: E.164. */
export const spoken = (language: string, to: string): Words['phone'] => {
  const { phone, language: primary } = wording(language);
  const isNorthAmerican = to.startsWith('+1');
  if (primary === 'fr' && isNorthAmerican) return { ...phone, voice: 'fr-CA' };
  if (primary !== 'en' || isNorthAmerican) return phone;
  return phoneElsewhere(englishByCode.find(([prefix]) => to.startsWith(prefix))?.[1] ?? 'en-GB');
};
