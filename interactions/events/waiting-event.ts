/** Makes the event that reports the state of a challenge to its page, at a sign-in and while a method is set up. */
import type { Words } from '../../src/locales/wording.ts';
import type { ChallengeView } from '../../src/mfa/challenge-state/view.ts';
import type { RunningCall } from '../../src/mfa/challenge/running-messages.ts';
import type { Prompt } from '../../src/mfa/factor.ts';
import { Problem } from '../../src/errors.ts';
import type { EpochMillis } from '../../src/ports/time.ts';
import type { User } from '../../src/records.ts';
import { codeEvent, requestEvent, waitingEvent } from '../../web/pages/index.ts';
import type { WaitingEvent } from '../../web/pages/step-props.ts';
import { callDetails, callState, codeSentOf, codeState, otherCall, requestState } from '../page-props.ts';

/** What events are made of, beside the challenge. Only this is kept of a request while its page waits. */
export interface Waiting {
  readonly words: Words;
  readonly userId: string;
  /** End of the person's pause of calls. */
  readonly pausedUntil?: EpochMillis | undefined;
  readonly runningCall?: RunningCall | undefined;
}

/** Keeps little of what a request has read. */
export const waitingOf = ({
  words,
  user,
  runningCall,
}: {
  readonly words: Words;
  readonly user: Pick<User, 'id' | 'pausedUntil'>;
  readonly runningCall?: RunningCall;
}): Waiting => ({ words, userId: user.id, pausedUntil: user.pausedUntil, runningCall });

type MakeEvent = (waiting: Waiting, view: ChallengeView, now: EpochMillis) => WaitingEvent;

const codeRow: MakeEvent = (waiting, view, now) => {
  const sent = codeSentOf(view);
  const state = codeState(view, now, waiting.pausedUntil, otherCall(waiting));
  return codeEvent({ state, ...(sent !== undefined && { sent }), now }, waiting.words);
};
const callRow: MakeEvent = (waiting, view, now) => {
  const state = callState(view, waiting.pausedUntil, otherCall(waiting));
  return waitingEvent({ state, ...callDetails(view.prompt), now }, waiting.words);
};
const requestRow: MakeEvent = (waiting, view, now) => {
  const { prompt } = view;
  if (prompt.kind !== 'approve') throw new Problem('internal', `got the prompt ${prompt.kind}, expected approve`);
  const state = requestState(view, waiting.pausedUntil);
  return requestEvent({ state, sentTo: prompt.sentTo, now }, waiting.words);
};

/** The table is exhaustive: a new kind of prompt needs a row here. */
const events: Readonly<Record<Prompt['kind'], MakeEvent>> = {
  code: codeRow,
  scan: codeRow,
  passkey: codeRow,
  'new-passkey': codeRow,
  wait: callRow,
  approve: requestRow,
};

/** The event of this challenge. It is derived from the same state as its page, so that page and event cannot differ. */
export const eventOf: MakeEvent = (waiting, view, now) => events[view.prompt.kind](waiting, view, now);
