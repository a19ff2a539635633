/**
 * The three steps of a try, each an answer to one request: the form, the request that it asks for, and what came back. Their routes decide
 * who may come here and which clients there are to choose from.
 */
import type { Context } from 'koa';
import { wordsFor } from '../../src/http/language.ts';
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
import {
  playgroundGonePage,
  playgroundPage,
  playgroundRequestPage,
  playgroundResultPage,
} from '../../web/pages/index.ts';
import type { PortalFrame } from '../../web/pages/account-props.ts';
import type { PlaygroundFormPage, PlaygroundFrame } from '../../web/pages/playground-props.ts';
import { drawPage } from '../admission/portal.ts';
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
export interface PlaygroundVisit {
  readonly page: string;
  readonly clients: readonly TriedClient[];
  /** Of the developer portal. */
  readonly portal?: PortalFrame;
}

const frameOf = (ctx: Context, { page, portal }: Omit<PlaygroundVisit, 'clients'>): PlaygroundFrame => ({
  page,
  reference: referenceFor(ctx, undefined),
  ...(portal !== undefined && { portal }),
});

const drawForm = (ctx: Context, visit: PlaygroundVisit, wish: Wish, faults: PlaygroundFormPage['faults'] = {}): void =>
  drawPage(
    ctx,
    playgroundPage(
      { ...frameOf(ctx, visit), clients: visit.clients, wish, longest: wishFields, faults },
      wordsFor(ctx),
    ),
    Object.keys(faults).length > 0 ? 422 : 200,
  );

/** Shows the form, with the values of the query. */
export const showForm = (ctx: Context, visit: PlaygroundVisit): void => drawForm(ctx, visit, readWish(fieldsIn(ctx)));

/** Answers the form: with the request that it asks for, or with its mistakes. */
export const prepareRequest = async (
  { issuer, playground, cookies }: PlaygroundDeps,
  ctx: Context,
  visit: PlaygroundVisit,
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
  drawPage(
    ctx,
    playgroundRequestPage(
      {
        ...frameOf(ctx, visit),
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
 * Shows what a sign-in gave, to the browser that began it. In any other the code is ended, and no token is issued. The signed-in person
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
  const frame = frameOf(ctx, { page });
  if (outcome === undefined) return drawPage(ctx, playgroundGonePage(frame, wordsFor(ctx)), 400);
  drawPage(ctx, playgroundResultPage({ ...frame, outcome, link: kept?.link ?? page }, wordsFor(ctx)));
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
