/** The one text we send: the code first, so that a preview shows it, and last the line that binds it to our address. */
import { wording } from '../../locales/wording.ts';
import type { CeremonyContext } from '../factor.ts';
import { isOneSegment } from './sms-segment.ts';

const longestName = 24;

/** A client's name as a text may hold it: no link, no command, no more than a few words of somebody else's. */
const nameIn = (name: string): string =>
  Array.from(
    name
      .normalize('NFKC')
      .replaceAll(/[^\p{L}\p{M}\p{N}&'’-]+/gu, ' ')
      .replaceAll(/\s+/gu, ' ')
      .trim(),
  )
    .slice(0, longestName)
    .join('')
    .trim();

/**
 * The longest of its wordings that fits one segment: with the client's name, without it, and at last without the line
 * `@domain #code` by which browsers fill in the code of this address alone (origin-bound one-time codes, W3C WICG).
 */
export const codeText = (
  code: string,
  purpose: 'sign-in' | 'enrollment',
  { language, client, origin }: Pick<CeremonyContext, 'language' | 'client' | 'origin'>,
): string => {
  const { texts } = wording(language);
  const bound = `\n\n@${new URL(origin).hostname} #${code}`;
  const named = texts[purpose](code, nameIn(client));
  const plain = texts[purpose](code, '');
  return [named + bound, plain + bound].find(isOneSegment) ?? plain;
};
