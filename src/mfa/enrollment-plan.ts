/**
 * Plans the enrollment of a person within one sign-in: whether they may bind a method here, what they need next, whether they may
 * put it off, and by which factors. Pure: pages and routes decide from the same plan.
 */
import type { EpochMillis, Millis } from '../ports/time.ts';
import type { User } from '../records.ts';
import { atLeast, requiredLevel, type Method, type RequiredLevel } from './assurance.ts';
import { hasEverHadMethod } from './authenticators.ts';
import { authenticatorOf, type Acr, type Authenticator, type Factor } from './factor.ts';
import { phoneType, type PhoneKind } from './factors/phone.ts';
import { freshFor } from './fresh-sign-in.ts';
import { addsIndependence, independentCount, isMethod } from './independence.ts';
import type { Proof } from './proof.ts';

/** Settings of the operator. */
export interface EnrollmentPolicy {
  /** Independent methods that each person is to have. */
  readonly requiredMethods: 0 | 1 | 2;
  /** How long a person may put it off, from the first time they were asked. */
  readonly grace: Millis;
}

/** What the plan depends on. */
export interface EnrollmentSituation {
  readonly user: Pick<User, 'authenticators' | 'everHadMethodAt' | 'firstMethodAt' | 'enrollmentAskedAt'>;
  /** The authenticators of the person. */
  readonly stored: readonly Authenticator[];
  /** What the person can be asked for. */
  readonly methods: readonly Method[];
  /** The factors in use. */
  readonly factors: readonly Factor[];
  readonly policy: EnrollmentPolicy;
  /** The proofs of this sign-in. */
  readonly proofs: readonly Proof[];
  readonly required: RequiredLevel;
  readonly now: EpochMillis;
}

/**
 * Whether the person may bind a method in this sign-in. prove: a method, a recovery code or a temporary access pass must be proven
 * first. administrator: nothing that could be proven is left.
 */
export type EnrollmentRight =
  | { readonly open: true }
  | { readonly open: false; readonly because: 'password' | 'prove' | 'administrator' };

/** A factor that a person may enroll. `phoneKinds`: the kinds of phone that would count, for a factor over a telephone. */
export interface OfferedFactor {
  readonly type: string;
  readonly phoneKinds?: readonly PhoneKind[];
}

/** What a person needs next. `level`: a method that reaches the level of this sign-in. */
export type EnrollmentNeed = 'first-method' | 'level' | 'backup' | 'recovery-codes' | 'nothing';

export interface EnrollmentPlan {
  readonly right: EnrollmentRight;
  readonly next: EnrollmentNeed;
  /** True: the sign-in may go on without it. */
  readonly maySkip: boolean;
  /** End of the grace, where it is the reason why it may be skipped. */
  readonly graceUntil?: EpochMillis;
  /** The factors that would give what is needed. Routes refuse every other one. */
  readonly offered: readonly OfferedFactor[];
}

const phoneKinds: readonly PhoneKind[] = ['mobile', 'alternate', 'office'];

/** Whether this person may bind a method now: by the password alone only where nothing else was ever bound. */
export const enrollmentRight = ({
  user,
  methods,
  proofs,
  now,
}: Pick<EnrollmentSituation, 'user' | 'methods' | 'proofs' | 'now'>): EnrollmentRight => {
  if (proofs.length === 0) return { open: false, because: 'password' };
  if (!hasEverHadMethod(user)) return { open: true };
  const isProven = proofs.some(proof => proof.factor !== 'password' && now - proof.at <= freshFor);
  if (isProven) return { open: true };
  return { open: false, because: methods.length > 0 ? 'prove' : 'administrator' };
};

/** The factors that this person may enroll, of those in use. `acr`: the level that one must reach to be of use. */
export const enrollable = (factors: readonly Factor[], acr: Acr = 'sfa'): readonly OfferedFactor[] =>
  factors
    .filter(factor => isMethod({ type: authenticatorOf(factor) }) && atLeast(factor.reaches, acr))
    .map(factor => offerOf(factor, phoneKinds));

const offerOf = (factor: Factor, kinds: readonly PhoneKind[]): OfferedFactor =>
  authenticatorOf(factor) === phoneType ? { type: factor.type, phoneKinds: kinds } : { type: factor.type };

/** The factors by which this person would get one more independent method. */
const backups = ({ factors, stored }: EnrollmentSituation): readonly OfferedFactor[] =>
  factors.flatMap(factor => {
    const type = authenticatorOf(factor);
    if (!isMethod({ type })) return [];
    if (type !== phoneType) return addsIndependence(stored, { type, data: null }) ? [offerOf(factor, [])] : [];
    // Some number that nobody has yet.
    const kinds = phoneKinds.filter(kind => addsIndependence(stored, { type, data: { kind, number: '+' } }));
    return kinds.length > 0 ? [offerOf(factor, kinds)] : [];
  });

/** The need of a person, with the factors that would meet it. */
const needOf = (situation: EnrollmentSituation): Pick<EnrollmentPlan, 'next' | 'offered'> => {
  const { user, stored, methods, factors, policy, required } = situation;
  const hasMethod = methods.length > 0;
  const owned = stored.filter(isMethod);
  if (requiredLevel(required, hasEverHadMethod(user), methods) === undefined) {
    const least = required.minimum === 'sfa' ? 'mfa' : required.minimum;
    return { next: hasMethod ? 'level' : 'first-method', offered: enrollable(factors, least) };
  }
  const wanted = policy.requiredMethods;
  if (wanted > 0 && owned.length === 0) return { next: 'first-method', offered: enrollable(factors) };
  const offered = wanted > independentCount(owned) ? backups(situation) : [];
  if (offered.length > 0) return { next: 'backup', offered };
  const hasEnrolled = situation.proofs.some(proof => proof.enrolled === true);
  const makesCodes = factors.some(factor => authenticatorOf(factor) === 'recovery-codes');
  const hasCodes = stored.some(({ type }) => type === 'recovery-codes');
  return { next: makesCodes && !hasCodes && hasEnrolled ? 'recovery-codes' : 'nothing', offered: [] };
};

/** Plans the enrollment of a person whose password, at least, is proven. */
export const enrollmentPlan = (situation: EnrollmentSituation): EnrollmentPlan => {
  const { user, methods, policy, proofs, required, now } = situation;
  const right = enrollmentRight(situation);
  const { next, offered } = needOf(situation);
  const isLevelReached = requiredLevel(required, hasEverHadMethod(user), methods) !== undefined;
  const graceUntil = (user.enrollmentAskedAt ?? now) + policy.grace;
  const isOptional = next === 'recovery-codes' || next === 'nothing';
  const maySkip = proofs.length > 0 && isLevelReached && (isOptional || graceUntil > now);
  return { right, next, maySkip, offered, ...(maySkip && !isOptional && { graceUntil }) };
};
