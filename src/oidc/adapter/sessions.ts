/**
 * Keeps sessions. The record is stored under the session's `uid`, which does not change; the id in the cookie only points at
 * it. Concurrent requests of one browser so write one record, even after one of them changed the id.
 * An id is valid only for the sign-in that it was issued with: a planted or stolen id does not become
 * valid for a later sign-in (session fixation).
 */
import { Provider, type Adapter, type AdapterPayload } from 'oidc-provider';
import { sha256, openJson, openStored, sealJson, type Sealed, type Sealer } from '../../crypto.ts';
import { Problem } from '../../errors.ts';
import { conflict, optimisticWrite } from '../../optimistic-write.ts';
import { key, type Ephemeral, type EphemeralWrite, type Key } from '../../ports/stores.ts';
import type { Millis } from '../../ports/time.ts';
import { sessionDigest } from '../ended-sessions.ts';
import { holdValues } from '../http/held-writes.ts';
import { mergeSession, signInDigest } from './session-merge.ts';
import { createOpenedTexts } from './opened-texts.ts';

/**
 * Member of a session that `find` adds and `upsert` takes off: the stored record as it was read, and by which id. By it a
 * writer tells its own changes. It is never stored. `provider.ts` makes oidc-provider carry it.
 */
export const loadedMember = 'loaded';
interface LoadedSession {
  readonly stored: StoredSession;
  readonly id?: string;
}

/** In each attempt one of the concurrent requests wins, so this many requests of one browser may write its session at once. */
const maxAttempts = 200;

type StoredSession = Sealed<AdapterPayload>;
interface Pointer {
  readonly uid: string;
  /** As `signInDigest` gives it. */
  readonly signIn: string;
}
const keyOfDigest = (digest: string): Key<StoredSession> => key('oidc', 'Session', digest);
const recordKey = (uid: string): Key<StoredSession> => keyOfDigest(sessionDigest(uid));
const pointerKey = (id: string): Key<Sealed<Pointer>> => key('oidc', 'Session', 'id', sha256(id));
/** Names to which the sealed texts are bound. */
const nameOfDigest = (digest: string): string => `Session:${digest}`;
const recordName = (uid: string): string => nameOfDigest(sessionDigest(uid));
const pointerName = (id: string): string => `Session:id:${sha256(id)}`;

/** oidc-provider's adapter for sessions. */
export const sessionAdapter = ({
  ephemeral,
  sealer,
}: {
  readonly ephemeral: Ephemeral;
  readonly sealer: Sealer;
}): Adapter => {
  const open = (uid: string, stored: StoredSession): AdapterPayload => openJson(sealer, stored, recordName(uid));
  const seal = (uid: string, payload: AdapterPayload): StoredSession => sealJson(sealer, payload, recordName(uid));
  const openPointer = (id: string, stored: Sealed<Pointer> | undefined): Pointer | undefined =>
    stored === undefined ? undefined : openStored(sealer, stored, pointerName(id));

  const openRecord = createOpenedTexts(sealer);
  const find = async (uid: string, id?: string): Promise<AdapterPayload | undefined> => {
    const digest = sessionDigest(uid);
    const stored = await ephemeral.get(keyOfDigest(digest));
    if (stored === undefined) return undefined;
    const session = openRecord(stored, nameOfDigest(digest));
    if (session === undefined) return undefined;
    const loaded: LoadedSession = { stored, ...(id !== undefined && { id }) };
    return { ...session, ...(id !== undefined && { jti: id }), [loadedMember]: loaded };
  };

  /** True: written. False: the session ended since it was read (a sign-out), and is not restored. */
  const write = async (
    uid: string,
    ours: AdapterPayload,
    loaded: StoredSession | undefined,
    ttl: Millis,
  ): Promise<boolean> => {
    const base = loaded === undefined ? undefined : open(uid, loaded);
    return optimisticWrite(
      async before => {
        const stored = before === 0 ? loaded : await ephemeral.get(recordKey(uid));
        if (stored === undefined && base !== undefined) return false;
        const isWritten =
          stored === undefined
            ? await ephemeral.setIfAbsent(recordKey(uid), seal(uid, ours), ttl)
            : await ephemeral.compareAndSwap(
                recordKey(uid),
                stored,
                seal(uid, mergeSession(base, ours, open(uid, stored))),
                ttl,
              );
        return isWritten || conflict;
      },
      () => {
        throw new Problem('unavailable', `a concurrent request won each of ${maxAttempts} attempts to write a session`);
      },
      maxAttempts,
    );
  };

  return {
    findByUid: uid => find(uid),
    async find(id) {
      const pointer = openPointer(id, await ephemeral.get(pointerKey(id)));
      const found = pointer && (await find(pointer.uid, id));
      return found !== undefined && pointer?.signIn === signInDigest(found) ? found : undefined;
    },
    async upsert(id, { [loadedMember]: given, ...ours }, expiresIn = 0) {
      const [uid, ttl] = [String(ours['uid']), expiresIn * 1000];
      const loaded = isLoaded(given) ? given : undefined;
      // A new session without a person holds nothing but the state of a sign-out that has nothing to end.
      if (loaded === undefined && ours['accountId'] === undefined) return;
      // The id changes at sign-in and step-up. The old one must be invalid before the session gains anything.
      if (loaded?.id !== undefined && loaded.id !== id) await ephemeral.getAndDelete(pointerKey(loaded.id));
      // Bound to our own sign-in, not to the merged one: another request may have signed in since, with an id of its own.
      const pointer = sealJson(sealer, { uid, signIn: signInDigest(ours) }, pointerName(id));
      const pointed = { key: pointerKey(id), value: pointer, ttl };
      const writeAgain = async (): Promise<void> => {
        if (await write(uid, ours, loaded?.stored, ttl)) await ephemeral.put(pointerKey(id), pointer, ttl);
      };
      if (loaded === undefined || loaded.id === id) {
        const [at, value] = [recordKey(uid), seal(uid, ours)];
        const record: EphemeralWrite =
          loaded === undefined
            ? { method: 'setIfAbsent', key: at, value, ttl }
            : { method: 'compareAndSwap', key: at, expected: loaded.stored, next: value, ttl };
        // Most sessions have one writer at a time: this is one round trip. A pointer without its record is not a session.
        const writes = [{ method: 'put', ...pointed } as const, record];
        const after = async ([, isWritten]: readonly boolean[]): Promise<void> =>
          isWritten === true ? undefined : writeAgain();
        if (holdValues(Provider.ctx, { writes, after })) return;
        if (loaded === undefined && (await ephemeral.setWith([pointed], at, value, ttl))) return;
      }
      await writeAgain();
    },
    async destroy(id) {
      const pointer = openPointer(id, await ephemeral.getAndDelete(pointerKey(id)));
      if (pointer !== undefined) await ephemeral.getAndDelete(recordKey(pointer.uid));
    },
    async consume() {
      throw new Problem('internal', 'got a session to consume, expected a single-use model');
    },
    revokeByGrantId: async () => {},
    findByUserCode: async () => undefined,
  };
};

/** Sessions by `sessionDigest`, for code that knows no `uid`. */
export interface StoredSessions {
  /** Whether each of these sessions is there, as one of this account. */
  live(accountId: string, digests: readonly string[]): Promise<readonly boolean[]>;
  /** Deletes a session, unless it is another account's now. A request under way does not restore it. */
  remove(accountId: string, digest: string): Promise<void>;
}

export const createStoredSessions = ({
  ephemeral,
  sealer,
}: {
  readonly ephemeral: Ephemeral;
  readonly sealer: Sealer;
}): StoredSessions => {
  const isOf = (accountId: string, digest: string, stored: StoredSession): boolean =>
    openStored(sealer, stored, nameOfDigest(digest))?.accountId === accountId;
  return {
    async live(accountId, digests) {
      if (digests.length === 0) return [];
      const found = await ephemeral.getMany<readonly StoredSession[]>(...digests.map(keyOfDigest));
      return found.map((stored, at) => stored !== undefined && isOf(accountId, digests[at] ?? '', stored));
    },
    async remove(accountId, digest) {
      await optimisticWrite<void>(
        async () => {
          const stored = await ephemeral.get(keyOfDigest(digest));
          if (stored === undefined || !isOf(accountId, digest, stored)) return undefined;
          return (await ephemeral.compareAndSwap(keyOfDigest(digest), stored, undefined)) ? undefined : conflict;
        },
        () => {
          throw new Problem('unavailable', 'a concurrent request wrote the session every time it was to be deleted');
        },
        maxAttempts,
      );
    },
  };
};

const isLoaded = (value: unknown): value is LoadedSession =>
  typeof value === 'object' && value !== null && 'stored' in value;
