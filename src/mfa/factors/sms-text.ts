/** Writes the text message: the code first, so that a preview shows it, and last the line that binds it to our origin. */
import { nameForText } from '../../client-name.ts';
import { wording } from '../../locales/wording.ts';
import type { CeremonyContext } from '../factor.ts';
import { isOneSegment } from './sms-segment.ts';

/**
 * The longest version that fits one segment: with the client's name, without it, and last without the line `@domain #code`. By
 * that line browsers fill in the code on this origin only (origin-bound one-time codes, W3C WICG).
 */
export const codeText = (
  code: string,
  purpose: 'sign-in' | 'enrollment',
  { language, client, origin }: Pick<CeremonyContext, 'language' | 'client' | 'origin'>,
): string => {
  const { texts } = wording(language);
  const bound = `\n\n@${new URL(origin).hostname} #${code}`;
  const named = texts[purpose](code, nameForText(client));
  const plain = texts[purpose](code, '');
  return [named + bound, plain + bound].find(isOneSegment) ?? plain;
};
