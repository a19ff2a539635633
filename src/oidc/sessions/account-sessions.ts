/**
 * Lists and ends the sessions of an account, by their records (`session-records.ts`).
 *
 *     end ─→ marked in the account ─→ tokens end, clients are told, session deleted, record ended
 *
 * The mark in the account is the end: one write, which each request reads on every node (`ended-sessions.ts`). What follows
 * ends the grants of the session, so that its access and refresh tokens are refused, also those of `offline_access`, and tells the
 * clients. A crash in between leaves the rest undone: the session stays listed then, and ending it again completes it.
 *
 * | what ends sessions                  | access tokens | refresh tokens | `offline_access` | clients are told |
 * | ----------------------------------- | ------------- | -------------- | ---------------- | ---------------- |
 * | sign-out                            | end           | end            | stay             | yes              |
 * | `end`, `endOthers`, `endAll`        | end           | end            | end              | yes              |
 * | `endRemembered`                     | end           | end            | end              | yes              |
 * | lock, new password, removal         | end           | end            | end              | yes              |
 * | too old, idle, or too many (50)     | end           | end            | stay             | no               |
 *
 * What a person allowed clients (`consent/consents.ts`) outlives sessions. It is forgotten where all of them end at once:
 * somebody else may have had the account.
 */
import type { Audit, AuditFacts } from '../../audit.ts';
import { Problem } from '../../errors.ts';
import { noteOf, type Notices, type NoticeSource } from '../../notice.ts';
import { conflict, optimisticWrite } from '../../optimistic-write.ts';
import type { Sealer } from '../../crypto.ts';
import type { Collection, Ephemeral } from '../../ports/stores.ts';
import type { Clock, Millis } from '../../ports/time.ts';
import type { SessionRecord, User } from '../../records.ts';
import { endGrantOnDemand, grantsOf } from '../consent/account-grants.ts';
import { createStoredSessions, type StoredSessions } from '../adapter/sessions.ts';
import type { BackChannelLogout } from '../sign-out/back-channel-logout.ts';
import { Consents } from '../consent/consents.ts';
import { isEnded, isMarkedEnded, lastOf, withMarks } from '../ended-sessions.ts';
import type { OidcDocuments } from '../models.ts';
import type { SessionRecords } from './session-records.ts';

export interface AccountSessionsDeps {
  readonly sessionRecords: Pick<SessionRecords, 'open' | 'allOpen' | 'end' | 'removeAll'>;
  /** `durable.collection(userKind)` */
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

/** A session as its person sees it. `id`: its digest, which is no secret. */
export type ListedSession = Omit<SessionRecord, 'id' | 'rev' | 'accountId' | 'session' | 'endedAt'> & {
  readonly id: string;
};

/** The sessions of all accounts. */
export class AccountSessions {
  readonly #deps: AccountSessionsDeps;
  readonly #stored: StoredSessions;
  readonly #consents: Consents;

  constructor(deps: AccountSessionsDeps) {
    this.#deps = deps;
    this.#stored = createStoredSessions(deps);
    this.#consents = new Consents(deps);
  }

  /** The sessions in which the person is signed in, the last used first. An interrupted end is still listed. */
  async list(user: User): Promise<readonly ListedSession[]> {
    const open = await this.#deps.sessionRecords.allOpen(user.id);
    const live = await this.#stored.live(user.id, sessionsOf(open));
    const counts = ({ session, signedInAt }: SessionRecord): boolean =>
      !isEnded(user, { at: lastOf(Math.floor(signedInAt / 1000)), session });
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
    const record = await this.#deps.sessionRecords.open(accountId, session);
    if (record === undefined) return 'unknown';
    await this.#mark(accountId, [session], user => user);
    await this.#report(accountId, by, { reason: 'one', count: 1 });
    await this.#finish(record);
    return 'ended';
  }

  /**
   * Ends the sessions in which this remembered browser took the place of the second step, because its cookie was copied. Gives
   * their number. The person is told of the copy alone.
   */
  async endRemembered(accountId: string, browser: string, by: NoticeSource): Promise<number> {
    const records = await this.#deps.sessionRecords.allOpen(accountId);
    const ended = records.filter(({ remembered }) => remembered === browser);
    if (ended.length === 0) return 0;
    await this.#mark(accountId, sessionsOf(ended), user => user);
    await this.#audit(accountId, by, { reason: 'remembered-browser-copied', count: ended.length });
    for (const record of ended) await this.#finish(record);
    return ended.length;
  }

  /**
   * Ends all sessions of the account but one, and what clients got in sessions that have ended. Gives the number of sessions that
   * were recorded.
   */
  async endOthers(accountId: string, except: string, by: NoticeSource): Promise<number> {
    const records = await this.#deps.sessionRecords.allOpen(accountId);
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
    const records = await this.#deps.sessionRecords.allOpen(accountId);
    const at = this.#deps.clock();
    await this.#mark(accountId, sessionsOf(records), user => ({ ...user, signedOutAt: at }));
    await this.#report(accountId, by, { reason: 'all', count: records.length });
    for (const record of records) await this.#finish(record);
    await this.#endGrantsOf(accountId, []);
    await this.#consents.removeAll(accountId);
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
      const open = await this.#deps.sessionRecords.allOpen(accountId);
      const kept = open.find(({ session }) => session === keep);
      const others = open.filter(({ session }) => session !== keep);
      if (others.length > 0) await this.#mark(accountId, sessionsOf(others), user => user);
      return this.#finishOthers(accountId, others, kept);
    }
    await this.#deps.sessionRecords.removeAll(accountId);
    await this.#endGrantsOf(accountId, []);
    await this.#consents.removeAll(accountId);
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
  async #finish(record: SessionRecord): Promise<void> {
    const { backChannelLogout, sessionRecords } = this.#deps;
    const { accountId, session } = record;
    await this.#stored.remove(accountId, session);
    await sessionRecords.end(record, async clients => {
      for (const { clientId, sid, grantId } of clients) {
        if (grantId !== undefined) await endGrantOnDemand(this.#deps, grantId);
        if (sid !== undefined) await backChannelLogout.end({ clientId, sub: accountId, sid });
      }
    });
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
    await this.#audit(subject, by, facts);
    await this.#deps.notices.tell(subject, { kind: 'sessions-ended' }, by);
  }

  async #audit(subject: string, by: NoticeSource, facts: Pick<AuditFacts, 'reason' | 'count'>): Promise<void> {
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
  }

  async #endGrantsOf(accountId: string, except: readonly (string | undefined)[]): Promise<void> {
    for (const { grantId } of await grantsOf(this.#deps.documents, accountId)) {
      if (!except.includes(grantId)) await endGrantOnDemand(this.#deps, grantId);
    }
  }
}

const sessionsOf = (records: readonly SessionRecord[]): readonly string[] => records.map(({ session }) => session);
