/**
 * Keeps a new client secret in a sealed cookie of this browser until the next page has shown it, for a minute at most. The form
 * that made it answers with a redirect, so that a reload makes no second client. The store keeps only the hash.
 */
import type { Context } from 'koa';
import { openSent, sealJson, type Sealer } from '../../src/crypto.ts';
import { cookieName, cookieOptions } from '../../src/http/cookie-name.ts';
import type { PortalClient } from '../../src/oidc/clients/built-in.ts';
import type { Clock, EpochMillis, Millis } from '../../src/ports/time.ts';

/** What a form made. */
export interface Made {
  readonly clientId: string;
  readonly userId: string;
  readonly secret: string;
  readonly at: EpochMillis;
}

const keptFor: Millis = 60_000;
const sealedTo = 'developer-secret-1';
/** Bytes of the sealed value. */
const longest = 1024;

/** Creates the cookie. */
export const createOnceCookie = (deps: {
  readonly portal: Pick<PortalClient, 'path'>;
  readonly isHttps: boolean;
  readonly sealer: Sealer;
  readonly clock: Clock;
}) => {
  const { path } = deps.portal;
  const name = cookieName('developer-secret', { ...deps, path });
  const options = cookieOptions({ ...deps, path });
  return {
    keep(ctx: Context, made: Omit<Made, 'at'>): void {
      const value = sealJson(deps.sealer, { ...made, at: deps.clock() }, sealedTo);
      ctx.cookies.set(name, value, { ...options, maxAge: keptFor });
    },
    /** The secret of this client, for the person who made it in the last minute. Removes the cookie in any case. */
    take(ctx: Context, { clientId, userId }: Pick<Made, 'clientId' | 'userId'>): string | undefined {
      const sealed = ctx.cookies.get(name, { signed: false });
      if (sealed === undefined) return undefined;
      ctx.cookies.set(name, null, options);
      const made = sealed.length > longest ? undefined : openSent<Made>(deps.sealer, sealed, sealedTo);
      const isTheirs = made?.clientId === clientId && made.userId === userId;
      return isTheirs && Math.abs(deps.clock() - made.at) <= keptFor ? made.secret : undefined;
    },
  };
};

export type OnceCookie = ReturnType<typeof createOnceCookie>;
