/** Parts of a page that could not call because another sign-in calls the same person: its words, and the watch for the end. */
import type { EndWords } from '../../../src/locales/end-words.ts';
import type { Words } from '../../../src/locales/wording.ts';
import type { Value } from '../../html.ts';
import type { OtherCall, StepFrame } from '../props.ts';
import type { Layout } from './layout.ts';
import { liveRegion } from './live-region.ts';

/** The words where this browser asked for the other call: it may end that call, and `again` labels the button. */
export const ownOtherCall = (
  call: OtherCall | undefined,
  number: string,
  { calls: { ownOtherCall: text } }: Words,
): (Pick<EndWords, 'heading' | 'sentence' | 'advice'> & { readonly again: string }) | undefined => {
  const client = call?.client;
  return client === undefined ? undefined : { ...text, sentence: () => text.sentence(number, client) };
};

/** Adds the script that `watchOtherCall` needs. */
export const withWatch = <Content extends Pick<Layout, 'scripts'>>(
  content: Content,
  call: OtherCall | undefined,
): Content => (call === undefined ? content : { ...content, scripts: [...(content.scripts ?? []), 'waiting.js'] });

/** Shows nothing. With it `waiting.js` loads the page again once the other call is over. */
export const watchOtherCall = ({ uid, now }: StepFrame, call: OtherCall | undefined): Value =>
  call !== undefined && liveRegion({ uid, progress: 'starting', span: { now, since: now, until: call.until } }, '');
