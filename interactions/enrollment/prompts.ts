/**
 * Maps each kind of prompt to its page while a method is set up. The table is exhaustive, so that a new factor joins without a change
 * here.
 */
import type { ChallengeView } from '../../src/mfa/challenge-state/view.ts';
import type { Factor, Prompt } from '../../src/mfa/factor.ts';
import { codeDigits } from '../../src/mfa/factors/code.ts';
import { readRegistration } from '../../src/mfa/passkeys/credential.ts';
import { Problem } from '../../src/errors.ts';
import type { Html } from '../../web/html.ts';
import {
  enrollApprovePage,
  enrollCallPage,
  enrollCodePage,
  enrollPasskeyPage,
  enrollScanPage,
} from '../../web/pages/index.ts';
import { fields } from '../../web/pages/links.ts';
import type {
  EnrollApprovePage,
  EnrollCallPage,
  EnrollCodePage,
  EnrollPasskeyPage,
  EnrollScanPage,
} from '../../web/pages/enroll-props.ts';
import type { CodePage } from '../../web/pages/step-props.ts';
import type { InteractionDeps } from '../context.ts';
import { callState, codeSentOf, codeState, requestState } from '../page-props.ts';
import { readCode, type TypedAnswer } from '../prompts.ts';
import { enrollFrame, kindOf, offeredOf, type Enrolling } from './enrolling.ts';

/** What an answer that was not right shows instead of the state of the challenge. */
export type Shown = Partial<Pick<CodePage, 'state' | 'typed'>>;

interface Row {
  /** Reads the answer from its form. Absent where a device answers. */
  readonly read?: (form: ReadonlyMap<string, string>, view: ChallengeView) => TypedAnswer;
  readonly page: (deps: InteractionDeps, enrolling: Enrolling, view: ChallengeView, shown: Shown) => Html;
}

const wrongKind = (kind: string): never => {
  throw new Problem('internal', `got the prompt of another kind than ${kind}`);
};

/** Other factors that can prove the same number. */
const insteadOf = (deps: InteractionDeps, enrolling: Enrolling, { factor }: ChallengeView): readonly string[] => {
  const own = deps.factors.find(({ type }) => type === factor);
  const others: readonly Factor[] = own?.enrolls === 'phone' ? offeredOf(deps, enrolling, kindOf(own)) : [];
  return others.filter(({ type }) => type !== factor).map(({ type }) => type);
};

const scanProps = (deps: InteractionDeps, enrolling: Enrolling, view: ChallengeView): EnrollScanPage => ({
  ...enrollFrame(deps, enrolling),
  uri: view.prompt.kind === 'scan' ? view.prompt.uri : wrongKind('scan'),
  length: codeDigits,
  state: codeState(view, enrolling.frame.now, undefined, undefined),
});

const codeProps = (deps: InteractionDeps, enrolling: Enrolling, view: ChallengeView): EnrollCodePage => ({
  ...enrollFrame(deps, enrolling),
  length: view.prompt.kind === 'code' ? view.prompt.length : wrongKind('code'),
  sent: codeSentOf(view) ?? wrongKind('code'),
  state: codeState(view, enrolling.frame.now, enrolling.user.pausedUntil, undefined),
  instead: insteadOf(deps, enrolling, view),
});

const callProps = (deps: InteractionDeps, enrolling: Enrolling, view: ChallengeView): EnrollCallPage => {
  const { prompt } = view;
  if (prompt.kind !== 'wait') return wrongKind('wait');
  return {
    ...enrollFrame(deps, enrolling),
    sentTo: prompt.sentTo,
    ...(prompt.extension !== undefined && { extension: prompt.extension }),
    ...(prompt.show !== undefined && { show: prompt.show }),
    state: callState(view, enrolling.user.pausedUntil, undefined),
    instead: insteadOf(deps, enrolling, view),
  };
};

const requestProps = (deps: InteractionDeps, enrolling: Enrolling, view: ChallengeView): EnrollApprovePage => {
  const { prompt } = view;
  if (prompt.kind !== 'approve') return wrongKind('approve');
  const { show, sentTo } = prompt;
  return { ...enrollFrame(deps, enrolling), show, sentTo, state: requestState(view, enrolling.user.pausedUntil) };
};

const passkeyProps = (deps: InteractionDeps, enrolling: Enrolling, view: ChallengeView): EnrollPasskeyPage => ({
  ...enrollFrame(deps, enrolling),
  options: view.prompt.kind === 'new-passkey' ? view.prompt.options : wrongKind('new-passkey'),
  state: codeState(view, enrolling.frame.now, undefined, undefined),
  ...(enrolling.plan.invitation === 'passkey' && { isInvited: true }),
});

/** Page and form of each kind of prompt. */
export const enrollmentPrompts: Readonly<Record<Prompt['kind'], Row>> = {
  scan: {
    read: readCode,
    page: (deps, enrolling, view, shown) =>
      enrollScanPage({ ...scanProps(deps, enrolling, view), ...shown }, enrolling.words),
  },
  code: {
    read: readCode,
    page: (deps, enrolling, view, shown) =>
      enrollCodePage({ ...codeProps(deps, enrolling, view), ...shown }, enrolling.words),
  },
  wait: {
    page: (deps, enrolling, view) => enrollCallPage(callProps(deps, enrolling, view), enrolling.words),
  },
  approve: {
    page: (deps, enrolling, view) => enrollApprovePage(requestProps(deps, enrolling, view), enrolling.words),
  },
  passkey: { page: () => wrongKind('new-passkey') },
  'new-passkey': {
    read: form => {
      const answer = form.get(fields.credential) ?? '';
      return { typed: '', answer: readRegistration(answer) === undefined ? undefined : answer };
    },
    page: (deps, enrolling, view, { state }) =>
      enrollPasskeyPage({ ...passkeyProps(deps, enrolling, view), ...(state && { state }) }, enrolling.words),
  },
};
