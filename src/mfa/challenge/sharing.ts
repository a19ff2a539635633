/**
 * Decides whether two sign-ins of one browser may share one running challenge, so that a second tab neither calls nor texts
 * again. Pure; `dispatch.ts` asks, and docs/adr tells the attacks that were considered.
 */
import type { EpochMillis, Millis } from '../../ports/time.ts';
import { isLive } from '../challenge-state/view.ts';
import type { SharingTerms } from '../challenge-state/request-context.ts';
import type { LoadedChallenge } from './loaded-challenge.ts';

/** A person must have at least this long to read the text and type its code. */
const shortestTimeToType: Millis = 60_000;

const isSame = (running: SharingTerms | undefined, wanted: SharingTerms | undefined): boolean =>
  running !== undefined && running.browser === wanted?.browser && running.approves === wanted.approves;

/**
 * True if the sign-in of `wanted` may use the running challenge instead of one of its own. Browser, person, method, client and
 * level must be the same: the person approves what the call or text has named, and nothing else.
 */
export const canBeShared = (
  running: LoadedChallenge,
  wanted: Pick<LoadedChallenge, 'record' | 'contents'>,
  now: EpochMillis,
): boolean => {
  const { record, contents, view, factor } = running;
  const isSameMethod =
    record.userId === wanted.record.userId &&
    record.factor === wanted.record.factor &&
    record.chosen === wanted.record.chosen;
  const isForSignIn = record.purpose === 'authenticate' && wanted.record.purpose === 'authenticate';
  const mayArrive =
    isLive(view) && view.callEnded !== true && (view.progress !== 'undelivered' || record.via === 'push');
  const hasTime = factor.resend === undefined || view.until - now >= shortestTimeToType;
  return (
    isForSignIn &&
    isSameMethod &&
    isSame(contents.request.sharing, wanted.contents.request.sharing) &&
    mayArrive &&
    hasTime
  );
};
