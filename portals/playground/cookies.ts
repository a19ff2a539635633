/** Keeps begun flows of the playground in a sealed cookie of the browser that began them. No other browser can finish them. */
import type { Context } from 'koa';
import { openSent, randomToken, sealJson, type Sealer } from '../../src/crypto.ts';
import { cookieName, cookieOptions, maxSealedBytes } from '../../src/http/cookie-name.ts';
import { browserCookie, flowLifetime } from '../../src/oidc/playground/callback.ts';
import type { PlaygroundFlow } from '../../src/oidc/playground/request.ts';
import type { Clock, EpochMillis } from '../../src/ports/time.ts';

/** A begun flow, and the address of the form with its values. */
export interface KeptFlow {
  readonly flow: PlaygroundFlow;
  readonly link: string;
}

interface Kept {
  /** The secret of this browser, for the addresses of all its flows. */
  readonly browser: string;
  readonly flows: readonly (KeptFlow & { readonly begunAt: EpochMillis })[];
}

/** Of one flow, so that two tabs fit. A longer link is replaced by the form without values. */
const longestLink = 500;
const sealedTo = 'playground-1';

/** Creates the cookies of the pages below `page`. They are sealed, and so need no signature. */
export const createPlaygroundCookies = (deps: {
  readonly isHttps: boolean;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly page: string;
}) => {
  const { sealer, clock, page: path } = deps;
  const name = cookieName('playground-flows', { ...deps, path });
  const ofBrowser = browserCookie(deps.isHttps);

  const open = (ctx: Context): Kept => {
    const sealed = ctx.cookies.get(name, { signed: false });
    const kept =
      sealed === undefined || sealed.length > maxSealedBytes ? undefined : openSent<Kept>(sealer, sealed, sealedTo);
    if (kept === undefined) return { browser: randomToken(32), flows: [] };
    return { ...kept, flows: kept.flows.filter(({ begunAt }) => begunAt + flowLifetime > clock()) };
  };
  /** Sealed flows without the oldest ones, where all are too long together. */
  const sealShort = (kept: Kept): string => {
    const sealed = sealJson(sealer, kept, sealedTo);
    const { flows } = kept;
    return sealed.length <= maxSealedBytes || flows.length < 2 ? sealed : sealShort({ ...kept, flows: flows.slice(1) });
  };
  const save = (ctx: Context, kept: Kept): void => {
    const sealed = sealShort(kept);
    ctx.cookies.set(name, sealed, { ...cookieOptions({ ...deps, path }), maxAge: flowLifetime });
  };

  return {
    /** The secret of this browser; a new one for a browser without it. `keep` saves it. */
    browser: (ctx: Context): string => open(ctx).browser,
    /** Remembers a begun flow, and forgets the oldest where they are too long. `browser`: from above. */
    keep(ctx: Context, browser: string, { flow, link }: KeptFlow): void {
      const kept = { flow, link: link.length > longestLink ? path : link, begunAt: clock() };
      save(ctx, { browser, flows: [...open(ctx).flows, kept] });
      ofBrowser.write(ctx, browser);
    },
    /** The begun flow with this state, once. */
    take(ctx: Context, state: string): KeptFlow | undefined {
      const kept = open(ctx);
      const found = kept.flows.find(({ flow }) => flow.state === state);
      if (found !== undefined) save(ctx, { ...kept, flows: kept.flows.filter(each => each !== found) });
      return found;
    },
  };
};

export type PlaygroundCookies = ReturnType<typeof createPlaygroundCookies>;
