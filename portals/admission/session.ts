/**
 * Keeps the sign-in of a portal: begins it at the authorization endpoint, takes the answer, and looks with each request
 * whether the session behind it still exists. So a session that ends anywhere ends here on every node at the next request.
 */
import type { Context } from 'koa';
import { wordsFor } from '../../src/http/language.ts';
import { seeOther } from '../../src/http/see-other.ts';
import type { PortalSession, SignInWish } from '../../src/oidc/portal-sign-in.ts';
import { activeAccount } from '../../src/locked-account.ts';
import { isBelow } from '../../src/oidc/clients/built-in.ts';
import { isEnded, lastOf, sessionDigest } from '../../src/oidc/ended-sessions.ts';
import type { User } from '../../src/records.ts';
import { notSignedInPage } from '../../web/pages/index.ts';
import type { AdmissionDeps } from './deps.ts';

/** The session and the person of this browser; undefined if it has no session, or the session has ended. */
export const currentSession = async (
  { cookies, signIn, users }: AdmissionDeps,
  ctx: Context,
): Promise<{ readonly user: User; readonly session: PortalSession } | undefined> => {
  const session = cookies.session(ctx);
  if (session === undefined) return undefined;
  const [user, isLive] = await Promise.all([users.get(session.sub), signIn.isLive(session, ctx)]);
  const active = activeAccount(user);
  const issued = { at: session.signedInAt ?? lastOf(session.authTime), session: sessionDigest(session.uid) };
  if (active !== undefined && isLive && !isEnded(active, issued)) return { user: active, session };
  cookies.endSession(ctx);
  return undefined;
};

/** The part of an address behind the path of its portal. */
const ownPage = /^(?:\/[A-Za-z0-9_.~-]{1,128}){0,4}$/;

/** A query without its question mark. A longer one is left out: the browser keeps it in a cookie. */
const shortQuery = /^[\x21-\x7e]{1,500}$/;

/** Where the browser goes after a sign-in. Addresses outside the portal are replaced by its start page. */
export interface SignInReturn {
  readonly returnTo: string;
  /** Added to `returnTo`. */
  readonly query?: string;
  /** What the page then says. */
  readonly notice?: string;
  /** Where a person goes who cancels. Default: `returnTo`. */
  readonly cancelTo?: string;
}

/** Begins a sign-in. */
export const startSignIn = (
  { portal, cookies, signIn }: AdmissionDeps,
  ctx: Context,
  { returnTo, query = '', notice, cancelTo, ...wish }: SignInWish & SignInReturn,
): void => {
  const { to, begun } = signIn.begin(wish);
  const isOwn = (path: string): boolean => isBelow(portal, path) && ownPage.test(path.slice(portal.path.length));
  const back = isOwn(returnTo) ? `${returnTo}${shortQuery.test(query) ? `?${query}` : ''}` : portal.path;
  cookies.keepPending(ctx, {
    ...begun,
    returnTo: back,
    ...(notice !== undefined && { notice }),
    ...(cancelTo !== undefined && { cancelTo: isOwn(cancelTo) ? cancelTo : portal.path }),
  });
  seeOther(ctx, to);
};

/**
 * Takes the answer of the authorization endpoint (OIDC Core §3.1.2.5). An answer that this browser did not ask for is refused
 * with a page. A redirect would loop in a browser without cookies.
 */
export const takeAnswer =
  (deps: AdmissionDeps) =>
  async (ctx: Context): Promise<void> => {
    const { cookies, signIn } = deps;
    const [code, state, iss] = ['code', 'state', 'iss'].map(name => textIn(ctx, name));
    const pending = state === undefined ? undefined : cookies.takePending(ctx, state);
    if (pending === undefined || state === undefined) return drawNotSignedIn(deps, ctx);
    const { returnTo, notice, cancelTo = returnTo } = pending;
    if (code === undefined) {
      // The person cancelled, or the sign-in was refused. An earlier session stays valid.
      if ((await currentSession(deps, ctx)) === undefined) return drawNotSignedIn(deps, ctx);
      cookies.keepNotice(ctx, 'cancelled');
      return seeOther(ctx, cancelTo);
    }
    const session = await signIn.finish({ code, state, ...(iss !== undefined && { iss }) }, pending, ctx.ip);
    if (session === undefined) return drawNotSignedIn(deps, ctx);
    cookies.keepSession(ctx, session);
    const told = notice ?? (await deps.noticeAfter?.(session, pending.begunAt));
    if (told !== undefined) cookies.keepNotice(ctx, told);
    seeOther(ctx, returnTo);
  };

const drawNotSignedIn = ({ portal }: AdmissionDeps, ctx: Context): void => {
  ctx.status = 400;
  ctx.type = 'html';
  ctx.body = notSignedInPage(portal.path, wordsFor(ctx)).text;
};

/** A parameter that was sent once. */
const textIn = (ctx: Context, name: string): string | undefined => {
  const value = ctx.query[name];
  return typeof value === 'string' ? value : undefined;
};
