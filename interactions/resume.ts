/**
 * Guards the resume address of oidc-provider, which a cookie alone authorizes. A stolen cookie, or one planted in the browser
 * that proved the steps, would continue as that person. Therefore only the browser that finished the prompt may resume.
 */
import type { Context, Middleware } from 'koa';
import type { InteractionDeps } from './context.ts';
import { drawStartAgain, isOfThisBrowser, recordElsewhere } from './expired.ts';

/** Creates the middleware. Answers 403 in another browser, and 400 with our own page if the prompt is lost. */
export const guardResume =
  (deps: InteractionDeps): Middleware =>
  async (ctx, next) => {
    // Checked for every path: the library matches its address in any letter case and with a final slash.
    const id = deps.protocol.resuming(ctx);
    if (id !== undefined && (await isFinishedElsewhere(deps, ctx, id))) {
      recordElsewhere(deps, ctx);
      await drawStartAgain(deps, ctx, 'elsewhere', 403);
      return;
    }
    await next();
    // Without its cookie or record the library knows no client. Our page names the client by our own cookie.
    const isLost = ctx.status === 400 && ctx.type === 'text/html' && /^\/auth\/[^/]+\/?$/i.test(ctx.path);
    if (isLost) await drawStartAgain(deps, ctx, 'expired', 400);
  };

/** True if another browser than this one finished the prompt. */
const isFinishedElsewhere = async (deps: InteractionDeps, ctx: Context, id: string): Promise<boolean> => {
  const tombstone = await deps.signInProofs.tombstone(id);
  if (tombstone !== undefined) return !isOfThisBrowser(deps, ctx, tombstone);
  // The tombstone, which names the browser, has expired. Refuse a finished prompt.
  return (await deps.protocol.resumePath(id)) !== undefined;
};
