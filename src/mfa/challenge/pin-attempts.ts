/**
 * Counts the PINs that a device answers with. The count is part of the device's own record, so that one that was guessed at no longer
 * serves; five wrong ones in a row, and it must be paired again.
 */
import type { AuthenticatorData } from '../authenticator-data.ts';
import { isDevice, type PushData } from '../push/data.ts';
import { maxWrongPins } from '../push/unlocking.ts';

/** A device, as the count names it: the id of its authenticator and its owner. */
export interface PinTarget {
  readonly userId: string;
  readonly id: string;
}

export class PinAttempts {
  readonly #data: Pick<AuthenticatorData, 'change'>;

  constructor(data: Pick<AuthenticatorData, 'change'>) {
    this.#data = data;
  }

  /**
   * Counts one PIN before it is compared, so that parallel ones cannot share an attempt. Gives the attempts that are left after it;
   * undefined: none was left before, and it must not be compared.
   */
  async count({ userId, id }: PinTarget): Promise<number | undefined> {
    let left: number | undefined;
    const isTheirs = await this.#data.change(userId, id, stored => {
      const counted = isDevice(stored) ? (stored.data.wrongPins ?? 0) : maxWrongPins;
      left = counted < maxWrongPins ? maxWrongPins - counted - 1 : undefined;
      return isDevice(stored) && left !== undefined ? withWrongPins(stored.data, counted + 1) : undefined;
    });
    return isTheirs ? left : undefined;
  }

  /** Forgets the wrong ones, after a right one. */
  async clear({ userId, id }: PinTarget): Promise<void> {
    await this.#data.change(userId, id, stored =>
      isDevice(stored) && stored.data.wrongPins !== undefined ? withWrongPins(stored.data) : undefined,
    );
  }
}

const withWrongPins = ({ wrongPins: _before, ...data }: PushData, count?: number): PushData => ({
  ...data,
  ...(count !== undefined && { wrongPins: count }),
});
