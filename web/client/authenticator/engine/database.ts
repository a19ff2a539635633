/** Keeps the data of the authenticator in IndexedDB. Page and service worker open it, each for itself. */
import type { Ended } from '../state.ts';
import { maxEnded, type Settings, type Store, type StoredEntry } from './records.ts';

const name = 'sallyport-authenticator';

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('the database failed')));
  });

const committed = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve());
    const fail = (): void => reject(transaction.error ?? new Error('the database did not commit'));
    transaction.addEventListener('abort', fail);
    transaction.addEventListener('error', fail);
  });

const open = (): Promise<IDBDatabase> => {
  const request = indexedDB.open(name, 1);
  request.addEventListener('upgradeneeded', () => {
    const { result: database } = request;
    // Keys that count up keep the order in which entries were added.
    database.createObjectStore('entries', { autoIncrement: true }).createIndex('id', 'id', { unique: true });
    database.createObjectStore('history', { keyPath: 'id' }).createIndex('at', 'at');
    database.createObjectStore('settings');
  });
  return done(request);
};

// oxlint-disable typescript/no-unsafe-type-assertion -- only this file writes the database, and with these types

/** Opens the database. @throws DOMException where this browser keeps nothing. */
export const openStore = async (): Promise<Store> => {
  const database = await open();
  // A newer version of the app, in another tab, waits until this connection is closed.
  database.addEventListener('versionchange', () => database.close());

  const read = async <T>(store: string, request: (from: IDBObjectStore) => IDBRequest<T>): Promise<T> =>
    done(request(database.transaction(store).objectStore(store)));
  const write = async (store: string, change: (to: IDBObjectStore) => Promise<void> | void): Promise<void> => {
    // Strict: a key that the server knows must not be lost to a power cut.
    const transaction = database.transaction(store, 'readwrite', { durability: 'strict' });
    const ended = committed(transaction);
    await Promise.all([change(transaction.objectStore(store)), ended]);
  };

  return {
    entries: () => read<StoredEntry[]>('entries', from => from.getAll() as IDBRequest<StoredEntry[]>),
    putEntry: entry =>
      write('entries', async to => {
        const key = await done(to.index('id').getKey(entry.id));
        to.put(entry, key);
      }),
    removeEntry: id =>
      write('entries', async to => {
        const key = await done(to.index('id').getKey(id));
        if (key !== undefined) to.delete(key);
      }),
    async history() {
      const all = await read<Ended[]>('history', from => from.index('at').getAll() as IDBRequest<Ended[]>);
      return all.toReversed();
    },
    putEnded: ended =>
      write('history', async to => {
        to.put(ended);
        const keys = await done(to.index('at').getAllKeys());
        for (const key of keys.slice(0, Math.max(0, keys.length - maxEnded))) to.delete(key);
      }),
    setting: async <Name extends keyof Settings>(of: Name) =>
      read<Settings[Name] | undefined>('settings', from => from.get(of) as IDBRequest<Settings[Name] | undefined>),
    putSetting: (of, value) => write('settings', to => void to.put(value, of)),
  };
};
