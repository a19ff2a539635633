/** What the pages of a challenge are told: how far what was sent is, how the challenge stands, and what else there is. */
import { nameOf } from '../src/mfa/assurance.ts';
import type { ChallengeView } from '../src/mfa/challenge/record.ts';
import { interrupts } from '../src/ports/carriers.ts';
import type { CallPage, CodePage, CodeSent } from '../web/pages/props.ts';
import { stepFrame, type InteractionDeps, type UserContext, type InteractionContext } from './context.ts';
import { methodsFor } from './step.ts';

const callSteps = ['dialled', 'ringing', 'answered'] as const;

/** How far a call is; the steps of a text are none of it. */
const callProgress = ({ progress }: ChallengeView): (typeof callSteps)[number] | undefined =>
  callSteps.find(step => step === progress);

/** How the page of a call stands. */
const callState = (view: ChallengeView, pausedUntil: number | undefined): CallPage['state'] => {
  const { begunAt, until } = view;
  const progress = callProgress(view);
  if (view.phase === 'pending') return { kind: 'calling', progress: progress ?? 'starting', begunAt, until };
  if (view.phase === 'passed') return { kind: 'passed' };
  const rests = pausedUntil !== undefined && { until: pausedUntil };
  if (view.phase === 'denied') return { kind: 'denied', ...rests };
  // Redeemed, but what it proved did not reach the ledger: the process died in between.
  const reason = view.reason ?? 'lost';
  const waits = reason === 'slow' && view.waitUntil !== undefined && { until: view.waitUntil };
  return {
    kind: 'ended',
    reason,
    ...(progress !== undefined && { progress }),
    ...(reason === 'paused' && rests),
    ...waits,
  };
};

/** How the page of a code stands before anything was typed. */
const codeState = (view: ChallengeView, now: number, pausedUntil: number | undefined): CodePage['state'] => {
  const { phase, waitUntil } = view;
  if (phase !== 'pending') {
    // "This was not me", said on the call that was to dictate it.
    const reason = phase === 'denied' ? 'paused' : (view.reason ?? 'lost');
    const until = reason === 'paused' ? pausedUntil : waitUntil;
    return { kind: 'ended', reason, ...(until !== undefined && { until }) };
  }
  return waitUntil !== undefined && waitUntil > now ? { kind: 'wait', until: waitUntil } : { kind: 'open' };
};

/** Props of the call page; the waiting page's events are made of the same. */
export const callProps = (deps: InteractionDeps, context: UserContext, view: ChallengeView): CallPage => {
  const { prompt } = view;
  return {
    ...stepFrame(context),
    sentTo: 'sentTo' in prompt ? (prompt.sentTo ?? '') : '',
    state: callState(view, context.user.pausedUntil),
    works: worksInstead(context),
    ...(deps.callerId !== undefined && { callsFrom: deps.callerId }),
    ...(prompt.kind === 'wait' && prompt.show !== undefined && { show: prompt.show }),
    ...(prompt.kind === 'wait' && prompt.extension !== undefined && { extension: prompt.extension }),
  };
};

/** To be called at the phone that was texted, where that reaches the need. */
const callInstead = ({ state }: InteractionContext, { factor, chosen }: ChallengeView): string | undefined => {
  const others = methodsFor(state).filter(each => each.chosen === chosen && each.factor !== factor);
  const other = others.find(each => each.factor === 'call') ?? others.find(each => each.factor === 'spoken');
  return other && nameOf(other);
};

/** Types of factors that do not ring a telephone: what is left after "this was not me". */
const worksInstead = ({ state }: InteractionContext): readonly string[] => [
  ...new Set(methodsFor(state).flatMap(({ via, factor }) => (interrupts(via) ? [] : [factor]))),
];

/** What is known of a code that was sent; undefined for one that an app makes. */
export const codeSent = (context: UserContext, view: ChallengeView): CodeSent | undefined => {
  const { prompt, again } = view;
  const progress = view.callEnded === true ? 'over' : (view.progress ?? 'starting');
  if (prompt.kind !== 'code' || prompt.by === undefined) return undefined;
  const instead = prompt.by === 'sms' ? callInstead(context, view) : undefined;
  const { extension } = prompt;
  return {
    by: prompt.by,
    to: prompt.sentTo ?? '',
    progress,
    ...(extension !== undefined && { extension }),
    ...(instead !== undefined && { callInstead: instead }),
    ...(again !== undefined && { again }),
  };
};

/** Props of the code page; its events are made of the same. */
export const codeProps = (context: UserContext, view: ChallengeView): CodePage => {
  const { prompt } = view;
  const sent = codeSent(context, view);
  return {
    ...stepFrame(context),
    length: prompt.kind === 'code' ? prompt.length : 6,
    ...(sent !== undefined && { sent }),
    state: codeState(view, context.frame.now, context.user.pausedUntil),
    works: worksInstead(context),
  };
};
