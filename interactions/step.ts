/** Says where a person is in their sign-in. Pure: every route computes it the same way from what was read. */
import { atLeast, preferred, reached, requiredLevel, usable, type Method } from '../src/mfa/assurance.ts';
import type { ChallengeView } from '../src/mfa/challenge/record.ts';
import type { Proof } from '../src/mfa/proof.ts';
import type { SignIn } from './protocol.ts';

/** The state of one prompt. */
export interface SignInState {
  readonly signIn: Pick<SignIn, 'prompt' | 'required' | 'session'>;
  /** The person of the proofs in a sign-in, of the session in a step-up. Absent: not known yet. */
  readonly userId?: string;
  /** The account has a method, also where none can be used now. Unless told: where there is one in `methods`. */
  readonly hasMethod?: boolean;
  readonly methods: readonly Method[];
  /** The method last used in this browser (`nameOf`). */
  readonly lastHere?: string;
  /** Proofs of this browser's interaction. */
  readonly proofs: readonly Proof[];
  /** The challenge of this interaction, if there was one. */
  readonly view?: ChallengeView;
}

export type Step =
  | { readonly at: 'password' }
  /** A step-up: its page names the client that asks, and one button starts. */
  | { readonly at: 'start'; readonly method: Method }
  | { readonly at: 'factor'; readonly view: ChallengeView }
  /** No challenge is pending: the person chooses a method. `first`: the one to begin with. */
  | { readonly at: 'choose'; readonly first?: Method }
  /** No method reaches the required level. */
  | { readonly at: 'unmet' }
  /** All is proven, but another person is signed in in this browser. */
  | { readonly at: 'switch'; readonly from: string; readonly to: string }
  /** All is proven: one POST ends it. */
  | { readonly at: 'finish' }
  | { readonly at: 'consent' };

const levelOf = ({ signIn, methods, hasMethod = methods.length > 0 }: SignInState) =>
  requiredLevel(signIn.required, hasMethod, methods);

/** The methods that this person may use here, strongest first. Routes refuse every other one. */
export const methodsFor = (state: SignInState): readonly Method[] => {
  const level = levelOf(state);
  return level === undefined || level === 'sfa' ? [] : usable(state.methods, level);
};

/** The method that is asked first. */
export const firstMethod = (state: SignInState): Method | undefined => {
  const level = levelOf(state);
  return level === undefined || level === 'sfa' ? undefined : preferred(state.methods, level, state.lastHere);
};

const signingIn = (state: SignInState): Step => {
  const { signIn, userId, proofs } = state;
  const proven = reached(proofs);
  if (userId === undefined || proven === undefined) return { at: 'password' };
  const level = levelOf(state);
  if (level === undefined) return { at: 'unmet' };
  if (!atLeast(proven.acr, level)) return ownChallenge(state) ?? choosing(state);
  const from = signIn.session?.userId;
  return from === undefined || from === userId ? { at: 'finish' } : { at: 'switch', from, to: userId };
};

const choosing = (state: SignInState): Step => {
  const first = firstMethod(state);
  return { at: 'choose', ...(first !== undefined && { first }) };
};

/** Proofs of a step-up are not stored: the one that it asks for ends it. */
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
} as const satisfies Record<SignIn['prompt'], (state: SignInState) => Step>;

/** The prompt decides first, then the proofs. */
export const stepOf = (state: SignInState): Step => prompts[state.signIn.prompt](state);
