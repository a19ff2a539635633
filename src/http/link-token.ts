/**
 * Takes the token of a mailed link out of the address. Browsers keep addresses in their history, and send them as the referrer to our
 * own files, where a log may have them. The link redirects to itself without the token, and a cookie hands the token to the page.
 */
import type { Context } from 'koa';
import { openJson, sealJson, type Sealer } from '../crypto.ts';
import { isProblem } from '../errors.ts';
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

/** Creates it for the page at `path`. `longest`: characters of a token. A token names its account, so the cookie is sealed. */
export const linkToken = (
  { issuer, sealer }: { readonly issuer: URL; readonly sealer: Sealer },
  { name, path, longest }: { readonly name: string; readonly path: string; readonly longest: number },
): LinkToken => {
  const isHttps = issuer.protocol === 'https:';
  // Lax: the person comes from another site, that of the mailbox. Not signed, because it is sealed.
  const options = { path, httpOnly: true, sameSite: 'lax', secure: isHttps, signed: false, overwrite: true } as const;
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
      const sealed = ctx.cookies.get(cookie, { signed: false });
      if (sealed === undefined) return '';
      try {
        return openJson<string>(sealer, sealed, sealedTo);
      } catch (error) {
        if (isProblem(error, 'unreadable')) return '';
        throw error;
      }
    },
    remove: ctx => ctx.cookies.set(cookie, null, options),
  };
};
