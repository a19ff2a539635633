/** Types the state of a sign-in, from which its step and its required level are computed. */
import type { Method } from '../src/mfa/assurance.ts';
import type { ChallengeView } from '../src/mfa/challenge-state/view.ts';
import type { EnrollmentSituation } from '../src/mfa/enrollment-plan.ts';
import type { Factor } from '../src/mfa/factor.ts';
import type { InvitationKind } from '../src/invitations.ts';
import type { Proof } from '../src/mfa/proof.ts';
import type { SignIn } from './protocol.ts';

/** The state of one prompt. */
export interface SignInState {
  readonly signIn: Pick<SignIn, 'prompt' | 'required' | 'session' | 'task'> &
    Partial<Pick<SignIn, 'isPrompted' | 'isForDevice' | 'factors' | 'denied'>>;
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
  /** What the enrollment of this person depends on beside this state. Absent before the person is known. */
  readonly enrolling?: Pick<EnrollmentSituation, 'user' | 'stored' | 'factors' | 'policy' | 'now'> & {
    /** All factors in use, also one of which this person has as many authenticators as are allowed. */
    readonly inUse: readonly Factor[];
  };
  /** True if the person put off what may be put off, for this sign-in. */
  readonly hasSkipped?: boolean;
  /** The invitation that is shown in this sign-in. */
  readonly invitation?: InvitationKind;
  /** True while the person still names a method that they bound, or saves recovery codes. */
  readonly isSettingUp?: boolean;
  /** In `manage`: true if the sign-in is recent and strong enough to change methods. */
  readonly isFresh?: boolean;
  /** In `manage`: true while a method waits for its proof that was begun while the sign-in was fresh. */
  readonly isProvingInTime?: boolean;
}
