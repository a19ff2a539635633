/** Serves POST …/enroll/answer: checks a typed code, or takes the answer that a phone gave, and binds the method. */
import type { Context } from 'koa';
import { setRetryAfter } from '../../src/http/retry-after.ts';
import { authenticatorOf } from '../../src/mfa/factor.ts';
import { maxCredentialBytes } from '../../src/mfa/passkeys/credential.ts';
import { maxFieldBytes } from '../../src/http/body.ts';
import { fields } from '../../web/pages/links.ts';
import type { InteractionDeps } from '../context.ts';
import { pairingOwner } from '../pairing-owner.ts';
import { readAgain } from '../read-context.ts';
import { shownResult, wasLast } from '../factor.ts';
import type { TypedAnswer } from '../prompts.ts';
import { draw, goBack } from '../render.ts';
import type { Unnamed } from '../enrollment-draft.ts';
import { kindOf, placeOf, provingView, readEnrolling, type Enrolling } from './enrolling.ts';
import { enrollmentPage, provingPage } from './pages.ts';
import { enrollmentPrompts } from './prompts.ts';

/** Form fields of POST …/enroll/answer, with their longest values in bytes. */
export const answerFields = { [fields.code]: maxFieldBytes, [fields.credential]: maxCredentialBytes } as const;

/** Handles POST …/enroll/answer. */
export const postAnswer = (deps: InteractionDeps) => {
  /**
   * Binds the proven method to the person of this sign-in, and counts the same answer as its second step. Of concurrent requests
   * one binds. A crash in between leaves the method bound and the sign-in at its second step.
   */
  const bind = async (ctx: Context, enrolling: Enrolling): Promise<void> => {
    const { user, binding, signIn, browserInteraction } = enrolling;
    const bound = await deps.enrollments.finish(binding, `user:${user.id}`);
    if (bound === undefined) return goBack(ctx, enrolling);
    if (enrolling.enrollmentDraft.isPairing === true)
      await deps.pairedDevices.endPairing(pairingOwner(enrolling, user), bound);
    const factor = deps.factors.find(each => each.type === bound.proof.factor && authenticatorOf(each) === bound.type);
    const target = factor?.masked?.(bound);
    const unnamed: Unnamed = {
      id: bound.id,
      kind: factor === undefined ? bound.type : kindOf(factor),
      label: bound.label,
      ...(target !== undefined && { target }),
    };
    await deps.enrollmentDrafts.change(signIn.id, user.id, ({ phone: _proven, isPairing: _paired, ...rest }) => ({
      ...rest,
      unnamed,
    }));
    await deps.signInProofs.add(browserInteraction, bound.proof);
    return goBack(ctx, enrolling);
  };

  const check = async (ctx: Context, enrolling: Enrolling, { typed, answer }: TypedAnswer): Promise<void> => {
    const show = (status: number, state: NonNullable<Parameters<typeof provingPage>[2]>['state']): void => {
      if (state?.kind === 'wait') setRetryAfter(ctx, deps.clock(), state.until);
      draw(ctx, provingPage(deps, enrolling, { ...(state !== undefined && { state }), typed }), status);
    };
    if (answer === undefined) return show(422, { kind: 'malformed' });
    const result = await deps.challenges.answer(enrolling.binding, answer);
    if (result.ok) return bind(ctx, enrolling);
    if (wasLast(result)) {
      const now = await readEnrolling(deps, await readAgain(deps, ctx, enrolling));
      return now === undefined ? goBack(ctx, enrolling) : draw(ctx, enrollmentPage(deps, now), 429);
    }
    const shown = shownResult(result);
    return shown === undefined ? goBack(ctx, enrolling) : show(shown.status, shown.state);
  };

  return async (ctx: Context, enrolling: Enrolling, form: ReadonlyMap<string, string>): Promise<void> => {
    if (placeOf(enrolling) !== 'proving') return goBack(ctx, enrolling);
    const view = provingView(enrolling);
    const { read } = enrollmentPrompts[view.prompt.kind];
    if (read === undefined || view.phase !== 'pending') return bind(ctx, enrolling);
    return check(ctx, enrolling, read(form, view));
  };
};
