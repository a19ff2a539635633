/** Says who caused a notice or an audit event, and in which request. */
import type { Context } from 'koa';
import type { NoticeSource } from '../src/notice.ts';
import type { User } from '../src/records.ts';
import { browserText } from '../src/user-agent.ts';

/** The person of this sign-in, with browser and address of the request. */
export const noticeSource = (
  ctx: Context,
  { user, reference }: { readonly user: User; readonly reference: string },
): NoticeSource => ({
  actor: `user:${user.id}`,
  reference,
  address: ctx.ip,
  browser: browserText(ctx.get('user-agent')),
});
