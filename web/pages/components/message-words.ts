/** Chooses the words for a code in a text or a mail. */
import type { Words } from '../../../src/locales/wording.ts';
import type { CodeSent } from '../step-props.ts';

/** Words of a message of this kind. A call that dictates a code has words of its own (`codes.dictated`). */
export const messageWords = ({ by }: Pick<CodeSent, 'by'>, { codes }: Words): Words['codes']['texted' | 'mailed'] =>
  by === 'email' ? codes.mailed : codes.texted;
