/**
 * Serves the playground, where developers send a sign-in request of a client and see what comes back (`src/oidc/playground`).
 *
 *   GET  {page}                     the form; its query fills it in, so that a link can hold a request
 *   POST {page}                     the request, line by line; keeps the flow in this browser
 *   GET  {page}/callback/:ticket    the answer of a sign-in: tokens, checks and user information, once
 *
 * `page` is /playground in the development environment, where everybody may try every client.
 */
import { Router } from '@koa/router';
import type { Context } from 'koa';
import { parseForm, readBody } from '../../src/http/body.ts';
import { wordsFor } from '../../src/http/language.ts';
import { requireSameOrigin } from '../../src/http/same-origin.ts';
import { unverified } from '../../src/oidc/playground/answer.ts';
import type { Playground } from '../../src/oidc/playground/playground.ts';
import {
  faultsOf,
  queryOf,
  readWish,
  wishFields,
  type Wish,
  type WishField,
} from '../../src/oidc/playground/request.ts';
import { referenceFor } from '../../src/reference.ts';
import type { Html } from '../../web/html.ts';
import {
  playgroundGonePage,
  playgroundPage,
  playgroundRequestPage,
  playgroundResultPage,
} from '../../web/pages/index.ts';
import type { PlaygroundFormPage } from '../../web/pages/playground-props.ts';
import type { PlaygroundCookies } from './cookies.ts';

/** A client that may be tried. */
export interface TriedClient {
  readonly id: string;
  /** The id where it has no name. */
  readonly name: string;
}

export interface PlaygroundDeps {
  readonly issuer: URL;
  readonly playground: Playground;
  readonly cookies: PlaygroundCookies;
}

/** The page of the playground that a request came to, and the clients that this person may try. */
export interface Visit {
  readonly page: string;
  readonly clients: readonly TriedClient[];
}

const draw = (ctx: Context, page: Html, status = 200): void => {
  ctx.status = status;
  ctx.type = 'html';
  ctx.body = page.text;
};

const frameOf = (ctx: Context, page: string) => ({ page, reference: referenceFor(ctx, undefined) });

const drawForm = (
  ctx: Context,
  { page, clients }: Visit,
  wish: Wish,
  faults: PlaygroundFormPage['faults'] = {},
): void =>
  draw(
    ctx,
    playgroundPage({ ...frameOf(ctx, page), clients, wish, longest: wishFields, faults }, wordsFor(ctx)),
    Object.keys(faults).length > 0 ? 422 : 200,
  );

/** Shows the form, with the values of the query. */
export const showForm = (ctx: Context, visit: Visit): void => drawForm(ctx, visit, readWish(fieldsIn(ctx)));

/** Answers the form: with the request that it asks for, or with what is wrong with it. */
export const prepareRequest = async (
  { issuer, playground, cookies }: PlaygroundDeps,
  ctx: Context,
  visit: Visit,
  form: ReadonlyMap<WishField, string>,
): Promise<void> => {
  // Without a scope the form would be filled in with the usual one.
  const wish = readWish(new Map([['scope', ''], ...form]));
  const faults = faultsOf(wish);
  if (Object.keys(faults).length > 0) return drawForm(ctx, visit, wish, faults);
  const client = visit.clients.find(({ id }) => id === wish.client);
  const { page } = visit;
  const browser = cookies.browser(ctx);
  if (client === undefined) return drawForm(ctx, visit, wish, { client: 'unknown' });
  const prepared = await playground.prepare(wish, { page, browser, address: ctx.ip });
  if (typeof prepared === 'string') return drawForm(ctx, visit, wish, { client: prepared });
  const { flow, parameters, pushed, to, curl } = prepared;
  const link = `${page}?${queryOf(wish)}`;
  if (to !== undefined) cookies.keep(ctx, browser, { flow, link });
  draw(
    ctx,
    playgroundRequestPage(
      {
        ...frameOf(ctx, page),
        client: client.name,
        parameters,
        ...(pushed !== undefined && { pushed }),
        ...(to !== undefined && curl !== undefined && { send: { to: to.href, curl } }),
        link: new URL(link, issuer).href,
      },
      wordsFor(ctx),
    ),
  );
};

/**
 * Shows what a sign-in gave, to the browser that began it. In any other the code is ended, and no token is issued. Who is signed in
 * does not matter: a developer may have signed in as somebody else for the try.
 */
export const showResult = async (
  { playground, cookies, issuer }: PlaygroundDeps,
  ctx: Context,
  page: string,
): Promise<void> => {
  const answer = answerIn(ctx);
  const redirectUri = `${issuer.origin}${ctx.path}`;
  const kept = cookies.take(ctx, unverified(answer).get('state') ?? '');
  const isOurs = kept?.flow.redirectUri === redirectUri;
  if (!isOurs) await playground.discard(answer, redirectUri);
  const outcome = isOurs ? await playground.finish(answer, kept.flow, ctx.ip) : undefined;
  const frame = frameOf(ctx, page);
  if (outcome === undefined) return draw(ctx, playgroundGonePage(frame, wordsFor(ctx)), 400);
  draw(ctx, playgroundResultPage({ ...frame, outcome, link: kept?.link ?? page }, wordsFor(ctx)));
};

/** Path of the playground in the development environment. */
export const playgroundPath = '/playground';

/** Creates the routes of the development environment. `clients`: all that are registered. */
export const playgroundRoutes = (
  deps: PlaygroundDeps & { readonly clients: () => Promise<readonly TriedClient[]> },
): Router => {
  const page = playgroundPath;
  const router = new Router();
  router.get(page, async ctx => showForm(ctx, { page, clients: await deps.clients() }));
  router.post(page, async ctx => {
    requireSameOrigin(ctx.headers, deps.issuer.origin);
    const form = parseForm(ctx.headers['content-type'], await readBody(ctx.req), wishFields);
    await prepareRequest(deps, ctx, { page, clients: await deps.clients() }, form);
  });
  router.get(`${page}/callback/:ticket`, async ctx => showResult(deps, ctx, page));
  return router;
};

const isWishField = (name: string): name is WishField => Object.hasOwn(wishFields, name);

/** Known parameters of the query that came once and are not too long. A link with others opens the form without them. */
const fieldsIn = ({ query }: Context): ReadonlyMap<WishField, string> =>
  new Map(
    Object.entries(query).flatMap(([name, value]) =>
      isWishField(name) && typeof value === 'string' && Buffer.byteLength(value) <= wishFields[name]
        ? [[name, value] as const]
        : [],
    ),
  );

/** Parameters of an answer (RFC 6749 §4.1.2), in their order. Others are not ours, and are not shown. */
const answerNames = ['code', 'state', 'iss', 'error', 'error_description', 'error_uri', 'response'];

const answerIn = ({ query }: Context): ReadonlyMap<string, string> =>
  new Map(
    answerNames.flatMap(name => {
      const value = query[name];
      return typeof value === 'string' ? [[name, value] as const] : [];
    }),
  );
