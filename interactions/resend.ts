/** Serves the page "Not received a text message?", and sends the same code again. Only the POST sends. */
import type { Context } from 'koa';
import type { CallEndReason } from '../src/end-reason.ts';
import { setRetryAfter } from '../src/http/retry-after.ts';
import type { ChallengeView } from '../src/mfa/challenge-state/view.ts';
import { resendPage } from '../web/pages/index.ts';
import { codeSent } from './page-props.ts';
import { userContext, stepFrame, type InteractionDeps, type InteractionContext } from './context.ts';
import { draw, goBack } from './render.ts';

/** Gives the challenge of this sign-in, if its message can be sent again. */
const texted = ({ step }: InteractionContext): ChallengeView | undefined =>
  step.at === 'factor' && step.view.phase === 'pending' && step.view.resend !== undefined ? step.view : undefined;

const page = (
  ctx: Context,
  context: InteractionContext,
  view: ChallengeView,
  status = 200,
  refused?: CallEndReason,
): void => {
  const known = userContext(context);
  const sent = codeSent(known, view);
  if (sent === undefined) return goBack(ctx, context);
  const props = { ...stepFrame(known), sent, ...(refused !== undefined && { refused }) };
  return draw(ctx, resendPage(props, context.words), status);
};

/** Handles GET …/resend: draws the page. */
export const getResend = (ctx: Context, context: InteractionContext): void => {
  const view = texted(context);
  return view === undefined ? goBack(ctx, context) : page(ctx, context, view);
};

/**
 * Handles POST …/resend. 429 if too soon or too often; the page shows until when. 503 if sending failed. The challenge stays
 * pending.
 */
export const postResend =
  (deps: InteractionDeps) =>
  async (ctx: Context, context: InteractionContext): Promise<void> => {
    const view = texted(context);
    if (view === undefined) return goBack(ctx, context);
    const resent = await deps.resend.resend(context.boundTo);
    if (resent.ok || resent.reason === 'over' || resent.reason === 'refused') return goBack(ctx, context);
    const now = (await deps.challenges.current(context.boundTo)) ?? view;
    if (resent.reason === 'wait') setRetryAfter(ctx, deps.clock(), resent.until);
    if (resent.reason === 'wait' || resent.reason === 'spent') return page(ctx, context, now, 429);
    return page(ctx, context, now, resent.reason === 'send-limit' ? 429 : 503, resent.reason);
  };
