/** Makes the recovery codes of a person, and counts those that are left. `factors/recovery-code.ts` accepts them. */
import type { Audit } from '../audit.ts';
import { inGroups } from '../crockford.ts';
import { Problem } from '../errors.ts';
import { sourceOf, type ChangedBy, type Notices } from '../notice.ts';
import type { User } from '../records.ts';
import type { Authenticators } from './authenticators.ts';
import type { Authenticator, Factor } from './factor.ts';
import { isRecoveryCodeSet, newRecoveryCodes, recoveryCode } from './factors/recovery-code.ts';
import { recoveryCodesType } from './recovery-types.ts';
import { guessTarget, type FailedAttempts } from './limits/failed-attempts.ts';

/** With this many left, or fewer, the person is warned. */
export const fewRecoveryCodes = 3;

interface RecoveryCodesDeps {
  readonly authenticators: Authenticators;
  readonly failedAttempts: Pick<FailedAttempts, 'clear'>;
  /** The factors in use. */
  readonly factors: readonly Factor[];
  readonly audit: Audit;
  readonly notices: Pick<Notices, 'changeAndTell'>;
}

export class RecoveryCodes {
  readonly #deps: RecoveryCodesDeps;

  constructor(deps: RecoveryCodesDeps) {
    this.#deps = deps;
  }

  /** Whether people may use recovery codes on this server. */
  get isInUse(): boolean {
    return this.#deps.factors.some(({ type }) => type === recoveryCode.type);
  }

  /**
   * Makes a new set, which replaces the old one in one write, and gives its codes in groups: `7K3M-Q2XA-…`. They are stored as
   * hashes only, so the caller shows them now or never. The person is told.
   * @throws Problem 'bad-request' where recovery codes are not in use; 'not-found' when the account is gone.
   */
  async renew(userId: string, by: ChangedBy): Promise<readonly string[]> {
    const { authenticators, failedAttempts, audit, notices } = this.#deps;
    const source = sourceOf(by);
    if (!this.isInUse) throw new Problem('bad-request', 'recovery codes are not in use (SALLYPORT_FACTORS)');
    const { codes, data } = newRecoveryCodes();
    const made = await notices.changeAndTell(userId, { kind: 'recovery-codes-made' }, source, async () =>
      authenticators.bind(userId, { type: recoveryCodesType, label: 'Recovery codes', data }),
    );
    // A new set starts without failed attempts, as any newly bound authenticator.
    await failedAttempts.clear(guessTarget(recoveryCode, userId, undefined));
    await audit({
      event: 'recovery-codes.made',
      actor: source.actor,
      subject: userId,
      outcome: 'success',
      authenticator: made.id,
      count: codes.length,
      ...(source.reference !== undefined && { reference: source.reference }),
    });
    return codes.map(code => inGroups(code, 4));
  }

  /** The number of unused codes; undefined: the person has no set, or one that cannot be opened. */
  async left(user: User): Promise<number | undefined> {
    const stored: readonly Authenticator[] = await this.#deps.authenticators.of(user);
    const set = stored.find(isRecoveryCodeSet);
    return set?.data.unused.length;
  }
}
