/**
 * Lists and ends the sessions of an account. oidc-provider cannot find sessions by person, so each session has a durable record
 * beside it (`recorded-sessions.ts` writes it).
 *
 *     signed in ─record─→ listed ─end→ marked in the account ─→ grants, clients, session, record
 *
 * The mark in the account is the end: one write, which each request reads on every node (`ended-sessions.ts`). What follows
 * tells clients and deletes what the session left: its access and refresh tokens, also those of `offline_access`. After a crash the
 * record is still there, and ending the session again finishes it.
 *
 * | what ends sessions                  | access tokens | refresh tokens | `offline_access` | clients are told |
 * | ----------------------------------- | ------------- | -------------- | ---------------- | ---------------- |
 * | sign-out                            | end           | end            | stay             | yes              |
 * | `end`, `endOthers`, `endAll`        | end           | end            | end              | yes              |
 * | lock, new password, removal         | end           | end            | end              | yes              |
 * | too old, idle, or too many (50)     | end           | end            | stay             | no               |
 */
import type { Audit, AuditFacts } from '../audit.ts';
import { Problem } from '../errors.ts';
import { noteOf, type Notices, type NoticeSource } from '../notice.ts';
import { conflict, insertIfAbsent, optimisticWrite } from '../optimistic-write.ts';
import type { Sealer } from '../crypto.ts';
import type { Collection, Ephemeral } from '../ports/stores.ts';
import type { Clock, EpochMillis, Millis } from '../ports/time.ts';
import type { SessionRecord, SessionClient, User } from '../records.ts';
import { removeAll } from '../remove-all.ts';
import { grantsOf } from './account-grants.ts';
import { createStoredSessions, type StoredSessions } from './adapter/sessions.ts';
import type { BackChannelLogout } from './back-channel-logout.ts';
import { isEnded, isMarkedEnded, withMarks } from './ended-sessions.ts';
import type { OidcDocuments } from './models.ts';

/** Sessions of one account that are kept; the one that was used longest ago goes first. */
export const mostSessions = 50;
/** Sign-ins of an account on this node between two counts of its sessions, so that a usual sign-in does not count. */
const countEvery = 25;
/** Accounts whose sign-ins are counted at a time. */
const maxCounted = 10_000;
/** Clients of one session. The grants of more are ended, the oldest first. */
const mostClients = 100;

export interface AccountSessionsDeps {
  /** `durable.collection(sessionRecordKind)` and `durable.collection(userKind)`. */
  readonly records: Collection<SessionRecord, 'accountId'>;
  readonly users: Collection<User, 'signInNames'>;
  readonly documents: OidcDocuments;
  readonly ephemeral: Ephemeral;
  readonly sealer: Sealer;
  readonly backChannelLogout: Pick<BackChannelLogout, 'end' | 'endAll'>;
  readonly notices: Pick<Notices, 'tell'>;
  readonly audit: Audit;
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

/** A session as its person sees it. `id`: its digest, which is no secret. */
export type ListedSession = Omit<SessionRecord, 'id' | 'rev' | 'accountId' | 'session' | 'endedAt'> & {
  readonly id: string;
};

const recordId = (accountId: string, session: string): string => `${session}:${accountId}`;

/** The sessions of all accounts. */
export class AccountSessions {
  readonly #deps: AccountSessionsDeps;
  readonly #stored: StoredSessions;
  readonly #begun = new Map<string, number>();

  constructor(deps: AccountSessionsDeps) {
    this.#deps = deps;
    this.#stored = createStoredSessions(deps);
  }

  /**
   * Records a session as it is now. `isNew`: this is its first record. False: the session was ended, and must not be stored.
   * Clients are added and never removed, so that their grants end with the session.
   */
  async record(seen: SeenSession, { isNew }: { readonly isNew: boolean }): Promise<boolean> {
    const { records, clock, lifetime } = this.#deps;
    const { loginTs, ...facts } = seen;
    const [id, now] = [recordId(seen.accountId, seen.session), clock()];
    // The session cannot outlive this, however often it is used. A clock of another node may be a little ahead.
    const expiresAt = loginTs * 1000 + lifetime + 60_000;
    const signedInAt = loginTs * 1000;
    const first: SessionRecord = { id, rev: 1, ...facts, startedAt: signedInAt, signedInAt, usedAt: now, expiresAt };
    const isOpen = await optimisticWrite(
      async before => {
        if (isNew && before === 0 && (await insertIfAbsent(records, first))) return true;
        const known = await records.get(id);
        if (known === undefined) return (await insertIfAbsent(records, first)) || conflict;
        if (known.endedAt !== undefined) return false;
        const next = {
          ...first,
          rev: known.rev,
          startedAt: known.startedAt,
          clients: union(known.clients, facts.clients),
        };
        return (await records.replace(await this.#limitClients(next))) === undefined ? conflict : true;
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
    const id = recordId(accountId, session);
    const record = await this.#deps.records.get(id);
    // The record of an ended session stays, so that no late request records it again.
    if (record !== undefined && record.endedAt === undefined) await this.#deps.records.remove(id);
  }

  /** The sessions in which the person is signed in, the last used first. An interrupted end is still listed. */
  async list(user: User): Promise<readonly ListedSession[]> {
    const open = await this.#openOf(user.id);
    const live = await this.#stored.live(user.id, sessionsOf(open));
    const counts = ({ session, signedInAt }: SessionRecord): boolean =>
      !isEnded(user, { at: Math.floor(signedInAt / 1000), session });
    return (
      open
        // A mark with an open record: the end was interrupted, and the person can repeat it.
        .filter((record, at) => isMarkedEnded(user, record.session) || (live[at] === true && counts(record)))
        .map(({ id: _id, rev: _rev, accountId: _accountId, endedAt: _endedAt, session, ...shown }) => ({
          ...shown,
          id: session,
        }))
    );
  }

  /** Ends one session. unknown: the account has no such session. */
  async end(accountId: string, session: string, by: NoticeSource): Promise<'ended' | 'unknown'> {
    const record = await this.#deps.records.get(recordId(accountId, session));
    if (record === undefined || record.endedAt !== undefined) return 'unknown';
    await this.#mark(accountId, [session], user => user);
    await this.#report(accountId, by, { reason: 'one', count: 1 });
    await this.#finish(record);
    return 'ended';
  }

  /**
   * Ends all sessions of the account but one, and what clients got in sessions that are over. Gives the number of sessions that
   * were recorded.
   */
  async endOthers(accountId: string, except: string, by: NoticeSource): Promise<number> {
    const records = await this.#openOf(accountId);
    const others = records.filter(({ session }) => session !== except);
    const kept = records.find(({ session }) => session === except);
    const at = this.#deps.clock();
    await this.#mark(accountId, sessionsOf(others), user => ({ ...user, othersSignedOut: { at, except } }));
    await this.#report(accountId, by, { reason: 'others', count: others.length });
    await this.#finishOthers(accountId, others, kept);
    return others.length;
  }

  /** Ends all sessions of the account, and everything that clients got. Gives the number of sessions that were recorded. */
  async endAll(accountId: string, by: NoticeSource): Promise<number> {
    const records = await this.#openOf(accountId);
    const at = this.#deps.clock();
    await this.#mark(accountId, sessionsOf(records), user => ({ ...user, signedOutAt: at }));
    await this.#report(accountId, by, { reason: 'all', count: records.length });
    for (const record of records) await this.#finish(record);
    await this.#endGrantsOf(accountId, []);
    await this.#deps.backChannelLogout.endAll(accountId);
    return records.length;
  }

  /**
   * Ends what was granted in sessions that another change of the account has ended by its time: a lock, a new password, a recovery.
   * These sessions are not marked, because the person may be signing in again in one of them at this moment. `keep`: the session
   * that the change did not end.
   */
  async afterSignedOut(accountId: string, keep?: string): Promise<void> {
    if (keep !== undefined) {
      const open = await this.#openOf(accountId);
      const kept = open.find(({ session }) => session === keep);
      const others = open.filter(({ session }) => session !== keep);
      if (others.length > 0) await this.#mark(accountId, sessionsOf(others), user => user);
      return this.#finishOthers(accountId, others, kept);
    }
    await removeAll(this.#deps.records, { accountId });
    await this.#endGrantsOf(accountId, []);
    await this.#deps.backChannelLogout.endAll(accountId);
  }

  async #finishOthers(
    accountId: string,
    others: readonly SessionRecord[],
    kept: SessionRecord | undefined,
  ): Promise<void> {
    for (const record of others) await this.#finish(record);
    const keptGrants = (kept?.clients ?? []).map(({ grantId }) => grantId);
    await this.#endGrantsOf(accountId, keptGrants);
  }

  /** Deletes what an ended session left. The record is last: until then the session can be ended again. */
  async #finish({ id, accountId, session, clients }: SessionRecord): Promise<void> {
    const { backChannelLogout, records, clock } = this.#deps;
    await this.#stored.remove(accountId, session);
    for (const { clientId, sid, grantId } of clients) {
      if (grantId !== undefined) await this.#endGrant(grantId);
      if (sid !== undefined) await backChannelLogout.end({ clientId, sub: accountId, sid });
    }
    await optimisticWrite<void>(
      async () => {
        const known = await records.get(id);
        if (known === undefined || known.endedAt !== undefined) return undefined;
        return (await records.replace({ ...known, endedAt: clock() })) === undefined ? conflict : undefined;
      },
      () => {
        throw new Problem('unavailable', 'a concurrent writer won every time this session was to be ended');
      },
    );
  }

  /** Marks these sessions as ended by one write of the account. From then on they are refused on every node. */
  async #mark(accountId: string, sessions: readonly string[], change: (user: User) => User): Promise<void> {
    const { users, clock, lifetime } = this.#deps;
    await optimisticWrite<void>(
      async () => {
        const user = await users.get(accountId);
        // An account that is gone has no session that counts.
        if (user === undefined) return undefined;
        const now = clock();
        const next = change(withMarks(user, sessions, now, now + lifetime));
        return next === user || (await users.replace(next)) !== undefined ? undefined : conflict;
      },
      () => {
        throw new Problem('unavailable', `a concurrent writer won every time the account ${accountId} was written`);
      },
    );
  }

  async #report(subject: string, by: NoticeSource, facts: Pick<AuditFacts, 'reason' | 'count'>): Promise<void> {
    const { actor, reference, address } = by;
    await this.#deps.audit({
      event: 'session.ended',
      subject,
      actor,
      outcome: 'success',
      ...(reference !== undefined && { reference }),
      ...(address !== undefined && { address }),
      ...noteOf(by),
      ...facts,
    });
    await this.#deps.notices.tell(subject, { kind: 'sessions-ended' }, by);
  }

  async #openOf(accountId: string): Promise<readonly SessionRecord[]> {
    return (await this.#recordsOf(accountId)).filter(({ endedAt }) => endedAt === undefined);
  }

  /** The last used first. */
  async #recordsOf(accountId: string): Promise<readonly SessionRecord[]> {
    const found: SessionRecord[] = [];
    let after = '';
    for (;;) {
      const page = await this.#deps.records.find({ accountId }, { after });
      found.push(...page);
      const last = page.at(-1);
      if (last === undefined) return found.toSorted((a, b) => b.usedAt - a.usedAt);
      after = last.id;
    }
  }

  /** Once in `countEvery` sign-ins, deletes the sessions of an account beyond `mostSessions`. */
  async #limit(accountId: string): Promise<void> {
    const begun = (this.#begun.get(accountId) ?? 0) + 1;
    this.#begun.delete(accountId);
    this.#begun.set(accountId, begun);
    const [oldest] = this.#begun.keys();
    if (this.#begun.size > maxCounted && oldest !== undefined) this.#begun.delete(oldest);
    if (begun % countEvery !== 0) return;
    for (const { id, session } of (await this.#recordsOf(accountId)).slice(mostSessions)) {
      await this.#stored.remove(accountId, session);
      await this.#deps.records.remove(id);
    }
  }

  async #endGrantsOf(accountId: string, except: readonly (string | undefined)[]): Promise<void> {
    for (const { grantId } of await grantsOf(this.#deps.documents, accountId)) {
      if (!except.includes(grantId)) await this.#endGrant(grantId);
    }
  }

  async #endGrant(grantId: string): Promise<void> {
    // Loaded on demand: most commands list or end nothing, and oidc-provider loads slowly.
    const { endGrant } = await import('./adapter/grants.ts');
    await endGrant(this.#deps, grantId);
  }

  async #limitClients(record: SessionRecord): Promise<SessionRecord> {
    for (const { grantId } of record.clients.slice(0, -mostClients)) {
      if (grantId !== undefined) await this.#endGrant(grantId);
    }
    return { ...record, clients: record.clients.slice(-mostClients) };
  }
}

const sessionsOf = (records: readonly SessionRecord[]): readonly string[] => records.map(({ session }) => session);

const union = (known: readonly SessionClient[], now: readonly SessionClient[]): readonly SessionClient[] => {
  const isNow = (one: SessionClient): boolean =>
    now.some(other => other.clientId === one.clientId && other.sid === one.sid && other.grantId === one.grantId);
  return [...known.filter(one => !isNow(one)), ...now];
};

/** A use of a session is recorded again after this long. */
export const recordEvery: Millis = 900_000;

/** Whether a session that was recorded then is recorded again now. */
export const isStale = (recordedAt: EpochMillis, now: EpochMillis): boolean =>
  Math.abs(now - recordedAt) >= recordEvery;
