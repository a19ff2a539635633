/** Our own two cookies: which browser this is, and where a person can begin again when nothing else is left. */
import type { Context } from 'koa';
import { randomToken, type Sealer } from '../src/crypto.ts';
import { isProblem } from '../src/errors.ts';

const day = 86_400_000;
const tokenShape = /^[A-Za-z0-9_-]{22}$/;
const sealedTo = 'start-again';
const longestSealed = 2048;

/** Names with `__Host-` where the issuer is https: no other host, and no plain http, can set them. */
export const createBrowserCookies = (parts: { readonly isHttps: boolean; readonly sealer: Sealer }) => {
  const prefix = parts.isHttps ? '__Host-' : '';
  const options = {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: parts.isHttps,
    signed: true,
    overwrite: true,
  } as const;
  const [browserName, startName] = [`${prefix}browser`, `${prefix}start`];

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
    /** Remembers for a day where this sign-in was going. Sealed, and only the client's id: its addresses are read from its registration. */
    rememberStart(ctx: Context, client: string): void {
      if (this.start(ctx) === client) return;
      ctx.cookies.set(startName, parts.sealer.seal(client, sealedTo), { ...options, maxAge: day });
    },
    /** The client of the last sign-in in this browser; what does not open is thrown away. */
    start(ctx: Context): string | undefined {
      const sealed = ctx.cookies.get(startName, { signed: true });
      if (sealed === undefined) return undefined;
      try {
        if (sealed.length <= longestSealed) return parts.sealer.open(sealed, sealedTo);
      } catch (error) {
        if (!isProblem(error, 'unreadable')) throw error;
      }
      ctx.cookies.set(startName, null, options);
      return undefined;
    },
  };
};

export type BrowserCookies = ReturnType<typeof createBrowserCookies>;
