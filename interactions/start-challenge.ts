/** What begins a challenge: the button of a step-up, another method, another try. Only ever a POST, only a method that reaches the need. */
import type { Context } from 'koa';
import { Problem } from '../src/errors.ts';
import { nameOf, type Method } from '../src/mfa/assurance.ts';
import { fields } from '../web/pages/links.ts';
import { goBack } from './finish.ts';
import {
  beganElsewhere,
  requestContextOf,
  userContext,
  type InteractionDeps,
  type UserContext,
  type InteractionContext,
} from './context.ts';
import { methodsFor } from './step.ts';

export const optionFields = { [fields.method]: 128 } as const;

/**
 * Begins it, or leaves the same one as it is; another one is cancelled, its call hung up. A step-up belongs to the browser that
 * begins it, as a sign-in to the one that types the password. @throws Problem 'sign-in-elsewhere' in any other.
 */
export const startChallenge = async (
  deps: InteractionDeps,
  ctx: Context,
  context: UserContext,
  { factor, chosen }: Method,
): Promise<void> => {
  const { user, stored, state, signIn, browserInteraction } = context;
  if (signIn.prompt !== 'login' && !(await deps.signInProofs.leaveTombstone(browserInteraction, {})))
    throw beganElsewhere();
  const known = { user, stored, challenge: state.view };
  const asked = { userId: user.id, factor, ...(chosen !== undefined && { chosen }), known };
  await deps.challenges.begin(asked, context.boundTo, requestContextOf(deps, ctx, context));
};

/** The steps at which a person may be asked for a method. */
const isOpen = ({ step }: InteractionContext): boolean => ['start', 'factor', 'choose'].includes(step.at);

/** POST …/start: the button of a step-up. */
export const postStart =
  (deps: InteractionDeps) =>
  async (ctx: Context, context: InteractionContext): Promise<void> => {
    if (context.step.at === 'start') await startChallenge(deps, ctx, userContext(context), context.step.method);
    return goBack(ctx, context);
  };

/** POST …/options: the chosen row. @throws Problem 'forbidden' for a method that this person or this need does not have. */
export const postOptions =
  (deps: InteractionDeps) =>
  async (ctx: Context, context: InteractionContext, form: ReadonlyMap<string, string>): Promise<void> => {
    if (!isOpen(context)) return goBack(ctx, context);
    const wanted = form.get(fields.method);
    const method = methodsFor(context.state).find(each => nameOf(each) === wanted);
    if (method === undefined)
      throw new Problem('forbidden', 'a method that reaches the need was expected, got another');
    await startChallenge(deps, ctx, userContext(context), method);
    return goBack(ctx, context);
  };

/** POST …/again: the same once more, after it ended. While it is open nothing is sent. */
export const postAgain =
  (deps: InteractionDeps) =>
  async (ctx: Context, context: InteractionContext): Promise<void> => {
    const { step } = context;
    if (step.at !== 'factor') return goBack(ctx, context);
    const { factor, chosen } = step.view;
    const method = methodsFor(context.state).find(each => each.factor === factor && each.chosen === chosen);
    if (method === undefined) throw new Problem('forbidden', 'this method does not reach the need any more');
    await startChallenge(deps, ctx, userContext(context), method);
    return goBack(ctx, context);
  };
