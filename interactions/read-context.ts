/** Reads the state of a sign-in once for each request, so that every route decides from the same values. */
import type { Context } from 'koa';
import { sha256 } from '../src/crypto.ts';
import { Problem } from '../src/errors.ts';
import { wordsFor } from '../src/http/language.ts';
import { noteFacts } from '../src/http/request-facts.ts';
import { activeAccount } from '../src/locked-account.ts';
import type { StoredAuthenticator } from '../src/mfa/sealed-authenticators.ts';
import type { LoadedChallenge } from '../src/mfa/challenge/loaded-challenge.ts';
import type { ProofSet } from '../src/mfa/sign-in-proofs.ts';
import type { User } from '../src/records.ts';
import { referenceFor } from '../src/reference.ts';
import { forgottenPath, linksOf, withBack } from '../web/pages/links.ts';
import { beganElsewhere, type InteractionContext, type InteractionDeps, type UserContext } from './context.ts';
import { areOver, isSessionOver } from './counting-proofs.ts';
import { readState, signInFor } from './state.ts';
import { stepOf } from './step.ts';
import { whyAsked } from './why-asked.ts';

/** The part of a context that does not change while a request is served. */
type Opened = Pick<
  InteractionContext,
  'signIn' | 'finish' | 'extend' | 'signedInElsewhere' | 'browserInteraction' | 'boundTo' | 'knownBrowser'
>;

/** The stored values of a sign-in, before its state is computed. */
interface Read extends Opened {
  readonly proofSet?: ProofSet | undefined;
  readonly challenge?: LoadedChallenge | undefined;
  readonly user?: User | undefined;
  /** The authenticators of the person, where they were read. */
  readonly stored?: readonly StoredAuthenticator[] | undefined;
}

/**
 * Reads the context of a request.
 * @throws Problem 'sign-in-lost' if the sign-in has ended or never existed, or if its account is locked or gone.
 * @throws Problem 'sign-in-elsewhere' if another browser holds the interaction or began this sign-in.
 */
export const readContext = async (deps: InteractionDeps, ctx: Context, id: string): Promise<InteractionContext> => {
  const { signIn, finish, extend, signedInElsewhere } = await deps.protocol.open(ctx, id);
  referenceFor(ctx, signIn.flow);
  const isKnown = deps.cookies.isKnown(ctx);
  const browserInteraction = { interaction: id, browser: deps.cookies.browser(ctx) };
  const knownBrowser = isKnown ? deps.cookies.knownBrowser(ctx) : undefined;
  const boundTo = `sign-in:${signIn.id}`;
  const opened = {
    signIn,
    finish,
    extend,
    signedInElsewhere,
    browserInteraction,
    boundTo,
    ...(knownBrowser !== undefined && { knownBrowser }),
  };
  // A browser without our cookie has begun no sign-in: its first page shows nothing of one, so nothing is read for it. A form
  // is different. With a copied interaction cookie it could end the sign-in, or the call, of the browser that holds them.
  const isFirstPage = !isKnown && signIn.prompt === 'login' && ctx.method !== 'POST';
  return isFirstPage ? compose(deps, ctx, opened) : readAgain(deps, ctx, opened);
};

/**
 * Reads the stored values of the same sign-in again, after a proof was added or a challenge changed.
 * @throws Problem 'sign-in-lost' if the account of a step-up or consent is locked or gone.
 * @throws Problem 'sign-in-elsewhere' if another browser began this sign-in.
 */
export const readAgain = async (deps: InteractionDeps, ctx: Context, opened: Opened): Promise<InteractionContext> => {
  const { signInProofs, challenges, ephemeral, users, personCache } = deps;
  const { signIn, browserInteraction, boundTo } = opened;
  const isLogin = signIn.prompt === 'login';
  // A task keeps the proofs of what is set up in it.
  const keepsProofs = isLogin || signIn.prompt === 'manage';
  const ahead = challenges.readAhead(boundTo);
  const [record, entry, ...parts] = await ephemeral.getMany(
    challenges.keyOf(boundTo),
    signInProofs.keyOf(browserInteraction),
    ...ahead.keys,
  );
  // The interaction cookie is not enough. Refuse the request of another browser before anything else is read or changed.
  if (signInProofs.isOfAnotherBrowser(browserInteraction, entry)) throw beganElsewhere();
  // The request may be kept in the browser: a copy of it must not revive a sign-in that has ended.
  if (isLogin && signInProofs.isEnded(entry)) throw new Problem('sign-in-lost', 'got a sign-in that has ended');
  const proofSet = keepsProofs ? signInProofs.ownProofs(browserInteraction, entry) : undefined;
  const challenge = record && (await challenges.load(record, ahead.found(parts)));
  const userId = isLogin ? proofSet?.userId : signIn.session?.userId;
  const cached = isLogin && isPage(ctx) ? personCache.take(browserInteraction) : undefined;
  const known = cached?.user.id === userId ? cached : undefined;
  const user = userId === undefined ? undefined : activeAccount(known?.user ?? (await users.get(userId)));
  // What ends the sessions of an account ends its sign-ins too: nobody sets up a method with a password from before.
  if (isLogin && user !== undefined && proofSet !== undefined && areOver(proofSet.proofs, user)) {
    return compose(deps, ctx, { ...opened, challenge, proofSet: undefined, user: undefined, stored: undefined });
  }
  const isTaskOver = signIn.prompt === 'manage' && user !== undefined && isSessionOver(signIn, user);
  if ((user === undefined && !isLogin) || isTaskOver) {
    throw new Problem('sign-in-lost', `the account of this ${signIn.prompt} cannot be used any more`);
  }
  return compose(deps, ctx, { ...opened, proofSet, challenge, user, stored: known?.stored });
};

/** True for the page of the step, to which forms redirect. */
const isPage = ({ method, path }: Context): boolean => method === 'GET' && /^\/interaction\/[^/]+$/.test(path);

/** Computes the context after the first step was proven, without reading proofs and challenge again. */
export const afterFirstStep = async (
  deps: InteractionDeps,
  ctx: Context,
  context: InteractionContext,
  { user, proofSet }: { readonly user: User; readonly proofSet: ProofSet },
): Promise<UserContext> => ({
  ...(await compose(deps, ctx, { ...context, proofSet, user, stored: undefined })),
  user,
});

const compose = async (deps: InteractionDeps, ctx: Context, read: Read): Promise<InteractionContext> => {
  const { browserInteraction, boundTo, knownBrowser, proofSet, challenge, user } = read;
  const signIn = signInFor(deps, read.signIn, { user, address: ctx.ip });
  const stored = user === undefined ? [] : (read.stored ?? (await deps.authenticators.of(user)));
  const { state, enrollmentDraft } = await readState(deps, {
    signIn,
    browserInteraction,
    user,
    stored,
    knownBrowser,
    proofSet,
    challenge,
  });
  const step = stepOf(state);
  const other = step.at === 'switch' ? await deps.users.get(step.from) : undefined;
  const isTaken = step.at === 'factor' && step.view.reason === 'elsewhere';
  const runningCall = isTaken
    ? await deps.runningMessages.runningCall(step.view.userId, sha256(browserInteraction.browser))
    : undefined;
  const reference = referenceFor(ctx, signIn.flow);
  const words = wordsFor(ctx, { asked: signIn.languages, person: user?.language });
  const isAsked = user !== undefined && ['start', 'factor', 'choose'].includes(step.at);
  const { id: client, name, uri } = signIn.client;
  noteFacts(ctx.req, { client, factor: state.view?.factor });
  return {
    signIn,
    finish: read.finish,
    extend: read.extend,
    signedInElsewhere: read.signedInElsewhere,
    browserInteraction,
    boundTo,
    reference,
    words,
    state,
    stored,
    step,
    ...(isAsked && { why: whyAsked(deps, ctx, { signIn, state, user, language: words.language }) }),
    ...(deps.passwordResets.isOn && { resetAt: withBack(forgottenPath, linksOf(signIn.id).here) }),
    frame: {
      uid: signIn.id,
      client: { name, ...(uri !== undefined && { uri }) },
      reference,
      now: deps.clock(),
      ...(deps.developerNotes !== undefined && { developerNotes: deps.developerNotes }),
    },
    ...(knownBrowser !== undefined && { knownBrowser }),
    ...(proofSet !== undefined && { proofSet }),
    ...(challenge !== undefined && { challenge }),
    ...(enrollmentDraft !== undefined && { enrollmentDraft }),
    ...(runningCall !== undefined && { runningCall }),
    ...(user !== undefined && { user }),
    ...(other !== undefined && { other }),
  };
};
