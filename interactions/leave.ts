/** Serves the forms that leave a sign-in: restart, cancel, choose or switch the account, and consent. */
import type { Context } from 'koa';
import { Problem } from '../src/errors.ts';
import { traceText } from '../src/policy/trace.ts';
import { fields } from '../web/pages/links.ts';
import { enrollmentBinding } from './enrollment-draft.ts';
import { finishPrompt, finishSignIn } from './finish.ts';
import { userContext, type InteractionContext, type InteractionDeps } from './context.ts';
import { goBack } from './render.ts';
import { decisionHere } from './why-asked.ts';

/** Form fields of POST …/consent, with their longest values in bytes. */
export const consentFields = { [fields.consent]: 16 } as const;

/** Form fields of POST …/account, with their longest values in bytes. */
export const accountFields = { [fields.account]: 16 } as const;

/** Cancels the challenge, hangs up its call, and deletes the proofs. */
const forget = async (
  { challenges, signInProofs }: InteractionDeps,
  { boundTo, browserInteraction, step, signIn }: InteractionContext,
): Promise<void> => {
  await challenges.cancel(boundTo);
  if (step.at === 'enroll') await challenges.cancel(enrollmentBinding(signIn.id));
  await signInProofs.consume(browserInteraction);
};

/** Handles POST …/restart ("Not you?"): deletes the proofs, so that another person can sign in. */
export const postRestart =
  (deps: InteractionDeps) =>
  async (ctx: Context, context: InteractionContext): Promise<void> => {
    await forget(deps, context);
    return goBack(ctx, context);
  };

/** Handles POST …/cancel: returns to the client with an error, `cancelled`, `unmet` or `denied`. */
export const postCancel =
  (deps: InteractionDeps) =>
  async (ctx: Context, context: InteractionContext): Promise<void> => {
    await forget(deps, context);
    const { step, user } = context;
    const kind = step.at === 'unmet' || step.at === 'denied' ? step.at : 'cancelled';
    return finishPrompt(deps, ctx, context, {
      kind,
      ...(user !== undefined && { person: user.id }),
      ...(kind !== 'cancelled' && { policy: traceText(decisionHere(deps, ctx, context)) }),
    });
  };

/** Handles POST …/switch: finishes the sign-in, which replaces the session of the other person. */
export const postSwitch =
  (deps: InteractionDeps) =>
  async (ctx: Context, context: InteractionContext): Promise<void> =>
    context.step.at === 'switch' ? finishSignIn(deps, ctx, userContext(context)) : goBack(ctx, context);

/** Handles POST …/account, the answer to `prompt=select_account`. @throws Problem 'bad-request' for another answer. */
export const postAccount =
  (deps: InteractionDeps) =>
  async (ctx: Context, context: InteractionContext, form: ReadonlyMap<string, string>): Promise<void> => {
    if (context.step.at !== 'select-account') return goBack(ctx, context);
    const account = form.get(fields.account);
    if (account === 'same' || account === 'another') {
      return finishPrompt(deps, ctx, context, { kind: 'account-chosen', account });
    }
    throw new Problem('bad-request', 'got another answer, expected same or another');
  };

/** Handles POST …/consent. @throws Problem 'bad-request' for an answer that is neither allow nor deny. */
export const postConsent =
  (deps: InteractionDeps) =>
  async (ctx: Context, context: InteractionContext, form: ReadonlyMap<string, string>): Promise<void> => {
    if (context.step.at !== 'consent') return goBack(ctx, context);
    const answer = form.get(fields.consent);
    if (answer === 'allow') return finishPrompt(deps, ctx, context, { kind: 'consented' });
    if (answer === 'deny') return finishPrompt(deps, ctx, context, { kind: 'cancelled' });
    throw new Problem('bad-request', 'got another answer, expected allow or deny');
  };
