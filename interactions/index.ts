/** The conversation behind /interaction/:uid: one address for the state, a few beside it, and the same care on each of them. */
import { Router } from '@koa/router';
import type { Context, Middleware } from 'koa';
import { parseForm, readBody, type Fields } from '../src/http/body.ts';
import { requireSameOrigin } from '../src/http/same-origin.ts';
import { helpPage } from '../web/pages/index.ts';
import { nothingLeft } from '../web/pages/links.ts';
import { optionFields, postAgain, postOptions, postStart } from './start-challenge.ts';
import { factorFields, postFactor } from './factor.ts';
import { goBack, isFinishedElsewhere } from './finish.ts';
import { consentFields, postCancel, postConsent, postRestart, postSwitch } from './leave.ts';
import { answerExpired, drawStartAgain, recordElsewhere } from './expired.ts';
import { passwordFields, postPassword } from './password.ts';
import { getResend, postResend } from './resend.ts';
import { userContext, readContext, type InteractionDeps, type InteractionContext } from './context.ts';
import { draw, pageOf, picker } from './render.ts';
import { methodsFor } from './step.ts';
import type { Streams } from './events/streams.ts';
import { getEvents } from './events/events.ts';

type PageRoute = (ctx: Context, context: InteractionContext) => Promise<void> | void;
type FormRoute = (ctx: Context, context: InteractionContext, form: ReadonlyMap<string, string>) => Promise<void>;

const place = '/interaction/:uid';
const uidOf = (ctx: { readonly params: Readonly<Record<string, string>> }): string => ctx.params['uid'] ?? '';

const getHere =
  (deps: InteractionDeps): PageRoute =>
  (ctx, context) => {
    deps.cookies.rememberStart(ctx, context.signIn.client);
    draw(ctx, pageOf(deps, context));
  };

const getOptions =
  (deps: InteractionDeps): PageRoute =>
  (ctx, context) => {
    const isOpen = ['start', 'factor', 'choose'].includes(context.step.at);
    return isOpen ? draw(ctx, picker(deps, userContext(context))) : goBack(ctx, context);
  };

const getHelp: PageRoute = (ctx, { frame, user, state, words }) => {
  const account = user !== undefined && { account: user.name };
  const options = methodsFor(state).length > 1;
  draw(ctx, helpPage({ ...frame, ...account, options, nothingLeft: ctx.querystring === nothingLeft }, words));
};

/** Every address with what it does. Nothing is begun, sent or ended by looking. */
export const interactionRoutes = (deps: InteractionDeps, streams: Streams): Router => {
  const router = new Router();
  const look = (path: string, run: PageRoute): void => {
    router.get(`${place}${path}`, async ctx => {
      try {
        await run(ctx, await readContext(deps, ctx, uidOf(ctx)));
      } catch (error) {
        await answerExpired(deps, ctx, uidOf(ctx), error);
      }
    });
  };
  const act = <Name extends string>(path: string, fields: Fields<Name>, run: FormRoute): void => {
    router.post(`${place}${path}`, async ctx => {
      requireSameOrigin(ctx.headers, deps.issuer.origin);
      const form = parseForm(ctx.headers['content-type'], await readBody(ctx.req), fields);
      try {
        await run(ctx, await readContext(deps, ctx, uidOf(ctx)), form);
      } catch (error) {
        await answerExpired(deps, ctx, uidOf(ctx), error);
      }
    });
  };

  look('', getHere(deps));
  look('/options', getOptions(deps));
  look('/resend', getResend);
  look('/help', getHelp);
  look('/events', getEvents(deps, streams));
  act('/password', passwordFields, postPassword(deps));
  act('/factor', factorFields, postFactor(deps));
  act('/options', optionFields, postOptions(deps));
  act('/again', {}, postAgain(deps));
  act('/resend', {}, postResend(deps));
  act('/start', {}, postStart(deps));
  act('/restart', {}, postRestart(deps));
  act('/cancel', {}, postCancel(deps));
  act('/switch', {}, postSwitch(deps));
  act('/consent', consentFields, postConsent(deps));
  return router;
};

/**
 * The library's own address of the way back. It goes by a cookie alone: whoever came by it, or planted it in the browser that
 * proved the steps, would go on as that person. So the end of a prompt belongs to the browser that ended it. Without its
 * cookie or its record the library knows neither client nor page: ours helps.
 */
export const guardResume =
  (deps: InteractionDeps): Middleware =>
  async (ctx, next) => {
    // Whatever the path: the library takes its address in any case of letters, and with a slash at its end.
    const id = deps.protocol.resuming(ctx);
    if (id !== undefined && (await isFinishedElsewhere(deps, ctx, id))) {
      await recordElsewhere(deps, ctx);
      await drawStartAgain(deps, ctx, 'elsewhere', 403);
      return;
    }
    await next();
    const isLost = ctx.status === 400 && ctx.type === 'text/html' && /^\/auth\/[^/]+\/?$/i.test(ctx.path);
    if (isLost) await drawStartAgain(deps, ctx, 'expired', 400);
  };
