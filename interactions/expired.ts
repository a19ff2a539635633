/** A sign-in that is over, never was, or is another browser's: a page with a way on, for every route of it. */
import type { Context } from 'koa';
import { isProblem } from '../src/errors.ts';
import { impersonal } from '../src/masking.ts';
import { wordsFor } from '../src/http/language.ts';
import { referenceFor } from '../src/reference.ts';
import { continuePage, startAgainPage } from '../web/pages/index.ts';
import { hereOf, linksOf } from '../web/pages/links.ts';
import type { ClientShown } from '../web/pages/props.ts';
import { finishedClient } from './finish.ts';
import type { InteractionDeps } from './context.ts';
import { draw } from './render.ts';

const shown = (client: { readonly name: string; readonly startUri?: string } | undefined): ClientShown | undefined =>
  client && { name: client.name, ...(client.startUri !== undefined && { uri: client.startUri }) };

/** The page for somebody whose sign-in cannot go on: where they were going is read from our own cookie and the client's registration. */
export const drawStartAgain = async (
  deps: InteractionDeps,
  ctx: Context,
  reason: 'expired' | 'elsewhere',
  status: number,
): Promise<void> => {
  const reference = referenceFor(ctx.req, undefined);
  const start = deps.cookies.start(ctx);
  deps.log.info('sign-in.lost', {
    reason,
    reference,
    path: impersonal(ctx.path),
    ...(start !== undefined && { client: start.id }),
  });
  const client = shown(start === undefined ? undefined : await deps.protocol.client(start.id));
  const here = hereOf(ctx.originalUrl);
  const props = { reason, ...(client && { client }), reference, now: deps.clock(), here };
  draw(ctx, startAgainPage(props, wordsFor(ctx)), status);
};

/** Back after success: nothing is left to do here but to go on. 409 where something was posted. False: this browser did not finish it. */
const drawFinished = async (deps: InteractionDeps, ctx: Context, id: string): Promise<boolean> => {
  const finished = await finishedClient(deps, ctx, id);
  const client = finished === undefined ? undefined : await deps.protocol.client(finished);
  const to = (await deps.protocol.goingOn(id)) ?? client?.uri ?? client?.startUri;
  if (client === undefined || to === undefined) return false;
  const page = continuePage({ client: { name: client.name }, to, kind: 'back', here: linksOf(id).here }, wordsFor(ctx));
  draw(ctx, page, ctx.method === 'POST' ? 409 : 200);
  return true;
};

/** Somebody came to a sign-in with another browser than its own. */
export const recordElsewhere = async ({ audit }: InteractionDeps, { ip }: Context): Promise<void> =>
  audit({ event: 'sign-in.refused', actor: 'browser', outcome: 'refused', reason: 'elsewhere', address: ip });

/** Answers a lost sign-in where a page is wanted; throws on what else it is given, and where JSON is wanted. */
export const answerExpired = async (
  deps: InteractionDeps,
  ctx: Context,
  id: string,
  problem: unknown,
): Promise<void> => {
  if (!isProblem(problem) || !(problem.code === 'sign-in-lost' || problem.code === 'sign-in-elsewhere')) throw problem;
  const isPage = ctx.accepts('html', 'json') === 'html';
  if (isPage && (await drawFinished(deps, ctx, id))) return;
  if (problem.code === 'sign-in-elsewhere') await recordElsewhere(deps, ctx);
  if (!isPage) throw problem;
  const reason = problem.code === 'sign-in-lost' ? 'expired' : 'elsewhere';
  await drawStartAgain(deps, ctx, reason, problem.status);
};
