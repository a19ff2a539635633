/** The ends of a prompt: what was proven is burnt first, then told to the protocol once, and the browser goes on. */
import type { Context } from 'koa';
import { nameOf, reached } from '../src/mfa/assurance.ts';
import { sha256, constantTimeEqual } from '../src/crypto.ts';
import type { ProofSet, Proof, Tombstone } from '../src/mfa/proof.ts';
import { continuePage } from '../web/pages/index.ts';
import { linksOf } from '../web/pages/links.ts';
import { beganElsewhere, type InteractionDeps, type UserContext, type InteractionContext } from './context.ts';
import { draw } from './render.ts';
import type { InteractionResult, SecondFactorUse } from './protocol.ts';
import { stepOf } from './step.ts';

/** 303 to the one address of this sign-in, where the page of the step now is. */
export const goBack = (ctx: Context, { frame }: InteractionContext): void => {
  ctx.status = 303;
  ctx.redirect(linksOf(frame.uid).here);
  ctx.body = '';
};

/** What stays of a prompt that ends well. */
const endedWell = ({ signIn }: InteractionContext): { readonly client: string } => ({ client: signIn.client.id });

/**
 * Ends the prompt. First whose it is, then that it can be resumed: there is no moment at which it is anybody's, nor one at
 * which what another browser has ended is ours. @throws Problem 'sign-in-elsewhere' for that.
 */
export const finish = async (
  deps: InteractionDeps,
  ctx: Context,
  context: InteractionContext,
  how: InteractionResult,
): Promise<void> => {
  const isWell = how.kind !== 'cancelled' && how.kind !== 'unmet';
  if (!(await deps.signInProofs.leaveTombstone(context.browserInteraction, isWell ? endedWell(context) : {})))
    throw beganElsewhere();
  return continueToClient(deps, ctx, context, how);
};

/** A page that goes on by itself: a 303 from a form to another origin is stopped by our own `form-action`. */
const continueToClient = async (
  deps: InteractionDeps,
  ctx: Context,
  context: InteractionContext,
  how: InteractionResult,
): Promise<void> => {
  const { signIn, frame, words } = context;
  const to = await deps.protocol.finish(signIn, how);
  deps.protocol.forget(ctx, signIn.id);
  draw(ctx, continuePage({ client: frame.client, reference: frame.reference, to, kind: 'going' }, words));
};

const isOf = ({ cookies }: InteractionDeps, ctx: Context, { browser }: Tombstone): boolean =>
  constantTimeEqual(browser, sha256(cookies.browser(ctx)));

/** The client to which this browser signed in by that prompt; undefined: it did not. */
export const finishedClient = async (deps: InteractionDeps, ctx: Context, id: string): Promise<string | undefined> => {
  const tombstone = await deps.signInProofs.tombstone(id);
  return tombstone !== undefined && isOf(deps, ctx, tombstone) ? tombstone.client : undefined;
};

/** Whether this prompt was ended in another browser than the one that would go on from it now. */
export const isFinishedElsewhere = async (deps: InteractionDeps, ctx: Context, id: string): Promise<boolean> => {
  const tombstone = await deps.signInProofs.tombstone(id);
  if (tombstone !== undefined) return !isOf(deps, ctx, tombstone);
  // Ended, and nobody knows by whom any more.
  return (await deps.protocol.goingOn(id)) !== undefined;
};

const second = ({ factor, at }: Proof): SecondFactorUse => ({ method: factor, at: Math.floor(at / 1000) });

/** By which name this browser remembers it: an authenticator is named where the person chooses one. */
const methodOf = ({ factors }: InteractionDeps, { factor, authenticator }: Proof): string => {
  const isChosen = factors.some(each => each.type === factor && each.asksFor === 'one');
  return nameOf({ factor, ...(isChosen && authenticator !== undefined && { chosen: authenticator }) });
};

/** Everything is proven. Of many that arrive here at once, one signs in; the rest find the page torn out. */
export const finishSignIn = async (deps: InteractionDeps, ctx: Context, context: UserContext): Promise<void> => {
  const consumed = await deps.signInProofs.consume(context.browserInteraction, { tombstone: endedWell(context) });
  return consumed === undefined ? goBack(ctx, context) : finishFrom(deps, ctx, context, consumed);
};

/** The same with one proof more, where that is all that was missing: it is not written down only to be torn out again. False: it was not. */
export const finishWithProof = async (
  deps: InteractionDeps,
  ctx: Context,
  context: UserContext,
  proof: Proof,
): Promise<boolean> => {
  const { proofSet: page, browserInteraction, state } = context;
  if (page === undefined || page.userId !== proof.userId) return false;
  const proofs = [...page.proofs, proof];
  if (stepOf({ ...state, proofs }).at !== 'finish') return false;
  if (
    (await deps.signInProofs.consume(browserInteraction, { seen: page, tombstone: endedWell(context) })) === undefined
  )
    return false;
  await finishFrom(deps, ctx, context, { ...page, proofs });
  return true;
};

const finishFrom = async (
  deps: InteractionDeps,
  ctx: Context,
  context: UserContext,
  consumed: ProofSet,
): Promise<void> => {
  const got = reached(consumed.proofs);
  if (got === undefined || consumed.userId !== context.user.id) return goBack(ctx, context);
  // What was torn out decides, not what was read before.
  const { at } = stepOf({ ...context.state, proofs: consumed.proofs });
  if (at !== 'finish' && at !== 'switch') return goBack(ctx, context);
  const first = consumed.proofs.find(proof => proof.factor === 'password') ?? consumed.proofs[0];
  const last = consumed.proofs.findLast(proof => proof.factor !== 'password');
  await continueToClient(deps, ctx, context, {
    kind: 'signed-in',
    userId: consumed.userId,
    acr: got.acr,
    amr: got.amr,
    at: Math.floor((first?.at ?? 0) / 1000),
    ...(last !== undefined && { second: second(last) }),
  });
  deps.cookies.remember(ctx, {
    userId: consumed.userId,
    ...(first !== undefined && { at: first.at }),
    ...(last !== undefined && { method: methodOf(deps, last) }),
  });
};

/** One more proof of the person who is signed in: what the session says by now stays true beside it. */
export const finishStepUp = async (
  deps: InteractionDeps,
  ctx: Context,
  context: InteractionContext,
  proof: Proof,
): Promise<void> => {
  const { acr, amr } = proof;
  await finish(deps, ctx, context, { kind: 'stepped-up', acr, amr: [...amr, 'mfa'], second: second(proof) });
  deps.cookies.remember(ctx, { userId: proof.userId, method: methodOf(deps, proof) });
};
