/** Where challenges are kept, and how one stands now. Reads and writes; decides nothing. */
import { openJson, sealJson, type Sealer } from '../../crypto.ts';
import type { Clock, Entry, Ephemeral } from '../../ports.ts';
import {
  againFrom,
  callDeadline,
  deadline,
  factsOf,
  idOf,
  keys,
  lifetime,
  pending,
  sealedTo,
  currentPhase,
  type Body,
  type Contents,
  type Phase,
  type Resends,
  type Sent,
  type View,
} from './record.ts';
import type { Facts } from './ceremonies.ts';
import type { Factor } from '../factor.ts';
import type { Limits, FailedAttempts } from '../limits/failed-attempts.ts';

/** A challenge as it stands: `phase` as it is written, `view` as time and tries make it. */
export interface LoadedChallenge {
  readonly body: Body;
  readonly contents: Contents;
  readonly phase: Phase;
  readonly view: View;
  /** Its newest message, where it has one. */
  readonly sent?: Sent;
  readonly resends?: Resends;
}

interface Parts {
  readonly ephemeral: Ephemeral;
  readonly clock: Clock;
  readonly sealer: Sealer;
  readonly failedAttempts: FailedAttempts;
  readonly limits: Limits;
}

/** Writers of one message's record: a carrier tells four things of a call, each perhaps twice. */
const turns = 16;

export class ChallengeStore {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Writes a new challenge and makes it the current one of its binding in place of `was`; of many that begin at once one wins,
   * and whatever the others wrote leads nowhere. The first hit of its tries is begin's own.
   */
  async begin(body: Body, was: Body | undefined, factor: Factor): Promise<boolean> {
    const ttl = lifetime(body);
    const { ephemeral } = this.#parts;
    const current = keys.current(body.boundTo);
    const others: readonly Entry[] = [
      { key: keys.phase(body.id), value: pending, ttl },
      ...(factor.guessable ? [{ key: keys.attempts(body.id), value: 1, ttl }] : []),
      ...(body.via === undefined ? [] : [{ key: keys.sent(body.id), value: { body } satisfies Sent, ttl }]),
    ];
    if (was === undefined) return ephemeral.setWith(others, current, body, ttl);
    await Promise.all(others.map(async each => ephemeral.put(each.key, each.value, each.ttl)));
    return ephemeral.compareAndSwap(current, was, body, ttl);
  }

  async current(boundTo: string): Promise<Body | undefined> {
    return this.#parts.ephemeral.get(keys.current(boundTo));
  }

  /** What a callback's token leads to, with the phase of its challenge; undefined: nothing. */
  async byToken(token: string): Promise<{ readonly sent: Sent; readonly phase: Phase | undefined } | undefined> {
    return this.bySent(idOf(token));
  }

  async bySent(id: string): Promise<{ readonly sent: Sent; readonly phase: Phase | undefined } | undefined> {
    const [sent, phase] = await this.#parts.ephemeral.getMany<readonly [Sent, Phase]>(keys.sent(id), keys.phase(id));
    if (sent === undefined) return undefined;
    // A text that was sent again has a token of its own, and the phase of the challenge that it belongs to.
    return { sent, phase: sent.body.id === id ? phase : await this.phase(sent.body) };
  }

  /** The newest of the texts of a challenge. */
  async newest(body: Body): Promise<string> {
    return newestOf(body, await this.#parts.ephemeral.get(keys.resends(body.boundTo)));
  }

  /** Makes another token lead to this challenge. */
  async alias(body: Body, id: string): Promise<void> {
    await this.#parts.ephemeral.put(keys.sent(id), { body }, lifetime(body));
  }

  /**
   * Changes what is known of a message, starting from `was`; `change` gives undefined where there is nothing to change.
   * What is known then; `isNews`: this very call made it so.
   */
  async changeSent(
    id: string,
    was: Sent,
    change: (was: Sent) => Sent | undefined,
  ): Promise<{ readonly sent: Sent; readonly isNews: boolean }> {
    let sent = was;
    for (let turn = 0; turn < turns; turn += 1) {
      const next = change(sent);
      if (next === undefined) return { sent, isNews: false };
      if (await this.#parts.ephemeral.compareAndSwap(keys.sent(id), sent, next)) return { sent: next, isNews: true };
      const now = await this.#parts.ephemeral.get(keys.sent(id));
      if (now === undefined) return { sent, isNews: false };
      sent = now;
    }
    return { sent, isNews: false };
  }

  async phase(body: Body): Promise<Phase | undefined> {
    return this.#parts.ephemeral.get(keys.phase(body.id));
  }

  async swap(body: Body, was: Phase, next: Phase): Promise<boolean> {
    return this.#parts.ephemeral.compareAndSwap(keys.phase(body.id), was, next);
  }

  /** pending → passed, with what was proven; of many right answers one wins. */
  async pass(body: Body, was: Phase, facts: Facts): Promise<boolean> {
    return this.swap(body, was, {
      name: 'passed',
      at: this.#parts.clock(),
      facts: sealJson(this.#parts.sealer, facts, factsOf(body)),
    });
  }

  /** What was sealed when it began. */
  contents(body: Body): Contents {
    return openJson(this.#parts.sealer, body.sealed, sealedTo(body.id));
  }

  facts(body: Body, passed: Extract<Phase, { name: 'passed' }>): Facts {
    return openJson(this.#parts.sealer, passed.facts, factsOf(body));
  }

  /** Counts one try; 0 means that the counter was lost, and with it what was spent. */
  async countAttempt(body: Body): Promise<number> {
    return (await this.#parts.ephemeral.increment(keys.attempts(body.id), lifetime(body))) - 1;
  }

  /** Counts one silence or stray key on a telephone. */
  async countSilence(body: Body): Promise<number> {
    return this.#parts.ephemeral.increment(keys.silences(body.id), lifetime(body));
  }

  /** Writes the resends of a binding in place of `was`; of many callers one gets true. Kept for an hour after the last: no sign-in lasts longer. */
  async swapResends(boundTo: string, was: Resends | undefined, next: Resends): Promise<boolean> {
    const { ephemeral } = this.#parts;
    const hour = 3_600_000;
    return was === undefined
      ? ephemeral.setIfAbsent(keys.resends(boundTo), next, hour)
      : ephemeral.compareAndSwap(keys.resends(boundTo), was, next, hour);
  }

  /** How it stands now. Reads only what its factor has. `known`: what was just read of its message. */
  async load(body: Body, factor: Factor): Promise<LoadedChallenge> {
    const [[written, attempts, resends, first], closed] = await Promise.all([
      this.#parts.ephemeral.getMany<readonly [Phase, number, Resends, Sent]>(
        keys.phase(body.id),
        keys.attempts(body.id),
        keys.resends(body.boundTo),
        keys.sent(body.id),
      ),
      factor.guessable && body.purpose === 'prove'
        ? this.#parts.failedAttempts.closed(body.userId, body.factor)
        : undefined,
    ]);
    const newest = newestOf(body, resends);
    const sent = newest === body.id ? first : await this.#parts.ephemeral.get(keys.sent(newest));
    return this.assemble({ body, factor, written, sent, attempts, resends, closed });
  }

  /** The same of what was read already. */
  assemble(read: {
    readonly body: Body;
    readonly factor: Factor;
    readonly written: Phase | undefined;
    readonly sent?: Sent | undefined;
    readonly attempts?: number | undefined;
    readonly resends?: Resends | undefined;
    readonly closed?: Awaited<ReturnType<FailedAttempts['closed']>>;
  }): LoadedChallenge {
    const { body, factor, written, sent, attempts, resends, closed } = read;
    const { limits, clock } = this.#parts;
    const contents = this.contents(body);
    const limit = limits.attemptsPerChallenge;
    const reached = sent?.reached;
    const now = currentPhase(body, written, { reached, attempts, limit }, clock());
    const disabled = closed?.reason === 'disabled' && now.name === 'pending';
    const phase: Phase = disabled ? { name: 'ended', at: clock(), reason: 'disabled' } : now;
    const again =
      factor.again !== undefined && phase.name === 'pending'
        ? againFrom(body, resends, { most: limits.resends, gap: limits.resendGap })
        : undefined;
    // Nobody knows whether the carrier took it: until its time is over no other call leaves us.
    const mayStillRing =
      body.via === 'call' && phase.name === 'ended' && phase.reason === 'slow' && sent?.over !== true;
    const view: View = {
      factor: body.factor,
      userId: body.userId,
      ...(body.chosen !== undefined && { chosen: body.chosen }),
      prompt: contents.prompt,
      phase: phase.name,
      ...(phase.name === 'ended' && { reason: phase.reason }),
      ...(reached !== undefined && { progress: reached.step }),
      ...(sent?.over === true && phase.name === 'pending' && { callOver: true as const }),
      ...(again !== undefined && { again }),
      begunAt: body.begunAt,
      until: phase.name === 'passed' ? phase.at + body.redeemFor : deadline(body, reached),
      attemptsLeft: Math.max(0, limit + 1 - (attempts ?? 1)),
      ...(closed?.reason === 'wait' && { waitUntil: closed.until }),
      ...(mayStillRing && { waitUntil: callDeadline(body, reached) }),
    };
    return {
      body,
      contents,
      phase: written ?? phase,
      view,
      ...(sent !== undefined && { sent }),
      ...(resends !== undefined && { resends }),
    };
  }
}

const newestOf = ({ id }: Body, resends: Resends | undefined): string => (resends?.of === id ? resends.newest : id);
