/**
 * Pairs a device with an account: the page begins and shows a QR code and a typed code, one device claims, both show the same two
 * digits, and the owner confirms or refuses on the page. The test that follows is a challenge of the factor `push`
 * (`challenge/enrollments.ts`), which alone binds the device.
 */
import type { KeyObject } from 'node:crypto';
import { generateSecret } from 'otplib';
import { typedCrockford } from '../../crockford.ts';
import { constantTimeEqual, openJson, randomToken, sealJson, sha256, type Sealer } from '../../crypto.ts';
import { Problem } from '../../errors.ts';
import type { Ephemeral, Key, Notifier } from '../../ports/stores.ts';
import type { PushTarget } from '../../ports/carriers.ts';
import type { Clock, EpochMillis, Millis } from '../../ports/time.ts';
import { createWait } from '../../wait.ts';
import { newPasskeyChallenge } from '../passkeys/options.ts';
import type { PairingDevice } from '../../pairing-device.ts';
import { deviceTopic } from './device-topic.ts';
import {
  beginningOf,
  claimBinding,
  codeLength,
  codeOf,
  digitsOf,
  mostWrongCodes,
  pairingKeys,
  pairingRetention,
  pairingTime,
  pairingTopic,
  pairingView,
  secretOf,
  type PairingDecision,
  type PairingOwner,
  type PairingPointer,
  type PairingRecord,
  type PairingView,
} from './pairing-record.ts';

export type { PairingOwner, PairingView } from './pairing-record.ts';

/** How a device names the pairing that it claims: the secret that it scanned, or the code as the person typed it. */
export type PairingName = { readonly secret: string } | { readonly code: string };

/**
 * unknown: no pairing has this secret or code now; a wrong code is not told from one that has ended. taken: another device has
 * claimed it. malformed: the text cannot be a code.
 */
export type ClaimResult =
  | {
      readonly ok: true;
      /** False: the same device had claimed it before. */
      readonly isNew: boolean;
      readonly userId: string;
      readonly device: PairingDevice;
      readonly digits: string;
      readonly expiresAt: EpochMillis;
    }
  | { readonly ok: false; readonly reason: 'unknown' | 'taken' | 'malformed' }
  | { readonly ok: false; readonly reason: 'wait'; readonly until: EpochMillis };

/** A device whose pairing is under way. `isConfirmed`: its owner said yes, so that its test may be answered. */
export interface PendingDevice {
  readonly userId: string;
  /** Binding of the enrollment. */
  readonly binding: string;
  readonly device: PairingDevice;
  readonly isConfirmed: boolean;
}

/** Limits codes that find no pairing or the wrong one, by the address that sends them. `refund` takes a right one back. */
export interface CodeLimits {
  admit(from: {
    readonly address: string;
  }): Promise<
    { readonly ok: true; readonly refund: () => Promise<void> } | { readonly ok: false; readonly until: EpochMillis }
  >;
}

interface PairingsDeps {
  readonly ephemeral: Ephemeral;
  readonly notifier: Notifier;
  readonly clock: Clock;
  readonly sealer: Sealer;
  readonly hashKey: KeyObject;
  /** The issuer's origin. */
  readonly origin: string;
  readonly codeLimits: CodeLimits;
  /** What a pairing makes beside the key: codes (TOTP), and a WebAuthn credential for the policy `biometric`. */
  readonly makes: { readonly codes: boolean; readonly credential: boolean };
}

/** A watching page reads again this often without a notification. */
const rereadInterval: Millis = 5000;

/** Draws of a code whose beginning no other open pairing has. */
const mostDraws = 8;

export class Pairings {
  readonly #deps: PairingsDeps;

  constructor(deps: PairingsDeps) {
    this.#deps = deps;
  }

  /** Begins a pairing; an earlier one of the same enrollment ends. @throws Problem 'overloaded' where too many are open. */
  async begin(owner: PairingOwner): Promise<PairingView> {
    const { ephemeral, clock, hashKey, notifier } = this.#deps;
    const was = await ephemeral.get(pairingKeys.current(owner.binding));
    const record: PairingRecord = { ...owner, id: await this.#drawId(owner.binding), expiresAt: clock() + pairingTime };
    const { id } = record;
    await Promise.all([
      ephemeral.put(pairingKeys.bySecret(sha256(secretOf(hashKey, id))), pointerTo(record), pairingTime),
      ephemeral.put(pairingKeys.codes(id), 1, pairingRetention),
    ]);
    await ephemeral.put(pairingKeys.current(owner.binding), record, pairingRetention);
    if (was !== undefined) await this.#forget(was);
    await notifier.publish(pairingTopic(owner.binding));
    return this.#viewOf(record);
  }

  /** The pairing of this owner; undefined: none was begun, or by another account or browser. */
  async view(owner: PairingOwner): Promise<PairingView | undefined> {
    const record = await this.#recordOf(owner);
    return record && this.#viewOf(record);
  }

  /** The view now, then each change made on any node, until the pairing has ended or `signal` aborts. */
  async *watch(owner: PairingOwner, signal: AbortSignal): AsyncGenerator<PairingView> {
    const wait = createWait(signal);
    const unsubscribe = await this.#deps.notifier.subscribe(pairingTopic(owner.binding), wait.wake);
    try {
      let last = '';
      while (!signal.aborted) {
        const view = await this.view(owner);
        if (view === undefined) return;
        const text = JSON.stringify(view);
        if (text !== last) yield view;
        last = text;
        if (view.state === 'ended') return;
        await wait.woken(rereadInterval);
      }
    } finally {
      unsubscribe();
    }
  }

  /**
   * The owner says that the device with these digits is theirs. Gives it, for the enrollment that tests it, also when asked again;
   * undefined: nothing is claimed, it has ended, or its device shows others: the page was of an earlier pairing.
   */
  async confirm(owner: PairingOwner, digits: string): Promise<PairingDevice | undefined> {
    const record = await this.#recordOf(owner);
    if (record === undefined || this.#isOver(record)) return undefined;
    const claim = await this.#claimOf(record);
    if (claim === undefined || digitsOf(this.#deps.hashKey, record.id, claim.handle) !== digits) return undefined;
    return (await this.#decide(record, 'confirmed')) === 'confirmed' ? claim : undefined;
  }

  /** The owner says that this is not their device, or leaves. A confirmed one stays confirmed. */
  async refuse(owner: PairingOwner): Promise<void> {
    const record = await this.#recordOf(owner);
    if (record !== undefined) await this.#decide(record, 'refused');
  }

  /** The device is bound: from now on its authenticator alone makes it known, and it is unknown once that is removed. */
  async end(owner: PairingOwner): Promise<void> {
    const { ephemeral } = this.#deps;
    const record = await this.#recordOf(owner);
    if (record === undefined) return;
    await ephemeral.compareAndSwap(pairingKeys.current(owner.binding), record, undefined);
    await this.#forget(record);
  }

  /**
   * A device claims a pairing; of many one gets it. The same device gets the same answer again, in case the first one was lost.
   * `offered`: the device as it describes itself.
   */
  async claim(
    name: PairingName,
    offered: Pick<PairingDevice, 'handle' | 'key' | 'name' | 'language' | 'subscription'>,
    address: string,
  ): Promise<ClaimResult> {
    const found = 'secret' in name ? await this.#bySecret(name.secret) : await this.#byCode(name.code, address);
    if (!('record' in found)) return found;
    const { record } = found;
    const { ephemeral, sealer, notifier, hashKey, makes } = this.#deps;
    const made: PairingDevice = {
      ...offered,
      ...(makes.codes && { totp: generateSecret({ length: 20 }) }),
      ...(makes.credential && { creationChallenge: newPasskeyChallenge() }),
    };
    // The pointer first: whoever reads a claim finds its device. Those of the losers lead to a claim that is not theirs.
    const isFirst = await ephemeral.setWith(
      [{ key: pairingKeys.byDevice(made.handle), value: pointerTo(record), ttl: pairingRetention }],
      pairingKeys.claim(record.id),
      sealJson(sealer, made, claimBinding(record.id)),
      pairingRetention,
    );
    const device = isFirst ? made : await this.#claimOf(record);
    if (device?.handle !== offered.handle) return { ok: false, reason: 'taken' };
    if (isFirst) await notifier.publish(pairingTopic(record.binding));
    const digits = digitsOf(hashKey, record.id, device.handle);
    return { ok: true, isNew: isFirst, userId: record.userId, device, digits, expiresAt: record.expiresAt };
  }

  /** The device with this key whose pairing is under way; undefined: there is none, or it was refused or is over. */
  async deviceOf(handle: string): Promise<PendingDevice | undefined> {
    const record = await this.#follow(pairingKeys.byDevice(handle));
    if (record === undefined) return undefined;
    const [device, decision] = await Promise.all([
      this.#claimOf(record),
      this.#deps.ephemeral.get(pairingKeys.decision(record.id)),
    ]);
    if (device?.handle !== handle || decision === 'refused') return undefined;
    // The test of a pairing that was confirmed in time may end later.
    if (decision !== 'confirmed' && this.#isOver(record)) return undefined;
    return { userId: record.userId, binding: record.binding, device, isConfirmed: decision === 'confirmed' };
  }

  /** Keeps where pushes reach a device whose pairing is under way, and its language. */
  async subscribe(handle: string, subscription: PushTarget | undefined, language: string): Promise<void> {
    const { ephemeral, sealer } = this.#deps;
    const record = await this.#follow(pairingKeys.byDevice(handle));
    if (record === undefined) return;
    const at = pairingKeys.claim(record.id);
    const sealed = await ephemeral.get(at);
    if (sealed === undefined) return;
    const { subscription: _before, ...claim } = openJson(sealer, sealed, claimBinding(record.id));
    if (claim.handle !== handle) return;
    const next = { ...claim, language, ...(subscription !== undefined && { subscription }) };
    await ephemeral.compareAndSwap(at, sealed, sealJson(sealer, next, claimBinding(record.id)));
  }

  /** The device leaves a pairing that its owner has not confirmed yet. */
  async leave(handle: string): Promise<void> {
    const record = await this.#follow(pairingKeys.byDevice(handle));
    if (record !== undefined && (await this.#claimOf(record))?.handle === handle) await this.#decide(record, 'refused');
  }

  /** A new id. The beginning of its code leads to this enrollment alone. */
  async #drawId(binding: string): Promise<string> {
    const { ephemeral, hashKey } = this.#deps;
    for (let draw = 0; draw < mostDraws; draw += 1) {
      const id = randomToken();
      const byCode = pairingKeys.byCode(beginningOf(hashKey, codeOf(hashKey, id)));
      if (await ephemeral.setIfAbsent(byCode, { binding, id }, pairingTime)) return id;
    }
    throw new Problem('overloaded', `got ${mostDraws} codes whose beginning is in use, expected a free one`);
  }

  /** Removes what leads to a pairing that a later one replaced, so that an enrollment never takes more room than one. */
  async #forget(was: PairingRecord): Promise<void> {
    const { ephemeral, hashKey } = this.#deps;
    const { id } = was;
    const pointers = [
      pairingKeys.bySecret(sha256(secretOf(hashKey, id))),
      pairingKeys.byCode(beginningOf(hashKey, codeOf(hashKey, id))),
    ];
    await Promise.all(
      pointers.map(async each => {
        const pointer = await ephemeral.get(each);
        if (pointer?.id === id) await ephemeral.compareAndSwap(each, pointer, undefined);
      }),
    );
  }

  async #recordOf({ binding, userId, browser }: PairingOwner): Promise<PairingRecord | undefined> {
    const record = await this.#deps.ephemeral.get(pairingKeys.current(binding));
    return record?.userId === userId && constantTimeEqual(record.browser, browser) ? record : undefined;
  }

  async #viewOf(record: PairingRecord): Promise<PairingView> {
    const { ephemeral, hashKey, origin, clock } = this.#deps;
    const { id } = record;
    const [sealed, decision, codes] = await ephemeral.getMany(
      pairingKeys.claim(id),
      pairingKeys.decision(id),
      pairingKeys.codes(id),
    );
    const claim = sealed === undefined ? undefined : openJson(this.#deps.sealer, sealed, claimBinding(id));
    return pairingView(record, { claim, decision, codes }, { hashKey, origin, now: clock() });
  }

  async #claimOf({ id }: PairingRecord): Promise<PairingDevice | undefined> {
    const sealed = await this.#deps.ephemeral.get(pairingKeys.claim(id));
    return sealed === undefined ? undefined : openJson(this.#deps.sealer, sealed, claimBinding(id));
  }

  /** The first decision counts. */
  async #decide(
    { id, binding, userId }: PairingRecord,
    decision: PairingDecision,
  ): Promise<PairingDecision | undefined> {
    const { ephemeral, notifier } = this.#deps;
    const at = pairingKeys.decision(id);
    if (!(await ephemeral.setIfAbsent(at, decision, pairingRetention))) return ephemeral.get(at);
    await Promise.all([notifier.publish(pairingTopic(binding)), notifier.publish(deviceTopic(userId))]);
    return decision;
  }

  async #bySecret(secret: string): Promise<Found> {
    const record = await this.#follow(pairingKeys.bySecret(sha256(secret)));
    return record !== undefined && (await this.#isOpen(record, 'secret')) ? { record } : unknown;
  }

  /**
   * Finds a pairing by the beginning of its code, and compares the whole code after an attempt was counted: at the pairing, so that
   * five wrong ones end it wherever they come from, and at the address, which may try several pairings.
   */
  async #byCode(typed: string, address: string): Promise<Found> {
    const { ephemeral, hashKey, codeLimits, notifier } = this.#deps;
    const code = typedCrockford(typed);
    if (code?.length !== codeLength) return { ok: false, reason: 'malformed' };
    const admission = await codeLimits.admit({ address });
    if (!admission.ok) return { ok: false, reason: 'wait', until: admission.until };
    const record = await this.#follow(pairingKeys.byCode(beginningOf(hashKey, code)));
    if (record === undefined) return unknown;
    const counted = await ephemeral.increment(pairingKeys.codes(record.id), pairingRetention);
    // Begin counted one: a first reading means that the counter was lost.
    const mayCompare = counted > 1 && counted - 1 <= mostWrongCodes;
    if (mayCompare && constantTimeEqual(code, codeOf(hashKey, record.id))) {
      if (!(await this.#isOpen(record, 'code'))) return unknown;
      await admission.refund();
      return { record };
    }
    if (counted - 1 >= mostWrongCodes) await notifier.publish(pairingTopic(record.binding));
    return unknown;
  }

  /** The pairing that a pointer names, while it is the current one of its enrollment. */
  async #follow(at: Key<PairingPointer>): Promise<PairingRecord | undefined> {
    const { ephemeral } = this.#deps;
    const pointer = await ephemeral.get(at);
    if (pointer === undefined) return undefined;
    const record = await ephemeral.get(pairingKeys.current(pointer.binding));
    return record?.id === pointer.id ? record : undefined;
  }

  /**
   * True where a device may claim it, or has: the one that did may ask again. Wrong codes end it for the secret too; the code that
   * is compared last was counted already.
   */
  async #isOpen(record: PairingRecord, by: 'secret' | 'code'): Promise<boolean> {
    if (this.#isOver(record)) return false;
    const { id } = record;
    const [claim, decision, codes] = await this.#deps.ephemeral.getMany(
      pairingKeys.claim(id),
      pairingKeys.decision(id),
      pairingKeys.codes(id),
    );
    if (decision === 'refused' || codes === undefined) return false;
    return claim !== undefined || by === 'code' || codes <= mostWrongCodes;
  }

  #isOver({ expiresAt }: PairingRecord): boolean {
    return this.#deps.clock() > expiresAt;
  }
}

type Found = { readonly record: PairingRecord } | Extract<ClaimResult, { readonly ok: false }>;

const unknown = { ok: false, reason: 'unknown' } as const;

const pointerTo = ({ binding, id }: PairingRecord): PairingPointer => ({ binding, id });
