/** Our own cookies: which browser this is, who has signed in in it, and where a person can begin again when nothing else is left. */
import type { Context } from 'koa';
import { openJson, randomToken, sealJson, type Sealer } from '../src/crypto.ts';
import { isProblem } from '../src/errors.ts';
import { shortened } from '../src/locales/phrase.ts';
import { lastMethodOf, visited, type KnownDevice, type Visit } from '../src/users/known-device.ts';

const day = 86_400_000;
const tokenShape = /^[A-Za-z0-9_-]{22}$/;
/** With its version: a cookie of another shape does not open. */
const sealedTo = 'start-again-2';
const longestUri = 1024;
const deviceSealedTo = 'known-device-1';
/** With name and attributes less than the 4096 bytes that browsers keep (RFC 6265 §6.1). */
const longestSealed = 3500;

/**
 * Where a sign-in was going. Pages read name and address from the client's registration; these are for the moment when no
 * store can be asked.
 */
export interface Start {
  readonly id: string;
  readonly name: string;
  readonly startUri?: string;
}

/** What a signed cookie of this browser was sealed from; undefined: there is none, or it does not open. */
const opened = <T>(ctx: Context, name: string, open: (sealed: string) => T): T | undefined => {
  const sealed = ctx.cookies.get(name, { signed: true });
  if (sealed === undefined || sealed.length > longestSealed) return undefined;
  try {
    return open(sealed);
  } catch (error) {
    if (isProblem(error, 'unreadable')) return undefined;
    throw error;
  }
};

/** Names with `__Host-` where the issuer is https: no other host, and no plain http, can set them. */
export const createCookies = (deps: { readonly isHttps: boolean; readonly sealer: Sealer }) => {
  const prefix = deps.isHttps ? '__Host-' : '';
  const options = {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: deps.isHttps,
    signed: true,
    overwrite: true,
  } as const;
  const [browserName, startName, deviceName] = [`${prefix}browser`, `${prefix}start`, `${prefix}known`];

  return {
    /**
     * This browser's own secret, by which proofs are bound to it. Signed: a value of somebody else's making, or of a key
     * that is gone, is replaced as if there were none.
     */
    browser(ctx: Context): string {
      const known = ctx.cookies.get(browserName, { signed: true });
      if (known !== undefined && tokenShape.test(known)) return known;
      const made = randomToken();
      ctx.cookies.set(browserName, made, options);
      return made;
    },
    /** False for one that comes here for the first time: nothing can have begun in it. */
    isKnown(ctx: Context): boolean {
      return ctx.cookies.get(browserName, { signed: true }) !== undefined;
    },
    /** Remembers for a day where this sign-in was going. Sealed: nobody reads it, and nobody makes one that leads elsewhere. */
    rememberStart(ctx: Context, { id, name, startUri }: Start): void {
      const next = {
        id,
        name: shortened(name),
        ...(startUri !== undefined && startUri.length <= longestUri && { startUri }),
      };
      if (JSON.stringify(this.start(ctx)) === JSON.stringify(next)) return;
      ctx.cookies.set(startName, sealJson(deps.sealer, next, sealedTo), { ...options, maxAge: day });
    },
    /** The client of the last sign-in in this browser; what does not open is thrown away. */
    start(ctx: Context): Start | undefined {
      const start = opened(ctx, startName, sealed => openJson<Start>(deps.sealer, sealed, sealedTo));
      if (start === undefined && ctx.cookies.get(startName) !== undefined) ctx.cookies.set(startName, null, options);
      return start;
    },
    /** Who has signed in in this browser before. It proves nothing: wrong passwords are counted by it (`users/`). */
    device(ctx: Context): KnownDevice | undefined {
      return opened(ctx, deviceName, sealed => openJson<KnownDevice>(deps.sealer, sealed, deviceSealedTo));
    },
    /** Remembers for 180 days who finished a sign-in or a step-up here. */
    remember(ctx: Context, visit: Visit): void {
      const sealed = sealJson(deps.sealer, visited(this.device(ctx), visit), deviceSealedTo);
      ctx.cookies.set(deviceName, sealed, { ...options, maxAge: 180 * day });
    },
    /** The second step that this person used last in this browser, by the name that forms post. */
    lastMethod(ctx: Context, userId: string): string | undefined {
      return lastMethodOf(this.device(ctx), userId);
    },
  };
};

export type Cookies = ReturnType<typeof createCookies>;
