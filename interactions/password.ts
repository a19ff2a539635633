/** POST name and password: the first proof, and with it the second step begins. */
import type { Context } from 'koa';
import { maxFieldBytes } from '../src/http/body.ts';
import type { EpochMillis } from '../src/ports/time.ts';
import { longestPassword } from '../src/users/password.ts';
import { fields } from '../web/pages/links.ts';
import { startChallenge } from './start-challenge.ts';
import { finishSignIn, goBack } from './finish.ts';
import { afterPassword, beganElsewhere, type InteractionDeps, type InteractionContext } from './context.ts';
import { draw, passwordForm, sayWhen } from './render.ts';
import { firstMethod } from './step.ts';

export const passwordFields = { [fields.name]: maxFieldBytes, [fields.password]: longestPassword } as const;

/**
 * Nothing was asked yet, or the person took it back ("Not you?"). Twenty right passwords at once, or one more after a busy
 * line, make no second call.
 */
const isFree = ({ step }: InteractionContext): boolean =>
  step.at === 'choose' || (step.at === 'factor' && step.view.reason === 'cancelled');

export const postPassword =
  (deps: InteractionDeps) =>
  async (ctx: Context, context: InteractionContext, form: ReadonlyMap<string, string>): Promise<void> => {
    if (context.signIn.prompt !== 'login') return goBack(ctx, context);
    const { name = '', password = '' } = Object.fromEntries(form);
    const refuse = (kind: 'incomplete' | 'refused'): void =>
      draw(ctx, passwordForm(context, { name, state: { kind } }), 422);
    const wait = (until: EpochMillis): void => {
      sayWhen(ctx, deps.clock(), until);
      draw(ctx, passwordForm(context, { name, state: { kind: 'wait', until } }), 429);
    };
    if (name.trim() === '' || password === '') return refuse('incomplete');

    const device = deps.cookies.device(ctx);
    const checked = await deps.passwords.verify(name, password, {
      reference: context.reference,
      address: ctx.ip,
      ...(device !== undefined && { device }),
    });
    if (!checked.ok) return checked.reason === 'wait' ? wait(checked.until) : refuse('refused');
    const page = await deps.signInProofs.begin(context.browserInteraction, checked.proof);
    if (page === undefined) throw beganElsewhere();
    // Another person in the same sign-in: what the first one had going ends, and their call hangs up.
    const { view } = context.state;
    if (view !== undefined && view.userId !== checked.user.id) await deps.challenges.cancel(context.boundTo);

    const now = await afterPassword(deps, ctx, context, { user: checked.user, page });
    if (now.step.at === 'finish') return finishSignIn(deps, ctx, now);
    const method = firstMethod(now.state);
    if (isFree(now) && method !== undefined) await startChallenge(deps, ctx, now, method);
    return goBack(ctx, context);
  };
