/** The page "Not received a text message?", and the same code again. A GET sends nothing. */
import type { Context } from 'koa';
import type { EndReason } from '../src/end-reason.ts';
import type { ChallengeView } from '../src/mfa/challenge/record.ts';
import { resendPage } from '../web/pages/index.ts';
import { codeSent } from './page-props.ts';
import { userContext, stepFrame, type InteractionDeps, type InteractionContext } from './context.ts';
import { draw, goBack, setRetryAfter } from './render.ts';

/** The challenge whose message can be sent again; undefined: none in this sign-in. */
const texted = ({ step }: InteractionContext): ChallengeView | undefined =>
  step.at === 'factor' && step.view.phase === 'pending' && step.view.again !== undefined ? step.view : undefined;

const page = (
  ctx: Context,
  context: InteractionContext,
  view: ChallengeView,
  status = 200,
  refused?: EndReason,
): void => {
  const known = userContext(context);
  const sent = codeSent(known, view);
  if (sent === undefined) return goBack(ctx, context);
  const props = { ...stepFrame(known), sent, ...(refused !== undefined && { refused }) };
  return draw(ctx, resendPage(props, context.words), status);
};

export const getResend = (ctx: Context, context: InteractionContext): void => {
  const view = texted(context);
  return view === undefined ? goBack(ctx, context) : page(ctx, context, view);
};

/** POST …/resend. Too soon or too often: 429, and the page says when. A resend that fails does not end the challenge. */
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
