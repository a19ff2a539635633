/**
 * Serves all routes of a sign-in below /interaction/:uid. The address stays the same while the step changes (`step.ts`):
 *
 *   GET  ''         page of the step          POST /password  password.ts: first proof, starts the challenge
 *   GET  /passkey   a new challenge           POST /passkey   passkey.ts: both steps by a passkey alone
 *                                             POST /new-password   new-password.ts: another password, where one is required
 *   GET  /options   other methods             POST /factor    factor.ts: typed answer, or a device's answer
 *   GET  /resend    "not received?"           POST /options, /again, /start   start-challenge.ts
 *   GET  /help      advice                    POST /resend    resend.ts
 *   GET  /events    events/: progress         POST /restart, /cancel, /account, /switch, /consent   leave.ts
 *
 *   GET, POST /enroll…        enrollment/: setting up a method
 *
 *   login:   passkey → (enroll) → finish; or
 *            password → (choose) → factor → (new-password) → (enroll) → finish; also enroll → finish, where the level needs it
 *   mfa:     start → factor → finish              manage:  enroll → finish, or start → factor → finish; stale: sign in again
 *   also unmet, select-account, switch, consent
 *
 * `read-context.ts` reads a sign-in once for each request, with the state that `state.ts` makes. `prompts.ts` maps a prompt to page,
 * form and event. `finish.ts` writes the result. Only `protocols/oidc` imports oidc-provider. `resume.ts` and `expired.ts` handle
 * sign-ins that have ended.
 */
import { Router } from '@koa/router';
import type { Context } from 'koa';
import { parseForm, readBody, type Fields } from '../src/http/body.ts';
import { requireSameOrigin } from '../src/http/same-origin.ts';
import { helpPage } from '../web/pages/index.ts';
import { fields, nothingLeft } from '../web/pages/links.ts';
import { optionFields, postAgain, postOptions, postStart } from './start-challenge.ts';
import { postFactor } from './factor.ts';
import { factorFields } from './prompts.ts';
import {
  accountFields,
  consentFields,
  postAccount,
  postCancel,
  postConsent,
  postRestart,
  postSwitch,
} from './leave.ts';
import { drawEnrollment, registerEnrollment } from './enrollment/index.ts';
import { answerExpired } from './expired.ts';
import { newPasswordFields, postNewPassword } from './new-password.ts';
import { getPasskey, passkeyFields, postPasskey } from './passkey.ts';
import { passwordFields, postPassword } from './password.ts';
import { getResend, postResend } from './resend.ts';
import { continuesElsewhere } from './signed-in-elsewhere.ts';
import { userContext, type InteractionDeps, type InteractionContext } from './context.ts';
import { readContext } from './read-context.ts';
import { draw, goBack, pageOf, passwordForm, picker } from './render.ts';
import { hasOtherMethod } from './required-level.ts';
import type { Streams } from '../src/http/event-streams.ts';
import { getEvents } from './events/events.ts';

type PageRoute = (ctx: Context, context: InteractionContext) => Promise<void> | void;
type FormRoute = (ctx: Context, context: InteractionContext, form: ReadonlyMap<string, string>) => Promise<void>;

const basePath = '/interaction/:uid';

const getPage =
  (deps: InteractionDeps): PageRoute =>
  async (ctx, context) => {
    deps.cookies.rememberClient(ctx, context.signIn.client);
    if (!(await continuesElsewhere(ctx, context))) await drawStep(deps, ctx, context);
  };

/** Draws the page of the step. After a page whose time was over, the password page has the user name that was typed there. */
const drawStep = async (deps: InteractionDeps, ctx: Context, context: InteractionContext): Promise<void> => {
  const name = context.step.at === 'password' ? deps.cookies.takeTyped(ctx) : undefined;
  const page =
    name === undefined ? await pageOf(deps, context) : passwordForm(deps, context, { name, state: { kind: 'anew' } });
  return page === undefined ? drawEnrollment(deps, ctx, context) : draw(ctx, page);
};

/** The user name in a form of the password page. */
const typedName = (form: ReadonlyMap<string, string>): string | undefined => form.get(fields.name) || undefined;

/** A form that sends a message: not where another tab has signed in. */
const unlessSignedIn =
  (run: FormRoute): FormRoute =>
  async (ctx, context, form) => {
    if (!(await continuesElsewhere(ctx, context))) await run(ctx, context, form);
  };

const getOptions =
  (deps: InteractionDeps): PageRoute =>
  async (ctx, context) => {
    const isOpen = ['start', 'factor', 'choose'].includes(context.step.at);
    return isOpen ? draw(ctx, await picker(deps, userContext(context))) : goBack(ctx, context);
  };

const getHelp: PageRoute = (ctx, { frame, user, state, words, resetAt }) => {
  const account = user !== undefined && { account: user.name };
  const options = hasOtherMethod(state);
  const reset = resetAt !== undefined && { resetAt };
  draw(ctx, helpPage({ ...frame, ...account, ...reset, options, nothingLeft: ctx.querystring === nothingLeft }, words));
};

/** Creates the router of all interaction routes. A GET starts no challenge, sends no message and ends no sign-in. */
export const interactionRoutes = (deps: InteractionDeps, streams: Streams): Router => {
  const router = new Router();
  const onGet = (path: string, run: PageRoute): void => {
    router.get(`${basePath}${path}`, async ctx => {
      const { uid = '' } = ctx.params;
      try {
        await run(ctx, await readContext(deps, ctx, uid));
      } catch (error) {
        await answerExpired(deps, ctx, uid, error);
      }
    });
  };
  const onPost = <Name extends string>(path: string, allowed: Fields<Name>, run: FormRoute): void => {
    router.post(`${basePath}${path}`, async ctx => {
      const { uid = '' } = ctx.params;
      requireSameOrigin(ctx.headers, deps.issuer.origin);
      const form = parseForm(ctx.headers['content-type'], await readBody(ctx.req), allowed);
      try {
        await run(ctx, await readContext(deps, ctx, uid), form);
      } catch (error) {
        await answerExpired(deps, ctx, uid, error, typedName(form));
      }
    });
  };

  onGet('', getPage(deps));
  onGet('/options', getOptions(deps));
  onGet('/resend', getResend);
  onGet('/help', getHelp);
  onGet('/events', getEvents(deps, streams));
  onPost('/password', passwordFields, postPassword(deps));
  onGet('/passkey', getPasskey(deps));
  onPost('/passkey', passkeyFields, postPasskey(deps));
  onPost('/new-password', newPasswordFields, postNewPassword(deps));
  onPost('/factor', factorFields, postFactor(deps));
  onPost('/options', optionFields, unlessSignedIn(postOptions(deps)));
  onPost('/again', {}, unlessSignedIn(postAgain(deps)));
  onPost('/resend', {}, unlessSignedIn(postResend(deps)));
  onPost('/start', {}, unlessSignedIn(postStart(deps)));
  onPost('/restart', {}, postRestart(deps));
  onPost('/cancel', {}, postCancel(deps));
  onPost('/account', accountFields, postAccount(deps));
  onPost('/switch', {}, postSwitch(deps));
  onPost('/consent', consentFields, postConsent(deps));
  registerEnrollment(deps, streams, { onGet, onPost });
  return router;
};
