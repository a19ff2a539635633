/** Ways out of a sign-in: somebody else, back to the client, and permission given or not. */
import type { Context } from 'koa';
import { Problem } from '../src/errors.ts';
import { fields } from '../web/pages/links.ts';
import { finish, finishSignIn, goBack } from './finish.ts';
import { userContext, type InteractionDeps, type InteractionContext } from './context.ts';

export const consentFields = { [fields.consent]: 16 } as const;

/** What was begun ends, its call hangs up, and nothing that was proven stays. */
const forget = async (
  { challenges, signInProofs }: InteractionDeps,
  { boundTo, browserInteraction }: InteractionContext,
): Promise<void> => {
  await challenges.cancel(boundTo);
  await signInProofs.consume(browserInteraction);
};

/** POST …/restart: "Not you?" */
export const postRestart =
  (deps: InteractionDeps) =>
  async (ctx: Context, context: InteractionContext): Promise<void> => {
    await forget(deps, context);
    return goBack(ctx, context);
  };

/** POST …/cancel: back to the client, which is told that the person did not go on, or could not. */
export const postCancel =
  (deps: InteractionDeps) =>
  async (ctx: Context, context: InteractionContext): Promise<void> => {
    await forget(deps, context);
    return finish(deps, ctx, context, { kind: context.step.at === 'unmet' ? 'unmet' : 'cancelled' });
  };

/** POST …/switch: yes, sign out whoever is signed in in this browser. */
export const postSwitch =
  (deps: InteractionDeps) =>
  async (ctx: Context, context: InteractionContext): Promise<void> =>
    context.step.at === 'switch' ? finishSignIn(deps, ctx, userContext(context)) : goBack(ctx, context);

/** POST …/consent. @throws Problem 'bad-request' for an answer that is neither. */
export const postConsent =
  (deps: InteractionDeps) =>
  async (ctx: Context, context: InteractionContext, form: ReadonlyMap<string, string>): Promise<void> => {
    if (context.step.at !== 'consent') return goBack(ctx, context);
    const answer = form.get(fields.consent);
    if (answer === 'allow') return finish(deps, ctx, context, { kind: 'consented' });
    if (answer === 'deny') return finish(deps, ctx, context, { kind: 'cancelled' });
    throw new Problem('bad-request', 'allow or deny was expected');
  };
