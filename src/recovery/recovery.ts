/**
 * Gives people without their phone access to their account, and ends the sessions that a thief could use:
 *
 *   recovery.ts     after a sign-in with a recovery code
 *   passes.ts       temporary access passes
 *   help-desk.ts    what an administrator does for a person
 *   operator-note.ts    the reason that an administrator gives
 */
import { fewRecoveryCodes, type RecoveryCodes } from '../mfa/recovery-codes.ts';
import type { Notices, NoticeSource } from '../notice.ts';
import type { Proof } from '../mfa/proof.ts';
import { recoveryCode } from '../mfa/factors/recovery-code.ts';
import type { User } from '../records.ts';
import type { Users } from '../users/users.ts';

interface RecoveryDeps {
  readonly users: Pick<Users, 'endEarlierSessions'>;
  /** Ends all sessions and tokens of the account but those of one session. */
  readonly endOthers: (userId: string, session: string, by: NoticeSource) => Promise<unknown>;
  readonly recoveryCodes: Pick<RecoveryCodes, 'left'>;
  readonly notices: Pick<Notices, 'tell'>;
}

/** The proof by a recovery code among those of a sign-in. */
export const recoveryProof = (proofs: readonly Proof[]): Proof | undefined =>
  proofs.find(({ factor }) => factor === recoveryCode.type);

/**
 * Protects an account after a sign-in with a recovery code: the phone may be in other hands, so every other session and
 * token ends (OWASP ASVS 7.4.3).
 */
export class Recovery {
  readonly #deps: RecoveryDeps;

  constructor(deps: RecoveryDeps) {
    this.#deps = deps;
  }

  /**
   * Ends the other sessions, and tells the person where few codes are left. `session`: the one that a step-up goes on with. Call it
   * before a new session is written: sessions from before the proof end. Gives the number of codes that are left.
   */
  async finish(user: User, { at }: Proof, source: NoticeSource, session?: string): Promise<number> {
    const { users, endOthers, recoveryCodes, notices } = this.#deps;
    // One millisecond before: a browser that signs in now is known from `at` on.
    if (session === undefined) {
      await users.endEarlierSessions(user.id, source, { before: at - 1, reason: 'recovery-code' });
    } else await endOthers(user.id, session, source);
    const count = (await recoveryCodes.left(user)) ?? 0;
    if (count <= fewRecoveryCodes) await notices.tell(user.id, { kind: 'recovery-codes-low', count }, source);
    return count;
  }
}
