/**
 * The device's side of a pairing: it claims one by secret or code, is known while the pairing is under way, keeps its push
 * subscription, and may leave. The page's side is in `pairings.ts`.
 */
import { generateSecret } from 'otplib';
import { typedCrockford } from '../../crockford.ts';
import { constantTimeEqual } from '../../crypto.ts';
import type { PushTarget } from '../../ports/carriers.ts';
import type { EpochMillis } from '../../ports/time.ts';
import { newPasskeyChallenge } from '../passkeys/options.ts';
import type { PairingDevice } from '../../pairing-device.ts';
import { codeLength, maxWrongCodes, type PairingRecord } from './pairing-record.ts';
import type { PairingStore } from './pairing-store.ts';

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
interface CodeLimits {
  admit(from: {
    readonly address: string;
  }): Promise<
    { readonly ok: true; readonly refund: () => Promise<void> } | { readonly ok: false; readonly until: EpochMillis }
  >;
}

interface PairingClaimsDeps {
  readonly store: PairingStore;
  readonly codeLimits: CodeLimits;
  /** What a pairing makes beside the key: codes (TOTP), and a WebAuthn credential for the policy `biometric`. */
  readonly makes: { readonly codes: boolean; readonly credential: boolean };
}

type Found = { readonly record: PairingRecord } | Extract<ClaimResult, { readonly ok: false }>;

const unknown = { ok: false, reason: 'unknown' } as const;

export class PairingClaims {
  readonly #deps: PairingClaimsDeps;

  constructor(deps: PairingClaimsDeps) {
    this.#deps = deps;
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
    const { store, makes } = this.#deps;
    const made: PairingDevice = {
      ...offered,
      ...(makes.codes && { totp: generateSecret({ length: 20 }) }),
      ...(makes.credential && { creationChallenge: newPasskeyChallenge() }),
    };
    const isNew = await store.keepClaim(record, made);
    const device = isNew ? made : await store.claimOf(record);
    if (device?.handle !== offered.handle) return { ok: false, reason: 'taken' };
    const { userId, expiresAt } = record;
    return { ok: true, isNew, userId, device, digits: store.digitsOf(record, device.handle), expiresAt };
  }

  /** The device with this key whose pairing is under way; undefined: there is none, or it was refused or is over. */
  async deviceOf(handle: string): Promise<PendingDevice | undefined> {
    const { store } = this.#deps;
    const record = await store.byDevice(handle);
    if (record === undefined) return undefined;
    const { claim: device, decision } = await store.readingsOf(record);
    if (device?.handle !== handle || decision === 'refused') return undefined;
    // The test of a pairing that was confirmed in time may end later.
    if (decision !== 'confirmed' && store.isOver(record)) return undefined;
    return { userId: record.userId, binding: record.binding, device, isConfirmed: decision === 'confirmed' };
  }

  /** Keeps where pushes reach a device whose pairing is under way, and its language. */
  async subscribe(handle: string, subscription: PushTarget | undefined, language: string): Promise<void> {
    const { store } = this.#deps;
    const record = await store.byDevice(handle);
    if (record === undefined) return;
    await store.changeClaim(record, ({ subscription: _former, ...claim }) =>
      claim.handle === handle ? { ...claim, language, ...(subscription !== undefined && { subscription }) } : undefined,
    );
  }

  /** The device leaves a pairing that its owner has not confirmed yet. */
  async leave(handle: string): Promise<void> {
    const { store } = this.#deps;
    const record = await store.byDevice(handle);
    if (record !== undefined && (await store.claimOf(record))?.handle === handle) await store.decide(record, 'refused');
  }

  async #bySecret(secret: string): Promise<Found> {
    const record = await this.#deps.store.bySecret(secret);
    return record !== undefined && (await this.#mayClaim(record, 'secret')) ? { record } : unknown;
  }

  /**
   * Finds a pairing by the beginning of its code, and compares the whole code after an attempt was counted: at the pairing, so that
   * five wrong ones end it wherever they come from, and at the address, which may try several pairings.
   */
  async #byCode(typed: string, address: string): Promise<Found> {
    const { store, codeLimits } = this.#deps;
    const code = typedCrockford(typed);
    if (code?.length !== codeLength) return { ok: false, reason: 'malformed' };
    const admission = await codeLimits.admit({ address });
    if (!admission.ok) return { ok: false, reason: 'wait', until: admission.until };
    const record = await store.byBeginning(code);
    if (record === undefined) return unknown;
    const counted = await store.countCode(record);
    // The counter begins at one: a first reading of one means that it was lost.
    const mayCompare = counted > 1 && counted - 1 <= maxWrongCodes;
    if (mayCompare && constantTimeEqual(code, store.codeOf(record))) {
      if (!(await this.#mayClaim(record, 'code'))) return unknown;
      await admission.refund();
      return { record };
    }
    if (counted - 1 >= maxWrongCodes) await store.notifyPage(record);
    return unknown;
  }

  /**
   * True where a device may claim it, or has: the one that did may ask again. Wrong codes end it for the secret too; the code that
   * is compared last was counted already.
   */
  async #mayClaim(record: PairingRecord, by: 'secret' | 'code'): Promise<boolean> {
    const { store } = this.#deps;
    if (store.isOver(record)) return false;
    const { claim, decision, codes } = await store.readingsOf(record);
    if (decision === 'refused' || codes === undefined) return false;
    return claim !== undefined || by === 'code' || codes <= maxWrongCodes;
  }
}
