/** Where challenges are kept, and how one stands now. Reads and writes; decides nothing. */
import { openJson, sealJson, type Sealer } from '../../crypto.ts';
import type { Clock } from '../../ports/time.ts';
import type { EphemeralEntry, Ephemeral } from '../../ports/stores.ts';
import {
  resendAllowance,
  callDeadline,
  deadline,
  factsBinding,
  messageIdOf,
  keys,
  retention,
  pending,
  sealBinding,
  currentPhase,
  type ChallengeRecord,
  type SealedPart,
  type Phase,
  type Resends,
  type SentMessage,
  type ChallengeView,
} from './record.ts';
import type { EstablishedFacts } from './ceremonies.ts';
import type { Factor } from '../factor.ts';
import type { Limits, FailedAttempts } from '../limits/failed-attempts.ts';

/** A challenge as it stands: `phase` as it is written, `view` as time and tries make it. */
export interface LoadedChallenge {
  readonly record: ChallengeRecord;
  readonly contents: SealedPart;
  readonly phase: Phase;
  readonly view: ChallengeView;
  /** Its newest message, where it has one. */
  readonly sent?: SentMessage;
  readonly resends?: Resends;
}

interface ChallengeStoreDeps {
  readonly ephemeral: Ephemeral;
  readonly clock: Clock;
  readonly sealer: Sealer;
  readonly failedAttempts: FailedAttempts;
  readonly limits: Limits;
}

/** Writers of one message's record: a carrier tells four things of a call, each perhaps twice. */
const turns = 16;

export class ChallengeStore {
  readonly #deps: ChallengeStoreDeps;

  constructor(deps: ChallengeStoreDeps) {
    this.#deps = deps;
  }

  /**
   * Writes a new challenge and makes it the current one of its binding in place of `was`; of many that begin at once one wins,
   * and whatever the others wrote leads nowhere. The first hit of its tries is begin's own.
   */
  async begin(record: ChallengeRecord, was: ChallengeRecord | undefined, factor: Factor): Promise<boolean> {
    const ttl = retention(record);
    const { ephemeral } = this.#deps;
    const current = keys.current(record.boundTo);
    const others: readonly EphemeralEntry[] = [
      { key: keys.phase(record.id), value: pending, ttl },
      ...(factor.guessable ? [{ key: keys.attempts(record.id), value: 1, ttl }] : []),
      ...(record.via === undefined
        ? []
        : [{ key: keys.sent(record.id), value: { record: record } satisfies SentMessage, ttl }]),
    ];
    if (was === undefined) return ephemeral.setWith(others, current, record, ttl);
    await Promise.all(others.map(async each => ephemeral.put(each.key, each.value, each.ttl)));
    return ephemeral.compareAndSwap(current, was, record, ttl);
  }

  async current(boundTo: string): Promise<ChallengeRecord | undefined> {
    return this.#deps.ephemeral.get(keys.current(boundTo));
  }

  /** What a callback's token leads to, with the phase of its challenge; undefined: nothing. */
  async byToken(token: string): Promise<{ readonly sent: SentMessage; readonly phase: Phase | undefined } | undefined> {
    return this.bySent(messageIdOf(token));
  }

  async bySent(id: string): Promise<{ readonly sent: SentMessage; readonly phase: Phase | undefined } | undefined> {
    const [sent, phase] = await this.#deps.ephemeral.getMany<readonly [SentMessage, Phase]>(
      keys.sent(id),
      keys.phase(id),
    );
    if (sent === undefined) return undefined;
    // A text that was sent again has a token of its own, and the phase of the challenge that it belongs to.
    return { sent, phase: sent.record.id === id ? phase : await this.phase(sent.record) };
  }

  /** The newest of the texts of a challenge. */
  async newest(record: ChallengeRecord): Promise<string> {
    return newestOf(record, await this.#deps.ephemeral.get(keys.resends(record.boundTo)));
  }

  /** Makes another token lead to this challenge. */
  async alias(record: ChallengeRecord, id: string): Promise<void> {
    await this.#deps.ephemeral.put(keys.sent(id), { record: record }, retention(record));
  }

  /**
   * Changes what is known of a message, starting from `was`; `change` gives undefined where there is nothing to change.
   * What is known then; `isNews`: this very call made it so.
   */
  async changeSent(
    id: string,
    was: SentMessage,
    change: (was: SentMessage) => SentMessage | undefined,
  ): Promise<{ readonly sent: SentMessage; readonly isNews: boolean }> {
    let sent = was;
    for (let turn = 0; turn < turns; turn += 1) {
      const next = change(sent);
      if (next === undefined) return { sent, isNews: false };
      if (await this.#deps.ephemeral.compareAndSwap(keys.sent(id), sent, next)) return { sent: next, isNews: true };
      const now = await this.#deps.ephemeral.get(keys.sent(id));
      if (now === undefined) return { sent, isNews: false };
      sent = now;
    }
    return { sent, isNews: false };
  }

  async phase(record: ChallengeRecord): Promise<Phase | undefined> {
    return this.#deps.ephemeral.get(keys.phase(record.id));
  }

  async swap(record: ChallengeRecord, was: Phase, next: Phase): Promise<boolean> {
    return this.#deps.ephemeral.compareAndSwap(keys.phase(record.id), was, next);
  }

  /** pending → passed, with what was proven; of many right answers one wins. */
  async pass(record: ChallengeRecord, was: Phase, facts: EstablishedFacts): Promise<boolean> {
    return this.swap(record, was, {
      name: 'passed',
      at: this.#deps.clock(),
      facts: sealJson(this.#deps.sealer, facts, factsBinding(record)),
    });
  }

  /** What was sealed when it began. */
  contents(record: ChallengeRecord): SealedPart {
    return openJson(this.#deps.sealer, record.sealed, sealBinding(record.id));
  }

  facts(record: ChallengeRecord, passed: Extract<Phase, { name: 'passed' }>): EstablishedFacts {
    return openJson(this.#deps.sealer, passed.facts, factsBinding(record));
  }

  /** Counts one try; 0 means that the counter was lost, and with it what was spent. */
  async countAttempt(record: ChallengeRecord): Promise<number> {
    return (await this.#deps.ephemeral.increment(keys.attempts(record.id), retention(record))) - 1;
  }

  /** Counts one silence or stray key on a telephone. */
  async countSilence(record: ChallengeRecord): Promise<number> {
    return this.#deps.ephemeral.increment(keys.silences(record.id), retention(record));
  }

  /** Writes the resends of a binding in place of `was`; of many callers one gets true. Kept for an hour after the last: no sign-in lasts longer. */
  async swapResends(boundTo: string, was: Resends | undefined, next: Resends): Promise<boolean> {
    const { ephemeral } = this.#deps;
    const hour = 3_600_000;
    return was === undefined
      ? ephemeral.setIfAbsent(keys.resends(boundTo), next, hour)
      : ephemeral.compareAndSwap(keys.resends(boundTo), was, next, hour);
  }

  /** How it stands now. Reads only what its factor has. `known`: what was just read of its message. */
  async load(record: ChallengeRecord, factor: Factor): Promise<LoadedChallenge> {
    const [[written, attempts, resends, first], closed] = await Promise.all([
      this.#deps.ephemeral.getMany<readonly [Phase, number, Resends, SentMessage]>(
        keys.phase(record.id),
        keys.attempts(record.id),
        keys.resends(record.boundTo),
        keys.sent(record.id),
      ),
      factor.guessable && record.purpose === 'authenticate'
        ? this.#deps.failedAttempts.closed(record.userId, record.factor)
        : undefined,
    ]);
    const newest = newestOf(record, resends);
    const sent = newest === record.id ? first : await this.#deps.ephemeral.get(keys.sent(newest));
    return this.assemble({ record, factor, written, sent, attempts, resends, closed });
  }

  /** The same of what was read already. */
  assemble(read: {
    readonly record: ChallengeRecord;
    readonly factor: Factor;
    readonly written: Phase | undefined;
    readonly sent?: SentMessage | undefined;
    readonly attempts?: number | undefined;
    readonly resends?: Resends | undefined;
    readonly closed?: Awaited<ReturnType<FailedAttempts['closed']>>;
  }): LoadedChallenge {
    const { record, factor, written, sent, attempts, resends, closed } = read;
    const { limits, clock } = this.#deps;
    const contents = this.contents(record);
    const limit = limits.attemptsPerChallenge;
    const reached = sent?.progress;
    const now = currentPhase(record, written, { reached, attempts, limit }, clock());
    const disabled = closed?.reason === 'disabled' && now.name === 'pending';
    const phase: Phase = disabled ? { name: 'ended', at: clock(), reason: 'disabled' } : now;
    const again =
      factor.again !== undefined && phase.name === 'pending'
        ? resendAllowance(record, resends, { most: limits.resends, gap: limits.resendGap })
        : undefined;
    // Nobody knows whether the carrier took it: until its time is over no other call leaves us.
    const mayStillRing =
      record.via === 'call' && phase.name === 'ended' && phase.reason === 'slow' && sent?.ended !== true;
    const view: ChallengeView = {
      factor: record.factor,
      userId: record.userId,
      ...(record.chosen !== undefined && { chosen: record.chosen }),
      prompt: contents.prompt,
      phase: phase.name,
      ...(phase.name === 'ended' && { reason: phase.reason }),
      ...(reached !== undefined && { progress: reached.step }),
      ...(sent?.ended === true && phase.name === 'pending' && { callEnded: true as const }),
      ...(again !== undefined && { again }),
      begunAt: record.begunAt,
      until: phase.name === 'passed' ? phase.at + record.redeemFor : deadline(record, reached),
      attemptsLeft: Math.max(0, limit + 1 - (attempts ?? 1)),
      ...(closed?.reason === 'wait' && { waitUntil: closed.until }),
      ...(mayStillRing && { waitUntil: callDeadline(record, reached) }),
    };
    return {
      record,
      contents,
      phase: written ?? phase,
      view,
      ...(sent !== undefined && { sent }),
      ...(resends !== undefined && { resends }),
    };
  }
}

const newestOf = ({ id }: ChallengeRecord, resends: Resends | undefined): string =>
  resends?.of === id ? resends.newest : id;
