/**
 * Keeps a durable record of each session, because oidc-provider cannot find sessions by person. `recorded-sessions.ts` writes it with the
 * session, `account-sessions.ts` lists and ends sessions by it.
 *
 *     recorded ─used, or used at another client→ recorded again ─┬─signed out, expired, or one of too many→ (removed)
 *                                                                └─ended→ ended ─expired→ (removed)
 *
 * The record of an ended session stays, so that a request under way does not record the session again.
 */
import { allOf } from '../../all-pages.ts';
import type { Sealer } from '../../crypto.ts';
import { Problem } from '../../errors.ts';
import { conflict, insertIfAbsent, optimisticWrite } from '../../optimistic-write.ts';
import { inserting, replacing, type Collection, type Ephemeral, type Write } from '../../ports/stores.ts';
import type { Clock, EpochMillis, Millis } from '../../ports/time.ts';
import { sessionRecordKind, type SessionClient, type SessionRecord } from '../../records.ts';
import { removeAll } from '../../remove-all.ts';
import { endGrantOnDemand } from '../consent/account-grants.ts';
import { createStoredSessions, type StoredSessions } from '../adapter/sessions.ts';
import type { OidcDocuments } from '../models.ts';

/** Sessions of one account that are kept; the one that was used longest ago goes first. */
export const maxSessions = 50;
/** Sign-ins of an account on this node between two counts of its sessions, so that a usual sign-in does not count. */
const countEvery = 25;
/** Accounts whose sign-ins are counted at a time. */
const maxCounted = 10_000;
/** Clients of one session. The grants of more are ended, the oldest first. */
const maxClients = 100;
/** A use of a session is recorded again after this long. */
const recordEvery: Millis = 900_000;

/** Whether a session that was recorded then is recorded again now. */
export const isStale = (recordedAt: EpochMillis, now: EpochMillis): boolean =>
  Math.abs(now - recordedAt) >= recordEvery;

export interface SessionRecordsDeps {
  /** `durable.collection(sessionRecordKind)` */
  readonly records: Collection<SessionRecord, 'accountId'>;
  readonly documents: OidcDocuments;
  readonly ephemeral: Ephemeral;
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** The longest life of a session. */
  readonly lifetime: Millis;
}

/** A session as it is recorded at a request. */
export type SeenSession = Omit<
  SessionRecord,
  'id' | 'rev' | 'startedAt' | 'signedInAt' | 'usedAt' | 'endedAt' | 'expiresAt'
> & {
  /** When the person signed in, in seconds since 1970. */
  readonly loginTs: number;
};

const recordId = (accountId: string, session: string): string => `${session}:${accountId}`;

/** The records of all accounts. */
export class SessionRecords {
  readonly #deps: SessionRecordsDeps;
  readonly #stored: StoredSessions;
  /** Sign-ins since this node counted the sessions of an account. */
  readonly #begun = new Map<string, number>();

  constructor(deps: SessionRecordsDeps) {
    this.#deps = deps;
    this.#stored = createStoredSessions(deps);
  }

  /**
   * Records a session as it is now. False: the session was ended, and must not be stored. Clients are added and never removed, so that
   * their grants end with the session. `isNew`: this is its first record. `store` is tried once: it writes with other documents of the
   * request, or gives false.
   */
  async record(
    seen: SeenSession,
    { isNew, store }: { readonly isNew: boolean; readonly store?: (write: Write) => Promise<boolean> },
  ): Promise<boolean> {
    const { records, clock, lifetime } = this.#deps;
    const { loginTs, ...facts } = seen;
    const [id, now] = [recordId(seen.accountId, seen.session), clock()];
    // The session cannot outlive this, however often it is used. A clock of another node may be a little ahead.
    const expiresAt = loginTs * 1000 + lifetime + 60_000;
    const signedInAt = loginTs * 1000;
    const first: SessionRecord = { id, rev: 1, ...facts, startedAt: signedInAt, signedInAt, usedAt: now, expiresAt };
    const insert = async (): Promise<boolean> => insertIfAbsent(records, first);
    let together = store;
    const write = async (one: Write, alone: () => Promise<boolean>): Promise<boolean> => {
      const storing = together;
      together = undefined;
      return storing === undefined ? alone() : storing(one);
    };
    const isOpen = await optimisticWrite(
      async before => {
        if (isNew && before === 0 && (await write(inserting(sessionRecordKind, first), insert))) return true;
        const known = await records.get(id);
        if (known === undefined) return (await insert()) || conflict;
        if (known.endedAt !== undefined) return false;
        // These members describe the last use: those that this one does not state are removed. Members of a later release stay.
        const { address: _address, browser: _browser, acr: _acr, method: _method, remembered: _by, ...others } = known;
        const next = await this.#limitClients({
          ...others,
          ...first,
          rev: known.rev,
          startedAt: known.startedAt,
          clients: union(known.clients, facts.clients),
        });
        const replace = async (): Promise<boolean> => (await records.replace(next)) !== undefined;
        return (await write(replacing(sessionRecordKind, next), replace)) || conflict;
      },
      () => {
        throw new Problem('unavailable', 'a concurrent writer won every time this session was recorded');
      },
    );
    if (isNew && isOpen) await this.#limit(seen.accountId);
    return isOpen;
  }

  /** Removes the record of a session that its person signed out of. Grants of `offline_access` stay. */
  async forget(accountId: string, session: string): Promise<void> {
    const record = await this.open(accountId, session);
    if (record !== undefined) await this.#deps.records.remove(record.id);
  }

  /** The record of a session that was not ended. */
  async open(accountId: string, session: string): Promise<SessionRecord | undefined> {
    const record = await this.#deps.records.get(recordId(accountId, session));
    return record?.endedAt === undefined ? record : undefined;
  }

  /** Those of an account that were not ended, the last used first. */
  async allOpen(accountId: string): Promise<readonly SessionRecord[]> {
    return (await this.#all(accountId)).filter(({ endedAt }) => endedAt === undefined);
  }

  /**
   * Notes that a session is ended, once `endClients` has ended what its clients got. Where a request under way adds a client meanwhile,
   * `endClients` runs again with that one.
   * @throws Problem 'unavailable' where concurrent writers always won; the error of `endClients`
   */
  async end({ id }: SessionRecord, endClients: (clients: readonly SessionClient[]) => Promise<void>): Promise<void> {
    const { records, clock } = this.#deps;
    await optimisticWrite<void>(
      async () => {
        const known = await records.get(id);
        if (known === undefined || known.endedAt !== undefined) return undefined;
        await endClients(known.clients);
        return (await records.replace({ ...known, endedAt: clock() })) === undefined ? conflict : undefined;
      },
      () => {
        throw new Problem('unavailable', 'a concurrent writer won every time this session was to be ended');
      },
    );
  }

  /** Removes all of an account. Their sessions can be recorded again. */
  async removeAll(accountId: string): Promise<void> {
    await removeAll(this.#deps.records, { accountId });
  }

  /** Of an account, the last used first. */
  async #all(accountId: string): Promise<readonly SessionRecord[]> {
    const found = await allOf(page => this.#deps.records.find({ accountId }, page));
    return found.toSorted((a, b) => b.usedAt - a.usedAt);
  }

  /** Once in `countEvery` sign-ins, deletes the sessions of an account beyond `maxSessions`. */
  async #limit(accountId: string): Promise<void> {
    const begun = (this.#begun.get(accountId) ?? 0) + 1;
    this.#begun.delete(accountId);
    this.#begun.set(accountId, begun);
    const [oldest] = this.#begun.keys();
    if (this.#begun.size > maxCounted && oldest !== undefined) this.#begun.delete(oldest);
    if (begun % countEvery !== 0) return;
    for (const { id, session } of (await this.#all(accountId)).slice(maxSessions)) {
      await this.#stored.remove(accountId, session);
      await this.#deps.records.remove(id);
    }
  }

  async #limitClients(record: SessionRecord): Promise<SessionRecord> {
    for (const { grantId } of record.clients.slice(0, -maxClients)) {
      if (grantId !== undefined) await endGrantOnDemand(this.#deps, grantId);
    }
    return { ...record, clients: record.clients.slice(-maxClients) };
  }
}

const union = (known: readonly SessionClient[], now: readonly SessionClient[]): readonly SessionClient[] => {
  const isNow = (one: SessionClient): boolean =>
    now.some(other => other.clientId === one.clientId && other.sid === one.sid && other.grantId === one.grantId);
  return [...known.filter(one => !isNow(one)), ...now];
};
