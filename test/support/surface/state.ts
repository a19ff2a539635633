/** Reads all stored state as one text. Two texts are equal if no state changed in between. */
import {
  auditEventKind,
  authenticatorKind,
  dailySendsKind,
  oidcDocumentKind,
  failedAttemptsKind,
  userKind,
} from '../../../src/records.ts';
import { recordKeys, type KeyRecordingStore } from '../counts/recorded-keys.ts';
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

export interface StateReader {
  readonly store: KeyRecordingStore;
  /** Waits for timers that fired, which may still write. `besides`: collections and prefixes of short-lived keys that may change. */
  snapshot(world: World, besides?: readonly string[]): Promise<string>;
}

export const createStateReader = (): StateReader => {
  const [memory] = stores;
  if (memory === undefined) throw new Error('there is no memory');
  const store = recordKeys(memory);
  return {
    store,
    async snapshot({ clock, store: { durable, shortLived } }, besides = []) {
      await clock.fired();
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
