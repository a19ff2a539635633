/** Words a notice as a text message. It holds no secret: phones show texts while they are locked. */
import { wording } from '../locales/wording.ts';
import { isOneSegment } from '../mfa/factors/sms-segment.ts';
import type { NoticeKind } from '../notice.ts';

/**
 * The longest version that fits one segment: with `link`, else with the advice to call the help desk, else what happened alone.
 * undefined: notices of this kind are not texted.
 */
export const noticeText = (kind: NoticeKind, language: string, link?: string): string | undefined => {
  const { texts, frame } = wording(language);
  const words: Readonly<Partial<Record<NoticeKind, string>>> = texts.notices;
  const said = words[kind];
  if (said === undefined) return undefined;
  const what = `${frame.product}: ${said}`;
  const versions = [...(link === undefined ? [] : [`${what} ${texts.notYou(link)}`]), `${what} ${texts.notYouDesk}`];
  return versions.find(isOneSegment) ?? what;
};
