/**
 * Pairs a device with an account, by steps:
 *
 *   1. The page begins a pairing and shows a QR code and a typed code (this file).
 *   2. One device claims it by either code (`pairing-claims.ts`). Page and device then show the same two digits.
 *   3. The owner confirms or refuses on the page (this file).
 *   4. The test is a challenge of the factor `push` (`challenge/enrollments.ts`), which alone binds the device.
 *
 * `pairing-record.ts` defines the states and what is stored, `pairing-store.ts` reads and writes it.
 */
import type { Clock } from '../../ports/time.ts';
import type { Changes } from '../../changes.ts';
import type { PairingDevice } from '../../pairing-device.ts';
import {
  pairingLink,
  pairingTopic,
  pairingView,
  type PairingOwner,
  type PairingRecord,
  type PairingView,
} from './pairing-record.ts';
import type { PairingStore } from './pairing-store.ts';

export type { PairingOwner, PairingView } from './pairing-record.ts';

interface PairingsDeps {
  readonly store: PairingStore;
  readonly changes: Pick<Changes, 'follow'>;
  readonly clock: Clock;
  /** The issuer's origin. */
  readonly origin: string;
}

export class Pairings {
  readonly #deps: PairingsDeps;

  constructor(deps: PairingsDeps) {
    this.#deps = deps;
  }

  /** Begins a pairing; an earlier one of the same enrollment ends. @throws Problem 'overloaded' where too many are open. */
  async begin(owner: PairingOwner): Promise<PairingView> {
    return this.#viewOf(await this.#deps.store.create(owner));
  }

  /** The pairing of this owner; undefined: none was begun, or by another account or browser. */
  async view(owner: PairingOwner): Promise<PairingView | undefined> {
    const record = await this.#deps.store.ofOwner(owner);
    return record && this.#viewOf(record);
  }

  /** The view now, then each change made on any node, until the pairing has ended or `signal` aborts. */
  async *watch(owner: PairingOwner, signal: AbortSignal): AsyncGenerator<PairingView> {
    const following = await this.#deps.changes.follow([pairingTopic(owner.binding)], signal);
    try {
      let last = '';
      while (!signal.aborted) {
        const view = await this.view(owner);
        if (view === undefined) return;
        const text = JSON.stringify(view);
        if (text !== last) yield view;
        last = text;
        if (view.state === 'ended') return;
        await following.outdated(view.expiresAt);
      }
    } finally {
      following.end();
    }
  }

  /**
   * The owner says that the device with these digits is theirs. Gives it, for the enrollment that tests it, also when asked again;
   * undefined: nothing is claimed, it has ended, or its device shows others: the page was of an earlier pairing.
   */
  async confirm(owner: PairingOwner, digits: string): Promise<PairingDevice | undefined> {
    const { store } = this.#deps;
    const record = await store.ofOwner(owner);
    if (record === undefined || store.isOver(record)) return undefined;
    const claim = await store.claimOf(record);
    if (claim === undefined || store.digitsOf(record, claim.handle) !== digits) return undefined;
    return (await store.decide(record, 'confirmed')) === 'confirmed' ? claim : undefined;
  }

  /** The owner says that this is not their device, or leaves. A confirmed one stays confirmed. */
  async refuse(owner: PairingOwner): Promise<void> {
    const record = await this.#deps.store.ofOwner(owner);
    if (record !== undefined) await this.#deps.store.decide(record, 'refused');
  }

  /**
   * The device is bound: from now on its authenticator alone makes it known, and it is unknown once that is removed. Gives the device
   * as it described itself last.
   */
  async end(owner: PairingOwner): Promise<PairingDevice | undefined> {
    const { store } = this.#deps;
    const record = await store.ofOwner(owner);
    if (record === undefined) return undefined;
    await store.remove(record);
    return store.claimOf(record);
  }

  async #viewOf(record: PairingRecord): Promise<PairingView> {
    const { store, clock, origin } = this.#deps;
    const readings = await store.readingsOf(record);
    return pairingView(record, readings, {
      code: store.codeOf(record),
      link: pairingLink(origin, store.secretOf(record)),
      digits: handle => store.digitsOf(record, handle),
      now: clock(),
    });
  }
}
