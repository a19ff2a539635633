/** "Not received a text message?": a page of its own, and the same code once more. Nothing is sent by looking. */
import type { Context } from 'koa';
import type { EndReason, ChallengeView } from '../src/mfa/challenge/record.ts';
import { resendPage } from '../web/pages/index.ts';
import { codeSent } from './page-props.ts';
import { goBack } from './finish.ts';
import { personal, stepFrame, type ConversationParts, type Scene } from './context.ts';
import { draw, sayWhen } from './render.ts';

/** The challenge whose message can be sent again; undefined: this is no such sign-in any more. */
const texted = ({ step }: Scene): ChallengeView | undefined =>
  step.at === 'factor' && step.view.phase === 'pending' && step.view.again !== undefined ? step.view : undefined;

const page = (ctx: Context, scene: Scene, view: ChallengeView, status = 200, refused?: EndReason): void => {
  const known = personal(scene);
  const sent = codeSent(known, view);
  if (sent === undefined) return goBack(ctx, scene);
  const props = { ...stepFrame(known), sent, ...(refused !== undefined && { refused }) };
  return draw(ctx, resendPage(props, scene.words), status);
};

export const getResend = (ctx: Context, scene: Scene): void => {
  const view = texted(scene);
  return view === undefined ? goBack(ctx, scene) : page(ctx, scene, view);
};

/** POST …/resend. Too soon or too often: 429, and the page says when. What stands in the way of a second text does not end the first. */
export const postResend =
  (parts: ConversationParts) =>
  async (ctx: Context, scene: Scene): Promise<void> => {
    const view = texted(scene);
    if (view === undefined) return goBack(ctx, scene);
    const resent = await parts.challenges.resend(scene.boundTo);
    if (resent.ok || resent.reason === 'over' || resent.reason === 'refused') return goBack(ctx, scene);
    const now = (await parts.challenges.current(scene.boundTo)) ?? view;
    if (resent.reason === 'wait') sayWhen(ctx, parts.clock(), resent.until);
    if (resent.reason === 'wait' || resent.reason === 'spent') return page(ctx, scene, now, 429);
    return page(ctx, scene, now, resent.reason === 'send-limit' ? 429 : 503, resent.reason);
  };
