/**
 * Finishes a prompt: consumes the proofs, then writes the result to the protocol, then draws a page that continues. Proofs are
 * consumed once, so only one of many concurrent requests finishes.
 */
import type { Context } from 'koa';
import { nameOf, rank, reached } from '../src/mfa/assurance.ts';
import type { Proof } from '../src/mfa/proof.ts';
import { fewRecoveryCodes } from '../src/mfa/recovery-codes.ts';
import type { ProofSet } from '../src/mfa/sign-in-proofs.ts';
import { recoveryProof } from '../src/recovery/recovery.ts';
import { isKnownTo } from '../src/users/known-browser.ts';
import { continuePage } from '../web/pages/index.ts';
import { beganElsewhere, type InteractionContext, type InteractionDeps, type UserContext } from './context.ts';
import { countingProofs, firstStepOf } from './counting-proofs.ts';
import type { InteractionResult, SecondFactorUse } from './protocol.ts';
import { noticeSource } from './notice-source.ts';
import { rememberBrowser } from './remember.ts';
import { draw, goBack } from './render.ts';
import { stepOf } from './step.ts';

/** The tombstone of a prompt that succeeds. */
const successTombstone = ({ signIn }: InteractionContext): { readonly client: string } => ({
  client: signIn.client.id,
});

/**
 * Finishes a prompt without stored proofs (consent, choice of an account, cancel, step-up). Writes the tombstone first, so that
 * a finished prompt always belongs to one browser.
 * @throws Problem 'sign-in-elsewhere' if another browser began or ended the prompt.
 */
export const finishPrompt = async (
  deps: InteractionDeps,
  ctx: Context,
  context: InteractionContext,
  result: InteractionResult,
  codesLeft?: number,
): Promise<void> => {
  const isSuccess = result.kind !== 'cancelled' && result.kind !== 'unmet' && result.kind !== 'denied';
  const tombstone = isSuccess ? successTombstone(context) : {};
  if (!(await deps.signInProofs.leaveTombstone(context.browserInteraction, tombstone))) throw beganElsewhere();
  return writeResult(deps, ctx, context, result, codesLeft);
};

/** Finishes a sign-in with all proofs stored. A concurrent request that finds them consumed redirects to the page. */
export const finishSignIn = async (deps: InteractionDeps, ctx: Context, context: UserContext): Promise<void> => {
  const { proofSet: seen, browserInteraction } = context;
  const tombstone = successTombstone(context);
  // Another tab may have changed them since they were read.
  const proofSet =
    (seen && (await deps.signInProofs.consume(browserInteraction, { seen, tombstone }))) ??
    (await deps.signInProofs.consume(browserInteraction, { tombstone }));
  return proofSet === undefined ? goBack(ctx, context) : writeSignedIn(deps, ctx, context, proofSet);
};

/** Finishes a sign-in by its only proof, without storing it. Gives false where the store has proofs or an end of this sign-in. */
export const finishSignInAtOnce = async (
  deps: InteractionDeps,
  ctx: Context,
  context: UserContext,
): Promise<boolean> => {
  const { proofSet, browserInteraction } = context;
  if (proofSet === undefined) return false;
  if (!(await deps.signInProofs.beginAndConsume(browserInteraction, successTombstone(context)))) return false;
  await writeSignedIn(deps, ctx, context, proofSet);
  return true;
};

/** Finishes a sign-in with `proof` added, without storing it first (two writes fewer). Gives false if it did not finish. */
export const finishSignInWith = async (
  deps: InteractionDeps,
  ctx: Context,
  context: UserContext,
  proof: Proof,
): Promise<boolean> => {
  const { proofSet, browserInteraction, state } = context;
  if (proofSet === undefined || proofSet.userId !== proof.userId) return false;
  const proofs = [...proofSet.proofs, proof];
  if (stepOf({ ...state, proofs }).at !== 'finish') return false;
  const consumed = await deps.signInProofs.consume(browserInteraction, {
    seen: proofSet,
    tombstone: successTombstone(context),
  });
  if (consumed === undefined) return false;
  await writeSignedIn(deps, ctx, context, { ...proofSet, proofs });
  return true;
};

/** Finishes a step-up with its one proof. */
export const finishStepUp = async (
  deps: InteractionDeps,
  ctx: Context,
  context: UserContext,
  proof: Proof,
): Promise<void> => {
  const { acr, amr } = proof;
  const second = secondFactorUse(proof);
  const { user, signIn } = context;
  const codesLeft =
    recoveryProof([proof]) && (await deps.recovery.finish(user, proof, noticeSource(ctx, context), signIn.session?.id));
  await finishPrompt(deps, ctx, context, { kind: 'stepped-up', acr, amr: [...amr, 'mfa'], second }, codesLeft);
  deps.cookies.remember(ctx, { userId: proof.userId, method: methodOf(deps, proof) });
};

/** Finishes a task. A method that was set up in it is a second step of the session too. */
export const finishTask = async (deps: InteractionDeps, ctx: Context, context: UserContext): Promise<void> => {
  const { proofs } = context.state;
  const bound = strongestSecond(
    proofs.filter(({ enrolled, userId }) => enrolled === true && userId === context.user.id),
  );
  const second = bound && { acr: bound.acr, amr: [...bound.amr, 'mfa' as const], use: secondFactorUse(bound) };
  await finishPrompt(deps, ctx, context, { kind: 'managed', ...(second !== undefined && { second }) });
};

/** Finishes a sign-in or task with everything done. */
export const finishSignInOrTask = async (deps: InteractionDeps, ctx: Context, context: UserContext): Promise<void> =>
  context.signIn.prompt === 'manage' ? finishTask(deps, ctx, context) : finishSignIn(deps, ctx, context);

/** Ends a task whose sign-in is too old or too weak: the person signs in again, and comes back to it. */
export const finishStale = async (deps: InteractionDeps, ctx: Context, context: InteractionContext): Promise<void> => {
  await deps.challenges.cancel(context.boundTo);
  await finishPrompt(deps, ctx, context, { kind: 'stale' });
};

/** Writes the result that the consumed proofs allow. The proofs decide, because the state that was read may be old. */
const writeSignedIn = async (
  deps: InteractionDeps,
  ctx: Context,
  context: UserContext,
  { userId, proofs: stored }: ProofSet,
): Promise<void> => {
  const proofs = countingProofs(context.user, stored, context.signIn.factors);
  const proven = reached(proofs);
  if (proven === undefined || userId !== context.user.id) return goBack(ctx, context);
  const { at } = stepOf({ ...context.state, proofs });
  if (at !== 'finish' && at !== 'switch') return goBack(ctx, context);
  const first = firstStepOf(proofs);
  const last = proofs.findLast(proof => proof.factor !== 'password');
  const { resetByMailAt, minAcr } = context.user;
  // The methods of this sign-in did not include the mailbox of the reset. A passkey alone says nothing of who has the new password.
  const withPassword = first?.factor === 'password';
  if (resetByMailAt !== undefined && withPassword && last !== undefined && first.at >= resetByMailAt) {
    await deps.users.confirmReset(userId);
  }
  const recovered = recoveryProof(proofs);
  // A weaker method that was set up after a recovery code must not hide the code: the policy would ask for the lost passkey.
  const strongest = (minAcr && recovered) || strongestSecond(proofs);
  const codesLeft = recovered && (await deps.recovery.finish(context.user, recovered, noticeSource(ctx, context)));
  // After a recovery everything older ends, so this session begins with the code at the earliest.
  const since = recovered !== undefined && recovered.at > (first?.at ?? 0) ? recovered : first;
  const result = {
    kind: 'signed-in',
    userId,
    acr: proven.acr,
    amr: proven.amr,
    at: since?.at ?? 0,
    ...(strongest !== undefined && { second: secondFactorUse(strongest) }),
    ...(strongest === undefined && first?.remembered !== undefined && { remembered: first.remembered }),
  } as const;
  const { knownBrowser, user, signIn } = context;
  await deps.newBrowsers.note(user, {
    isKnownBrowser: isKnownTo(knownBrowser, user),
    at: first?.at ?? 0,
    stored: context.stored,
    app: signIn.client.name,
    source: noticeSource(ctx, context),
  });
  await alarmOfBreakGlass(deps, ctx, context);
  await rememberBrowser(deps, ctx, context, proofs);
  await writeResult(deps, ctx, context, result, codesLeft);
  deps.cookies.remember(ctx, {
    userId,
    ...(since !== undefined && { at: since.at }),
    ...(last !== undefined && { method: methodOf(deps, last) }),
  });
};

/** Tells administrators that an account for an emergency signs in. Before the result: there is no sign-in without the alarm. */
const alarmOfBreakGlass = async (deps: InteractionDeps, ctx: Context, context: UserContext): Promise<void> => {
  const { user, signIn, reference } = context;
  if (!deps.isBreakGlass(user)) return;
  deps.log.error('break-glass.used', { subject: user.id, client: signIn.client.name, reference, address: ctx.ip });
  const notice = { kind: 'break-glass-used', app: signIn.client.name } as const;
  await deps.notices.tellAdministrators(notice, noticeSource(ctx, context), user.id);
};

/**
 * Writes the result, and answers with a page that continues by script or button. A 303 does not work: our CSP `form-action` blocks
 * a redirect from a form to another origin. `codesLeft`: recovery codes, where one was used.
 */
const writeResult = async (
  deps: InteractionDeps,
  ctx: Context,
  { signIn, finish, frame, words }: InteractionContext,
  result: InteractionResult,
  codesLeft?: number,
): Promise<void> => {
  const to = await finish(result);
  deps.protocol.forget(ctx, signIn.id);
  const few = codesLeft !== undefined && codesLeft <= fewRecoveryCodes && { codesLeft };
  draw(ctx, continuePage({ client: frame.client, reference: frame.reference, to, kind: 'going', ...few }, words));
};

/** Of several second steps the strongest, then the latest: a backup that was just set up may be weaker. */
const strongestSecond = (proofs: readonly Proof[]): Proof | undefined =>
  proofs
    .filter(proof => proof.factor !== 'password')
    .toSorted((a, b) => rank(b.acr) - rank(a.acr) || b.at - a.at)
    .at(0);

const secondFactorUse = ({ factor, at, acr }: Proof): SecondFactorUse => ({
  method: factor,
  at: Math.floor(at / 1000),
  acr,
});

/** The name under which the browser's cookie stores a method (`nameOf`). */
const methodOf = ({ factors }: InteractionDeps, { factor, authenticator }: Proof): string => {
  const isChosen = factors.some(each => each.type === factor && each.asksFor === 'one');
  return nameOf({ factor, ...(isChosen && authenticator !== undefined && { chosen: authenticator }) });
};
