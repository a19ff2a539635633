/** Changes the key rings, by schedule or by command. Of concurrent nodes one wins each change, and the others skip it. */
import type { Audit } from '../audit.ts';
import type { AuditEventName } from '../audit-events.ts';
import type { Sealer } from '../crypto.ts';
import { Problem } from '../errors.ts';
import type { Log } from '../log.ts';
import { conflict, optimisticWrite } from '../optimistic-write.ts';
import type { DurableStore, Notifier } from '../ports/stores.ts';
import type { Clock, EpochMillis } from '../ports/time.ts';
import { keyRingKind, secretKind, type KeyRing, type RingKey } from '../records.ts';
import { keepInStep } from './earlier-release.ts';
import { makeKey, opens } from './material.ts';
import {
  advanced,
  allRings,
  firstOf,
  isNextDue,
  removedFrom,
  signsFrom,
  withNext,
  without,
  type KeyTimes,
  type NewKey,
  type Ring,
} from './ring.ts';
import { keySet, loadRings, readRings, ringNamed, versionOf, type KeySet } from './rings.ts';

/** Published when a ring was changed. */
export const keysTopic = 'keys';

export interface KeysDeps {
  readonly durable: DurableStore;
  readonly notifier: Notifier;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly times: KeyTimes;
  readonly audit: Audit;
  readonly log: Log;
}

/** A key as operators see it. */
export interface ListedKey extends Pick<RingKey, 'kid' | 'state' | 'publishedAt' | 'currentAt' | 'replacedAt'> {
  readonly ring: Ring;
  /** Of a next key: when it begins to sign. */
  readonly signsFrom?: EpochMillis;
  /** Of a previous key: when it is removed. */
  readonly removedFrom?: EpochMillis;
}

type Keys = readonly RingKey[];

/** The keys of the installation, and their changes. */
export class InstallationKeys {
  readonly #deps: KeysDeps;
  /** Version of the rings to which the secrets of the previous release were last equal. */
  #inStep = '';

  constructor(deps: KeysDeps) {
    this.#deps = deps;
  }

  /** Opens the keys of these rings. @throws Problem 'unreadable' where no configured sealing key opens one that signs */
  open(rings: readonly KeyRing[]): KeySet {
    return keySet(this.#deps.sealer, rings);
  }

  /** All keys with their states. */
  async list(): Promise<readonly ListedKey[]> {
    const rings = await loadRings(this.#deps);
    return allRings.flatMap(ring => {
      const timing = this.#deps.times[ring.use];
      return ringNamed(rings, ring).keys.map(key => ({
        ring,
        kid: key.kid,
        state: key.state,
        publishedAt: key.publishedAt,
        ...(key.currentAt !== undefined && { currentAt: key.currentAt }),
        ...(key.replacedAt !== undefined && { replacedAt: key.replacedAt }),
        ...(key.state === 'next' && { signsFrom: signsFrom(key, timing) }),
        ...(key.state === 'previous' && { removedFrom: removedFrom(key, timing) }),
      }));
    });
  }

  /** Makes the changes that are due: publishes next keys, lets them sign, removes old ones. Returns the rings; usually one read. */
  async applyDue(): Promise<readonly KeyRing[]> {
    const { clock, times, sealer } = this.#deps;
    const rings = await loadRings(this.#deps);
    let isChanged = false;
    for (const ring of allRings) {
      const { keys } = ringNamed(rings, ring);
      const timing = times[ring.use];
      if (isNextDue(keys, times.rotation, timing, clock()))
        isChanged = (await this.#publish(ring, 'system')) || isChanged;
      const due = (now: Keys) => advanced(now, timing, clock(), key => opens(sealer, ring, key));
      if (due(keys) !== undefined) isChanged = (await this.#change(ring, 'system', due)) || isChanged;
    }
    const now = isChanged ? await loadRings(this.#deps) : rings;
    // Another process may have been killed after it changed a ring.
    if (this.#inStep !== versionOf(now)) await this.#keepInStep();
    return now;
  }

  /** Publishes a next key in each ring that has none. It signs when it has been published long enough (`applyDue`). */
  async rotate(actor: string): Promise<void> {
    for (const ring of allRings) await this.#publish(ring, actor);
  }

  /**
   * Replaces all keys after a leak: a new key signs at once, and earlier keys are removed, so that their signatures become invalid.
   * Of concurrent callers one replaces the keys of a ring, and the others find them replaced.
   */
  async replaceAll(actor: string): Promise<void> {
    const rings = await loadRings(this.#deps);
    for (const ring of allRings) {
      const known = new Set(ringNamed(rings, ring).keys.map(({ kid }) => kid));
      const made = await makeKey(this.#deps.sealer, ring);
      await this.#change(ring, actor, keys =>
        keys.some(key => key.state === 'current' && known.has(key.kid)) ? firstOf(made, this.#deps.clock()) : undefined,
      );
    }
  }

  /** Removes a next or previous key at once. @throws Problem 'not-found', and 'bad-request' for the key that signs */
  async retire(kid: string, actor: string): Promise<void> {
    const rings = await loadRings(this.#deps);
    const ring = allRings.find(each => ringNamed(rings, each).keys.some(key => key.kid === kid));
    if (ring === undefined) throw new Problem('not-found', `no key has the id ${JSON.stringify(kid)}`);
    const isRemoved = await this.#change(ring, actor, keys => without(keys, kid));
    if (isRemoved || !ringNamed(await loadRings(this.#deps), ring).keys.some(key => key.kid === kid)) return;
    throw new Problem('bad-request', `${kid} signs now: replace it first ("keys rotate", or "keys rotate --now")`);
  }

  async #publish(ring: Ring, actor: string): Promise<boolean> {
    const { sealer, clock } = this.#deps;
    let made: NewKey | undefined;
    return this.#change(ring, actor, async keys => {
      if (keys.some(({ state }) => state === 'next')) return undefined;
      made ??= await makeKey(sealer, ring);
      return withNext(keys, made, clock());
    });
  }

  /** Stores the keys that `decide` returns for a ring. If it returns undefined, they stay as they are, and the result is false. */
  async #change(
    ring: Ring,
    actor: string,
    decide: (keys: Keys) => Keys | undefined | Promise<Keys | undefined>,
  ): Promise<boolean> {
    const { durable, notifier } = this.#deps;
    const rings = durable.collection(keyRingKind);
    const changed = await optimisticWrite<{ readonly before: Keys; readonly after: Keys } | undefined>(
      async () => {
        const stored: KeyRing | undefined = await rings.get(ring.id);
        if (stored === undefined) throw new Problem('not-found', `no key ring ${ring.id} is stored`);
        const keys = await decide(stored.keys);
        if (keys === undefined) return undefined;
        const written = await rings.replace({ ...stored, keys });
        return written === undefined ? conflict : { before: stored.keys, after: keys };
      },
      () => {
        throw new Problem('unavailable', `the key ring ${ring.id} kept changing while it was written`);
      },
    );
    if (changed === undefined) return false;
    await this.#record(ring, actor, changed.before, changed.after);
    await this.#keepInStep();
    await notifier.publish(keysTopic).catch((error: unknown) => this.#deps.log.warn('keys.not-announced', { error }));
    return true;
  }

  async #keepInStep(): Promise<void> {
    const { durable } = this.#deps;
    let version = '';
    const isInStep = await keepInStep({ ...this.#deps, secrets: durable.collection(secretKind) }, async () => {
      const rings = await readRings(durable.collection(keyRingKind));
      version = versionOf(rings);
      return rings;
    });
    if (isInStep) this.#inStep = version;
  }

  async #record(ring: Ring, actor: string, before: Keys, after: Keys): Promise<void> {
    const tell = (event: AuditEventName, key: RingKey) =>
      this.#deps.audit({ event, actor, outcome: 'success', key: key.kid, ring: ring.id });
    for (const key of after) {
      const old = before.find(({ kid }) => kid === key.kid);
      if (old?.state === key.state) continue;
      if (key.state === 'next') await tell('key.published', key);
      if (key.state === 'current') await tell('key.signs', key);
    }
    for (const key of before) if (!after.some(({ kid }) => kid === key.kid)) await tell('key.removed', key);
  }
}
