/**
 * Starts a challenge: the first of a step-up, one by another method, or another attempt. Only a POST starts one, and only by a
 * method that reaches the required level.
 */
import type { Context } from 'koa';
import type { AuditEvent } from '../src/audit.ts';
import { Problem } from '../src/errors.ts';
import { nameOf, type Method } from '../src/mfa/assurance.ts';
import { fields } from '../web/pages/links.ts';
import { challengeContext, sharingTerms } from './challenge-context.ts';
import {
  beganElsewhere,
  userContext,
  type InteractionContext,
  type InteractionDeps,
  type UserContext,
} from './context.ts';
import { goBack } from './render.ts';
import { askedLevel, methodsFor } from './required-level.ts';

/** Form fields of POST …/options, with their longest values in bytes. */
export const optionFields = { [fields.method]: 128 } as const;

/**
 * Starts a challenge by this method. Keeps an identical pending challenge. Cancels a different one and hangs up its call.
 * A step-up belongs to the browser that starts it. A sign-in belongs to the browser that sends the password. `isRecorded`: the caller
 * has recorded its `startEvent`.
 * @throws Problem 'sign-in-elsewhere' in any other browser.
 */
export const startChallenge = async (
  deps: InteractionDeps,
  ctx: Context,
  context: UserContext,
  { factor, chosen }: Method,
  { isRecorded = false }: { readonly isRecorded?: boolean } = {},
): Promise<void> => {
  const { user, stored, challenge, signIn, browserInteraction } = context;
  if (signIn.prompt !== 'login' && !(await deps.signInProofs.leaveTombstone(browserInteraction, {}))) {
    throw beganElsewhere();
  }
  const request = {
    userId: user.id,
    factor,
    ...(chosen !== undefined && { chosen }),
    known: { user, stored, challenge },
    isRecorded,
  };
  const terms = { ...challengeContext(deps, ctx, context, askedLevel(context.state)), sharing: sharingTerms(context) };
  await deps.challenges.begin(request, context.boundTo, terms);
};

/** The event of `startChallenge`, for a caller that records it with others; undefined: `startChallenge` records it. */
export const startEvent = (
  deps: InteractionDeps,
  ctx: Context,
  context: UserContext,
  { factor }: Method,
): AuditEvent | undefined =>
  deps.challenges.begunEvent({ userId: context.user.id, factor }, challengeContext(deps, ctx, context, undefined));

/** True if the current step allows a new challenge. */
const canStart = ({ step }: InteractionContext): boolean => ['start', 'factor', 'choose'].includes(step.at);

/** Handles POST …/start, the button of a step-up. */
export const postStart =
  (deps: InteractionDeps) =>
  async (ctx: Context, context: InteractionContext): Promise<void> => {
    if (context.step.at === 'start') await startChallenge(deps, ctx, userContext(context), context.step.method);
    return goBack(ctx, context);
  };

/** Handles POST …/options, the chosen row. @throws Problem 'forbidden' for a method that the person may not use here. */
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

/**
 * Handles POST …/again: starts the same method after its challenge ended. A pending challenge is kept, and no message is sent.
 * A call that this browser asked for, for another sign-in, is ended first: the button says so.
 * @throws Problem 'forbidden' if the method does not reach the required level any more.
 */
export const postAgain =
  (deps: InteractionDeps) =>
  async (ctx: Context, context: InteractionContext): Promise<void> => {
    const { step } = context;
    if (step.at !== 'factor') return goBack(ctx, context);
    const { factor, chosen } = step.view;
    const method = methodsFor(context.state).find(each => each.factor === factor && each.chosen === chosen);
    if (method === undefined) throw new Problem('forbidden', 'this method does not reach the required acr any more');
    const { runningCall } = context;
    if (runningCall?.isOfThisBrowser === true) await deps.challenges.cancel(runningCall.boundTo);
    await startChallenge(deps, ctx, userContext(context), method);
    return goBack(ctx, context);
  };
