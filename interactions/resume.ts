/**
 * Guards the library's own resume address. oidc-provider authorises it by a cookie alone, so that a cookie that was stolen, or
 * planted in the browser that proved the steps, would go on as that person. It is allowed only in the browser that finished the
 * prompt.
 */
import type { Context, Middleware } from 'koa';
import type { InteractionDeps } from './context.ts';
import { drawStartAgain, isOfThisBrowser, recordElsewhere } from './expired.ts';

export const guardResume =
  (deps: InteractionDeps): Middleware =>
  async (ctx, next) => {
    // Whatever the path: the library takes its address in any case of letters, and with a slash at its end.
    const id = deps.protocol.resuming(ctx);
    if (id !== undefined && (await isFinishedElsewhere(deps, ctx, id))) {
      await recordElsewhere(deps, ctx);
      await drawStartAgain(deps, ctx, 'elsewhere', 403);
      return;
    }
    await next();
    // Without its cookie or record the library knows neither client nor page: ours helps.
    const isLost = ctx.status === 400 && ctx.type === 'text/html' && /^\/auth\/[^/]+\/?$/i.test(ctx.path);
    if (isLost) await drawStartAgain(deps, ctx, 'expired', 400);
  };

/** True where this prompt was finished in another browser than the one that would resume from it. */
const isFinishedElsewhere = async (deps: InteractionDeps, ctx: Context, id: string): Promise<boolean> => {
  const tombstone = await deps.signInProofs.tombstone(id);
  if (tombstone !== undefined) return !isOfThisBrowser(deps, ctx, tombstone);
  // Finished, but the tombstone that names the browser is gone.
  return (await deps.protocol.resumePath(id)) !== undefined;
};
