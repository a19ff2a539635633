/**
 * Takes the token of a mailed link out of the address. Browsers keep addresses in their history, and send them as the referrer to our
 * own files, where a log may have them. The link redirects to itself without the token, and a cookie hands the token to the page.
 */
import type { Context } from 'koa';
import { cookieName } from './cookie-name.ts';
import { seeOther } from './see-other.ts';

/** Hands tokens to the page at one path. */
export interface LinkToken {
  /** Redirects a request with a token in its address. False: it has no token. */
  takeOut(ctx: Context): boolean;
  /** The token of the link that was opened last. Empty: no link was opened. */
  read(ctx: Context): string;
  remove(ctx: Context): void;
}

/** Creates it for the page at `path`. `longest`: characters of a token. */
export const linkToken = (
  issuer: URL,
  { name, path, longest }: { readonly name: string; readonly path: string; readonly longest: number },
): LinkToken => {
  const isHttps = issuer.protocol === 'https:';
  // Lax: the person comes from another site, that of the mailbox. Not signed: a forged token does not open a page.
  const options = { path, httpOnly: true, sameSite: 'lax', secure: isHttps, signed: false, overwrite: true } as const;
  const cookie = cookieName(name, { isHttps, path });
  return {
    takeOut(ctx) {
      const { token } = ctx.query;
      if (typeof token !== 'string') return false;
      ctx.cookies.set(cookie, token.slice(0, longest), options);
      seeOther(ctx, path);
      return true;
    },
    read: ctx => ctx.cookies.get(cookie, { signed: false }) ?? '',
    remove: ctx => ctx.cookies.set(cookie, null, options),
  };
};
