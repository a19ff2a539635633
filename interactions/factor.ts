/** POST the second step: a code that was typed, or the browser's claim on what a phone has answered. */
import type { Context } from 'koa';
import type { ChallengeView } from '../src/mfa/challenge/record.ts';
import type { AnswerResult } from '../src/mfa/challenge/result.ts';
import { maxFieldBytes } from '../src/http/body.ts';
import { fields } from '../web/pages/links.ts';
import type { CodePage } from '../web/pages/props.ts';
import { finishSignIn, finishWithProof, finishStepUp, goBack } from './finish.ts';
import { userContext, readAgain, type InteractionDeps, type UserContext, type InteractionContext } from './context.ts';
import { draw, factorPage, pageOf, sayWhen } from './render.ts';

export const factorFields = { [fields.code]: maxFieldBytes } as const;

/** What people type or paste around the digits: spaces, dashes, marks of direction. What is left is judged as it is (A25). */
export const digitsOf = (typed: string): string => typed.replaceAll(/[ \t\u00A0\p{Pd}\p{Cf}]/gu, '');

interface AnswerShown {
  readonly status: number;
  readonly state: CodePage['state'];
}

/** How a refused code is shown. undefined: the challenge itself says it better. */
const answered = (outcome: Exclude<AnswerResult, { ok: true }>): AnswerShown | undefined => {
  if (outcome.reason === 'wait') return { status: 429, state: { kind: 'wait', until: outcome.until } };
  if (outcome.reason === 'disabled') return { status: 429, state: { kind: 'ended', reason: 'disabled' } };
  if (outcome.reason !== 'wrong') return undefined;
  const { attemptsLeft, reused } = outcome;
  return { status: 422, state: reused ? { kind: 'reused', attemptsLeft } : { kind: 'wrong', attemptsLeft } };
};

/** The last try is gone: the challenge says so itself, and until when. */
const wasLast = (outcome: Exclude<AnswerResult, { ok: true }>): boolean =>
  (outcome.reason === 'wrong' && outcome.attemptsLeft === 0) ||
  (outcome.reason === 'over' && outcome.ended === 'attempts');

const isSpent = ({ prompt, reason }: ChallengeView): boolean =>
  prompt.kind === 'code' && (reason === 'attempts' || reason === 'disabled');

export const postFactor = (deps: InteractionDeps) => {
  /** Nothing is compared here: the phone has answered, or it has not. */
  const claim = async (ctx: Context, context: UserContext, view?: ChallengeView): Promise<void> => {
    const proof = await deps.challenges.redeem(context.boundTo, { user: context.user, challenge: view });
    if (proof === undefined || proof.userId !== context.user.id) return goBack(ctx, context);
    if (context.signIn.prompt === 'mfa') return finishStepUp(deps, ctx, context, proof);
    if (await finishWithProof(deps, ctx, context, proof)) return undefined;
    await deps.signInProofs.add(context.browserInteraction, proof);
    const now = await readAgain(deps, ctx, context);
    return now.step.at === 'finish' ? finishSignIn(deps, ctx, userContext(now)) : goBack(ctx, now);
  };

  const judge = async (
    ctx: Context,
    context: InteractionContext,
    view: ChallengeView,
    typed: string,
  ): Promise<void> => {
    const show = ({ status, state }: AnswerShown): void => {
      if (state.kind === 'wait') sayWhen(ctx, deps.clock(), state.until);
      draw(ctx, factorPage(deps, userContext(context), view, { state, typed }), status);
    };
    const code = digitsOf(typed);
    const length = view.prompt.kind === 'code' ? view.prompt.length : 0;
    if (code.length !== length || !/^[0-9]+$/.test(code)) return show({ status: 422, state: { kind: 'malformed' } });
    const outcome = await deps.challenges.answer(context.boundTo, code);
    if (outcome.ok) return claim(ctx, userContext(context));
    if (wasLast(outcome)) {
      const now = await readAgain(deps, ctx, context);
      sayWhen(ctx, deps.clock(), now.state.view?.waitUntil);
      return draw(ctx, pageOf(deps, now), 429);
    }
    const refused = answered(outcome);
    if (refused !== undefined) return show(refused);
    return goBack(ctx, context);
  };

  return async (ctx: Context, context: InteractionContext, form: ReadonlyMap<string, string>): Promise<void> => {
    const { step } = context;
    if (step.at === 'finish') return finishSignIn(deps, ctx, userContext(context));
    if (step.at !== 'factor') return goBack(ctx, context);
    const { view } = step;
    // Out of tries before this one was read: the same answer as to the one that used the last of them.
    if (isSpent(view)) {
      sayWhen(ctx, deps.clock(), view.waitUntil);
      return draw(ctx, factorPage(deps, userContext(context), view), 429);
    }
    const isTyped = view.prompt.kind === 'code' && view.phase === 'pending';
    return isTyped ? judge(ctx, context, view, form.get(fields.code) ?? '') : claim(ctx, userContext(context), view);
  };
};
