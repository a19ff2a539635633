/**
 * Decides whether a sign-in is recent and strong enough to change the methods of its person. Pure. The pages of a sign-in, the
 * policy of oidc-provider and the security page ask here.
 */
import type { EpochMillis, Millis } from '../ports/time.ts';
import { atLeast, highest, type Method } from './assurance.ts';
import type { Acr } from './factor.ts';
import { isRecoveryFactor } from './recovery-types.ts';

/** A sign-in as its session or ID token tells it. Times in seconds since 1970. */
export interface SignInTimes {
  /** The level that the session reached. */
  readonly acr: Acr;
  /** When the first step was proven (`auth_time`). */
  readonly authTime: number;
  /** The last second step: the type of its factor, when, and the level that it reached (absent in sessions of earlier versions). */
  readonly secondStep?: { readonly method: string; readonly ts: number; readonly acr?: Acr };
}

/** A sign-in that changes methods is at most this old. */
export const freshFor: Millis = 300_000;

/** Also false for a time ahead of our clock: a clock that was set back must not keep a sign-in fresh. */
const isRecent = (seconds: number, now: EpochMillis): boolean =>
  Math.abs(Math.floor(now / 1000) - seconds) * 1000 <= freshFor;

/**
 * True where first and second step, or a passkey as both, were proven at most five minutes ago, at the highest level that `methods`
 * reach. `methods`: those that the person can still use here; a disabled one is not among them (`Methods.usableBy`). False without
 * any.
 */
export const isFresh = (
  { acr, authTime, secondStep }: SignInTimes,
  methods: readonly Method[],
  now: EpochMillis,
): boolean => {
  if (secondStep === undefined || !isRecent(authTime, now) || !isRecent(secondStep.ts, now)) return false;
  if (isRecoveryFactor(secondStep.method)) return true;
  // The level of a session never sinks. Only the last step tells which level was proven just now: a passkey may have given less
  // than it can.
  const proven = methods.filter(each => each.factor === secondStep.method).map(each => secondStep.acr ?? each.reaches);
  const needed = highest('mfa', ...methods.map(each => each.reaches));
  return atLeast(acr, needed) && proven.some(each => atLeast(each, needed));
};

/**
 * True where the password was proven at most five minutes ago. That is enough only for an account that never had a method
 * (`hasEverHadMethod`).
 */
export const isFreshPassword = ({ authTime }: Pick<SignInTimes, 'authTime'>, now: EpochMillis): boolean =>
  isRecent(authTime, now);
