/**
 * Guards the resume address of oidc-provider, which a cookie alone authorizes. A stolen cookie, or one planted in the browser
 * that proved the steps, would continue as that person. Therefore only the browser that finished the prompt may resume. It may do so
 * again for a short time, because the answer may have been lost.
 */
import type { Context, Middleware } from 'koa';
import type { InteractionDeps } from './context.ts';
import { drawStartAgain, recordElsewhere } from './expired.ts';

/** Creates the middleware. Answers 403 where another browser holds the prompt, and 400 with our own page if it is lost. */
export const guardResume =
  (deps: InteractionDeps): Middleware =>
  async (ctx, next) => {
    // Checked for every path: the library matches its address in any letter case and with a final slash.
    const id = deps.protocol.resuming(ctx);
    const holder = id === undefined ? undefined : await holderOf(deps, ctx, id);
    if (holder === 'another browser') {
      recordElsewhere(deps, ctx);
      await drawStartAgain(deps, ctx, 'elsewhere', 403);
      return;
    }
    await next();
    deps.protocol.endPrompt(ctx);
    // Without its cookie or record the library knows no client. Our page names the client by our own cookie.
    const isLost = ctx.status === 400 && ctx.type === 'text/html' && /^\/auth\/[^/]+\/?$/i.test(ctx.path);
    if (!isLost) return;
    if (id !== undefined && holder === 'this browser' && (await deps.protocol.repeatAnswer(ctx, id))) return;
    await drawStartAgain(deps, ctx, 'expired', 400);
  };

/**
 * The browser that finished the prompt, or has proofs in it: to resume ends a prompt, also an unfinished one. undefined: it is not
 * known, and the prompt is not finished.
 */
const holderOf = async (deps: InteractionDeps, ctx: Context, id: string) => {
  const holder = await deps.signInProofs.holder({ interaction: id, browser: deps.cookies.browser(ctx) });
  if (holder !== undefined) return holder;
  // The entry, which names the browser, has expired. Refuse a finished prompt.
  return (await deps.protocol.resumePath(id)) === undefined ? undefined : 'another browser';
};
