/** Redirects after a form, and between our own pages. */
import type { Context } from 'koa';

/** Answers with 303, so that the browser opens `to` by GET (RFC 9110 §15.4.4). */
export const seeOther = (ctx: Context, to: string): void => {
  ctx.status = 303;
  ctx.redirect(to);
  ctx.body = '';
};
