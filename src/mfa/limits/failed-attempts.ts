/**
 * Limits failed attempts in a row, per account and authenticator (NIST SP 800-63B-4 §3.2.2): a texted and a spoken code to one
 * phone share a count. They outlive a challenge and have no window of time: only a right answer clears them. A newly bound
 * authenticator starts with none.
 */
import { conflict, insertIfAbsent, optimisticWrite } from '../../optimistic-write.ts';
import { replacing, type Collection, type Write } from '../../ports/stores.ts';
import type { Clock, EpochMillis, Millis } from '../../ports/time.ts';
import { failedAttemptsKind, type FailedAttemptsRecord } from '../../records.ts';
import { authenticatorOf, type Factor } from '../factor.ts';
import type { LimitSettings } from './settings.ts';

/**
 * Whether a guess may be compared now. `count`: failed attempts in a row, this one included. `notBefore`: when the next guess
 * may be compared, unless this one is right. `counted`: the count as it is stored now.
 */
export type Admission =
  | {
      readonly admitted: true;
      readonly count: number;
      readonly notBefore: EpochMillis;
      readonly counted: SeenCount;
    }
  | { readonly admitted: false; readonly reason: 'wait'; readonly until: EpochMillis }
  | { readonly admitted: false; readonly reason: 'disabled' };

/** Why a guess is not admitted. */
export type Block = Exclude<Admission, { admitted: true }>;

/** What guesses are made at. All guesses at one target share a count. */
export interface GuessTarget {
  readonly userId: string;
  /** Id of the authenticator; its type, where one answer is compared with all of that type (TOTP). */
  readonly name: string;
  /** Names under which earlier versions counted the same guesses. */
  readonly formerNames: readonly string[];
}

/** Earlier versions counted by factor. By type of authenticator: its factors that can be guessed at. */
const formerFactors: Readonly<Record<string, readonly string[]>> = { phone: ['sms', 'spoken'] };

/** The target of a challenge of this factor. `chosen`: the authenticator that it asks for. */
export const guessTarget = (factor: Factor, userId: string, chosen: string | undefined): GuessTarget => {
  const type = authenticatorOf(factor);
  return factor.asksFor === 'one' && chosen !== undefined
    ? { userId, name: chosen, formerNames: formerFactors[type] ?? [] }
    : { userId, name: type, formerNames: [] };
};

/** A count as it was read. Without `rev` it is not stored under its own name yet. A write compares with it. */
export type SeenCount = Pick<FailedAttemptsRecord, 'count' | 'notBefore'> & { readonly rev?: number };

interface FailedAttemptsDeps {
  readonly records: Collection<FailedAttemptsRecord>;
  readonly clock: Clock;
  readonly limits: Pick<
    LimitSettings,
    'failedAttemptsBeforeWait' | 'failedAttemptsBeforeDisabled' | 'firstWait' | 'longestWait'
  >;
}

export class FailedAttempts {
  readonly #deps: FailedAttemptsDeps;

  constructor(deps: FailedAttemptsDeps) {
    this.#deps = deps;
  }

  /**
   * Counts one guess before it is compared. Count and waiting time are one document under compare-and-set: of 200 parallel
   * guesses three are admitted. `seen`: the count as this request read it; it is read again where it has changed since.
   */
  async admit(target: GuessTarget, seen?: SeenCount): Promise<Admission> {
    const { clock, limits } = this.#deps;
    return optimisticWrite<Admission>(
      async before => {
        const was = (before === 0 ? seen : undefined) ?? (await this.read(target));
        const block = this.blockOf(was);
        if (block !== undefined) return block;
        const count = was.count + 1;
        const notBefore = clock() + this.#waitAfter(count);
        const counted = await this.#write(target, was, { count, notBefore });
        return counted === undefined ? conflict : { admitted: true, count, notBefore, counted };
      },
      () => ({ admitted: false, reason: 'wait', until: clock() + limits.firstWait }),
    );
  }

  /** Why a guess would not be admitted now; undefined where it would. */
  async blockedBy(target: GuessTarget): Promise<Block | undefined> {
    return this.blockOf(await this.read(target));
  }

  /** Sets the count to zero, after a right answer or for a new authenticator. `seen`: as in `admit`. */
  async clear(target: Pick<GuessTarget, 'userId' | 'name'>, seen?: SeenCount): Promise<void> {
    const { records } = this.#deps;
    await optimisticWrite<undefined>(
      async before => {
        const was = (before === 0 ? seen : undefined) ?? (await records.get(recordId(target)));
        if (was?.count === 0) return undefined;
        // Stored also where there was no count: without a record the former ones would be read.
        const cleared = await this.#write(target, was, { count: 0, notBefore: 0 });
        return cleared === undefined ? conflict : undefined;
      },
      () => undefined,
    );
  }

  /** The same as one write of a batch. undefined: it is zero already, or not stored under this name. */
  clearing(target: Pick<GuessTarget, 'userId' | 'name'>, { count, rev, ...was }: SeenCount): Write | undefined {
    if (count === 0 || rev === undefined) return undefined;
    return replacing(failedAttemptsKind, { ...was, id: recordId(target), rev, count: 0, notBefore: 0 });
  }

  /** The stored count; undefined: another request wrote it since `was` was read. Members of a later release stay. */
  async #write(
    target: Pick<GuessTarget, 'userId' | 'name'>,
    was: SeenCount | undefined,
    to: Pick<FailedAttemptsRecord, 'count' | 'notBefore'>,
  ): Promise<SeenCount | undefined> {
    const { records } = this.#deps;
    const next = { ...was, id: recordId(target), rev: was?.rev ?? 1, ...to };
    if (was?.rev !== undefined) return records.replace(next);
    return (await insertIfAbsent(records, next)) ? next : undefined;
  }

  /** True for the one count at which guesses at the target become disabled. */
  isDisabling(count: number): boolean {
    return count === this.#deps.limits.failedAttemptsBeforeDisabled;
  }

  /** The count now. Until the first guess is counted, the sum of the former counts: an upgrade must not lower them. */
  async read({ userId, name, formerNames }: GuessTarget): Promise<SeenCount> {
    const { records } = this.#deps;
    const stored = await records.get(recordId({ userId, name }));
    if (stored !== undefined) return stored;
    const former = await Promise.all(formerNames.map(async each => records.get(recordId({ userId, name: each }))));
    return {
      count: former.reduce((sum, each) => sum + (each?.count ?? 0), 0),
      notBefore: Math.max(0, ...former.map(each => each?.notBefore ?? 0)),
    };
  }

  /** Why a guess would not be admitted at this count; undefined where it would. */
  blockOf(was: SeenCount): Block | undefined {
    const { clock, limits } = this.#deps;
    if (was.count >= limits.failedAttemptsBeforeDisabled) return { admitted: false, reason: 'disabled' };
    // A clock set back must not lengthen a wait beyond the longest one.
    const left = was.notBefore - clock();
    return left > 0 && left <= limits.longestWait
      ? { admitted: false, reason: 'wait', until: was.notBefore }
      : undefined;
  }

  #waitAfter(count: number): Millis {
    const { failedAttemptsBeforeWait, firstWait, longestWait } = this.#deps.limits;
    return count < failedAttemptsBeforeWait
      ? 0
      : Math.min(firstWait * 2 ** (count - failedAttemptsBeforeWait), longestWait);
  }
}

const recordId = ({ userId, name }: Pick<GuessTarget, 'userId' | 'name'>): string => `${userId}:${name}`;
