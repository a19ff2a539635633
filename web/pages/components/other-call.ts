/** Parts of a page that could not call because another sign-in calls the same person: its words, and the watch for the end. */
import type { EndWords } from '../../../src/locales/end-words.ts';
import type { Words } from '../../../src/locales/wording.ts';
import type { Value } from '../../html.ts';
import type { CallEndReason } from '../../../src/end-reason.ts';
import type { EpochMillis } from '../../../src/ports/time.ts';
import type { OtherCall, StepFrame } from '../step-props.ts';
import type { Layout } from './layout.ts';
import { liveRegion, reloadWithoutScript } from './live-region.ts';

interface Ended {
  readonly reason: CallEndReason;
  readonly until?: EpochMillis | undefined;
  readonly otherCall?: OtherCall | undefined;
}

/**
 * The words that replace those of the end. Where this browser asked for the other call, it may end that call, and `again` labels
 * the button. Where the other call is over, the page must not say that it is calling. Undefined: the words of the end hold.
 */
export const otherCallWords = (
  { reason, until, otherCall }: Ended,
  number: string,
  { calls }: Words,
): (Pick<EndWords, 'heading' | 'sentence' | 'advice'> & { readonly again?: string }) | undefined => {
  const client = otherCall?.client;
  if (client !== undefined)
    return { ...calls.ownOtherCall, sentence: () => calls.ownOtherCall.sentence(number, client) };
  const isOver = reason === 'elsewhere' && otherCall === undefined && until === undefined;
  return isOver ? calls.otherCallOver : undefined;
};

/** Adds the script that `watchOtherCall` needs. Without script the page is loaded again, until the other call is over. */
export const withWatch = <Content extends Pick<Layout, 'scripts' | 'reload'>>(
  content: Content,
  { uid }: StepFrame,
  call: OtherCall | undefined,
): Content =>
  call === undefined
    ? content
    : {
        ...content,
        scripts: [...(content.scripts ?? []), 'waiting.js'],
        reload: reloadWithoutScript(uid),
      };

/** Makes `waiting.js` load the page again once the other call is over. Draws nothing itself. */
export const watchOtherCall = ({ uid, now }: StepFrame, call: OtherCall | undefined): Value =>
  call !== undefined && liveRegion({ uid, progress: 'starting', span: { now, since: now, until: call.until } }, '');
