/** Keeps models that expire soon: codes, access tokens, interactions, replay marks. */
import type { KeyObject } from 'node:crypto';
import { errors, Provider, type Adapter, type AdapterPayload } from 'oidc-provider';
import { hmac, sha256, openStored, openStoredText, sealJson, type Sealed, type Sealer } from '../../crypto.ts';
import { Problem } from '../../errors.ts';
import { conflict, optimisticWrite } from '../../optimistic-write.ts';
import { key, type Ephemeral, type Key } from '../../ports/stores.ts';
import type { Clock, Millis } from '../../ports/time.ts';
import { holdRemoval, holdValues } from '../http/held-writes.ts';
import { withoutId, type ModelStorage } from '../models.ts';

/** One instance: readable, or sealed as a whole. `consumed` in seconds since 1970, as oidc-provider counts. */
type StoredModel = ({ readonly payload: AdapterPayload } | { readonly sealed: Sealed<AdapterPayload> }) & {
  readonly consumed?: number;
};

/** Instances that are remembered between `find` and `consume`. Beyond that `consume` reads again. */
const maxRemembered = 1000;

/** Tag of all instances of a grant. */
export const grantTag = (model: string, grantId: string): string => `oidc:${model}:grant:${grantId}`;
/** Tag of all instances of a client without a grant (requests, tokens that an earlier release stored), to drop them together. */
export const clientTag = (clientId: string): string => `oidc:client:${clientId}`;
/** Tag of all access tokens for a resource server that an earlier release has stored. */
export const audienceTag = (resource: string): string => `oidc:audience:${sha256(resource)}`;

/** Under a grant no tag of the client is needed: a client that is removed takes its grants along. */
const tagsOf = (model: string, { grantId, clientId }: AdapterPayload): readonly string[] => {
  if (grantId !== undefined) return [grantTag(model, grantId)];
  return clientId === undefined ? [] : [clientTag(clientId)];
};

/** oidc-provider's adapter for one short-lived model. */
export const shortLivedAdapter = (
  model: string,
  { sealed, unindexed, once, unique, stage }: ModelStorage,
  {
    ephemeral,
    sealer,
    hashKey,
    clock,
  }: {
    readonly ephemeral: Ephemeral;
    readonly sealer: Sealer;
    readonly hashKey: KeyObject;
    readonly clock: Clock;
  },
): Adapter => {
  const keyOf = (id: string): Key<StoredModel> => key('oidc', model, sha256(id));
  // Keyed: a code is short enough to try all of them against a plain hash.
  const userCodeKey = (code: string): Key<string> => key('oidc', model, 'user-code', hmac(hashKey, code));
  /** Name to which a sealed text is bound. */
  const sealedName = (id: string): string => `${model}:${sha256(id)}`;
  const pack = (id: string, payload: AdapterPayload): StoredModel =>
    sealed ? { sealed: sealJson(sealer, payload, sealedName(id)) } : { payload: withoutId(payload) };
  const unpack = (id: string, stored: StoredModel): AdapterPayload | undefined => {
    const payload = 'sealed' in stored ? openStored(sealer, stored.sealed, sealedName(id)) : stored.payload;
    return payload && { ...payload, jti: id, ...(stored.consumed !== undefined && { consumed: stored.consumed }) };
  };
  /** Instances just found, which may be consumed next. It saves a read only: the swap compares with the stored value. */
  const remembered = new Map<string, StoredModel>();
  const find = async (id: string): Promise<AdapterPayload | undefined> => {
    const stored = await ephemeral.get(keyOf(id));
    if (stored !== undefined && once !== undefined) {
      if (remembered.size >= maxRemembered) remembered.clear();
      remembered.set(keyOf(id), stored);
    }
    return stored && unpack(id, stored);
  };
  /** Stores a change of an instance, one step further. */
  const advance = async (id: string, payload: AdapterPayload, to: number, lifetime: Millis): Promise<void> =>
    optimisticWrite<void>(
      async () => {
        const stored = await ephemeral.get(keyOf(id));
        const now = stored && unpack(id, stored);
        if (stored === undefined || now === undefined || stored.consumed !== undefined || (stage?.(now) ?? 0) >= to) {
          throw refuse();
        }
        return (await ephemeral.compareAndSwap(keyOf(id), stored, pack(id, payload), lifetime)) ? undefined : conflict;
      },
      () => {
        throw new Problem('unavailable', `${model}: a concurrent writer won every time this was written`);
      },
    );
  const refuse =
    once?.refuse ?? (() => new Problem('internal', `got ${model} to consume, expected a single-use model`));
  const swapConsumed = async (id: string, stored: StoredModel | undefined): Promise<boolean> =>
    stored !== undefined &&
    stored.consumed === undefined &&
    ephemeral.compareAndSwap(keyOf(id), stored, { ...stored, consumed: Math.floor(clock() / 1000) });

  return {
    find,
    async upsert(id, payload, expiresIn) {
      if (expiresIn === undefined) throw new Problem('internal', `${model}: got no lifetime, expected seconds`);
      const lifetime = expiresIn * 1000 + (once?.readableAfterEnd ?? 0);
      const { userCode } = payload;
      const tags = unindexed === true ? [] : tagsOf(model, payload);
      if (unique !== undefined) {
        if (!(await ephemeral.setIfAbsent(keyOf(id), pack(id, payload), lifetime, tags))) throw unique.refuse();
        return;
      }
      const to = stage?.(payload) ?? 0;
      if (to > 0) return advance(id, payload, to, lifetime);
      const value = pack(id, payload);
      const write = { method: 'put', key: keyOf(id), value, ttl: lifetime, tags } as const;
      if (userCode === undefined && holdValues(Provider.ctx, { writes: [write] })) return;
      await ephemeral.put(keyOf(id), value, lifetime, tags);
      if (userCode === undefined) return;
      // Never overwrite the same code of another device: a person would connect the wrong one.
      const isFree = await ephemeral.setIfAbsent(
        userCodeKey(userCode),
        sealer.seal(id, sealedName(userCode)),
        lifetime,
      );
      if (!isFree) throw new errors.TemporarilyUnavailable('the user code was given to another device: ask again');
    },
    async consume(id) {
      const known = remembered.get(keyOf(id));
      remembered.delete(keyOf(id));
      // The swap decides: one of several concurrent callers succeeds.
      if (await swapConsumed(id, known)) return;
      // An absent one is refused too: it was revoked after the library read it.
      if (!(await swapConsumed(id, await ephemeral.get(keyOf(id))))) throw refuse();
    },
    async destroy(id) {
      if (holdRemoval(Provider.ctx, keyOf(id))) return;
      await ephemeral.getAndDelete(keyOf(id));
    },
    async revokeByGrantId(grantId) {
      if (unindexed !== true) await ephemeral.dropTagged(grantTag(model, grantId));
    },
    findByUid: async () => undefined,
    async findByUserCode(code) {
      const id = await ephemeral.get(userCodeKey(code));
      const opened = id === undefined ? undefined : openStoredText(sealer, id, sealedName(code));
      return opened === undefined ? undefined : find(opened);
    },
  };
};
