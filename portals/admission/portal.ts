/**
 * Admits requests to the pages of a portal. `onRead` and `onWrite` are the only ways to add a route, so that no new route
 * can forget a check:
 *
 *   GET   session → person → page                    without a session: sign in, then the same page
 *         session → person → recent sign-in → form   stale: sign in again, then the form
 *   POST  same origin → form → session → person → fresh sign-in → change → 303
 *                                                    stale: sign in again, then the page of the form
 *
 * The session is that of the sign-in to our own client (`session.ts`). `refusal` decides whether this person may use the portal. A
 * form that came with a stale sign-in is not sent again after the new one: the page asks the person to repeat it.
 *
 *   deps.ts       what a portal must give
 *   visit.ts      what a route knows of its request
 *   session.ts    begins the sign-in, takes its answer, and looks whether it still holds
 *   cookies.ts    what the browser keeps
 */
import { Router } from '@koa/router';
import type { Context } from 'koa';
import { parseForm, readBody, type Fields } from '../../src/http/body.ts';
import { wordsFor } from '../../src/http/language.ts';
import { requireSameOrigin } from '../../src/http/same-origin.ts';
import { seeOther } from '../../src/http/see-other.ts';
import { highest, type Method } from '../../src/mfa/assurance.ts';
import { hasEverHadMethod } from '../../src/mfa/listed-authenticators.ts';
import { freshFor, isFresh, isFreshPassword } from '../../src/mfa/fresh-sign-in.ts';
import type { PortalSession } from '../../src/oidc/portal-sign-in.ts';
import { callbackPathOf } from '../../src/oidc/clients/built-in.ts';
import type { User } from '../../src/records.ts';
import { referenceFor } from '../../src/reference.ts';
import { browserText } from '../../src/user-agent.ts';
import type { Html } from '../../web/html.ts';
import type { AdmissionDeps } from './deps.ts';
import type { Visit } from './visit.ts';
import { currentSession, startSignIn, takeAnswer, type SignInReturn } from './session.ts';

export type ReadRoute = (ctx: Context, visit: Visit) => Promise<void> | void;
export type WriteRoute<Name extends string> = (
  ctx: Context,
  visit: Visit,
  form: ReadonlyMap<Name, string>,
) => Promise<void> | void;

/** What a form needs. */
export interface WriteNeeds<Name extends string> {
  /** Its fields, each with the bytes that its value may take. */
  readonly form: Fields<Name>;
  /**
   * The page with the form, to which a new sign-in leads back: a path, with parameters as the route of the form has them. Default: the
   * address of the form, where that is a page.
   */
  readonly page?: string;
  /**
   * Default: a fresh sign-in at the highest level of the person's methods. own-highest: the same, but a recent password is enough while
   * the account never had a method. session: any session, because the change harms no account.
   */
  readonly needs?: 'own-highest' | 'session';
}

/** What a page needs. */
export interface ReadNeeds {
  /** Its query fills it in, so a sign-in leads back to the page with its query. Default: without. */
  readonly keeps?: 'query';
  /**
   * For a page that holds only a form which needs a fresh sign-in: a person with a stale one signs in before the form, so that no
   * typed text is lost. `cancelTo`: the page for a person who cancels that, as a path with the parameters of this route. `returnTo`: the
   * page after that sign-in. Default: this one.
   */
  readonly fresh?: { readonly cancelTo: string; readonly returnTo?: string };
}

/** Adds routes. Their paths begin with that of the portal. */
export interface Portal {
  readonly router: Router;
  onRead(path: string, run: ReadRoute, needs?: ReadNeeds): void;
  onWrite<Name extends string>(path: string, needs: WriteNeeds<Name>, run: WriteRoute<Name>): void;
}

/** Answers with a page. */
export const drawPage = (ctx: Context, page: Html, status = 200): void => {
  ctx.status = status;
  ctx.type = 'html';
  ctx.body = page.text;
};

/** Ends a change: the page at `to` says `notice`, a name in `notices` of its words in the catalogue. */
export const redirectAfterChange = (
  deps: Pick<AdmissionDeps, 'cookies'>,
  ctx: Context,
  to: string,
  notice?: string,
): void => {
  if (notice !== undefined) deps.cookies.keepNotice(ctx, notice);
  seeOther(ctx, to);
};

/** Creates the router, with the two functions that add routes. */
export const createPortal = (deps: AdmissionDeps): Portal => {
  const router = new Router();
  const pages = new Set<string>();
  router.get(callbackPathOf(deps.portal), takeAnswer(deps));

  /** Draws why this person may not use the portal. False: they may. */
  const turnAway = (ctx: Context, visit: Visit): boolean => {
    const page = deps.refusal?.(visit);
    if (page === undefined) return false;
    drawPage(ctx, page, 403);
    return true;
  };

  const visitOf = (
    ctx: Context,
    { user, session }: { readonly user: User; readonly session: PortalSession },
  ): Visit => {
    const now = deps.clock();
    const reference = referenceFor(ctx, undefined);
    return {
      user,
      session,
      by: { actor: `user:${user.id}`, reference, address: ctx.ip, browser: browserText(ctx.get('user-agent')) },
      words: {
        ...wordsFor(ctx, { person: user.language }),
        ...(user.zoneinfo !== undefined && { zone: user.zoneinfo }),
      },
      now,
      frame: { account: user.name, reference, now, here: ctx.path },
      isFresh: async () => isFresh(session, await deps.methods.usableBy(user), now),
    };
  };

  return {
    router,
    onRead(path, run, { keeps, fresh } = {}) {
      pages.add(path);
      router.get(path, async ctx => {
        const current = await currentSession(deps, ctx);
        if (current === undefined)
          return startSignIn(deps, ctx, { returnTo: ctx.path, query: keeps === undefined ? '' : ctx.querystring });
        const visit = visitOf(ctx, current);
        if (turnAway(ctx, visit)) return;
        // Only the age counts: a person who cannot reach the level would be sent to sign in again and again.
        if (fresh !== undefined && !isFreshPassword(visit.session, visit.now))
          return signInAgain(deps, ctx, visit, {
            returnTo: fresh.returnTo ?? ctx.path,
            cancelTo: Router.url(fresh.cancelTo, ctx.params),
          });
        const notice = deps.cookies.takeNotice(ctx);
        await run(ctx, notice === undefined ? visit : { ...visit, frame: { ...visit.frame, notice } });
      });
    },
    onWrite(path, { form: fields, page, needs }, run) {
      router.post(path, async ctx => {
        requireSameOrigin(ctx.headers, deps.issuer.origin);
        const form = parseForm(ctx.headers['content-type'], await readBody(ctx.req), fields);
        const formAt = pages.has(path) ? ctx.path : deps.portal.path;
        const returnTo = page === undefined ? formAt : Router.url(page, ctx.params);
        const current = await currentSession(deps, ctx);
        if (current === undefined) return startSignIn(deps, ctx, { returnTo });
        const visit = visitOf(ctx, current);
        if (turnAway(ctx, visit)) return;
        if (needs === 'session' || (await visit.isFresh())) return run(ctx, visit, form);
        if (needs === 'own-highest' && isFirstStepEnough(visit)) return run(ctx, visit, form);
        await signInAgain(deps, ctx, visit, { returnTo, notice: 'repeat' });
      });
    },
  };
};

/** True for a recent password of an account that never had a method. */
const isFirstStepEnough = ({ user, session, now }: Visit): boolean =>
  !hasEverHadMethod(user) && isFreshPassword(session, now);

/** Leads to a sign-in at the highest level of the person's methods, and then to `returnTo`. */
const signInAgain = async (deps: AdmissionDeps, ctx: Context, { user }: Visit, back: SignInReturn): Promise<void> =>
  startSignIn(deps, ctx, {
    ...back,
    fresh: { within: freshFor / 1000, acr: levelOf(await deps.methods.usableBy(user)) },
    loginHint: user.name,
  });

const levelOf = (methods: readonly Method[]) => highest('sfa', ...methods.map(each => each.reaches));
