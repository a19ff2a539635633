/**
 * Remembers browsers: for some days the password alone signs a person in where they have taken a second step. The cookie of the
 * browser holds a token, which changes with each use:
 *
 *     (added) → counter 0 ─used→ counter 1 ─used→ …     forgotten, expired, one of too many → (removed)
 *        token of an earlier counter → (removed), its sessions end, and its person is told: the cookie was copied
 *
 * Another password, another method or a sign-out everywhere ends all of a person without a write, by `version`
 * (`remembered-browser-validity.ts`). Which requests accept one: `oidc/prompts/remembered-browser.ts`.
 */
import type { Audit } from '../audit.ts';
import { randomToken, sha256 } from '../crypto.ts';
import { Problem } from '../errors.ts';
import { noteOf, sourceOf, type ChangedBy, type Notices, type NoticeSource } from '../notice.ts';
import { conflict, optimisticWrite } from '../optimistic-write.ts';
import type { Collection } from '../ports/stores.ts';
import type { Clock, Millis } from '../ports/time.ts';
import type { RememberedBrowser, User } from '../records.ts';
import { removeAll } from '../remove-all.ts';
import { canBeRemembered, isCounting, versionOf } from './remembered-browser-validity.ts';

/** What the browser keeps, in a sealed cookie. */
export interface BrowserToken {
  /** 128 random bits. The store holds their SHA-256 alone. */
  readonly secret: string;
  /** As in the record when the token was made. The seal of the cookie protects it. */
  readonly counter: number;
}

/** A browser that is remembered, with the token that its cookie gets. */
export interface Remembered {
  /** Id of its record. */
  readonly id: string;
  readonly token: BrowserToken;
}

/** Most remembered browsers of one person. One more removes the one that was used longest ago. */
export const maxRemembered = 10;

/** Two tabs may send the same token, so the token before the newest is accepted for this long after a use. */
const graceAfterUse: Millis = 10_000;

interface RememberedBrowsersDeps {
  /** `durable.collection(rememberedBrowserKind)` */
  readonly records: Collection<RememberedBrowser, 'userId'>;
  readonly users: Collection<User, 'signInNames'>;
  readonly notices: Pick<Notices, 'changeAndTell'>;
  readonly audit: Audit;
  readonly clock: Clock;
  /** From the second step on; 0: no browser is remembered. */
  readonly lifetime: Millis;
  /** Ends the sessions in which this browser took the place of the second step, with all that clients got in them. */
  readonly endSessions: (userId: string, id: string, source: NoticeSource) => Promise<unknown>;
}

/** The remembered browsers of all people. */
export class RememberedBrowsers {
  readonly #deps: RememberedBrowsersDeps;

  constructor(deps: RememberedBrowsersDeps) {
    this.#deps = deps;
  }

  /** How long a browser is remembered; 0: none is. */
  get lifetime(): Millis {
    return this.#deps.lifetime;
  }

  /** Whether browsers are remembered. */
  get isOn(): boolean {
    return this.#deps.lifetime > 0;
  }

  /**
   * Remembers the browser of this request. Call it after a second step. `user`: as read when the proofs were judged. If a method was
   * removed since, the new record does not count. `instead`: the token that its cookie held before. undefined: this person cannot have
   * one remembered now.
   */
  async remember(user: User, source: NoticeSource, instead?: BrowserToken): Promise<Remembered | undefined> {
    const { records, users, audit, clock, lifetime } = this.#deps;
    if (!this.isOn || !canBeRemembered(user, clock())) return undefined;
    const { id: userId } = user;
    const [secret, now] = [randomToken(), clock()];
    const id = sha256(secret);
    await records.insert({
      id,
      rev: 1,
      userId,
      counter: 0,
      version: versionOf(user),
      createdAt: now,
      lastUsedAt: now,
      ...placeOf(source),
      expiresAt: now + lifetime,
    });
    if (instead !== undefined) await this.#remove(userId, sha256(instead.secret));
    await this.#limit((await users.get(userId)) ?? user);
    await audit({ event: 'remembered-browser.added', subject: userId, outcome: 'success', ...factsOf(source) });
    return { id, token: { secret, counter: 0 } };
  }

  /**
   * Uses the browser of this token in place of a second step, and gives its next token. undefined: it does not count, or not any
   * more. A token from before the last use was copied: then the browser is forgotten, and its person is told.
   * @throws Problem 'unavailable' where concurrent writers always won
   */
  async recognise(
    userId: string,
    { secret, counter }: BrowserToken,
    source: NoticeSource,
  ): Promise<Remembered | undefined> {
    const { records, users, audit, clock } = this.#deps;
    const user = await users.get(userId);
    if (!this.isOn || user === undefined) return undefined;
    const id = sha256(secret);
    const now = clock();
    const used = await optimisticWrite<RememberedBrowser | 'void' | 'copied'>(
      async () => {
        const record = await records.get(id);
        if (record === undefined || !this.#counts(record, user)) return 'void';
        const behind = record.counter - counter;
        if (behind === 0) {
          const next = { ...record, counter: counter + 1, lastUsedAt: now, ...placeOf(source) };
          return (await records.replace(next)) ?? conflict;
        }
        if (behind === 1 && Math.abs(now - record.lastUsedAt) < graceAfterUse) return record;
        // Ahead of the record: the store was restored from a backup, in which a copied token would be the newest.
        return behind > 0 ? 'copied' : 'void';
      },
      () => {
        throw new Problem('unavailable', 'a concurrent writer won every time this browser was to be recognised');
      },
    );
    if (used === 'copied') await this.#endCopied(userId, id, source);
    if (used === 'void') await this.#remove(userId, id);
    if (typeof used === 'string') return undefined;
    await audit({ event: 'remembered-browser.used', subject: userId, outcome: 'success', ...factsOf(source) });
    return { id, token: { secret, counter: used.counter } };
  }

  /** Whether the browser with this id still counts for this person, as they are stored now. */
  async isValid(user: User, id: string): Promise<boolean> {
    if (!this.isOn) return false;
    const record = await this.#deps.records.get(id);
    return record !== undefined && this.#counts(record, user);
  }

  /** Those of this person that count, the last used first. */
  async list(user: User): Promise<readonly RememberedBrowser[]> {
    return this.#counting(user, await this.#deps.records.find({ userId: user.id }));
  }

  /** Forgets one of this person. False: they have none with this id. */
  async forget(userId: string, id: string, by: ChangedBy): Promise<boolean> {
    const isRemoved = await this.#remove(userId, id);
    if (isRemoved) await this.#auditRemoval(userId, 1, by);
    return isRemoved;
  }

  /** Forgets all of this person, and gives their number. */
  async forgetAll(userId: string, by: ChangedBy): Promise<number> {
    const { length: count } = await removeAll(this.#deps.records, { userId });
    if (count > 0) await this.#auditRemoval(userId, count, by);
    return count;
  }

  #counts(record: RememberedBrowser, user: User): boolean {
    const { clock, lifetime } = this.#deps;
    return isCounting(record, user, { now: clock(), lifetime });
  }

  #counting(user: User, records: readonly RememberedBrowser[]): readonly RememberedBrowser[] {
    return records.filter(each => this.#counts(each, user)).toSorted((a, b) => b.lastUsedAt - a.lastUsedAt);
  }

  /** Removes it before its person is told, so that of concurrent copies only one tells. */
  async #endCopied(userId: string, id: string, source: NoticeSource): Promise<void> {
    const { notices, audit, endSessions } = this.#deps;
    const notice = { kind: 'remembered-browser-copied' } as const;
    const isRemoved = await notices.changeAndTell(
      userId,
      notice,
      source,
      async () => this.#remove(userId, id),
      removed => removed,
    );
    if (!isRemoved) return;
    await audit({ event: 'remembered-browser.copied', subject: userId, outcome: 'refused', ...factsOf(source) });
    // One of them may be the thief's, who would keep its refresh tokens.
    await endSessions(userId, id, source);
  }

  /** Removes those of a person that do not count any more, and those beyond the limit. */
  async #limit(user: User): Promise<void> {
    const { records } = this.#deps;
    const found = await records.find({ userId: user.id });
    const kept = new Set(this.#counting(user, found).slice(0, maxRemembered));
    for (const each of found) if (!kept.has(each)) await records.remove(each.id);
  }

  async #remove(userId: string, id: string): Promise<boolean> {
    const { records } = this.#deps;
    return (await records.get(id))?.userId === userId && records.remove(id);
  }

  async #auditRemoval(userId: string, count: number, by: ChangedBy): Promise<void> {
    const event = { event: 'remembered-browser.removed', subject: userId, outcome: 'success', count } as const;
    await this.#deps.audit({ ...event, ...factsOf(sourceOf(by)), ...noteOf(by) });
  }
}

const placeOf = ({ address, browser }: Pick<NoticeSource, 'address' | 'browser'>) => ({
  ...(address !== undefined && { address }),
  ...(browser !== undefined && { browser }),
});

const factsOf = ({ actor, reference, ...source }: NoticeSource) => ({
  actor,
  ...(reference !== undefined && { reference }),
  ...placeOf(source),
});
