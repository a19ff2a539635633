/** Counts sign-ins as they begin, before the protocol keeps anything, and refuses those beyond the limits. */
import type { Context, Middleware } from 'koa';
import { Problem } from '../src/errors.ts';
import { addressToRepeat, isAuthorization } from '../src/http/authorization-address.ts';
import { wordsFor } from '../src/http/language.ts';
import { problemJson } from '../src/http/problems.ts';
import { setRetryAfter } from '../src/http/retry-after.ts';
import type { Log } from '../src/log.ts';
import type { Clock } from '../src/ports/time.ts';
import { referenceFor } from '../src/reference.ts';
import type { BegunBy, BegunSignIns } from '../src/users/limits/begun-sign-ins.ts';
import { errorPage } from '../web/pages/index.ts';
import type { DeveloperNotes } from '../web/pages/props.ts';
import type { Cookies } from './cookies.ts';
import { draw } from './render.ts';

/** Needed to count sign-ins. */
export interface BeginDeps {
  readonly begunSignIns: BegunSignIns;
  readonly cookies: Pick<Cookies, 'knownBrowser'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly developerNotes?: DeveloperNotes;
}

/** True for a request that begins a sign-in: GET, and so HEAD. A POST is redirected to a GET, and counts then. */
const begins = (ctx: Context): boolean => (ctx.method === 'GET' || ctx.method === 'HEAD') && isAuthorization(ctx);

/**
 * Says what a request of a browser counts as. Any site can load our address as its images or frames; counted with the sign-ins
 * of people, its visitors would use up the limit of the address that they share. Browsers tell such requests by
 * `Sec-Fetch-Dest`, and prefetched ones by `Sec-Purpose` (Fetch Metadata). A program that forges them only has another limit.
 */
const countedAs = ({ headers }: Context): BegunBy => {
  const destination = headers['sec-fetch-dest'] ?? 'document';
  return destination === 'document' && headers['sec-purpose'] === undefined ? 'request' : 'embedded';
};

/** Creates the middleware. Each request to the authorization endpoint counts, also with `prompt=none` or a session. */
export const limitBegun =
  (deps: BeginDeps): Middleware =>
  async (ctx, next) => {
    if (!begins(ctx) || (await mayBegin(deps, ctx))) await next();
  };

/** Counts a sign-in. Answers, and gives false, where it is one too many. */
const mayBegin = async (deps: BeginDeps, ctx: Context): Promise<boolean> => {
  const knownBrowser = deps.cookies.knownBrowser(ctx);
  const admission = await deps.begunSignIns.admit({
    by: countedAs(ctx),
    address: ctx.ip,
    ...(knownBrowser !== undefined && { knownBrowser }),
  });
  if (admission.ok) return true;
  const { limit, until, isFirst } = admission;
  if (isFirst)
    deps.log.warn('sign-ins.refused', { limit, until, address: ctx.ip, reference: referenceFor(ctx, undefined) });
  refuse(deps, ctx, until);
  return false;
};

/** Characters of `ui_locales` that are read. */
const longestLocales = 256;
/** Languages that the request asks for (`ui_locales`). */
const asked = ({ query }: Context): readonly string[] =>
  typeof query['ui_locales'] === 'string' ? query['ui_locales'].slice(0, longestLocales).split(' ') : [];

/** Answers 429 with the end of the wait: a page, or JSON where that was asked for. */
const refuse = ({ clock, developerNotes }: BeginDeps, ctx: Context, until: number): void => {
  const problem = new Problem('too-many-sign-ins', 'got more sign-ins than the limit allows');
  const { code, label, status } = problem;
  const reference = referenceFor(ctx, undefined);
  setRetryAfter(ctx, clock(), until);
  if (ctx.accepts('html', 'json') === 'html') {
    const again = addressToRepeat(ctx);
    const notes = developerNotes && { developerNotes };
    const props = { code, label, reference, now: clock(), until, ...notes };
    const page = errorPage({ ...props, ...(again !== undefined && { again }) }, wordsFor(ctx, { asked: asked(ctx) }));
    return draw(ctx, page, status);
  }
  ctx.status = status;
  ctx.body = problemJson(problem, reference);
};
