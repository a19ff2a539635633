/**
 * Serves the pages on which a person resets a forgotten password, outside of any sign-in.
 *
 *   GET  /password/forgotten   asks for name or address         POST: asks for a link; the answer is the same for every name
 *   GET  /password/sent        where to look
 *   GET  /password/reset       the mailed link: puts the token into a cookie and redirects to itself, without the token
 *                              then the form                    POST: sets the new password, once
 *   GET  /password/saved       leads to the next sign-in
 *
 * No GET changes anything, because programs open the links in mails before people do.
 */
import { Router } from '@koa/router';
import type { Context } from 'koa';
import type { PasswordResets } from '../../src/account/password-reset.ts';
import type { Sealer } from '../../src/crypto.ts';
import { parseForm, readBody, maxFieldBytes, type Fields } from '../../src/http/body.ts';
import { linkToken } from '../../src/http/link-token.ts';
import { wordsFor } from '../../src/http/language.ts';
import { setRetryAfter } from '../../src/http/retry-after.ts';
import { requireSameOrigin } from '../../src/http/same-origin.ts';
import { seeOther } from '../../src/http/see-other.ts';
import type { Clock } from '../../src/ports/time.ts';
import { referenceFor } from '../../src/reference.ts';
import { browserText } from '../../src/user-agent.ts';
import { longestToken } from '../../src/users/mailed-tokens.ts';
import { maxPasswordBytes } from '../../src/users/passwords/password-text.ts';
import type { Html } from '../../web/html.ts';
import {
  forgottenPage,
  noResetPage,
  resetDonePage,
  resetGonePage,
  resetPage,
  resetSentPage,
} from '../../web/pages/index.ts';
import {
  fields,
  forgottenPath,
  placeToReturn,
  resetDonePath,
  resetPath as linkPath,
  resetSentPath,
  withBack,
} from '../../web/pages/links.ts';
import type { ForgottenPage } from '../../web/pages/password-props.ts';

/** Services and settings of these pages. `server/public-routes.ts` passes them. */
export interface PasswordRoutesDeps {
  readonly issuer: URL;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly passwordResets: PasswordResets;
  /** The client of the last sign-in in this browser. */
  readonly lastClient: (ctx: Context) => { readonly name: string; readonly startUri?: string } | undefined;
}

const forgottenFields = { [fields.name]: maxFieldBytes, [fields.back]: 256 } as const;
const resetFields = { [fields.token]: longestToken, [fields.newPassword]: maxPasswordBytes } as const;

const draw = (ctx: Context, page: Html, status = 200): void => {
  ctx.status = status;
  ctx.type = 'html';
  ctx.body = page.text;
};

/** The page of a sign-in to go back to, where a text names one. */
const signInIn = (text: unknown): { readonly back?: string } => {
  const back = typeof text === 'string' ? placeToReturn(text) : '/';
  return back.startsWith('/interaction/') ? { back } : {};
};

/** Creates the router. */
export const passwordRoutes = (deps: PasswordRoutesDeps): Router => {
  const { issuer, passwordResets } = deps;
  const router = new Router();
  const cookie = linkToken(deps, { name: 'reset', path: linkPath, longest: longestToken });
  const form = async <Name extends string>(ctx: Context, allowed: Fields<Name>) => {
    requireSameOrigin(ctx.headers, issuer.origin);
    return parseForm(ctx.headers['content-type'], await readBody(ctx.req), allowed);
  };

  router.get(forgottenPath, ctx => drawForgotten(deps, ctx, signInIn(ctx.query[fields.back])));
  router.post(forgottenPath, async ctx => askForLink(deps, ctx, await form(ctx, forgottenFields)));
  router.get(resetSentPath, ctx => draw(ctx, resetSentPage(signInIn(ctx.query[fields.back]), wordsFor(ctx))));
  router.get(linkPath, async ctx => {
    if (cookie.takeOut(ctx)) return undefined;
    const token = cookie.read(ctx);
    const user = await passwordResets.find(token);
    if (user === undefined) return draw(ctx, resetGonePage(wordsFor(ctx)), 410);
    const reference = referenceFor(ctx, undefined);
    draw(ctx, resetPage({ account: user.name, token, reference }, wordsFor(ctx, { person: user.language })));
  });
  router.post(linkPath, async ctx => {
    const sent = await form(ctx, resetFields);
    const [token, password] = [sent.get(fields.token) ?? '', sent.get(fields.newPassword) ?? ''];
    const reference = referenceFor(ctx, undefined);
    const result = await passwordResets.reset(token, password, {
      reference,
      address: ctx.ip,
      browser: browserText(ctx.get('user-agent')),
    });
    if (result.ok) {
      cookie.remove(ctx);
      return seeOther(ctx, resetDonePath);
    }
    if (result.reason === 'link') return draw(ctx, resetGonePage(wordsFor(ctx)), 410);
    const { user, fault } = result;
    const words = wordsFor(ctx, { person: user.language });
    draw(ctx, resetPage({ account: user.name, token, reference, state: { kind: fault } }, words), 422);
  });
  router.get(resetDonePath, ctx => {
    const { name, startUri } = deps.lastClient(ctx) ?? {};
    const client = name !== undefined && { client: { name, ...(startUri !== undefined && { uri: startUri }) } };
    draw(ctx, resetDonePage({ ...client }, wordsFor(ctx)));
  });
  return router;
};

const drawForgotten = (
  { clock, passwordResets }: PasswordRoutesDeps,
  ctx: Context,
  more: Pick<ForgottenPage, 'back' | 'name' | 'state'>,
  status = 200,
): void => {
  const reference = referenceFor(ctx, undefined);
  const page = passwordResets.isOn
    ? forgottenPage({ ...more, now: clock(), reference }, wordsFor(ctx))
    : noResetPage(more, wordsFor(ctx));
  draw(ctx, page, status);
};

/** Answers the same for every name. */
const askForLink = async (deps: PasswordRoutesDeps, ctx: Context, sent: ReadonlyMap<string, string>): Promise<void> => {
  const name = sent.get(fields.name) ?? '';
  const { back } = signInIn(sent.get(fields.back));
  const more = { name, ...(back !== undefined && { back }) };
  if (name.trim() === '') return drawForgotten(deps, ctx, { ...more, state: { kind: 'incomplete' } }, 422);
  const source = { reference: referenceFor(ctx, undefined), address: ctx.ip };
  const asked = await deps.passwordResets.request(name, wordsFor(ctx).language, source);
  if (asked.ok) {
    return seeOther(ctx, withBack(resetSentPath, back));
  }
  if (!('limit' in asked)) {
    return drawForgotten(deps, ctx, { ...more, ...(asked.reason === 'full' && { state: { kind: 'full' } }) }, 503);
  }
  setRetryAfter(ctx, deps.clock(), asked.until);
  drawForgotten(deps, ctx, { ...more, state: { kind: 'wait', until: asked.until } }, 429);
};
