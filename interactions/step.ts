/** Where a person is now in their sign-in. Pure: it looks at what is known, and every route asks it the same way. */
import { atLeast, highest, preferred, reached, usable, type Method } from '../src/mfa/assurance.ts';
import type { ChallengeView } from '../src/mfa/challenge/record.ts';
import type { Acr } from '../src/mfa/factor.ts';
import type { Proof } from '../src/mfa/proof.ts';
import type { SignIn } from './protocol.ts';

/** What is known of one prompt. */
export interface SignInState {
  readonly signIn: Pick<SignIn, 'prompt' | 'required' | 'session'>;
  /** Who it is about: the ledger's person in a sign-in, the session's in a step-up. Absent: nobody yet. */
  readonly userId?: string;
  /** The ways of that person to take a second step. */
  readonly methods: readonly Method[];
  /** The method last used in this browser (`nameOf`). */
  readonly lastHere?: string;
  /** What they have proven in this sitting. */
  readonly proofs: readonly Proof[];
  /** The challenge of this sitting, if there was one. */
  readonly view?: ChallengeView;
}

export type Step =
  | { readonly at: 'password' }
  /** A step-up: its page says who asks, and one button starts. */
  | { readonly at: 'start'; readonly method: Method }
  | { readonly at: 'factor'; readonly view: ChallengeView }
  /** Nothing is being asked: the person chooses a method. */
  | { readonly at: 'choose' }
  /** No method reaches what is asked for. */
  | { readonly at: 'unmet' }
  /** Everything is proven, but another person is signed in in this browser. */
  | { readonly at: 'switch'; readonly from: string; readonly to: string }
  /** Everything is proven: one POST ends it. */
  | { readonly at: 'finish' }
  | { readonly at: 'consent' };

/**
 * The level this person must reach; undefined: they cannot. Who has a method is always asked for one. A wish that no method
 * of theirs reaches is dropped, as `oidc/need.ts` does; the floor never is.
 */
export const levelFor = (required: SignIn['required'], methods: readonly Method[]): Acr | undefined => {
  const minimum = methods.length > 0 ? highest(required.minimum, 'mfa') : required.minimum;
  const canReach = (level: Acr): boolean => level === 'sfa' || usable(methods, level).length > 0;
  return [highest(minimum, required.acr), minimum].find(canReach);
};

/** The methods this person may use here, strongest first. Routes refuse every other. */
export const methodsFor = ({ signIn, methods }: SignInState): readonly Method[] => {
  const level = levelFor(signIn.required, methods);
  return level === undefined || level === 'sfa' ? [] : usable(methods, level);
};

/** The method that is asked first. */
export const firstMethod = (state: SignInState): Method | undefined => {
  const level = levelFor(state.signIn.required, state.methods);
  return level === undefined || level === 'sfa' ? undefined : preferred(state.methods, level, state.lastHere);
};

const signingIn = (state: SignInState): Step => {
  const { signIn, userId, methods, proofs } = state;
  const got = reached(proofs);
  if (userId === undefined || got === undefined) return { at: 'password' };
  const level = levelFor(signIn.required, methods);
  if (level === undefined) return { at: 'unmet' };
  if (!atLeast(got.acr, level)) return ownChallenge(state) ?? { at: 'choose' };
  const from = signIn.session?.userId;
  return from === undefined || from === userId ? { at: 'finish' } : { at: 'switch', from, to: userId };
};

/** Proofs of a step-up are not kept: the one it asks for ends it. */
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

/** The prompt's name decides first, then what is proven. */
export const stepOf = (state: SignInState): Step => prompts[state.signIn.prompt](state);
