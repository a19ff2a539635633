/** Serves POST …/password: verifies the first factor. If it is right, the challenge of the second step starts at once. */
import type { Context } from 'koa';
import { maxFieldBytes } from '../src/http/body.ts';
import { setRetryAfter } from '../src/http/retry-after.ts';
import type { EpochMillis } from '../src/ports/time.ts';
import { maxPasswordBytes } from '../src/users/password-text.ts';
import { browserText } from '../src/user-agent.ts';
import { fields } from '../web/pages/links.ts';
import { startChallenge } from './start-challenge.ts';
import { noteAsked } from './note-asked.ts';
import { finishSignIn } from './finish.ts';
import { beganElsewhere, type InteractionDeps, type InteractionContext } from './context.ts';
import { afterFirstStep } from './read-context.ts';
import { areOver } from './counting-proofs.ts';
import { recogniseBrowser } from './remember.ts';
import { draw, goBack, passwordForm } from './render.ts';
import { continuesElsewhere } from './signed-in-elsewhere.ts';
import { firstMethod } from './required-level.ts';

/** Form fields of POST …/password, with their longest values in bytes. */
export const passwordFields = { [fields.name]: maxFieldBytes, [fields.password]: maxPasswordBytes } as const;

/** Handles POST …/password. @throws Problem 'sign-in-elsewhere' if another browser began or ended the sign-in. */
export const postPassword =
  (deps: InteractionDeps) =>
  async (ctx: Context, context: InteractionContext, form: ReadonlyMap<string, string>): Promise<void> => {
    if (context.signIn.prompt !== 'login') return goBack(ctx, context);
    const { name = '', password = '' } = Object.fromEntries(form);
    const refuse = (kind: 'incomplete' | 'refused'): void =>
      draw(ctx, passwordForm(deps, context, { name, state: { kind } }), 422);
    const wait = (until: EpochMillis): void => {
      setRetryAfter(ctx, deps.clock(), until);
      draw(ctx, passwordForm(deps, context, { name, state: { kind: 'wait', until } }), 429);
    };
    if (name.trim() === '' || password === '') return refuse('incomplete');

    const { device } = context;
    const browser = browserText(ctx.get('user-agent'));
    const checked = await deps.passwords.verify(name, password, {
      reference: context.reference,
      address: ctx.ip,
      client: context.signIn.client.id,
      ...(browser !== undefined && { browser }),
      ...(device !== undefined && { device }),
    });
    if (!checked.ok) return checked.reason === 'wait' ? wait(checked.until) : refuse('refused');
    const { user, proof } = checked;
    // This person has signed in by another tab: no second call.
    if (await continuesElsewhere(ctx, { ...context, user })) return undefined;
    const first = await recogniseBrowser(deps, ctx, context, { user, proof });
    const proofSet = await deps.signInProofs.begin(context.browserInteraction, first, ({ proofs }) =>
      areOver(proofs, user),
    );
    if (proofSet === undefined) throw beganElsewhere();
    // Another person signs in here now: end the challenge of the previous person and hang up their call.
    const { view } = context.state;
    if (view !== undefined && view.userId !== user.id) await deps.challenges.cancel(context.boundTo);

    const now = await afterFirstStep(deps, ctx, context, { user, proofSet });
    const { step } = now;
    await noteAsked(deps, now);
    if (step.at === 'finish') return finishSignIn(deps, ctx, now);
    // Start a challenge only if there is no challenge yet, or the person cancelled it ("Not you?"). Otherwise twenty concurrent
    // right passwords, or one more after a busy line, would make a second call.
    if (step.at === 'choose' && step.first !== undefined) await startChallenge(deps, ctx, now, step.first);
    if (step.at === 'factor' && step.view.reason === 'cancelled') {
      const method = firstMethod(now.state);
      if (method !== undefined) await startChallenge(deps, ctx, now, method);
    }
    return goBack(ctx, context);
  };
