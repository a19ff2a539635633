/** The ends of a prompt: what was proven is burnt first, then told to the protocol once, and the browser goes on. */
import type { Context } from 'koa';
import { nameOf, reached } from '../src/mfa/assurance.ts';
import { digest, sameText } from '../src/crypto.ts';
import type { ProofSet, Proof, Tombstone } from '../src/mfa/proof.ts';
import { continuePage } from '../web/pages/index.ts';
import { linksOf } from '../web/pages/links.ts';
import { beganElsewhere, type ConversationParts, type PersonalScene, type Scene } from './context.ts';
import { draw } from './render.ts';
import type { End, SecondStep } from './protocol.ts';
import { stepOf } from './step.ts';

/** 303 to the one address of this sign-in, where the page of the step now is. */
export const goBack = (ctx: Context, { frame }: Scene): void => {
  ctx.status = 303;
  ctx.redirect(linksOf(frame.uid).here);
  ctx.body = '';
};

/** What stays of a prompt that ends well. */
const endedWell = ({ signIn }: Scene): { readonly client: string } => ({ client: signIn.client.id });

/**
 * Ends the prompt. First whose it is, then that it can be resumed: there is no moment at which it is anybody's, nor one at
 * which what another browser has ended is ours. @throws Problem 'sign-in-elsewhere' for that.
 */
export const end = async (parts: ConversationParts, ctx: Context, scene: Scene, how: End): Promise<void> => {
  const isWell = how.kind !== 'cancelled' && how.kind !== 'unmet';
  if (!(await parts.signInProofs.leaveTombstone(scene.browserInteraction, isWell ? endedWell(scene) : {})))
    throw beganElsewhere();
  return goOn(parts, ctx, scene, how);
};

/** A page that goes on by itself: a 303 from a form to another origin is stopped by our own `form-action`. */
const goOn = async (parts: ConversationParts, ctx: Context, scene: Scene, how: End): Promise<void> => {
  const { signIn, frame, words } = scene;
  const to = await parts.protocol.finish(signIn, how);
  parts.protocol.forget(ctx, signIn.id);
  draw(ctx, continuePage({ client: frame.client, reference: frame.reference, to, kind: 'going' }, words));
};

const isOf = ({ cookies }: ConversationParts, ctx: Context, { browser }: Tombstone): boolean =>
  sameText(browser, digest(cookies.browser(ctx)));

/** The client to which this browser signed in by that prompt; undefined: it did not. */
export const finishedClient = async (
  parts: ConversationParts,
  ctx: Context,
  id: string,
): Promise<string | undefined> => {
  const tombstone = await parts.signInProofs.tombstone(id);
  return tombstone !== undefined && isOf(parts, ctx, tombstone) ? tombstone.client : undefined;
};

/** Whether this prompt was ended in another browser than the one that would go on from it now. */
export const isFinishedElsewhere = async (parts: ConversationParts, ctx: Context, id: string): Promise<boolean> => {
  const tombstone = await parts.signInProofs.tombstone(id);
  if (tombstone !== undefined) return !isOf(parts, ctx, tombstone);
  // Ended, and nobody knows by whom any more.
  return (await parts.protocol.goingOn(id)) !== undefined;
};

const second = ({ factor, at }: Proof): SecondStep => ({ method: factor, at: Math.floor(at / 1000) });

/** By which name this browser remembers it: an authenticator is named where the person chooses one. */
const methodOf = ({ factors }: ConversationParts, { factor, authenticator }: Proof): string => {
  const isChosen = factors.some(each => each.type === factor && each.asksFor === 'one');
  return nameOf({ factor, ...(isChosen && authenticator !== undefined && { chosen: authenticator }) });
};

/** Everything is proven. Of many that arrive here at once, one signs in; the rest find the page torn out. */
export const endSignIn = async (parts: ConversationParts, ctx: Context, scene: PersonalScene): Promise<void> => {
  const consumed = await parts.signInProofs.consume(scene.browserInteraction, { tombstone: endedWell(scene) });
  return consumed === undefined ? goBack(ctx, scene) : endWith(parts, ctx, scene, consumed);
};

/** The same with one proof more, where that is all that was missing: it is not written down only to be torn out again. False: it was not. */
export const endSignInWith = async (
  parts: ConversationParts,
  ctx: Context,
  scene: PersonalScene,
  proof: Proof,
): Promise<boolean> => {
  const { page, browserInteraction, situation } = scene;
  if (page === undefined || page.userId !== proof.userId) return false;
  const proofs = [...page.proofs, proof];
  if (stepOf({ ...situation, proofs }).at !== 'finish') return false;
  if ((await parts.signInProofs.consume(browserInteraction, { seen: page, tombstone: endedWell(scene) })) === undefined)
    return false;
  await endWith(parts, ctx, scene, { ...page, proofs });
  return true;
};

const endWith = async (
  parts: ConversationParts,
  ctx: Context,
  scene: PersonalScene,
  consumed: ProofSet,
): Promise<void> => {
  const got = reached(consumed.proofs);
  if (got === undefined || consumed.userId !== scene.user.id) return goBack(ctx, scene);
  // What was torn out decides, not what was read before.
  const { at } = stepOf({ ...scene.situation, proofs: consumed.proofs });
  if (at !== 'finish' && at !== 'switch') return goBack(ctx, scene);
  const first = consumed.proofs.find(proof => proof.factor === 'password') ?? consumed.proofs[0];
  const last = consumed.proofs.findLast(proof => proof.factor !== 'password');
  await goOn(parts, ctx, scene, {
    kind: 'signed-in',
    userId: consumed.userId,
    acr: got.acr,
    amr: got.amr,
    at: Math.floor((first?.at ?? 0) / 1000),
    ...(last !== undefined && { second: second(last) }),
  });
  parts.cookies.remember(ctx, {
    userId: consumed.userId,
    ...(first !== undefined && { at: first.at }),
    ...(last !== undefined && { method: methodOf(parts, last) }),
  });
};

/** One more proof of the person who is signed in: what the session says by now stays true beside it. */
export const endStepUp = async (parts: ConversationParts, ctx: Context, scene: Scene, proof: Proof): Promise<void> => {
  const { acr, amr } = proof;
  await end(parts, ctx, scene, { kind: 'stepped-up', acr, amr: [...amr, 'mfa'], second: second(proof) });
  parts.cookies.remember(ctx, { userId: proof.userId, method: methodOf(parts, proof) });
};
