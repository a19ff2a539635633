/** Models that end by themselves: codes, access tokens, interactions, replay marks. */
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { sha256, openJson, sealJson, type Sealed, type Sealer } from '../../crypto.ts';
import { Problem } from '../../errors.ts';
import { key, type Ephemeral, type Key } from '../../ports/stores.ts';
import type { Clock } from '../../ports/time.ts';
import type { ModelStorage } from '../models.ts';
import { withoutId } from './ids.ts';

/** What is kept under one id: open, or sealed as a whole. `consumed` in seconds since 1970, as oidc-provider counts. */
type StoredModel = ({ readonly payload: AdapterPayload } | { readonly sealed: Sealed<AdapterPayload> }) & {
  readonly consumed?: number;
};

/** More than this at once is a storm: it asks once more. */
const mostFound = 1000;

/** Tags under which everything of a grant, or of a client, can be dropped. */
const grantTag = (model: string, grantId: string): string => `oidc:${model}:grant:${grantId}`;
export const clientTag = (clientId: string): string => `oidc:client:${clientId}`;

export const shortLivedAdapter = (
  model: string,
  { sealed, once, unique }: ModelStorage,
  { ephemeral, sealer, clock }: { readonly ephemeral: Ephemeral; readonly sealer: Sealer; readonly clock: Clock },
): Adapter => {
  const at = (id: string): Key<StoredModel> => key('oidc', model, sha256(id));
  const byUserCode = (code: string): Key<string> => key('oidc', model, 'user-code', sha256(code));
  const bound = (id: string): string => `${model}:${sha256(id)}`;
  const pack = (id: string, payload: AdapterPayload): StoredModel =>
    sealed ? { sealed: sealJson(sealer, payload, bound(id)) } : { payload: withoutId(payload) };
  const unpack = (id: string, kept: StoredModel): AdapterPayload => ({
    ...('sealed' in kept ? openJson(sealer, kept.sealed, bound(id)) : kept.payload),
    jti: id,
    ...(kept.consumed !== undefined && { consumed: kept.consumed }),
  });
  /** What was just found and may be consumed next. It only saves asking: the swap compares with what is there. */
  const found = new Map<string, StoredModel>();
  const find = async (id: string): Promise<AdapterPayload | undefined> => {
    const kept = await ephemeral.get(at(id));
    if (kept !== undefined && once !== undefined) {
      if (found.size >= mostFound) found.clear();
      found.set(at(id), kept);
    }
    return kept && unpack(id, kept);
  };
  const swapConsumed = async (id: string, kept: StoredModel | undefined): Promise<boolean> =>
    kept !== undefined &&
    kept.consumed === undefined &&
    ephemeral.compareAndSwap(at(id), kept, { ...kept, consumed: Math.floor(clock() / 1000) });

  return {
    find,
    async upsert(id, payload, expiresIn) {
      if (expiresIn === undefined) throw new Problem('internal', `${model}: got no lifetime, expected seconds`);
      const lifetime = expiresIn * 1000 + (once?.lingers ?? 0);
      const { grantId, clientId, userCode } = payload;
      const tags = [
        ...(grantId === undefined ? [] : [grantTag(model, grantId)]),
        ...(clientId === undefined ? [] : [clientTag(clientId)]),
      ];
      if (unique !== undefined) {
        if (!(await ephemeral.setIfAbsent(at(id), pack(id, payload), lifetime, tags))) throw unique.refuse();
        return;
      }
      await ephemeral.put(at(id), pack(id, payload), lifetime, tags);
      if (userCode !== undefined) await ephemeral.put(byUserCode(userCode), sealer.seal(id, bound(userCode)), lifetime);
    },
    async consume(id) {
      const refuse = once?.refuse ?? (() => new Problem('internal', `${model} cannot be consumed`));
      const known = found.get(at(id));
      found.delete(at(id));
      // The one step that decides: of many who come this far, one swaps.
      if (await swapConsumed(id, known)) return;
      // Absent is refused as well: it was revoked between the library's look at it and this moment.
      if (!(await swapConsumed(id, await ephemeral.get(at(id))))) throw refuse();
    },
    async destroy(id) {
      await ephemeral.getAndDelete(at(id));
    },
    revokeByGrantId: grantId => ephemeral.dropTagged(grantTag(model, grantId)),
    findByUid: async () => undefined,
    async findByUserCode(code) {
      const id = await ephemeral.get(byUserCode(code));
      return id === undefined ? undefined : find(sealer.open(id, bound(code)));
    },
  };
};
