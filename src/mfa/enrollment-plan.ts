/**
 * Plans the enrollment of a person within one sign-in: may they bind a method here, which need comes next, by which factors, and may
 * they put it off. Pure: pages and routes decide from the same plan.
 */
import type { InvitationKind } from '../invitations.ts';
import { isFrozen } from '../frozen-account.ts';
import type { EpochMillis, Millis } from '../ports/time.ts';
import type { User } from '../records.ts';
import { atLeast, minimumFor, reached, requiredLevel, type Method, type RequiredLevel } from './assurance.ts';
import { hasEverHadMethod } from './listed-authenticators.ts';
import type { Authenticator, Factor } from './factor.ts';
import { independentCount } from './independence.ts';
import {
  authenticatorOffer,
  backups,
  enrollable,
  needsCodes,
  passkeyOffer,
  type OfferedFactor,
} from './enrollment-offers.ts';
import type { Proof } from './proof.ts';
import { isMethod, isRecoveryFactor, temporaryAccessPassType } from './recovery-types.ts';

/** Settings of the operator. */
export interface EnrollmentPolicy {
  /** Independent methods that each person is to have. */
  readonly requiredMethods: 0 | 1 | 2;
  /** How long a person may put it off, from the first time they were asked. */
  readonly grace: Millis;
  /** Whether people with one method are invited to add a backup, and recovery codes. Default: no. */
  readonly invites?: boolean;
}

/** What the plan depends on. */
export interface EnrollmentSituation {
  readonly user: Pick<
    User,
    | 'authenticators'
    | 'everHadMethodAt'
    | 'firstMethodAt'
    | 'enrollmentAskedAt'
    | 'invitations'
    | 'changesFrozenUntil'
    | 'minAcr'
  >;
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
 * first. administrator: no method is left to prove, or changes of the account are stopped. late: the sign-in of a task is not
 * fresh any more; the method whose proof was begun in time may still be proven.
 */
export type EnrollmentRight =
  | { readonly open: true }
  | { readonly open: false; readonly because: 'password' | 'prove' | 'administrator' | 'late' };

/** What a person needs next. `level`: a method that reaches the level of this sign-in. `another`: one more, as they wish. */
export type EnrollmentNeed =
  | 'first-method'
  | 'level'
  | 'backup'
  | 'passkey'
  | 'authenticator'
  | 'another'
  | 'recovery-codes'
  | 'nothing';

export interface EnrollmentPlan {
  readonly right: EnrollmentRight;
  readonly next: EnrollmentNeed;
  /** True: the sign-in may go on without it. */
  readonly maySkip: boolean;
  /** End of the grace, where it is the reason why it may be skipped. */
  readonly graceUntil?: EpochMillis;
  /** The factors that meet the need. Routes refuse every other one. */
  readonly offered: readonly OfferedFactor[];
  /** The plan is an invitation, which the person may refuse. */
  readonly invitation?: InvitationKind;
}

/**
 * Whether this person may bind a method now: by the password alone only for an account that never had a method. Proofs live
 * as long as their sign-in, ten minutes. In a shorter time a person could use up a recovery code or pass and still be shut out.
 */
export const enrollmentRight = ({
  user,
  methods,
  proofs,
  now,
}: Pick<EnrollmentSituation, 'user' | 'methods' | 'proofs' | 'now'>): EnrollmentRight => {
  // The store would refuse the method only after its ceremony, and a wizard that cannot be left would shut the owner out.
  if (isFrozen(user, now)) return { open: false, because: 'administrator' };
  if (proofs.length === 0) return { open: false, because: 'password' };
  if (!hasEverHadMethod(user) || proofs.some(({ factor }) => factor !== 'password')) return { open: true };
  return { open: false, because: methods.length > 0 ? 'prove' : 'administrator' };
};

/**
 * True for a person who is asked for a second step at every client: one with a method, or with a pass. A pass is given
 * to set up a method, and would never be asked for otherwise.
 */
export const isAskedAlways = (user: Pick<User, 'authenticators'>, methods: readonly Method[]): boolean =>
  user.authenticators.length > 0 || methods.some(({ factor }) => factor === temporaryAccessPassType);

/** True where a recovery code or pass was used in this sign-in. */
export const hasRecovered = ({ proofs }: Pick<EnrollmentSituation, 'proofs'>): boolean =>
  proofs.some(({ factor }) => isRecoveryFactor(factor));

/** True where the person has not reached the level of this sign-in, and can do so only by a new method. */
const isShort = (situation: EnrollmentSituation): boolean => {
  const { user, methods, proofs, required } = situation;
  const hasMethod = isAskedAlways(user, methods);
  if (atLeast(reached(proofs)?.acr ?? 'sfa', minimumFor(required.minimum, hasMethod))) return false;
  return hasRecovered(situation) || requiredLevel(required, hasMethod, methods) === undefined;
};

/** The need of a person, with the factors that would meet it. */
const needOf = (situation: EnrollmentSituation): Pick<EnrollmentPlan, 'next' | 'offered'> => {
  const { stored, methods, factors, policy, required } = situation;
  const hasMethod = methods.length > 0;
  const owned = stored.filter(isMethod);
  if (isShort(situation)) {
    const least = required.minimum === 'sfa' ? 'mfa' : required.minimum;
    return { next: hasMethod ? 'level' : 'first-method', offered: enrollable(factors, least) };
  }
  const wanted = policy.requiredMethods;
  // A pass holds for an hour: without a method the person would be back at the help desk.
  if ((wanted > 0 || hasRecovered(situation)) && owned.length === 0)
    return { next: 'first-method', offered: enrollable(factors) };
  const offered = wanted > independentCount(owned) ? backups(situation) : [];
  if (offered.length > 0) return { next: 'backup', offered };
  const hasEnrolled = situation.proofs.some(proof => proof.enrolled === true);
  return { next: hasEnrolled && needsCodes(situation) ? 'recovery-codes' : 'nothing', offered: [] };
};

/**
 * The invitations that would help this person: their one method has no backup, they sign in without the passkey that they could have,
 * they were called or texted and could approve on their phone instead, or they have no recovery codes.
 */
export const helpfulInvitations = (situation: EnrollmentSituation): readonly InvitationKind[] => {
  const owned = situation.stored.filter(isMethod);
  if (owned.length === 0) return [];
  const needsBackup = independentCount(owned) < 2 && backups(situation).length > 0;
  // After a recovery code a backup or a new method is what the person needs.
  const maySaveTime = !hasRecovered(situation) && passkeyOffer(situation).length > 0;
  return [
    ...(needsBackup ? (['backup'] as const) : []),
    ...(maySaveTime ? (['passkey'] as const) : []),
    ...(mayBeSparedCalls(situation) ? (['authenticator'] as const) : []),
    ...(needsCodes(situation) ? (['recovery-codes'] as const) : []),
  ];
};

/** Ways of a telephone, which cost money and can be diverted. */
const byTelephone: ReadonlySet<string> = new Set(['call', 'sms', 'spoken']);

const mayBeSparedCalls = (situation: EnrollmentSituation): boolean =>
  situation.proofs.some(({ factor }) => byTelephone.has(factor)) && authenticatorOffer(situation).length > 0;

/** What each invitation offers. */
const invitationOffers: Readonly<Record<InvitationKind, (situation: EnrollmentSituation) => readonly OfferedFactor[]>> =
  {
    backup: backups,
    passkey: passkeyOffer,
    authenticator: authenticatorOffer,
    'recovery-codes': () => [],
  };

/** The plan of an invitation, which may always be refused. */
export const invitationPlan = (invitation: InvitationKind, situation: EnrollmentSituation): EnrollmentPlan => ({
  right: enrollmentRight(situation),
  next: invitation,
  maySkip: true,
  offered: invitationOffers[invitation](situation),
  invitation,
});

/** A task that a signed-in person chose on the security page. */
export const tasks = ['add-method', 'test-method', 'recovery-codes'] as const;
export type TaskName = (typeof tasks)[number];

/**
 * Plans a task after a fresh sign-in: a method of any kind, then recovery codes where the person has no set; or new recovery codes.
 * `proofs`: those of methods that were set up in this task. `only`: the one factor that the person came for.
 */
export const taskPlan = (
  task: Exclude<TaskName, 'test-method'>,
  situation: Pick<EnrollmentSituation, 'user' | 'stored' | 'methods' | 'factors' | 'proofs' | 'now'>,
  only?: string,
): EnrollmentPlan => {
  const { user, stored, factors, proofs, now } = situation;
  const hasEnrolled = proofs.some(proof => proof.enrolled === true);
  const isBegun = task === 'add-method' && !hasEnrolled;
  const wantsCodes = task === 'recovery-codes' || needsCodes(situation);
  const another = stored.some(isMethod) ? 'another' : 'first-method';
  const chosen = factors.filter(({ type }) => only === undefined || type === only);
  return {
    right: isFrozen(user, now) ? { open: false, because: 'administrator' } : { open: true },
    next: isBegun ? another : wantsCodes ? 'recovery-codes' : 'nothing',
    maySkip: true,
    offered: isBegun ? enrollable(chosen) : [],
  };
};

/** The plan of a task whose sign-in is not fresh any more: nothing is begun. `next`: what the person is still at. */
export const latePlan = (next: 'another' | 'nothing'): EnrollmentPlan => ({
  right: { open: false, because: 'late' },
  next,
  maySkip: true,
  offered: [],
});

/** Plans the enrollment of a person who has proven the password at least. */
export const enrollmentPlan = (situation: EnrollmentSituation): EnrollmentPlan => {
  const { user, policy, proofs, now } = situation;
  const right = enrollmentRight(situation);
  const { next, offered } = needOf(situation);
  const graceUntil = (user.enrollmentAskedAt ?? now) + policy.grace;
  const isOptional = next === 'recovery-codes' || next === 'nothing';
  const maySkip = proofs.length > 0 && !isShort(situation) && (isOptional || graceUntil > now);
  return { right, next, maySkip, offered, ...(maySkip && !isOptional && { graceUntil }) };
};
