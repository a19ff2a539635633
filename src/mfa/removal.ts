/** Decides whether a person may remove one of their authenticators. Pure: `own-methods.ts` asks it again within the write. */
import { allowedMethods } from './allowed-factors.ts';
import { atLeast, type Method } from './assurance.ts';
import { servedBy, type Acr, type Authenticator, type Factor } from './factor.ts';
import { independentCount } from './independence.ts';
import { isMethod } from './recovery-types.ts';

/** What a sign-in can require of the second step: its level, and its factor where only some may be used. */
export interface Need {
  readonly acr: Acr;
  readonly factors?: readonly string[];
}

/** What removals must leave. */
export interface RemovalPolicy {
  /** Independent methods that each person is to have. */
  readonly requiredMethods: number;
  /** What sign-ins at the clients that this person uses can require. */
  readonly needs: readonly Need[];
}

/**
 * last: no method would be left that can be used, and only an administrator could help. required: fewer independent methods than
 * the operator wants. level: no other method is enough for a sign-in that this one is enough for.
 */
export type RemovalRefusal = 'last' | 'required' | 'level';

interface RemovalSituation {
  /** The authenticators of the person that count. */
  readonly stored: readonly Authenticator[];
  /** Id of the one to remove. */
  readonly removed: string;
  /** Gives the methods of such authenticators that the person can use. */
  readonly methodsOf: (stored: readonly Authenticator[]) => readonly Method[];
  readonly policy: RemovalPolicy;
}

/** Why it may not be removed; undefined: it may. */
export const removalRefusal = ({
  stored,
  removed,
  methodsOf,
  policy,
}: RemovalSituation): RemovalRefusal | undefined => {
  const left = stored.filter(({ id, boundWith }) => id !== removed && boundWith !== removed);
  const [before, after] = [methodsOf(stored), methodsOf(left)];
  if (after.length === 0) return 'last';
  // One that the person cannot use (disabled, or of a factor that is not in use) would not help.
  const count = (some: readonly Authenticator[]): number =>
    independentCount(some.filter(each => isMethod(each) && methodsOf([each]).length > 0));
  if (count(left) < count(stored) && count(left) < policy.requiredMethods) return 'required';
  return policy.needs.some(need => meets(before, need) && !meets(after, need)) ? 'level' : undefined;
};

const meets = (methods: readonly Method[], { acr, factors }: Need): boolean =>
  allowedMethods(methods, factors).some(({ reaches }) => atLeast(reaches, acr));

/** Types of factors that this authenticator answers. */
export const waysOf = (authenticator: Authenticator, factors: readonly Factor[]): readonly string[] =>
  factors.filter(factor => servedBy(factor, [authenticator]).length > 0).map(({ type }) => type);
