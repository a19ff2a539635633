/** Continues a tab with the session of another one, which has signed in or stepped up since the prompt of this tab began. */
import type { Context } from 'koa';
import { continuePage } from '../web/pages/index.ts';
import type { InteractionContext } from './context.ts';
import { draw } from './render.ts';

/**
 * Answers with a page that continues, and gives true, if another tab has signed this person in. Asked before a page is drawn, a
 * message is sent or an answer is compared: the tab does not need it any more. A page, as in `finish.ts`, because browsers block
 * a redirect to the client after a form.
 */
export const continuesElsewhere = async (
  ctx: Context,
  { signedInElsewhere, user, frame, words }: Pick<InteractionContext, 'signedInElsewhere' | 'user' | 'frame' | 'words'>,
): Promise<boolean> => {
  const to = await signedInElsewhere(user?.id);
  if (to === undefined) return false;
  draw(ctx, continuePage({ client: frame.client, reference: frame.reference, to, kind: 'going' }, words));
  return true;
};
