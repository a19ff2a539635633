/** Computes the current step of a sign-in from its state. Pure, so that every route gets the same step. */
import { atLeast, preferred, reached, requiredLevel, usable, type Method } from '../src/mfa/assurance.ts';
import type { ChallengeView } from '../src/mfa/challenge/record.ts';
import type { Proof } from '../src/mfa/proof.ts';
import type { SignIn } from './protocol.ts';

/** The state of one prompt. */
export interface SignInState {
  readonly signIn: Pick<SignIn, 'prompt' | 'required' | 'session'>;
  /** The person of the proofs in a sign-in, or of the session in a step-up. Absent if not known yet. */
  readonly userId?: string;
  /** True if the account has a method, usable or not. Default: true if `methods` is not empty. */
  readonly hasMethod?: boolean;
  /** True if the person must choose another password before the sign-in ends. */
  readonly mustChangePassword?: boolean;
  readonly methods: readonly Method[];
  /** The name of the method last used in this browser (`nameOf`). */
  readonly lastHere?: string;
  /** The stored proofs of this browser's interaction. */
  readonly proofs: readonly Proof[];
  /** The challenge of this interaction, if there was one. */
  readonly view?: ChallengeView;
}

/** The step of a sign-in, which decides the page and the accepted forms. */
export type Step =
  | { readonly at: 'password' }
  /** The begin of a step-up: its page names the client, and a button starts the challenge. */
  | { readonly at: 'start'; readonly method: Method }
  | { readonly at: 'factor'; readonly view: ChallengeView }
  /** No challenge exists: the person chooses a method. `first` is the default. */
  | { readonly at: 'choose'; readonly first?: Method }
  /** No method reaches the required level. */
  | { readonly at: 'unmet' }
  /** All proofs are there, but the person must choose another password before the sign-in ends. */
  | { readonly at: 'new-password' }
  /** All proofs are there, but the session of this browser is another person's. */
  | { readonly at: 'switch'; readonly from: string; readonly to: string }
  /** All proofs are there: one POST finishes the sign-in. */
  | { readonly at: 'finish' }
  | { readonly at: 'consent' }
  /** The client asks which account to use: that of the session, or another. */
  | { readonly at: 'select-account' };

const levelOf = ({ signIn, methods, hasMethod = methods.length > 0 }: SignInState) =>
  requiredLevel(signIn.required, hasMethod, methods);

/** Gives the methods that this person may use here, strongest first. Routes refuse every other method. */
export const methodsFor = (state: SignInState): readonly Method[] => {
  const level = levelOf(state);
  return level === undefined || level === 'sfa' ? [] : usable(state.methods, level);
};

/** Gives the default method of the second step. */
export const firstMethod = (state: SignInState): Method | undefined => {
  const level = levelOf(state);
  return level === undefined || level === 'sfa' ? undefined : preferred(state.methods, level, state.lastHere);
};

const signingIn = (state: SignInState): Step => {
  const { signIn, userId, proofs, mustChangePassword } = state;
  const proven = reached(proofs);
  if (userId === undefined || proven === undefined) return { at: 'password' };
  const level = levelOf(state);
  if (level === undefined) return { at: 'unmet' };
  if (!atLeast(proven.acr, level)) return ownChallenge(state) ?? choosing(state);
  // After the second step: the page must not tell a stranger with the old password that it is to be changed, and by whom.
  if (mustChangePassword === true && proofs.some(({ factor }) => factor === 'password')) return { at: 'new-password' };
  const from = signIn.session?.userId;
  return from === undefined || from === userId ? { at: 'finish' } : { at: 'switch', from, to: userId };
};

const choosing = (state: SignInState): Step => {
  const first = firstMethod(state);
  return { at: 'choose', ...(first !== undefined && { first }) };
};

/** Computes the step of a step-up. Its proofs are not stored, because one proof finishes it. */
const steppingUp = (state: SignInState): Step => {
  const method = firstMethod(state);
  if (method === undefined) return { at: 'unmet' };
  return ownChallenge(state) ?? { at: 'start', method };
};

const ownChallenge = ({ userId, view }: SignInState): Step | undefined =>
  view !== undefined && view.userId === userId ? { at: 'factor', view } : undefined;

const prompts = {
  login: signingIn,
  mfa: steppingUp,
  consent: (): Step => ({ at: 'consent' }),
  select_account: (): Step => ({ at: 'select-account' }),
} as const satisfies Record<SignIn['prompt'], (state: SignInState) => Step>;

/** Computes the current step: the prompt decides first, then the proofs. */
export const stepOf = (state: SignInState): Step => prompts[state.signIn.prompt](state);
