/** Everything a route needs to know of the sign-in it serves, read once a request. */
import type { Context } from 'koa';
import type { Audit } from '../src/audit.ts';
import { Problem } from '../src/errors.ts';
import { wordsFor } from '../src/http/language.ts';
import type { Log } from '../src/log.ts';
import { highest } from '../src/mfa/assurance.ts';
import { methodsOf, type Authenticators, type StoredAuthenticator } from '../src/mfa/authenticators.ts';
import type { RequestContext, ChallengeView } from '../src/mfa/challenge/record.ts';
import type { Challenges } from '../src/mfa/challenge/challenges.ts';
import type { Factor } from '../src/mfa/factor.ts';
import type { SignInProofs, ProofSet, BrowserInteraction } from '../src/mfa/proof.ts';
import { referenceFor } from '../src/reference.ts';
import type { Clock } from '../src/ports/time.ts';
import type { Ephemeral } from '../src/ports/stores.ts';
import type { User } from '../src/records.ts';
import type { Passwords } from '../src/users/password.ts';
import type { Users } from '../src/users/users.ts';
import type { Words } from '../src/locales/wording.ts';
import type { Frame, StepFrame } from '../web/pages/props.ts';
import type { Cookies } from './cookies.ts';
import type { Protocol, SignIn } from './protocol.ts';
import { methodsFor, stepOf, type SignInState, type Step } from './step.ts';

/** What the conversation is made of. */
export interface InteractionDeps {
  readonly protocol: Protocol;
  readonly issuer: URL;
  readonly cookies: Cookies;
  readonly users: Users;
  readonly passwords: Passwords;
  readonly authenticators: Authenticators;
  readonly factors: readonly Factor[];
  readonly challenges: Challenges;
  readonly signInProofs: SignInProofs;
  readonly ephemeral: Ephemeral;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Log;
  /** The number that people see on their display. */
  readonly callsFrom?: string;
}

export interface InteractionContext {
  readonly signIn: SignIn;
  readonly browserInteraction: BrowserInteraction;
  /** What a challenge of this sitting is bound to. */
  readonly boundTo: string;
  readonly reference: string;
  readonly words: Words;
  /** The page of the ledger as it was read. */
  readonly proofSet?: ProofSet;
  /** Who it is about, once somebody is known. */
  readonly user?: User;
  /** Who is signed in in this browser, where that is somebody else. */
  readonly other?: User;
  readonly state: SignInState;
  /** What that person has bound. */
  readonly stored: readonly StoredAuthenticator[];
  readonly step: Step;
  /** For pages: where, for whom, when. */
  readonly frame: Frame;
}

/** A scene in which somebody is known. */
export type UserContext = InteractionContext & { readonly user: User };

/** @throws Problem 'sign-in-lost' or 'sign-in-elsewhere' (protocol.read). */
export const readContext = async (deps: InteractionDeps, ctx: Context, id: string): Promise<InteractionContext> => {
  const signIn = await deps.protocol.read(ctx, id);
  referenceFor(ctx.req, signIn.flow);
  const isKnown = deps.cookies.isKnown(ctx);
  const browserInteraction = { interaction: id, browser: deps.cookies.browser(ctx) };
  if (isKnown || signIn.prompt !== 'login') return situate(deps, ctx, signIn, browserInteraction);
  return compose(deps, ctx, { signIn, browserInteraction, page: undefined, view: undefined, user: undefined });
};

/** The same sign-in after something was proven or begun. */
export const readAgain = async (
  deps: InteractionDeps,
  ctx: Context,
  { signIn, browserInteraction }: InteractionContext,
): Promise<InteractionContext> => situate(deps, ctx, signIn, browserInteraction);

/** What a challenge of this sign-in is bound to. */
const bindingOf = ({ id }: SignIn): string => `sign-in:${id}`;

const situate = async (
  deps: InteractionDeps,
  ctx: Context,
  signIn: SignIn,
  browserInteraction: BrowserInteraction,
): Promise<InteractionContext> => {
  const [kept, body] = await deps.ephemeral.getMany(
    deps.signInProofs.keyOf(browserInteraction),
    deps.challenges.place(bindingOf(signIn)),
  );
  // Its cookie alone makes it nobody's: what another browser has begun is neither claimed nor cancelled here, nor a password typed.
  if (deps.signInProofs.isOfAnotherBrowser(browserInteraction, kept)) throw beganElsewhere();
  const page = signIn.prompt === 'login' ? deps.signInProofs.ownProofs(browserInteraction, kept) : undefined;
  const view = await deps.challenges.viewOf(body);
  const userId = signIn.prompt === 'login' ? page?.userId : signIn.session?.userId;
  const user = userId === undefined ? undefined : await usable(deps, userId);
  if (user === undefined && signIn.prompt !== 'login') {
    throw new Problem('sign-in-lost', `the account of this ${signIn.prompt} cannot be used any more`);
  }
  return compose(deps, ctx, { signIn, browserInteraction, page, view, user });
};

export const beganElsewhere = (): Problem =>
  new Problem(
    'sign-in-elsewhere',
    'a sign-in of this browser was expected, got one that another one has begun or ended',
  );

/** The scene once this person's password was right, from what is known by then. */
export const afterPassword = async (
  deps: InteractionDeps,
  ctx: Context,
  { signIn, browserInteraction, state: { view } }: InteractionContext,
  { user, page }: { readonly user: User; readonly page: ProofSet },
): Promise<UserContext> => userContext(await compose(deps, ctx, { signIn, browserInteraction, page, view, user }));

const compose = async (
  deps: InteractionDeps,
  ctx: Context,
  known: Pick<InteractionContext, 'signIn' | 'browserInteraction'> & {
    readonly page: ProofSet | undefined;
    readonly view: ChallengeView | undefined;
    readonly user: User | undefined;
  },
): Promise<InteractionContext> => {
  const { signIn, browserInteraction, page, view, user } = known;
  const lastHere = user && deps.cookies.lastMethod(ctx, user.id);
  const stored = user === undefined ? [] : await deps.authenticators.of(user);
  const state: SignInState = {
    signIn: { ...signIn, required: needOf(signIn, user) },
    methods: user === undefined ? [] : methodsOf(user, stored, deps.factors),
    proofs: user === undefined ? [] : (page?.proofs ?? []),
    ...(user !== undefined && { userId: user.id }),
    ...(lastHere !== undefined && { lastHere }),
    ...(view !== undefined && { view }),
  };
  const step = stepOf(state);
  const other = step.at === 'switch' ? await deps.users.get(step.from) : undefined;
  const reference = referenceFor(ctx.req, signIn.flow);
  const { name, uri } = signIn.client;
  return {
    signIn,
    browserInteraction,
    boundTo: bindingOf(signIn),
    reference,
    words: wordsFor(ctx, { asked: signIn.languages, person: user?.language }),
    state,
    stored,
    step,
    frame: { uid: signIn.id, client: { name, ...(uri !== undefined && { uri }) }, reference, now: deps.clock() },
    ...(page !== undefined && { proofSet: page }),
    ...(user !== undefined && { user }),
    ...(other !== undefined && { other }),
  };
};

/** Who has a method is asked for one, also where none of theirs can be used now (a record that does not open): never the password alone. */
const needOf = ({ required }: SignIn, user: User | undefined): SignIn['required'] =>
  user === undefined || user.authenticators.length === 0
    ? required
    : { ...required, minimum: highest(required.minimum, 'mfa') };

/** A locked account is nobody's from that moment on. */
const usable = async ({ users }: InteractionDeps, id: string): Promise<User | undefined> => {
  const user = await users.get(id);
  return user?.lockedAt === undefined ? user : undefined;
};

/** @throws Problem 'internal' where a step that knows its person was expected. */
export const userContext = (context: InteractionContext): UserContext => {
  const { user } = context;
  if (user === undefined) throw new Problem('internal', `the step '${context.step.at}' without a person`);
  return { ...context, user };
};

/** For pages of the second step. */
export const stepFrame = ({ frame, user, state }: UserContext): StepFrame => ({
  ...frame,
  account: user.name,
  options: methodsFor(state).length > 1,
});

/** What a challenge says and records about this sign-in. */
export const requestContextOf = (
  deps: InteractionDeps,
  ctx: Context,
  { signIn, user, reference, words }: UserContext,
): RequestContext => ({
  reference,
  client: signIn.client.name,
  language: words.language,
  origin: deps.issuer.origin,
  address: ctx.ip,
  person: { id: user.id, name: user.name },
});
