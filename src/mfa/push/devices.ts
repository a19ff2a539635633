/**
 * Finds the device that calls the API by its key, paired or with a pairing under way, and changes what is kept of it. Each proof of a
 * call that changes something counts once.
 */
import type { Ephemeral } from '../../ports/stores.ts';
import { key } from '../../ports/stores.ts';
import type { PushTarget } from '../../ports/carriers.ts';
import type { DeviceKey } from '../../pairing-device.ts';
import type { Clock } from '../../ports/time.ts';
import type { Authenticator } from '../factor.ts';
import { isDevice, type PushState } from './data.ts';
import { readProof, verifyProof, type ProvenCall } from './device-proof.ts';
import type { PairingClaims } from './pairing-claims.ts';
import type { PairingOwner, Pairings } from './pairings.ts';
import type { Subscriptions } from './subscriptions.ts';

/** A device as the API knows it. `handle`: the thumbprint of its key. `language`: BCP 47. */
export interface ApiDevice {
  readonly userId: string;
  readonly handle: string;
  readonly key: DeviceKey;
  readonly language: string;
  readonly state: 'paired' | 'pairing';
  readonly push: PushState;
  /** Id of its authenticator, once it is paired. */
  readonly authenticator?: string;
  /** Where a push reaches it. */
  readonly subscription?: PushTarget;
}

/** A call whose proof was verified, or why it is refused. */
export type AdmittedCall =
  | { readonly ok: true; readonly device: ApiDevice }
  | { readonly ok: false; readonly reason: 'device-unknown' | 'proof' }
  | { readonly ok: false; readonly reason: 'clock'; readonly device: ApiDevice };

/** Where authenticators are found by their handle (`authenticators.ts`). */
interface StoredDevices {
  withHandle(handle: string): Promise<(Authenticator & { readonly userId: string }) | undefined>;
}

interface DevicesDeps {
  readonly authenticators: StoredDevices;
  readonly subscriptions: Pick<Subscriptions, 'renew' | 'catchUp' | 'leave'>;
  readonly pairings: Pick<Pairings, 'end'>;
  readonly pairingClaims: Pick<PairingClaims, 'deviceOf' | 'subscribe' | 'leave'>;
  readonly ephemeral: Ephemeral;
  readonly clock: Clock;
  /** The issuer's origin. */
  readonly origin: string;
}

export class Devices {
  readonly #deps: DevicesDeps;

  constructor(deps: DevicesDeps) {
    this.#deps = deps;
  }

  /** The device with this key. One that was removed or has left, or whose pairing has ended, is none. */
  async find(handle: string): Promise<ApiDevice | undefined> {
    const stored = await this.#deps.authenticators.withHandle(handle);
    if (stored !== undefined && isDevice(stored)) {
      if (stored.data.leftAt !== undefined) return undefined;
      const { key: publicKey, language, push, subscription } = stored.data;
      const { userId, id } = stored;
      const reached = subscription !== undefined && { subscription };
      return { userId, handle, key: publicKey, language, push, state: 'paired', authenticator: id, ...reached };
    }
    const pairing = await this.#deps.pairingClaims.deviceOf(handle);
    if (pairing === undefined) return undefined;
    const { userId, device } = pairing;
    const { key: publicKey, language, subscription } = device;
    const reached = subscription === undefined ? { push: 'none' as const } : { push: 'works' as const, subscription };
    return { userId, handle, key: publicKey, language, state: 'pairing', ...reached };
  }

  /** Verifies the proof of a call. One that reads may be sent again until its minute is over; any other counts once. */
  async admit(authorization: string | undefined, call: ProvenCall): Promise<AdmittedCall> {
    const proof = readProof(authorization);
    if (proof === undefined) return { ok: false, reason: 'proof' };
    const device = await this.find(proof.handle);
    if (device === undefined) return { ok: false, reason: 'device-unknown' };
    const { ephemeral, clock, origin } = this.#deps;
    const now = clock();
    const verified = await verifyProof(proof, call, { device, origin, now });
    if (!verified.ok && verified.reason === 'clock') return { ok: false, reason: 'clock', device };
    if (!verified.ok) return { ok: false, reason: 'proof' };
    // Burned only after the signature was verified, so that strangers store nothing.
    const used = key<true>('device-call', device.handle, verified.jti);
    const isFirst = call.method === 'GET' || (await ephemeral.setIfAbsent(used, true, verified.until - now + 1000));
    return isFirst ? { ok: true, device } : { ok: false, reason: 'proof' };
  }

  /** Keeps where pushes reach the device, and its language. undefined: nowhere. */
  async subscribe(
    { userId, handle, authenticator }: ApiDevice,
    subscription: PushTarget | undefined,
    language: string,
  ): Promise<void> {
    const { subscriptions, pairingClaims } = this.#deps;
    if (authenticator === undefined) {
      await pairingClaims.subscribe(handle, subscription, language);
      // It may have been bound meanwhile, after its pairing was read.
      const now = await this.find(handle);
      if (now?.authenticator !== undefined) await this.subscribe(now, subscription, language);
      return;
    }
    await subscriptions.renew({ userId, id: authenticator }, { subscription, language });
  }

  /** Ends the pairing of a device that was bound, and keeps what its app has told since its owner confirmed it. */
  async endPairing(owner: PairingOwner, bound: Authenticator): Promise<void> {
    const { subscriptions, pairings } = this.#deps;
    const told = await pairings.end(owner);
    if (told === undefined || told.handle !== bound.handle || !isDevice(bound)) return;
    await subscriptions.catchUp({ userId: owner.userId, id: bound.id }, bound.data, told);
  }

  /** The app removed the account: the device is not known any more. A pairing under way ends. */
  async leave({ userId, handle, authenticator }: ApiDevice): Promise<void> {
    const { subscriptions, pairingClaims, clock } = this.#deps;
    if (authenticator === undefined) return pairingClaims.leave(handle);
    await subscriptions.leave({ userId, id: authenticator }, clock());
  }
}
