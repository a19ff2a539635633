/**
 * Leads people back into an account whose phone is lost, and ends what the finder of the phone could use:
 *
 *   recovery.ts     after a sign-in with a recovery code
 */
import { fewRecoveryCodes, type RecoveryCodes } from '../mfa/recovery-codes.ts';
import type { Notices, NoticeSource } from '../notice.ts';
import type { Proof } from '../mfa/proof.ts';
import { recoveryCode } from '../mfa/factors/recovery-code.ts';
import type { User } from '../records.ts';
import type { Users } from '../users/users.ts';

interface RecoveryDeps {
  readonly users: Pick<Users, 'endSessions'>;
  readonly recoveryCodes: Pick<RecoveryCodes, 'left'>;
  readonly notices: Pick<Notices, 'tell'>;
}

/** The proof by a recovery code among those of a sign-in. */
export const recoveryProof = (proofs: readonly Proof[]): Proof | undefined =>
  proofs.find(({ factor }) => factor === recoveryCode.type);

/**
 * Protects an account whose owner signed in with a recovery code: the phone may be in other hands, so every other session and
 * token ends (OWASP ASVS 7.4.3).
 */
export class Recovery {
  readonly #deps: RecoveryDeps;

  constructor(deps: RecoveryDeps) {
    this.#deps = deps;
  }

  /**
   * Ends the sessions and tokens from before this proof, and tells the person. To be called before the new session is written,
   * which must not be older than the proof. Gives the number of codes left.
   */
  async finish(user: User, { at }: Proof, source: NoticeSource): Promise<number> {
    const { users, recoveryCodes, notices } = this.#deps;
    // One millisecond before: a browser that signs in now is known from `at` on.
    await users.endSessions(user.id, source, { at: at - 1, reason: 'recovery-code' });
    const count = (await recoveryCodes.left(user)) ?? 0;
    await notices.tell(user.id, { kind: 'recovery-code-used', count }, source);
    if (count <= fewRecoveryCodes) await notices.tell(user.id, { kind: 'recovery-codes-low', count }, source);
    return count;
  }
}
