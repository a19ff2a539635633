/**
 * Reads and writes what is stored of pairings (`pairing-record.ts`) for both sides: `pairings.ts`, the page of the owner, and
 * `pairing-claims.ts`, the device.
 */
import type { KeyObject } from 'node:crypto';
import { openStored, randomToken, sealJson, sha256, constantTimeEqual, type Sealer } from '../../crypto.ts';
import { Problem } from '../../errors.ts';
import { conflict, optimisticWrite } from '../../optimistic-write.ts';
import type { Ephemeral, Key, Notifier } from '../../ports/stores.ts';
import type { Clock } from '../../ports/time.ts';
import type { PairingDevice } from '../../pairing-device.ts';
import { deviceTopic } from './device-topic.ts';
import {
  beginningOf,
  claimBinding,
  codeOf,
  digitsOf,
  pairingKeys,
  pairingRetention,
  pairingTime,
  pairingTopic,
  secretOf,
  type PairingDecision,
  type PairingOwner,
  type PairingPointer,
  type PairingReadings,
  type PairingRecord,
} from './pairing-record.ts';

interface PairingStoreDeps {
  readonly ephemeral: Ephemeral;
  readonly notifier: Notifier;
  readonly clock: Clock;
  readonly sealer: Sealer;
  readonly hashKey: KeyObject;
}

/** Draws of a code whose beginning no other open pairing has. */
const maxDraws = 8;

const pointerTo = ({ binding, id }: PairingRecord): PairingPointer => ({ binding, id });

export class PairingStore {
  readonly #deps: PairingStoreDeps;

  constructor(deps: PairingStoreDeps) {
    this.#deps = deps;
  }

  /** Stores a new pairing; an earlier one of the same enrollment ends. @throws Problem 'overloaded' where too many are open. */
  async create(owner: PairingOwner): Promise<PairingRecord> {
    const { ephemeral, clock } = this.#deps;
    const was = await ephemeral.get(pairingKeys.current(owner.binding));
    const record: PairingRecord = { ...owner, id: await this.#drawId(owner.binding), expiresAt: clock() + pairingTime };
    await Promise.all([
      ephemeral.put(pairingKeys.bySecret(sha256(this.secretOf(record))), pointerTo(record), pairingTime),
      ephemeral.put(pairingKeys.codes(record.id), 1, pairingRetention),
    ]);
    await ephemeral.put(pairingKeys.current(owner.binding), record, pairingRetention);
    if (was !== undefined) await this.#forget(was);
    await this.notifyPage(record);
    return record;
  }

  /** The pairing of this owner; undefined: none was begun, or by another account or browser. */
  async ofOwner({ binding, userId, browser }: PairingOwner): Promise<PairingRecord | undefined> {
    const record = await this.#deps.ephemeral.get(pairingKeys.current(binding));
    return record?.userId === userId && constantTimeEqual(record.browser, browser) ? record : undefined;
  }

  /** The pairing with this secret. */
  async bySecret(secret: string): Promise<PairingRecord | undefined> {
    return this.#follow(pairingKeys.bySecret(sha256(secret)));
  }

  /** The pairing whose code begins as this one does. */
  async byBeginning(code: string): Promise<PairingRecord | undefined> {
    return this.#follow(pairingKeys.byCode(beginningOf(this.#deps.hashKey, code)));
  }

  /** The pairing that the device with this handle has tried to claim. Another one may have claimed it. */
  async byDevice(handle: string): Promise<PairingRecord | undefined> {
    return this.#follow(pairingKeys.byDevice(handle));
  }

  /** Its claim, decision and counter of codes, in one read. */
  async readingsOf({ id }: PairingRecord): Promise<PairingReadings> {
    const [sealed, decision, codes] = await this.#deps.ephemeral.getMany(
      pairingKeys.claim(id),
      pairingKeys.decision(id),
      pairingKeys.codes(id),
    );
    const claim = sealed === undefined ? undefined : openStored(this.#deps.sealer, sealed, claimBinding(id));
    return { claim, decision, codes };
  }

  /** The device that has claimed it. */
  async claimOf({ id }: PairingRecord): Promise<PairingDevice | undefined> {
    const sealed = await this.#deps.ephemeral.get(pairingKeys.claim(id));
    return sealed === undefined ? undefined : openStored(this.#deps.sealer, sealed, claimBinding(id));
  }

  /** Keeps the claim of a device; of many one gets it. True: this one. */
  async keepClaim(record: PairingRecord, device: PairingDevice): Promise<boolean> {
    const { ephemeral, sealer } = this.#deps;
    // The pointer first: whoever reads a claim finds its device. Those of the losers lead to a claim that is not theirs.
    const isFirst = await ephemeral.setWith(
      [{ key: pairingKeys.byDevice(device.handle), value: pointerTo(record), ttl: pairingRetention }],
      pairingKeys.claim(record.id),
      sealJson(sealer, device, claimBinding(record.id)),
      pairingRetention,
    );
    if (isFirst) await this.notifyPage(record);
    return isFirst;
  }

  /**
   * Changes the claim, also where another request changes it at the same time. `change` gives undefined where it stays.
   * @throws Problem 'unavailable' where other requests are first every time
   */
  async changeClaim({ id }: PairingRecord, change: (claim: PairingDevice) => PairingDevice | undefined): Promise<void> {
    const { ephemeral, sealer } = this.#deps;
    const at = pairingKeys.claim(id);
    await optimisticWrite<undefined>(
      async () => {
        const sealed = await ephemeral.get(at);
        const claim = sealed && openStored(sealer, sealed, claimBinding(id));
        const next = claim && change(claim);
        if (next === undefined || sealed === undefined) return undefined;
        const isChanged = await ephemeral.compareAndSwap(at, sealed, sealJson(sealer, next, claimBinding(id)));
        return isChanged ? undefined : conflict;
      },
      () => {
        throw new Problem('unavailable', `the claim of the pairing ${id} kept changing while it was written`);
      },
    );
  }

  /** Counts a typed code before it is compared. The reading: one more than the codes counted, this one included. */
  async countCode({ id }: PairingRecord): Promise<number> {
    return this.#deps.ephemeral.increment(pairingKeys.codes(id), pairingRetention);
  }

  /** Keeps what the owner, or the device that leaves, decides. The first decision counts, and is given. */
  async decide(record: PairingRecord, decision: PairingDecision): Promise<PairingDecision | undefined> {
    const { ephemeral, notifier } = this.#deps;
    const at = pairingKeys.decision(record.id);
    if (!(await ephemeral.setIfAbsent(at, decision, pairingRetention))) return ephemeral.get(at);
    await Promise.all([this.notifyPage(record), notifier.publish(deviceTopic(record.userId))]);
    return decision;
  }

  /** Removes a pairing whose device is bound, unless a later one took its place. */
  async remove(record: PairingRecord): Promise<void> {
    await this.#deps.ephemeral.compareAndSwap(pairingKeys.current(record.binding), record, undefined);
    await this.#forget(record);
  }

  /** Tells the page of the pairing that it changed. */
  async notifyPage({ binding }: PairingRecord): Promise<void> {
    await this.#deps.notifier.publish(pairingTopic(binding));
  }

  /** True once its time to be claimed and confirmed is over. */
  isOver({ expiresAt }: PairingRecord): boolean {
    return this.#deps.clock() > expiresAt;
  }

  /** The secret of its QR code. */
  secretOf({ id }: PairingRecord): string {
    return secretOf(this.#deps.hashKey, id);
  }

  /** Its typed code, without the dash. */
  codeOf({ id }: PairingRecord): string {
    return codeOf(this.#deps.hashKey, id);
  }

  /** The two digits that page and device show. */
  digitsOf({ id }: PairingRecord, handle: string): string {
    return digitsOf(this.#deps.hashKey, id, handle);
  }

  /** A new id. The beginning of its code leads to this enrollment alone. */
  async #drawId(binding: string): Promise<string> {
    const { ephemeral, hashKey } = this.#deps;
    for (let draw = 0; draw < maxDraws; draw += 1) {
      const id = randomToken();
      const byCode = pairingKeys.byCode(beginningOf(hashKey, codeOf(hashKey, id)));
      if (await ephemeral.setIfAbsent(byCode, { binding, id }, pairingTime)) return id;
    }
    throw new Problem('overloaded', `got ${maxDraws} codes whose beginning is in use, expected a free one`);
  }

  /** Removes what leads to a pairing that is over, so that an enrollment never takes more room than one. */
  async #forget(was: PairingRecord): Promise<void> {
    const { ephemeral, hashKey } = this.#deps;
    const pointers = [
      pairingKeys.bySecret(sha256(this.secretOf(was))),
      pairingKeys.byCode(beginningOf(hashKey, this.codeOf(was))),
    ];
    await Promise.all(
      pointers.map(async each => {
        const pointer = await ephemeral.get(each);
        if (pointer?.id === was.id) await ephemeral.compareAndSwap(each, pointer, undefined);
      }),
    );
  }

  /** The pairing that a pointer names, while it is the current one of its enrollment. */
  async #follow(at: Key<PairingPointer>): Promise<PairingRecord | undefined> {
    const { ephemeral } = this.#deps;
    const pointer = await ephemeral.get(at);
    if (pointer === undefined) return undefined;
    const record = await ephemeral.get(pairingKeys.current(pointer.binding));
    return record?.id === pointer.id ? record : undefined;
  }
}
