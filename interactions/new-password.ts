/** Serves POST …/new-password: sets the password that the person must choose before the sign-in ends. */
import type { Context } from 'koa';
import { browserText } from '../src/user-agent.ts';
import { maxPasswordBytes } from '../src/users/passwords/password-text.ts';
import { fields } from '../web/pages/links.ts';
import { beganElsewhere, userContext, type InteractionContext, type InteractionDeps } from './context.ts';
import { readAgain } from './read-context.ts';
import { finishSignIn } from './finish.ts';
import { noteAsked } from './note-asked.ts';
import { draw, goBack, newPasswordForm } from './render.ts';

/** Form fields of POST …/new-password, with their longest values in bytes. */
export const newPasswordFields = { [fields.newPassword]: maxPasswordBytes } as const;

/** Handles POST …/new-password. Of concurrent requests one sets the password; the others redirect to the page. */
export const postNewPassword =
  (deps: InteractionDeps) =>
  async (ctx: Context, context: InteractionContext, form: ReadonlyMap<string, string>): Promise<void> => {
    if (context.step.at !== 'new-password') return goBack(ctx, context);
    const person = userContext(context);
    const chosen = await deps.passwords.replace(person.user, form.get(fields.newPassword) ?? '', {
      reason: 'required',
      reference: context.reference,
      address: ctx.ip,
      browser: browserText(ctx.get('user-agent')),
    });
    if (!chosen.ok) {
      return chosen.reason === 'fault'
        ? draw(ctx, newPasswordForm(person, { kind: chosen.fault }), 422)
        : goBack(ctx, context);
    }
    if (!(await deps.signInProofs.add(context.browserInteraction, chosen.proof))) throw beganElsewhere();
    const now = await readAgain(deps, ctx, context);
    await noteAsked(deps, now);
    return now.step.at === 'finish' ? finishSignIn(deps, ctx, userContext(now)) : goBack(ctx, context);
  };
