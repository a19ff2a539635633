/**
 * Answers requests for a sign-in that has ended, never existed, or belongs to another browser. Every route answers with a page
 * that links to the client.
 */
import type { Context } from 'koa';
import { isProblem } from '../src/errors.ts';
import { wordsFor } from '../src/http/language.ts';
import { maskTokens } from '../src/masking.ts';
import type { SignInEntry } from '../src/mfa/sign-in-proofs.ts';
import { referenceFor } from '../src/reference.ts';
import { continuePage, startAgainPage } from '../web/pages/index.ts';
import { hereOf, linksOf } from '../web/pages/links.ts';
import type { ClientShown } from '../web/pages/props.ts';
import { beganElsewhere, type InteractionDeps } from './context.ts';
import { draw } from './render.ts';

const shown = (client: { readonly name: string; readonly startUri?: string } | undefined): ClientShown | undefined =>
  client && { name: client.name, ...(client.startUri !== undefined && { uri: client.startUri }) };

/** Draws the page for a sign-in that cannot continue. Our own cookie names the client, and its registration gives the link. */
export const drawStartAgain = async (
  deps: InteractionDeps,
  ctx: Context,
  reason: 'expired' | 'elsewhere',
  status: number,
): Promise<void> => {
  const reference = referenceFor(ctx, undefined);
  const last = deps.cookies.lastClient(ctx);
  deps.log.info('sign-in.lost', {
    reason,
    reference,
    path: maskTokens(ctx.path),
    ...(last !== undefined && { client: last.id }),
  });
  const client = shown(last === undefined ? undefined : await deps.protocol.client(last.id));
  const here = hereOf(ctx.originalUrl);
  const props = { reason, ...(client && { client }), reference, now: deps.clock(), here };
  draw(ctx, startAgainPage(props, wordsFor(ctx)), status);
};

/** True if another browser has begun or ended the sign-in, by its stored `entry`. */
const isOfAnotherBrowser = (
  { cookies, signInProofs }: InteractionDeps,
  ctx: Context,
  id: string,
  entry: SignInEntry | undefined,
): boolean => signInProofs.isOfAnotherBrowser({ interaction: id, browser: cookies.browser(ctx) }, entry);

/**
 * Draws the page that continues to the client, if this browser finished the sign-in before. Status 409 for a POST, otherwise
 * 200. Gives false if this browser did not finish it.
 */
const drawFinished = async (
  deps: InteractionDeps,
  ctx: Context,
  id: string,
  entry: SignInEntry | undefined,
): Promise<boolean> => {
  if (!deps.signInProofs.isEnded(entry) || entry.client === undefined) return false;
  if (isOfAnotherBrowser(deps, ctx, id, entry)) return false;
  const client = await deps.protocol.client(entry.client);
  if (client === undefined) return false;
  const to = (await deps.protocol.resumePath(id)) ?? client.uri ?? client.startUri;
  if (to === undefined) return false;
  const page = continuePage({ client: { name: client.name }, to, kind: 'back', here: linksOf(id).here }, wordsFor(ctx));
  draw(ctx, page, ctx.method === 'POST' ? 409 : 200);
  return true;
};

/** Counts that a sign-in was opened in another browser than its own: anyone who has its address can do that. */
export const recordElsewhere = ({ countedAudit }: InteractionDeps, { ip }: Context): void =>
  countedAudit.count({
    event: 'sign-in.refused',
    actor: 'browser',
    outcome: 'refused',
    reason: 'elsewhere',
    address: ip,
  });

/**
 * Begins anew a sign-in whose time is over, with the request that this browser kept and the user name that was typed. The
 * authorization endpoint counts and checks the request like any other. The new sign-in has a time of its own, so that this does
 * not repeat at once. After a form the browser continues by a page: it would block a redirect to the client, where a session
 * answers the request.
 */
const beginAnew = (deps: InteractionDeps, ctx: Context, id: string, typed: string | undefined): boolean => {
  const again = deps.protocol.beginAgain(ctx, id);
  if (again === undefined) return false;
  const { to, languages } = again;
  const reference = referenceFor(ctx, undefined);
  deps.log.info('sign-in.begun-anew', { reference });
  if (typed !== undefined) deps.cookies.rememberTyped(ctx, typed);
  if (ctx.method === 'POST') {
    draw(ctx, continuePage({ to, kind: 'anew', reference }, wordsFor(ctx, { asked: languages })));
  } else {
    ctx.status = 303;
    ctx.redirect(to);
    ctx.body = '';
  }
  return true;
};

/**
 * True if a lost sign-in is not this browser's. While its request is kept in its browser, the store does not know it: then a
 * browser that began no sign-in, as without cookies, is another one.
 */
const isElsewhere = (deps: InteractionDeps, ctx: Context, id: string, entry: SignInEntry | undefined): boolean =>
  !deps.cookies.isKnown(ctx) || isOfAnotherBrowser(deps, ctx, id, entry);

/**
 * Answers a lost sign-in with a page, or begins it anew. Throws every other problem, and rethrows this one to a caller that
 * wants JSON. `typed`: the user name in the form that was sent.
 */
export const answerExpired = async (
  deps: InteractionDeps,
  ctx: Context,
  id: string,
  problem: unknown,
  typed?: string,
): Promise<void> => {
  if (!isProblem(problem) || !(problem.code === 'sign-in-lost' || problem.code === 'sign-in-elsewhere')) throw problem;
  const isPage = ctx.accepts('html', 'json') === 'html';
  const entry = await deps.signInProofs.entry(id);
  if (isPage && (await drawFinished(deps, ctx, id, entry))) return;
  const told = problem.code === 'sign-in-lost' && isElsewhere(deps, ctx, id, entry) ? beganElsewhere() : problem;
  const isOver = told.code === 'sign-in-lost' && !deps.signInProofs.isEnded(entry);
  if (isPage && isOver && beginAnew(deps, ctx, id, typed)) return;
  if (told.code === 'sign-in-elsewhere') recordElsewhere(deps, ctx);
  if (!isPage) throw told;
  const reason = told.code === 'sign-in-lost' ? 'expired' : 'elsewhere';
  await drawStartAgain(deps, ctx, reason, told.status);
};
