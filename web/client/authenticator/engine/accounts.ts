/** Keeps the entries of the home screen: in the store, in memory, and as the views show them. */
import type { CryptoKey } from 'jose';
import type { Entry } from '../state.ts';
import { createWrappingKey } from './codes.ts';
import type { Model } from './model.ts';
import type { Store, StoredAccount, StoredEntry } from './records.ts';

export interface Accounts {
  /** All entries, in the order in which they were added. */
  all(): readonly StoredEntry[];
  /** Accounts of this deployment that the server may still know. */
  served(): readonly StoredAccount[];
  find(id: string): StoredEntry | undefined;
  /** Adds or replaces one. */
  put(entry: StoredEntry): Promise<void>;
  /** Changes members of an account, where it still exists. */
  change(id: string, members: Partial<Omit<StoredAccount, 'kind' | 'id'>>): Promise<void>;
  /** Ends a pairing: the account is one like the others. */
  settle(id: string, members?: Partial<Pick<StoredAccount, 'credential'>>): Promise<void>;
  remove(id: string): Promise<void>;
  /** The key that wraps the secrets of codes; made at its first use. */
  wrappingKey(): Promise<CryptoKey>;
}

const shown = (entry: StoredEntry): Entry => {
  const { id, kind, title, account } = entry;
  return kind === 'codes'
    ? { id, kind, title, account, state: 'paired', hasCodes: true }
    : { id, kind, title, account, state: entry.state, hasCodes: entry.codes !== undefined, device: entry.device };
};

/** Reads the store. */
export const createAccounts = async (store: Store, model: Model): Promise<Accounts> => {
  let entries = await store.entries();
  const show = (changed: readonly StoredEntry[]): void => {
    entries = changed;
    model.change({ entries: entries.map(shown) });
  };
  const put = async (entry: StoredEntry): Promise<void> => {
    await store.putEntry(entry);
    const isNew = !entries.some(({ id }) => id === entry.id);
    show(isNew ? [...entries, entry] : entries.map(each => (each.id === entry.id ? entry : each)));
  };
  const find = (id: string): StoredEntry | undefined => entries.find(each => each.id === id);
  let wrapping: Promise<CryptoKey> | undefined;
  const loadWrappingKey = async (): Promise<CryptoKey> => {
    const kept = await store.setting('wrappingKey');
    if (kept !== undefined) return kept;
    const made = await createWrappingKey();
    await store.putSetting('wrappingKey', made);
    return made;
  };

  show(entries);
  return {
    all: () => entries,
    served: () =>
      entries.filter(each => each.kind === 'account').filter(({ state }) => state === 'paired' || state === 'pairing'),
    find,
    put,
    async change(id, members) {
      const entry = find(id);
      if (entry?.kind === 'account') await put({ ...entry, ...members });
    },
    async settle(id, members = {}) {
      const entry = find(id);
      if (entry?.kind !== 'account') return;
      const { pairing: _done, ...rest } = entry;
      await put({ ...rest, ...members, state: 'paired' });
    },
    async remove(id) {
      await store.removeEntry(id);
      show(entries.filter(each => each.id !== id));
    },
    wrappingKey: () => (wrapping ??= loadWrappingKey()),
  };
};
