/**
 * Makes the changes of a help desk: unlocks an account, resets its methods. Each change has a reason, which is audited and told to
 * the person.
 */
import type { Audit } from '../audit.ts';
import type { AuthenticatorRemoval } from '../mfa/authenticator-removal.ts';
import type { Factor } from '../mfa/factor.ts';
import { authenticatorOf } from '../mfa/factor.ts';
import type { FailedAttempts } from '../mfa/limits/failed-attempts.ts';
import { noteOf, sourceOf, type ChangedBy, type Notices } from '../notice.ts';
import type { User } from '../records.ts';
import type { Users } from '../users/users.ts';
import type { MadePass, Passes } from './passes.ts';

interface HelpDeskDeps {
  readonly users: Pick<Users, 'unlock'>;
  readonly authenticatorRemoval: Pick<AuthenticatorRemoval, 'reset'>;
  readonly failedAttempts: Pick<FailedAttempts, 'clear'>;
  readonly passes: Pick<Passes, 'draft' | 'record'>;
  /** All factors, also those that are not in use: their counts remain. */
  readonly factors: readonly Factor[];
  readonly notices: Pick<Notices, 'changeAndTell'>;
  /** Deletes what sessions left that have just ended. */
  readonly onSignedOut: (userId: string) => Promise<void>;
  readonly audit: Audit;
}

export class HelpDesk {
  readonly #deps: HelpDeskDeps;

  constructor(deps: HelpDeskDeps) {
    this.#deps = deps;
  }

  /** Unlocks the account, ends a pause of calls, and sets the failed attempts of every method to zero. */
  async unlock(user: User, by: ChangedBy): Promise<void> {
    await this.#clearAttempts(user, user.authenticators);
    await this.#deps.users.unlock(user.id, by);
  }

  /**
   * Removes all methods, recovery codes and a pass, and ends all sessions, in one write. With a pass (default) the person must use
   * it to set up new methods. Without one the password alone is enough for that, so a thief with the password could do it.
   * @throws Problem 'bad-request' where passes are not in use
   */
  async resetMethods(
    user: User,
    by: ChangedBy,
    { withPass = true }: { readonly withPass?: boolean } = {},
  ): Promise<MadePass | undefined> {
    const { authenticatorRemoval, passes, notices, onSignedOut, audit } = this.#deps;
    const drafted = withPass ? passes.draft({}) : undefined;
    const removed = await notices.changeAndTell(user.id, { kind: 'methods-reset' }, sourceOf(by), async () =>
      authenticatorRemoval.reset(user.id, drafted?.authenticator),
    );
    const { actor } = sourceOf(by);
    const facts = { count: removed.length, ...noteOf(by) };
    await audit({ event: 'methods.reset', actor, subject: user.id, outcome: 'success', ...facts });
    if (drafted !== undefined) await passes.record(user.id, drafted.made, by);
    await this.#clearAttempts(user, removed);
    await onSignedOut(user.id);
    return drafted?.made;
  }

  async #clearAttempts({ id: userId }: User, authenticators: readonly string[]): Promise<void> {
    const { factors, failedAttempts } = this.#deps;
    const types = factors.filter(({ asksFor }) => asksFor === 'any').map(authenticatorOf);
    for (const name of [...types, ...authenticators]) await failedAttempts.clear({ userId, name });
  }
}
