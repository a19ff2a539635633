/** Makes the props of the pages of a challenge: progress of the message, state of the challenge, and alternatives. */
import { callEndReason } from '../src/end-reason.ts';
import { Problem } from '../src/errors.ts';
import { nameOf } from '../src/mfa/assurance.ts';
import type { ChallengeView } from '../src/mfa/challenge-state/view.ts';
import type { RunningCall } from '../src/mfa/challenge/running-messages.ts';
import type { Prompt } from '../src/mfa/factor.ts';
import { interrupts } from '../src/ports/carriers.ts';
import type { ApprovePage, CallPage, CodePage, CodeSent, OtherCall, PasskeyPage } from '../web/pages/step-props.ts';
import { stepFrame, type InteractionDeps, type UserContext, type InteractionContext } from './context.ts';
import { methodsFor } from './required-level.ts';

const callSteps = ['dialled', 'ringing', 'answered'] as const;

/** Gives the progress of a call. Gives undefined for the progress values of a text message. */
const callProgress = ({ progress }: ChallengeView): (typeof callSteps)[number] | undefined =>
  callSteps.find(step => step === progress);

/** The other call that keeps the phone busy. A person who asked for it here may end it, and need not wait. */
const waitFor = (otherCall: OtherCall | undefined): { readonly until?: number; readonly otherCall?: OtherCall } =>
  otherCall === undefined ? {} : { otherCall, ...(otherCall.client === undefined && { until: otherCall.until }) };

/** Gives the state of the call page. */
export const callState = (
  view: ChallengeView,
  pausedUntil: number | undefined,
  otherCall: OtherCall | undefined,
): CallPage['state'] => {
  const { begunAt, until } = view;
  const progress = callProgress(view);
  if (view.phase === 'pending') {
    const held = view.isHeld === true && { isHeld: view.isHeld };
    return { kind: 'calling', progress: progress ?? 'starting', ...held, begunAt, until };
  }
  if (view.phase === 'passed') return { kind: 'passed' };
  const rests = pausedUntil !== undefined && { until: pausedUntil };
  if (view.phase === 'denied') return { kind: 'denied', ...rests };
  // The challenge was redeemed, but its proof was not stored: the process died in between.
  const reason = callEndReason(view.reason ?? 'lost');
  const waits = reason !== 'paused' && view.waitUntil !== undefined && { until: view.waitUntil };
  return {
    kind: 'ended',
    reason,
    ...(progress !== undefined && { progress }),
    ...(reason === 'paused' && rests),
    ...waits,
    ...waitFor(otherCall),
  };
};

/** Gives the state of the code page before a code was typed. */
export const codeState = (
  view: ChallengeView,
  now: number,
  pausedUntil: number | undefined,
  otherCall: OtherCall | undefined,
): CodePage['state'] => {
  const { phase, waitUntil } = view;
  if (phase !== 'pending') {
    // The person pressed "This was not me" on the call that dictates the code.
    const reason = callEndReason(view.reason ?? (phase === 'denied' ? 'paused' : 'lost'));
    const until = reason === 'paused' ? pausedUntil : waitUntil;
    return { kind: 'ended', reason, ...(until !== undefined && { until }), ...waitFor(otherCall) };
  }
  return waitUntil !== undefined && waitUntil > now ? { kind: 'wait', until: waitUntil } : { kind: 'open' };
};

const requestSteps = ['sent', 'undelivered', 'delivered'] as const;

/** Gives the state of the page that waits for a device. */
export const requestState = (view: ChallengeView, pausedUntil: number | undefined): ApprovePage['state'] => {
  const { phase, begunAt, until, waitUntil } = view;
  const progress = requestSteps.find(step => step === view.progress) ?? 'starting';
  if (phase === 'pending') return { kind: 'waiting', progress, begunAt, until };
  if (phase === 'passed') return { kind: 'passed' };
  const rests = pausedUntil !== undefined && { until: pausedUntil };
  if (phase === 'denied') return { kind: 'denied', ...rests };
  const reason = view.reason ?? 'lost';
  return {
    kind: 'ended',
    reason,
    ...(reason === 'paused' && rests),
    ...(reason !== 'paused' && waitUntil !== undefined && { until: waitUntil }),
  };
};

/** Makes the props of the page that waits for a device. */
export const requestProps = (context: UserContext, view: ChallengeView): ApprovePage => {
  const { prompt } = view;
  if (prompt.kind !== 'approve') throw new Problem('internal', `got the prompt ${prompt.kind}, expected approve`);
  const { show, sentTo } = prompt;
  return {
    ...stepFrame(context),
    show,
    sentTo,
    works: worksInstead(context),
    state: requestState(view, context.user.pausedUntil),
  };
};

/** The other call that keeps the phone busy. Only a person who asked for it in this browser learns for which client. */
export const otherCall = ({ runningCall }: { readonly runningCall?: RunningCall | undefined }): OtherCall | undefined =>
  runningCall && {
    until: runningCall.until,
    ...(runningCall.isOfThisBrowser && { client: runningCall.client }),
  };

/** Makes the props of the call page. */
export const callProps = (deps: InteractionDeps, context: UserContext, view: ChallengeView): CallPage => {
  const { prompt } = view;
  return {
    ...stepFrame(context),
    sentTo: 'sentTo' in prompt ? (prompt.sentTo ?? '') : '',
    state: callState(view, context.user.pausedUntil, otherCall(context)),
    works: worksInstead(context),
    pause: deps.pause,
    ...(deps.callerId !== undefined && { callsFrom: deps.callerId }),
    ...callDetails(prompt),
  };
};

/** What the status of a call names: digits to press, and the extension that is dialled. */
export const callDetails = (prompt: Prompt): Pick<CallPage, 'show' | 'extension'> =>
  prompt.kind === 'wait'
    ? {
        ...(prompt.show !== undefined && { show: prompt.show }),
        ...(prompt.extension !== undefined && { extension: prompt.extension }),
      }
    : {};

/** Names the method that calls the same telephone, if that method reaches the required level. */
const callInstead = ({ state }: InteractionContext, { factor, chosen }: ChallengeView): string | undefined => {
  const others = methodsFor(state).filter(each => each.chosen === chosen && each.factor !== factor);
  const other = others.find(each => each.factor === 'call') ?? others.find(each => each.factor === 'spoken');
  return other && nameOf(other);
};

/** Types of factors that ring no telephone. They stay usable after "This was not me", which pauses calls. */
const worksInstead = ({ state }: InteractionContext): readonly string[] => [
  ...new Set(methodsFor(state).flatMap(({ via, factor }) => (interrupts(via) ? [] : [factor]))),
];

/** Describes the message that carries a code. Gives undefined for a code that an app makes. */
export const codeSentOf = ({ prompt, resend, callEnded, progress, undelivered }: ChallengeView): CodeSent | undefined =>
  prompt.kind !== 'code' || prompt.by === undefined || prompt.by === 'push'
    ? undefined
    : {
        by: prompt.by,
        to: prompt.sentTo ?? '',
        progress: callEnded === true ? 'over' : (progress ?? 'starting'),
        ...(prompt.extension !== undefined && { extension: prompt.extension }),
        ...(undelivered !== undefined && { because: undelivered }),
        ...(resend !== undefined && { again: resend }),
      };

/** The same, with the call to the same telephone that this person may choose instead. */
export const codeSent = (context: UserContext, view: ChallengeView): CodeSent | undefined => {
  const sent = codeSentOf(view);
  const instead = sent?.by === 'sms' ? callInstead(context, view) : undefined;
  return sent && { ...sent, ...(instead !== undefined && { callInstead: instead }) };
};

const givenOf = (as: NonNullable<CodePage['given']>['as'], left: number | undefined): Pick<CodePage, 'given'> => ({
  given: { as, ...(left !== undefined && { left }) },
});

/** Makes the props of the code page. */
export const codeProps = (context: UserContext, view: ChallengeView): CodePage => {
  const { prompt } = view;
  const sent = codeSent(context, view);
  return {
    ...stepFrame(context),
    length: prompt.kind === 'code' ? prompt.length : 6,
    ...(prompt.kind === 'code' && prompt.from !== undefined && givenOf(prompt.from, prompt.left)),
    ...(sent !== undefined && { sent }),
    state: codeState(view, context.frame.now, context.user.pausedUntil, otherCall(context)),
    works: worksInstead(context),
  };
};

/** Makes the props of the page of a passkey. @throws Problem 'internal' for another prompt. */
export const passkeyProps = (context: UserContext, { prompt, ...view }: ChallengeView): PasskeyPage => {
  if (prompt.kind !== 'passkey') throw new Problem('internal', `got the prompt ${prompt.kind}, expected a passkey`);
  return {
    ...stepFrame(context),
    request: prompt.options,
    asksAtOnce: true,
    state: codeState({ ...view, prompt }, context.frame.now, context.user.pausedUntil, undefined),
  };
};
