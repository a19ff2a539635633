/**
 * Keeps the sign-in of the security page: begins it at the authorization endpoint, takes the answer, and looks with each request
 * whether the session behind it still exists. So a session that ends anywhere ends here on every node at the next request.
 */
import type { Context } from 'koa';
import { wordsFor } from '../../src/http/language.ts';
import { seeOther } from '../../src/http/see-other.ts';
import type { PortalSession, SignInWish } from '../../src/oidc/account-sign-in.ts';
import { activeAccount } from '../../src/locked-account.ts';
import { isMethod } from '../../src/mfa/recovery-types.ts';
import { accountPath } from '../../src/oidc/clients/built-in.ts';
import { isEnded, sessionDigest } from '../../src/oidc/ended-sessions.ts';
import type { EpochMillis } from '../../src/ports/time.ts';
import type { User } from '../../src/records.ts';
import { notSignedInPage } from '../../web/pages/index.ts';
import type { AccountDeps } from './deps.ts';

/** The session and the person of this browser; undefined if it has no session, or the session has ended. */
export const currentSession = async (
  { cookies, signIn, users }: AccountDeps,
  ctx: Context,
): Promise<{ readonly user: User; readonly session: PortalSession } | undefined> => {
  const session = cookies.session(ctx);
  if (session === undefined) return undefined;
  const [user, isLive] = await Promise.all([users.get(session.sub), signIn.isLive(session, ctx)]);
  const active = activeAccount(user);
  const issued = { at: session.authTime, session: sessionDigest(session.uid) };
  if (active !== undefined && isLive && !isEnded(active, issued)) return { user: active, session };
  cookies.endSession(ctx);
  return undefined;
};

/** Pages of ours to return to after a sign-in. */
const ownPage = /^\/account(?:\/[A-Za-z0-9_.~-]{1,64}){0,4}$/;

/** Begins a sign-in that returns to a page, which then says `notice`. */
export const startSignIn = (
  { cookies, signIn }: AccountDeps,
  ctx: Context,
  { returnTo, notice, ...wish }: SignInWish & { readonly returnTo: string; readonly notice?: string },
): void => {
  const { to, begun } = signIn.begin(wish);
  const back = ownPage.test(returnTo) ? returnTo : accountPath;
  cookies.keepPending(ctx, { ...begun, returnTo: back, ...(notice !== undefined && { notice }) });
  seeOther(ctx, to);
};

/**
 * Takes the answer of the authorization endpoint (OIDC Core §3.1.2.5). An answer that this browser did not ask for is refused
 * with a page. A redirect would loop in a browser without cookies.
 */
export const takeAnswer =
  (deps: AccountDeps) =>
  async (ctx: Context): Promise<void> => {
    const { cookies, signIn } = deps;
    const [code, state, iss] = ['code', 'state', 'iss'].map(name => textIn(ctx, name));
    const pending = state === undefined ? undefined : cookies.takePending(ctx, state);
    if (pending === undefined || state === undefined) return drawNotSignedIn(ctx);
    const { returnTo, notice } = pending;
    if (code === undefined) {
      // The person cancelled, or the sign-in was refused. An earlier session stays valid.
      if ((await currentSession(deps, ctx)) === undefined) return drawNotSignedIn(ctx);
      cookies.keepNotice(ctx, 'cancelled');
      return seeOther(ctx, returnTo);
    }
    const session = await signIn.finish({ code, state, ...(iss !== undefined && { iss }) }, pending, ctx.ip);
    if (session === undefined) return drawNotSignedIn(ctx);
    cookies.keepSession(ctx, session);
    const told = notice ?? ((await hasAddedSince(deps, session, pending.begunAt)) ? 'added' : undefined);
    if (told !== undefined) cookies.keepNotice(ctx, told);
    seeOther(ctx, returnTo);
  };

/** Whether the person has added a method. The answer does not tell: a person who put it off comes back with a code too. */
const hasAddedSince = async (
  { users, authenticators }: AccountDeps,
  { sub }: PortalSession,
  begunAt: EpochMillis,
): Promise<boolean> => {
  const user = await users.get(sub);
  const stored = user === undefined ? [] : await authenticators.of(user);
  return stored.some(each => isMethod(each) && each.createdAt >= begunAt);
};

const drawNotSignedIn = (ctx: Context): void => {
  ctx.status = 400;
  ctx.type = 'html';
  ctx.body = notSignedInPage(wordsFor(ctx)).text;
};

/** A parameter that was sent once. */
const textIn = (ctx: Context, name: string): string | undefined => {
  const value = ctx.query[name];
  return typeof value === 'string' ? value : undefined;
};
