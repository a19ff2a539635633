/**
 * Stops changes of how a person signs in, and allows them again. `frozen-account.ts` says which changes. Both are audited, and told to
 * the person.
 */
import type { Audit } from '../audit.ts';
import { freezeFor, isFrozen } from '../frozen-account.ts';
import { noteOf, sourceOf, type ChangedBy, type Notices } from '../notice.ts';
import type { Collection } from '../ports/stores.ts';
import type { Clock, EpochMillis } from '../ports/time.ts';
import type { User } from '../records.ts';
import type { IsBreakGlass } from './break-glass.ts';
import { changeAccount } from '../change-account.ts';

export interface FreezesDeps {
  readonly users: Collection<User, 'signInNames'>;
  readonly notices: Pick<Notices, 'changeAndTell'>;
  /** Accounts whose changes are never stopped. */
  readonly isBreakGlass: IsBreakGlass;
  readonly audit: Audit;
  readonly clock: Clock;
}

export class Freezes {
  readonly #deps: FreezesDeps;

  constructor(deps: FreezesDeps) {
    this.#deps = deps;
  }

  /**
   * Stops changes of how this person signs in, and ends all sessions and tokens, unless that was done for something that happened at
   * `reported` or later. True for the one caller that did.
   */
  async freeze(id: string, reported: EpochMillis, by: ChangedBy): Promise<boolean> {
    const { users, notices, isBreakGlass, audit, clock } = this.#deps;
    // Not before the reported event: the clocks of nodes differ.
    const now = Math.max(clock(), reported);
    let isFirst = false;
    const source = sourceOf(by);
    const freeze = async (): Promise<void> => {
      await changeAccount(users, id, was => {
        isFirst = was.notMeAt === undefined || was.notMeAt < reported;
        if (!isFirst) return was;
        const frozen = isBreakGlass(was) ? {} : { changesFrozenUntil: now + freezeFor };
        return { ...was, notMeAt: now, signedOutAt: now, ...frozen };
      });
      if (!isFirst) return;
      await audit({ event: 'user.changes-frozen', actor: source.actor, subject: id, outcome: 'success' });
    };
    await notices.changeAndTell(id, { kind: 'changes-frozen' }, source, freeze, () => isFirst);
    return isFirst;
  }

  /** Allows changes again before their time. False: they were not stopped. */
  async unfreeze(id: string, by: ChangedBy): Promise<boolean> {
    const { users, notices, audit, clock } = this.#deps;
    const before = await users.get(id);
    if (before !== undefined && !isFrozen(before, clock())) return false;
    const source = sourceOf(by);
    await notices.changeAndTell(id, { kind: 'changes-unfrozen' }, source, async () =>
      changeAccount(users, id, ({ changesFrozenUntil: _until, ...was }) => was),
    );
    const { actor } = source;
    await audit({ event: 'user.changes-unfrozen', actor, subject: id, outcome: 'success', ...noteOf(by) });
    return true;
  }
}
