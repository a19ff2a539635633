/**
 * Changes the record of one authenticator: its data after an answer, or its label. Its owner's account, and with it what counts, stays
 * as it is.
 */
import type { Sealer } from '../crypto.ts';
import { Problem } from '../errors.ts';
import { requireUnfrozen } from '../frozen-account.ts';
import { conflict, optimisticWrite } from '../optimistic-write.ts';
import { replacing, type Collection, type Json, type Write } from '../ports/stores.ts';
import type { Clock } from '../ports/time.ts';
import { authenticatorKind, type AuthenticatorRecord, type User } from '../records.ts';
import type { Authenticator } from './factor.ts';
import { openRecord, sealRecord, type StoredAuthenticator } from './sealed-authenticators.ts';

interface AuthenticatorDataDeps {
  readonly authenticators: Collection<AuthenticatorRecord, 'userId' | 'handle'>;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

export class AuthenticatorData {
  readonly #deps: AuthenticatorDataDeps;

  constructor(deps: AuthenticatorDataDeps) {
    this.#deps = deps;
  }

  /**
   * Burns an answer: writes the new data of the authenticator that gave it (last step, counter). `stored`: as it was read.
   * False: another answer was faster, or the authenticator is gone.
   */
  async burn(stored: StoredAuthenticator, data: Json, factor: string): Promise<boolean> {
    return (await this.#deps.authenticators.replace(this.#burned(stored, data, factor))) !== undefined;
  }

  /**
   * The same for the answer to a challenge, as one write of a batch. `used`: the authenticator that answered, with its new data.
   * undefined: it is none of the candidates.
   */
  burning(
    candidates: readonly StoredAuthenticator[],
    used: Pick<Authenticator, 'id' | 'data'>,
    factor: string,
  ): Write | undefined {
    const stored = candidates.find(each => each.id === used.id);
    return stored && replacing(authenticatorKind, this.#burned(stored, used.data, factor));
  }

  #burned(stored: StoredAuthenticator, data: Json, factor: string): AuthenticatorRecord {
    const { rev, ...rest } = stored;
    const { clock, sealer } = this.#deps;
    const now = clock();
    const firstUsedAt = stored.firstUsedAt ?? stored.lastUsedAt ?? now;
    return sealRecord(sealer, { ...rest, data, firstUsedAt, lastUsedAt: now, lastUsedBy: factor }, rev);
  }

  /**
   * Changes the data of one, whatever else writes it at the same time. `change` gives undefined where nothing is to be changed. False:
   * it is not this person's, or cannot be opened.
   */
  async change(
    userId: string,
    id: string,
    change: (authenticator: StoredAuthenticator) => Json | undefined,
  ): Promise<boolean> {
    const { authenticators, sealer } = this.#deps;
    return optimisticWrite<boolean>(
      async () => {
        const record = await authenticators.get(id);
        const stored = record?.userId === userId ? openRecord(sealer, record) : undefined;
        if (stored === undefined) return false;
        const data = change(stored);
        if (data === undefined) return true;
        const { rev, ...rest } = stored;
        return (await authenticators.replace(sealRecord(sealer, { ...rest, data }, rev))) === undefined
          ? conflict
          : true;
      },
      () => {
        throw new Problem('unavailable', `the authenticator ${id} kept changing while its data was written`);
      },
    );
  }

  /**
   * Gives one another label. False: it is not this person's, or does not count.
   * @throws Problem 'changes-frozen' while changes of this account are stopped
   */
  async rename(user: User, id: string, label: string): Promise<boolean> {
    const { authenticators, clock } = this.#deps;
    // The label is in a record of its own, which `guardFrozenAccounts` does not see.
    requireUnfrozen(user, clock());
    return optimisticWrite<boolean>(
      async () => {
        const record = await authenticators.get(id);
        if (record?.userId !== user.id || !user.authenticators.includes(id)) return false;
        return (await authenticators.replace({ ...record, label })) === undefined ? conflict : true;
      },
      () => {
        throw new Problem('unavailable', `the authenticator ${id} kept changing while it was renamed`);
      },
    );
  }
}
