/** The conversation behind /interaction/:uid: one address for the state, a few beside it, and the same care on each of them. */
import { Router } from '@koa/router';
import type { Context, Middleware } from 'koa';
import { parseForm, readBody, type Fields } from '../src/http/body.ts';
import { demandOurs } from '../src/http/same-origin.ts';
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
  (parts: InteractionDeps): PageRoute =>
  (ctx, context) => {
    parts.cookies.rememberStart(ctx, context.signIn.client);
    draw(ctx, pageOf(parts, context));
  };

const getOptions =
  (parts: InteractionDeps): PageRoute =>
  (ctx, context) => {
    const isOpen = ['start', 'factor', 'choose'].includes(context.step.at);
    return isOpen ? draw(ctx, picker(parts, userContext(context))) : goBack(ctx, context);
  };

const getHelp: PageRoute = (ctx, { frame, user, situation, words }) => {
  const account = user !== undefined && { account: user.name };
  const options = methodsFor(situation).length > 1;
  draw(ctx, helpPage({ ...frame, ...account, options, nothingLeft: ctx.querystring === nothingLeft }, words));
};

/** Every address with what it does. Nothing is begun, sent or ended by looking. */
export const interactionRoutes = (parts: InteractionDeps, streams: Streams): Router => {
  const router = new Router();
  const look = (path: string, run: PageRoute): void => {
    router.get(`${place}${path}`, async ctx => {
      try {
        await run(ctx, await readContext(parts, ctx, uidOf(ctx)));
      } catch (error) {
        await answerExpired(parts, ctx, uidOf(ctx), error);
      }
    });
  };
  const act = <Name extends string>(path: string, fields: Fields<Name>, run: FormRoute): void => {
    router.post(`${place}${path}`, async ctx => {
      demandOurs(ctx.headers, parts.issuer.origin);
      const form = parseForm(ctx.headers['content-type'], await readBody(ctx.req), fields);
      try {
        await run(ctx, await readContext(parts, ctx, uidOf(ctx)), form);
      } catch (error) {
        await answerExpired(parts, ctx, uidOf(ctx), error);
      }
    });
  };

  look('', getHere(parts));
  look('/options', getOptions(parts));
  look('/resend', getResend);
  look('/help', getHelp);
  look('/events', getEvents(parts, streams));
  act('/password', passwordFields, postPassword(parts));
  act('/factor', factorFields, postFactor(parts));
  act('/options', optionFields, postOptions(parts));
  act('/again', {}, postAgain(parts));
  act('/resend', {}, postResend(parts));
  act('/start', {}, postStart(parts));
  act('/restart', {}, postRestart(parts));
  act('/cancel', {}, postCancel(parts));
  act('/switch', {}, postSwitch(parts));
  act('/consent', consentFields, postConsent(parts));
  return router;
};

/**
 * The library's own address of the way back. It goes by a cookie alone: whoever came by it, or planted it in the browser that
 * proved the steps, would go on as that person. So the end of a prompt belongs to the browser that ended it. Without its
 * cookie or its record the library knows neither client nor page: ours helps.
 */
export const guardResume =
  (parts: InteractionDeps): Middleware =>
  async (ctx, next) => {
    // Whatever the path: the library takes its address in any case of letters, and with a slash at its end.
    const id = parts.protocol.resuming(ctx);
    if (id !== undefined && (await isFinishedElsewhere(parts, ctx, id))) {
      await recordElsewhere(parts, ctx);
      await drawStartAgain(parts, ctx, 'elsewhere', 403);
      return;
    }
    await next();
    const isLost = ctx.status === 400 && ctx.type === 'text/html' && /^\/auth\/[^/]+\/?$/i.test(ctx.path);
    if (isLost) await drawStartAgain(parts, ctx, 'expired', 400);
  };
