/**
 * The links "This wasn't me" in notices, with their effect. A link works for 7 days and once, without a sign-in, because it can
 * only make the account safer.
 *
 *     usable ─reported→ used ─7 days after it was made→ (removed)
 *
 * The account holds the time of the last report, which uses up every link from before it. So a report is one write of one document, one
 * of several at once wins, and an older link cannot stop changes again after an administrator has allowed them.
 */
import { randomToken, sha256 } from '../crypto.ts';
import { isFrozen } from '../frozen-account.ts';
import { isNoticeKind, type NoticeKind, type NoticeSource } from '../notice.ts';
import type { Collection } from '../ports/stores.ts';
import type { Clock, EpochMillis, Millis } from '../ports/time.ts';
import type { NotMeLink, User } from '../records.ts';
import type { Freezes } from '../users/freezes.ts';

/** How long a link works. */
const linkLifetime: Millis = 7 * 86_400_000;

/** For this long after a report, pressing the button again notifies clients again. */
const repeatable: Millis = 600_000;

/** 128 random bits. */
const tokenShape = /^[A-Za-z0-9_-]{22}$/;

/**
 * The state of a link now. unknown: it never existed, or its 7 days are over. used: its owner reported at `at`; `frozenUntil`
 * where changes are still stopped.
 */
export type NotMeState =
  | { readonly state: 'usable'; readonly kind: NoticeKind; readonly at: EpochMillis }
  | { readonly state: 'used'; readonly at: EpochMillis; readonly frozenUntil?: EpochMillis }
  | { readonly state: 'unknown' };

export interface NotMeDeps {
  /** `durable.collection(notMeLinkKind)` */
  readonly links: Collection<NotMeLink, 'userId'>;
  readonly users: Pick<Collection<User>, 'get'>;
  readonly freezes: Pick<Freezes, 'freeze'>;
  /** Deletes what sessions left that have just ended, and tells clients. Called again for a report that is repeated soon. */
  readonly onSignedOut: (userId: string) => Promise<void>;
  /** Address of the page of a token. */
  readonly pageOf: (token: string) => string;
  readonly clock: Clock;
}

export class NotMe {
  readonly #deps: NotMeDeps;

  constructor(deps: NotMeDeps) {
    this.#deps = deps;
  }

  /** Makes a link for one notice, and gives its address. The store keeps a hash of its token. */
  async link(userId: string, kind: NoticeKind, at: EpochMillis): Promise<string> {
    const token = randomToken();
    const expiresAt = at + linkLifetime;
    await this.#deps.links.insert({ id: sha256(token), rev: 1, userId, kind, at, expiresAt });
    return this.#deps.pageOf(token);
  }

  /** The state of this link. Only reads, because programs of mailboxes open links. */
  async look(token: string): Promise<NotMeState> {
    return (await this.#read(token)).shown;
  }

  /**
   * Reports that it was not the person: stops changes, ends all sessions and tokens, tells the person and administrators. True for
   * one of concurrent callers.
   */
  async report(token: string, source: NoticeSource): Promise<boolean> {
    const { freezes, onSignedOut, clock } = this.#deps;
    const { link, user, shown } = await this.#read(token);
    if (link === undefined || user === undefined) return false;
    const { userId, at } = link;
    const isUsable = shown.state === 'usable';
    const isFirst = isUsable && (await freezes.freeze(userId, at, source));
    // Also when the button is pressed again soon: the first time may have ended in a crash.
    if (isUsable || (shown.state === 'used' && clock() - shown.at < repeatable)) await onSignedOut(userId);
    return isFirst;
  }

  async #read(token: string): Promise<{ readonly link?: NotMeLink; readonly user?: User; readonly shown: NotMeState }> {
    const { links, users, clock } = this.#deps;
    const link = tokenShape.test(token) ? await links.get(sha256(token)) : undefined;
    const user = link && (await users.get(link.userId));
    if (link === undefined || user === undefined) return { shown: { state: 'unknown' } };
    const { kind } = link;
    if (!isNoticeKind(kind)) return { shown: { state: 'unknown' } };
    const { notMeAt: at, changesFrozenUntil: frozenUntil } = user;
    if (at === undefined || at < link.at) return { link, user, shown: { state: 'usable', kind, at: link.at } };
    const stillFrozen = isFrozen(user, clock()) && frozenUntil !== undefined;
    return { link, user, shown: { state: 'used', at, ...(stillFrozen && { frozenUntil }) } };
  }
}
