/** Everything that is kept, as one text: two of them are equal when nothing was changed in between. */
import {
  auditEventKind,
  authenticatorKind,
  dailySendsKind,
  oidcDocumentKind,
  failedAttemptsKind,
  userKind,
} from '../../../src/records.ts';
import { watchKeys, type SeenStore } from '../counts/keys-seen.ts';
import { stores } from '../world/stores.ts';
import type { World } from '../world/world.ts';

const kinds = [
  userKind,
  authenticatorKind,
  failedAttemptsKind,
  dailySendsKind,
  oidcDocumentKind,
  auditEventKind,
] as const;

export interface Kept {
  readonly store: SeenStore;
  /** `besides`: names of collections that may change, and beginnings of short-lived keys. */
  all(world: World, besides?: readonly string[]): Promise<string>;
}

export const keepState = (): Kept => {
  const [memory] = stores;
  if (memory === undefined) throw new Error('there is no memory');
  const store = watchKeys(memory);
  return {
    store,
    async all({ store: { durable, shortLived } }, besides = []) {
      const counted = kinds.filter(({ name }) => !besides.includes(name));
      const lasting = await Promise.all(
        counted.map(kind => durable.collection({ ...kind, index: [] }).find({}, { limit: 1000 })),
      );
      const keys = (await store.present()).filter(key => !besides.some(beginning => key.startsWith(beginning)));
      const passing = await Promise.all(keys.map(key => shortLived.ephemeral.get(key)));
      return JSON.stringify({ lasting, passing: keys.map((key, at) => [key, passing[at]]) }, undefined, 1);
    },
  };
};
