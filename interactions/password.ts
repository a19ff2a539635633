/** Serves POST …/password: verifies the first factor. If it is right, the challenge of the second step starts at once. */
import type { Context } from 'koa';
import type { AuditEvent } from '../src/audit.ts';
import { maxFieldBytes } from '../src/http/body.ts';
import { setRetryAfter } from '../src/http/retry-after.ts';
import type { Proof } from '../src/mfa/proof.ts';
import type { EpochMillis } from '../src/ports/time.ts';
import type { User } from '../src/records.ts';
import { maxPasswordBytes } from '../src/users/passwords/password-text.ts';
import { browserText } from '../src/user-agent.ts';
import { fields } from '../web/pages/links.ts';
import { startChallenge, startEvent } from './start-challenge.ts';
import { noteAsked } from './note-asked.ts';
import { finishSignIn, finishSignInAtOnce } from './finish.ts';
import { beganElsewhere, type InteractionDeps, type InteractionContext, type UserContext } from './context.ts';
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
    // A rule that refuses the sign-in does so before anybody can try a password.
    if (context.signIn.prompt !== 'login' || context.step.at === 'denied') return goBack(ctx, context);
    const { name = '', password = '' } = Object.fromEntries(form);
    const refuse = (kind: 'incomplete' | 'refused'): void =>
      draw(ctx, passwordForm(deps, context, { name, state: { kind } }), 422);
    const wait = (until: EpochMillis): void => {
      setRetryAfter(ctx, deps.clock(), until);
      draw(ctx, passwordForm(deps, context, { name, state: { kind: 'wait', until } }), 429);
    };
    if (name.trim() === '' || password === '') return refuse('incomplete');

    const { knownBrowser } = context;
    const browser = browserText(ctx.get('user-agent'));
    const checked = await deps.passwords.check(name, password, {
      reference: context.reference,
      address: ctx.ip,
      client: context.signIn.client.id,
      ...(browser !== undefined && { browser }),
      ...(knownBrowser !== undefined && { knownBrowser }),
    });
    if (!checked.ok) return checked.reason === 'wait' ? wait(checked.until) : refuse('refused');
    const { user, proof, accepted } = checked;
    // This person has signed in by another tab: no second call.
    if (await continuesElsewhere(ctx, { ...context, user })) return deps.recordAll([accepted]);
    const first = await recogniseBrowser(deps, ctx, context, { user, proof });
    const foreseen = await foresee(deps, ctx, context, { user, first });
    // Recorded together, and before the proof is used.
    await deps.recordAll(foreseen?.begun === undefined ? [accepted] : [accepted, foreseen.begun]);
    if (foreseen?.context.step.at === 'finish' && (await finishSignInAtOnce(deps, ctx, foreseen.context)))
      return undefined;
    const proofSet = await deps.signInProofs.begin(context.browserInteraction, first, ({ proofs }) =>
      areOver(proofs, user),
    );
    if (proofSet === undefined) throw beganElsewhere();
    // Another person signs in here now: end the challenge of the previous person and hang up their call.
    const { view } = context.state;
    if (view !== undefined && view.userId !== user.id) await deps.challenges.cancel(context.boundTo);

    const isAsForeseen = foreseen !== undefined && proofSet.proofs.length === 1 && proofSet.proofs[0] === first;
    const now = isAsForeseen ? foreseen.context : await afterFirstStep(deps, ctx, context, { user, proofSet });
    const isRecorded = isAsForeseen && foreseen.begun !== undefined;
    const { step } = now;
    await noteAsked(deps, now);
    if (step.at === 'finish') return finishSignIn(deps, ctx, now);
    // Start a challenge only if there is no challenge yet, or the person cancelled it ("Not you?"). Otherwise twenty concurrent
    // right passwords, or one more after a busy line, would make a second call.
    if (step.at === 'choose' && step.first !== undefined)
      await startChallenge(deps, ctx, now, step.first, { isRecorded });
    if (step.at === 'factor' && step.view.reason === 'cancelled') {
      const method = firstMethod(now.state);
      if (method !== undefined) await startChallenge(deps, ctx, now, method);
    }
    deps.personCache.keep(context.browserInteraction, now);
    return goBack(ctx, context);
  };

/** A sign-in as it will be once its first proof is stored, and the event of the challenge that then begins. */
interface Foreseen {
  readonly context: UserContext;
  /** Absent: no challenge begins, or it is recorded before its message is sent. */
  readonly begun?: AuditEvent | undefined;
}

/** Computes the step after the first proof. undefined: this sign-in has proofs or a challenge already, so another step may follow. */
const foresee = async (
  deps: InteractionDeps,
  ctx: Context,
  context: InteractionContext,
  { user, first }: { readonly user: User; readonly first: Proof },
): Promise<Foreseen | undefined> => {
  if (context.proofSet !== undefined || context.challenge !== undefined) return undefined;
  const proofSet = deps.signInProofs.newSet(context.browserInteraction, first);
  const now = await afterFirstStep(deps, ctx, context, { user, proofSet });
  const { step } = now;
  const method = step.at === 'choose' ? step.first : undefined;
  return { context: now, begun: method && startEvent(deps, ctx, now, method) };
};
