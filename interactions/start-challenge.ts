/**
 * Starts a challenge: by the button of a step-up, by another method, or by another try. Only ever a POST, and only a method
 * that reaches the required level.
 */
import type { Context } from 'koa';
import { Problem } from '../src/errors.ts';
import { nameOf, type Method } from '../src/mfa/assurance.ts';
import { requestContext } from '../src/mfa/challenge/request-context.ts';
import { fields } from '../web/pages/links.ts';
import {
  beganElsewhere,
  userContext,
  type InteractionContext,
  type InteractionDeps,
  type UserContext,
} from './context.ts';
import { goBack } from './render.ts';
import { methodsFor } from './step.ts';

export const optionFields = { [fields.method]: 128 } as const;

/**
 * Starts a challenge for this method. An identical pending one is kept; a different one is cancelled and its call hung up. A
 * step-up belongs to the browser that starts it, as a sign-in belongs to the one that sends the password.
 * @throws Problem 'sign-in-elsewhere' in any other browser.
 */
export const startChallenge = async (
  deps: InteractionDeps,
  ctx: Context,
  context: UserContext,
  { factor, chosen }: Method,
): Promise<void> => {
  const { user, stored, challenge, signIn, browserInteraction, reference, words } = context;
  if (signIn.prompt !== 'login' && !(await deps.signInProofs.leaveTombstone(browserInteraction, {}))) {
    throw beganElsewhere();
  }
  const request = {
    userId: user.id,
    factor,
    ...(chosen !== undefined && { chosen }),
    known: { user, stored, challenge },
  };
  const { name: client } = signIn.client;
  const { origin } = deps.issuer;
  const { language } = words;
  await deps.challenges.begin(
    request,
    context.boundTo,
    requestContext(user, { reference, client, language, origin, address: ctx.ip }),
  );
};

/** True at the steps at which a person may start a challenge. */
const canStart = ({ step }: InteractionContext): boolean => ['start', 'factor', 'choose'].includes(step.at);

/** POST …/start: the button of a step-up. */
export const postStart =
  (deps: InteractionDeps) =>
  async (ctx: Context, context: InteractionContext): Promise<void> => {
    if (context.step.at === 'start') await startChallenge(deps, ctx, userContext(context), context.step.method);
    return goBack(ctx, context);
  };

/** POST …/options: the chosen row. @throws Problem 'forbidden' for a method that the person may not use here. */
export const postOptions =
  (deps: InteractionDeps) =>
  async (ctx: Context, context: InteractionContext, form: ReadonlyMap<string, string>): Promise<void> => {
    if (!canStart(context)) return goBack(ctx, context);
    const chosen = form.get(fields.method);
    const method = methodsFor(context.state).find(each => nameOf(each) === chosen);
    if (method === undefined) throw new Problem('forbidden', 'expected a method that reaches the required acr');
    await startChallenge(deps, ctx, userContext(context), method);
    return goBack(ctx, context);
  };

/** POST …/again: the same method again, after its challenge ended. While one is pending nothing is sent. */
export const postAgain =
  (deps: InteractionDeps) =>
  async (ctx: Context, context: InteractionContext): Promise<void> => {
    const { step } = context;
    if (step.at !== 'factor') return goBack(ctx, context);
    const { factor, chosen } = step.view;
    const method = methodsFor(context.state).find(each => each.factor === factor && each.chosen === chosen);
    if (method === undefined) throw new Problem('forbidden', 'this method does not reach the required acr any more');
    await startChallenge(deps, ctx, userContext(context), method);
    return goBack(ctx, context);
  };
