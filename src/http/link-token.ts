/**
 * Takes the token of a mailed link out of the address. Browsers keep addresses in their history, and send them as the referrer to our
 * own files, where a log may have them. The link redirects to itself without the token, and a cookie hands the token to the page.
 */
import type { Context } from 'koa';
import { openSent, sealJson, type Sealer } from '../crypto.ts';
import { cookieName, cookieOptions } from './cookie-name.ts';
import { seeOther } from './see-other.ts';

/** Hands tokens to the page at one path. */
export interface LinkToken {
  /** Redirects a request with a token in its address. False: it has no token. */
  takeOut(ctx: Context): boolean;
  /** The token of the link that was opened last. Empty: no link was opened. */
  read(ctx: Context): string;
  remove(ctx: Context): void;
}

/** Creates it for the page at `path`. `longest`: characters of a token. A token names its account, so the cookie is sealed. */
export const linkToken = (
  { issuer, sealer }: { readonly issuer: URL; readonly sealer: Sealer },
  { name, path, longest }: { readonly name: string; readonly path: string; readonly longest: number },
): LinkToken => {
  const isHttps = issuer.protocol === 'https:';
  const options = cookieOptions({ isHttps, path });
  const cookie = cookieName(name, { isHttps, path });
  const sealedTo = `link-token:${name}`;
  return {
    takeOut(ctx) {
      const { token } = ctx.query;
      if (typeof token !== 'string') return false;
      ctx.cookies.set(cookie, sealJson(sealer, token.slice(0, longest), sealedTo), options);
      seeOther(ctx, path);
      return true;
    },
    read(ctx) {
      return openSent<string>(sealer, ctx.cookies.get(cookie, { signed: false }), sealedTo) ?? '';
    },
    remove: ctx => ctx.cookies.set(cookie, null, options),
  };
};
