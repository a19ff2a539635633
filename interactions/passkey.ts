/** Serves GET and POST …/passkey: a challenge that any passkey may answer, and the sign-in by its answer alone. */
import type { Context } from 'koa';
import { Problem } from '../src/errors.ts';
import { maxFieldBytes } from '../src/http/body.ts';
import { setRetryAfter } from '../src/http/retry-after.ts';
import { maxCredentialBytes } from '../src/mfa/passkeys/credential.ts';
import { passkeyType } from '../src/mfa/passkeys/data.ts';
import type { PasskeyResult } from '../src/mfa/passkey-sign-in.ts';
import { maxTicketBytes } from '../src/mfa/passkey-ticket.ts';
import type { Proof } from '../src/mfa/proof.ts';
import type { User } from '../src/records.ts';
import { browserText } from '../src/user-agent.ts';
import { fields } from '../web/pages/links.ts';
import type { PasskeyRefusal } from '../web/pages/password-props.ts';
import {
  beganElsewhere,
  userContext,
  type InteractionContext,
  type InteractionDeps,
  type UserContext,
} from './context.ts';
import { afterFirstStep, readAgain } from './read-context.ts';
import { areOver } from './counting-proofs.ts';
import { finishSignIn } from './finish.ts';
import { noteAsked } from './note-asked.ts';
import { draw, goBack, passwordForm } from './render.ts';
import { acceptsPasskey } from './required-level.ts';
import { continuesElsewhere } from './signed-in-elsewhere.ts';

/** Form fields of POST …/passkey, with their longest values in bytes. */
export const passkeyFields = {
  [fields.ticket]: maxTicketBytes,
  [fields.credential]: maxCredentialBytes,
  [fields.name]: maxFieldBytes,
} as const;

const refusalOf = (result: Exclude<PasskeyResult, { ok: true }>): PasskeyRefusal => {
  if (result.reason === 'wait') return { kind: 'passkey-wait', until: result.until };
  if (result.reason !== 'unknown') return { kind: `passkey-${result.reason}` };
  const { credential } = result;
  return { kind: 'passkey-unknown', ...(credential !== undefined && { credential }) };
};

/**
 * Handles GET …/passkey: a new challenge as JSON, before the one of the page is too old.
 * @throws Problem 'not-found' where passkeys are not in use, or this is no sign-in.
 */
export const getPasskey =
  ({ passkeySignIn }: InteractionDeps) =>
  (ctx: Context, { signIn, browserInteraction }: InteractionContext): void => {
    if (passkeySignIn === undefined || signIn.prompt !== 'login') {
      throw new Problem('not-found', `got the prompt ${signIn.prompt}, expected a sign-in with passkeys in use`);
    }
    ctx.body = passkeySignIn.offer(browserInteraction);
  };

/** True for the proof of both steps at once. */
const isAlone = ({ factor, acr }: Proof): boolean => factor === passkeyType && acr === 'phr';

/** Handles POST …/passkey. @throws Problem 'sign-in-elsewhere' if another browser began or ended the sign-in. */
export const postPasskey = (deps: InteractionDeps) => {
  /** Adds the proof to those of this person here, as the only one where there are none. */
  const withProof = async (
    ctx: Context,
    context: InteractionContext,
    { user, proof }: { readonly user: User; readonly proof: Proof },
  ): Promise<UserContext> => {
    const { signInProofs } = deps;
    const { browserInteraction } = context;
    const proofSet = await signInProofs.begin(browserInteraction, proof, ({ proofs }) => areOver(proofs, user));
    if (proofSet === undefined) throw beganElsewhere();
    if (proofSet.proofs.includes(proof)) return afterFirstStep(deps, ctx, context, { user, proofSet });
    // The person had proven the password here before.
    if (!(await signInProofs.add(browserInteraction, proof))) throw beganElsewhere();
    return userContext(await readAgain(deps, ctx, context));
  };

  return async (ctx: Context, context: InteractionContext, form: ReadonlyMap<string, string>): Promise<void> => {
    const { passkeySignIn } = deps;
    if (passkeySignIn === undefined || context.signIn.prompt !== 'login') return goBack(ctx, context);
    if (context.step.at === 'denied' || !acceptsPasskey(context.signIn)) return goBack(ctx, context);
    // One is enough. Else a sign-in that waits, for an enrollment or a choice, could fill store and audit with right answers.
    if (context.step.at !== 'password' && context.state.proofs.some(isAlone)) return goBack(ctx, context);
    const { ticket = '', credential = '', name = '' } = Object.fromEntries(form);
    const { knownBrowser, signIn, reference, browserInteraction } = context;
    const browser = browserText(ctx.get('user-agent'));
    const checked = await passkeySignIn.verify(
      { ticket, credential, name },
      {
        browserInteraction,
        reference,
        address: ctx.ip,
        client: signIn.client.id,
        app: signIn.client.name,
        ...(browser !== undefined && { browser }),
        ...(knownBrowser !== undefined && { knownBrowser }),
      },
    );
    if (!checked.ok) {
      const state = refusalOf(checked);
      if (state.kind === 'passkey-wait') setRetryAfter(ctx, deps.clock(), state.until);
      return draw(ctx, passwordForm(deps, context, { name, state }), state.kind === 'passkey-wait' ? 429 : 422);
    }
    if (await continuesElsewhere(ctx, { ...context, user: checked.user })) return undefined;
    const now = await withProof(ctx, context, checked);
    // A call that was begun before is not needed any more.
    if (context.challenge !== undefined) await deps.challenges.cancel(context.boundTo);
    await noteAsked(deps, now);
    return now.step.at === 'finish' ? finishSignIn(deps, ctx, now) : goBack(ctx, context);
  };
};
