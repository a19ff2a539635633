/**
 * Sessions. The record stands under the session's lasting `uid`; the id in the cookie only points at it, so that many
 * requests of one browser write one record, whatever id each of them gave out. An id leads to the sign-in that it was given
 * out for and to no later one: whoever planted or stole it gains nothing by what its owner proves after that.
 */
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { sha256, openJson, sealJson, type Sealed, type Sealer } from '../../crypto.ts';
import { Problem } from '../../errors.ts';
import { conflict, optimisticWrite } from '../../optimistic-write.ts';
import { key, type Ephemeral, type Key } from '../../ports/stores.ts';
import type { Millis } from '../../ports/time.ts';
import { mergeSession, signInOf } from './session-merge.ts';

/**
 * Member of a session that comes with `find` and goes back with `upsert`: the record as it was read, and by which id. By
 * it a writer knows what it changed itself. It is never stored; `provider.ts` lets oidc-provider carry it.
 */
export const readMember = 'read';
interface Read {
  readonly kept: StoredSession;
  readonly id?: string;
}

/** In each attempt one of the concurrent requests wins, so this many requests of one browser may write its session at once. */
const maxAttempts = 200;

type StoredSession = Sealed<AdapterPayload>;
/** `signIn`: as `signInOf` names it. */
interface Pointer {
  readonly uid: string;
  readonly signIn: string;
}
const record = (uid: string): Key<StoredSession> => key('oidc', 'Session', sha256(uid));
const pointer = (id: string): Key<Sealed<Pointer>> => key('oidc', 'Session', 'id', sha256(id));
/** What a sealed text belongs to: the record of a session, or the pointer of an id to it. */
const bound = (uid: string): string => `Session:${sha256(uid)}`;
const boundPointer = (id: string): string => `Session:id:${sha256(id)}`;

export const sessionAdapter = ({
  ephemeral,
  sealer,
}: {
  readonly ephemeral: Ephemeral;
  readonly sealer: Sealer;
}): Adapter => {
  const open = (uid: string, kept: StoredSession): AdapterPayload => openJson(sealer, kept, bound(uid));
  const seal = (uid: string, payload: AdapterPayload): StoredSession => sealJson(sealer, payload, bound(uid));
  const pointed = (id: string, held: Sealed<Pointer> | undefined): Pointer | undefined =>
    held === undefined ? undefined : openJson(sealer, held, boundPointer(id));

  const find = async (uid: string, id?: string): Promise<AdapterPayload | undefined> => {
    const kept = await ephemeral.get(record(uid));
    if (kept === undefined) return undefined;
    const named = id === undefined ? {} : { id };
    return {
      ...open(uid, kept),
      ...(id !== undefined && { jti: id }),
      [readMember]: { kept, ...named } satisfies Read,
    };
  };

  /** True: written. False: the session ended since it was read (a sign-out), and is not brought back. */
  const write = async (
    uid: string,
    ours: AdapterPayload,
    read: StoredSession | undefined,
    ttl: Millis,
  ): Promise<boolean> => {
    const base = read === undefined ? undefined : open(uid, read);
    return optimisticWrite(
      async before => {
        const stored = before === 0 ? read : await ephemeral.get(record(uid));
        if (stored === undefined && base !== undefined) return false;
        const written =
          stored === undefined
            ? await ephemeral.setIfAbsent(record(uid), seal(uid, ours), ttl)
            : await ephemeral.compareAndSwap(
                record(uid),
                stored,
                seal(uid, mergeSession(base, ours, open(uid, stored))),
                ttl,
              );
        return written || conflict;
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
      const to = pointed(id, await ephemeral.get(pointer(id)));
      const found = to && (await find(to.uid, id));
      return found !== undefined && to?.signIn === signInOf(found) ? found : undefined;
    },
    async upsert(id, { [readMember]: given, ...ours }, expiresIn = 0) {
      const [uid, ttl] = [String(ours['uid']), expiresIn * 1000];
      const read = isRead(given) ? given : undefined;
      // A new id at sign-in and step-up: the old one leads nowhere before the session gains anything.
      if (read?.id !== undefined && read.id !== id) await ephemeral.getAndDelete(pointer(read.id));
      // For what this request read or proved itself: another one may have signed in since, and gave out its own id.
      const led = sealJson(sealer, { uid, signIn: signInOf(ours) }, boundPointer(id));
      // Nearly every new one is nobody else's: one round trip. An id alone leads nowhere.
      const along = [{ key: pointer(id), value: led, ttl }];
      if (read === undefined && (await ephemeral.setWith(along, record(uid), seal(uid, ours), ttl))) return;
      if (await write(uid, ours, read?.kept, ttl)) await ephemeral.put(pointer(id), led, ttl);
    },
    async destroy(id) {
      const to = pointed(id, await ephemeral.getAndDelete(pointer(id)));
      if (to !== undefined) await ephemeral.getAndDelete(record(to.uid));
    },
    async consume() {
      throw new Problem('internal', 'a session cannot be consumed');
    },
    revokeByGrantId: async () => {},
    findByUserCode: async () => undefined,
  };
};

const isRead = (value: unknown): value is Read => typeof value === 'object' && value !== null && 'kept' in value;
