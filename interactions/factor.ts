/** Serves POST …/factor: checks a typed answer, or redeems the answer that a device gave. */
import type { Context } from 'koa';
import { setRetryAfter } from '../src/http/retry-after.ts';
import type { AnswerResult } from '../src/mfa/challenge/result.ts';
import type { ChallengeView } from '../src/mfa/challenge-state/view.ts';
import type { LoadedChallenge } from '../src/mfa/challenge/loaded-challenge.ts';
import type { Proof } from '../src/mfa/proof.ts';
import type { CodePage } from '../web/pages/step-props.ts';
import { userContext, type InteractionContext, type InteractionDeps, type UserContext } from './context.ts';
import { readAgain } from './read-context.ts';
import { finishSignInOrTask, finishSignIn, finishSignInWith, finishStale, finishStepUp, finishTask } from './finish.ts';
import { noteAsked } from './note-asked.ts';
import { factorPage, prompts, type TypedAnswer } from './prompts.ts';
import { withBoxOf } from './remember.ts';
import { draw, goBack, pageOf } from './render.ts';
import { continuesElsewhere } from './signed-in-elsewhere.ts';

/** Status and page state of an answer that was not right. */
export interface ShownResult {
  readonly status: number;
  readonly state: CodePage['state'];
}

/** Maps a refused answer to status and page state. Gives undefined if the page of the challenge's own state explains it. */
export const shownResult = (result: Exclude<AnswerResult, { ok: true }>): ShownResult | undefined => {
  if (result.reason === 'wait') return { status: 429, state: { kind: 'wait', until: result.until, tooSoon: true } };
  if (result.reason === 'disabled') return { status: 429, state: { kind: 'ended', reason: 'disabled' } };
  if (result.reason !== 'wrong') return undefined;
  const { attemptsLeft, reused, because, waitUntil } = result;
  const until = waitUntil !== undefined && { until: waitUntil };
  if (reused) return { status: 422, state: { kind: 'reused', attemptsLeft, ...until } };
  return {
    status: 422,
    state: { kind: 'wrong', attemptsLeft, ...until, ...(because !== undefined && { because }) },
  };
};

/** True if no attempt is left. The state of the challenge then names the reason and the end of the wait. */
export const wasLast = (result: Exclude<AnswerResult, { ok: true }>): boolean =>
  (result.reason === 'wrong' && result.attemptsLeft === 0) || (result.reason === 'over' && result.ended === 'attempts');

const isSpent = ({ prompt, reason }: ChallengeView): boolean =>
  prompts[prompt.kind].read !== undefined && (reason === 'attempts' || reason === 'disabled');

/** Handles POST …/factor. */
export const postFactor = (deps: InteractionDeps) => {
  /** Redeems the challenge, if it was answered. Compares no code. */
  const redeem = async (ctx: Context, context: UserContext, form: ReadonlyMap<string, string>): Promise<void> => {
    const { user, challenge } = context;
    return use(ctx, context, form, await deps.challenges.redeem(context.boundTo, { user, challenge }));
  };

  /** Goes on with the proof of this challenge; undefined: there is none. */
  const use = async (
    ctx: Context,
    context: UserContext,
    form: ReadonlyMap<string, string>,
    proven: Proof | undefined,
  ): Promise<void> => {
    if (proven === undefined || proven.userId !== context.user.id) return goBack(ctx, context);
    const proof = withBoxOf(proven, form);
    if (context.signIn.prompt === 'mfa') return finishStepUp(deps, ctx, context, proof);
    // The test of a method has passed: it proves nothing more than the fresh sign-in before it.
    if (context.signIn.prompt === 'manage') return finishTask(deps, ctx, context);
    if (await finishSignInWith(deps, ctx, context, proof)) return undefined;
    await deps.signInProofs.add(context.browserInteraction, proof);
    const now = await readAgain(deps, ctx, context);
    await noteAsked(deps, now);
    return now.step.at === 'finish' ? finishSignIn(deps, ctx, userContext(now)) : goBack(ctx, now);
  };

  const answer = async (
    ctx: Context,
    context: UserContext,
    form: ReadonlyMap<string, string>,
    { challenge, given }: { readonly challenge: LoadedChallenge; readonly given: TypedAnswer },
  ): Promise<void> => {
    const { view } = challenge;
    const { boundTo, user, stored } = context;
    const show = ({ status, state }: ShownResult): void => {
      if (state.kind === 'wait') setRetryAfter(ctx, deps.clock(), state.until);
      draw(ctx, factorPage(deps, context, view, { form, state, typed: given.typed }), status);
    };
    if (given.answer === undefined) return show({ status: 422, state: { kind: 'malformed' } });
    const result = await deps.challenges.prove(boundTo, given.answer, { challenge, user, stored });
    if (result.ok) return use(ctx, context, form, result.proof);
    if (wasLast(result)) {
      const now = await readAgain(deps, ctx, context);
      setRetryAfter(ctx, deps.clock(), now.state.view?.waitUntil);
      const page = await pageOf(deps, now);
      return page === undefined ? goBack(ctx, now) : draw(ctx, page, 429);
    }
    const shown = shownResult(result);
    return shown === undefined ? goBack(ctx, context) : show(shown);
  };

  return async (ctx: Context, context: InteractionContext, form: ReadonlyMap<string, string>): Promise<void> => {
    const { step, challenge } = context;
    if (step.at === 'stale') return finishStale(deps, ctx, context);
    if (step.at === 'finish') return finishSignInOrTask(deps, ctx, userContext(context));
    if (step.at !== 'factor') return goBack(ctx, context);
    const { view } = step;
    const known = userContext(context);
    // No attempt was left before this answer: draw the same page as for the answer that used the last one.
    if (isSpent(view)) {
      setRetryAfter(ctx, deps.clock(), view.waitUntil);
      return draw(ctx, factorPage(deps, known, view), 429);
    }
    const { read } = prompts[view.prompt.kind];
    if (read === undefined || challenge === undefined || view.phase !== 'pending') return redeem(ctx, known, form);
    // Another tab has signed in: a wrong code would cost an attempt for nothing.
    if (await continuesElsewhere(ctx, context)) return undefined;
    return answer(ctx, known, form, { challenge, given: read(form, view) });
  };
};
