/**
 * Reads and writes challenges in the short-lived store. Every change of a phase is a compare-and-swap, so that one of many concurrent
 * callers wins. `loaded-challenge.ts` derives the present state.
 */
import { openJson, sealJson, type Sealed } from '../../crypto.ts';
import { conflict, optimisticWrite } from '../../optimistic-write.ts';
import type { EphemeralEntry, Ephemeral } from '../../ports/stores.ts';
import { factsBinding, heldKeysBinding, keys, messageIdOf, retention } from '../challenge-state/keys.ts';
import { pending, type Phase } from '../challenge-state/phase.ts';
import type { ChallengeRecord, EstablishedFacts } from '../challenge-state/record.ts';
import type { Resends } from '../challenge-state/resend-count.ts';
import { isAboutAnother, withUpdate, type MessageUpdate, type SentMessage } from '../challenge-state/sent-message.ts';
import { countsAnswers, factorNamed, type Factor } from '../factor.ts';
import { guessTarget } from '../limits/failed-attempts.ts';
import {
  assembled,
  type AssemblyDeps,
  type FoundMessage,
  type LoadedChallenge,
  type ReadChallenge,
} from './loaded-challenge.ts';
import {
  keysOf,
  RememberedChallenges,
  valuesIn,
  type ChallengeValues,
  type FoundAhead,
  type ReadAhead,
} from './read-ahead.ts';

interface ChallengeStoreDeps extends AssemblyDeps {
  readonly ephemeral: Ephemeral;
}

/** Resends are counted for an hour after the last one: no sign-in lasts longer. */
const resendRetention = 3_600_000;

/** Verifying held keys takes less than this. */
const claimLifetime = 5_000;

export class ChallengeStore {
  readonly #deps: ChallengeStoreDeps;
  readonly #remembered = new RememberedChallenges();

  constructor(deps: ChallengeStoreDeps) {
    this.#deps = deps;
  }

  /**
   * Writes a new challenge and makes it the current one of its binding in place of `was`. Of many that begin at once one wins;
   * the entries of the others lead nowhere and expire. Begin itself counts as the first attempt, so that a reading of 1 at a
   * guess means that the counter was lost.
   */
  async begin(record: ChallengeRecord, was: ChallengeRecord | undefined, factor: Factor): Promise<boolean> {
    const ttl = retention(record);
    const { ephemeral } = this.#deps;
    this.#remembered.remember(record.boundTo, record);
    const current = keys.current(record.boundTo);
    const others: readonly EphemeralEntry[] = [
      { key: keys.phase(record.id), value: pending, ttl },
      ...(countsAnswers(factor) ? [{ key: keys.attempts(record.id), value: 1, ttl }] : []),
      ...(record.via === undefined
        ? []
        : [{ key: keys.sent(record.id), value: { record } satisfies SentMessage, ttl }]),
    ];
    if (was === undefined) return ephemeral.setWith(others, current, record, ttl);
    await Promise.all(others.map(async each => ephemeral.put(each.key, each.value, each.ttl)));
    return ephemeral.compareAndSwap(current, was, record, ttl);
  }

  /** Makes `running`, which another sign-in began, the current challenge of the binding of `own`. False: `own` is not current. */
  async share(own: ChallengeRecord, running: ChallengeRecord): Promise<boolean> {
    return this.#deps.ephemeral.compareAndSwap(keys.current(own.boundTo), own, running, retention(running));
  }

  async current(boundTo: string): Promise<ChallengeRecord | undefined> {
    return this.#deps.ephemeral.get(keys.current(boundTo));
  }

  /** The keys to read together with the record of this binding, so that `load` need not read them. */
  readAhead(boundTo: string): ReadAhead {
    const expected = this.#remembered.of(boundTo);
    const named = expected === undefined ? [] : keysOf(expected, this.#deps.factors);
    return {
      keys: named.map(([, each]) => each),
      found: values => expected && { id: expected.id, values: valuesIn(named, values) },
    };
  }

  /** The challenge as it is now. Reads only the keys that its factor has, unless they were `found` already. */
  async load(record: ChallengeRecord, found?: FoundAhead): Promise<LoadedChallenge> {
    const { ephemeral, failedAttempts, factors } = this.#deps;
    const factor = factorNamed(factors, record.factor);
    const isGuessed = factor.guessable && record.purpose === 'authenticate';
    const [{ phase, attempts: counter, resends, sent: first }, guesses] = await Promise.all([
      found?.id === record.id ? found.values : this.#readValues(record),
      isGuessed ? failedAttempts.read(guessTarget(factor, record.userId, record.chosen)) : undefined,
    ]);
    const newest = newestOf(record, resends);
    const sent = newest === record.id ? first : await ephemeral.get(keys.sent(newest));
    return this.assemble({ record, phase, sent, counter, resends, guesses });
  }

  async #readValues(record: ChallengeRecord): Promise<ChallengeValues> {
    const named = keysOf(record, this.#deps.factors);
    return valuesIn(named, await this.#deps.ephemeral.getMany(...named.map(([, each]) => each)));
  }

  /** The current challenge of a binding. */
  async loadCurrent(boundTo: string): Promise<LoadedChallenge | undefined> {
    const record = await this.current(boundTo);
    return record && this.load(record);
  }

  /** The current challenge with its phase alone: enough to tell whether it has passed. */
  async loadPhase(boundTo: string): Promise<LoadedChallenge | undefined> {
    const record = await this.current(boundTo);
    return record && this.assemble({ record, phase: await this.phase(record) });
  }

  /** The message that a callback's token names; undefined: none. */
  async findMessage(token: string): Promise<FoundMessage | undefined> {
    const id = messageIdOf(token);
    const found = await this.message(id);
    return found && { id, sent: found.sent, challenge: this.assemble({ ...found, record: found.sent.record }) };
  }

  /** The message with this id, and the phase of its challenge. */
  async message(id: string): Promise<{ readonly sent: SentMessage; readonly phase: Phase | undefined } | undefined> {
    const [sent, phase] = await this.#deps.ephemeral.getMany<readonly [SentMessage, Phase]>(
      keys.sent(id),
      keys.phase(id),
    );
    if (sent === undefined) return undefined;
    // A resent text has an id of its own; the phase is stored under the id of its challenge.
    return { sent, phase: sent.record.id === id ? phase : await this.phase(sent.record) };
  }

  /**
   * Updates a message, starting from `was`. Gives the message as it is then; `isChanged`: this call changed it.
   * undefined: the update is about another message, and nothing was written.
   */
  async updateMessage(
    id: string,
    was: SentMessage,
    update: MessageUpdate,
  ): Promise<{ readonly sent: SentMessage; readonly isChanged: boolean } | undefined> {
    const { ephemeral, clock } = this.#deps;
    let sent = was;
    return optimisticWrite(
      async () => {
        if (isAboutAnother(sent, update)) return undefined;
        const next = withUpdate(sent, update, clock());
        if (next === sent) return { sent, isChanged: false };
        if (await ephemeral.compareAndSwap(keys.sent(id), sent, next)) return { sent: next, isChanged: true };
        const now = await ephemeral.get(keys.sent(id));
        if (now === undefined) return { sent, isChanged: false };
        sent = now;
        return conflict;
      },
      () => ({ sent, isChanged: false }),
    );
  }

  /** Marks the call as ended, unless it is already; gives it as it is then. */
  async markEnded(id: string, was: SentMessage): Promise<SentMessage> {
    return (await this.updateMessage(id, was, { ended: true }))?.sent ?? was;
  }

  /** Makes the id of one more message lead to this challenge. */
  async addMessage(record: ChallengeRecord, id: string): Promise<void> {
    await this.#deps.ephemeral.put(keys.sent(id), { record }, retention(record));
  }

  /** Id of the newest message of a challenge. */
  async newestMessage(record: ChallengeRecord): Promise<string> {
    return newestOf(record, await this.#deps.ephemeral.get(keys.resends(record.boundTo)));
  }

  /** Reserves a resend in place of `was`; of many callers one gets true. */
  async swapResends(boundTo: string, was: Resends | undefined, next: Resends): Promise<boolean> {
    const { ephemeral } = this.#deps;
    return was === undefined
      ? ephemeral.setIfAbsent(keys.resends(boundTo), next, resendRetention)
      : ephemeral.compareAndSwap(keys.resends(boundTo), was, next, resendRetention);
  }

  async phase(record: ChallengeRecord): Promise<Phase | undefined> {
    return this.#deps.ephemeral.get(keys.phase(record.id));
  }

  async swapPhase(record: ChallengeRecord, was: Phase, next: Phase): Promise<boolean> {
    return this.#deps.ephemeral.compareAndSwap(keys.phase(record.id), was, next);
  }

  /** Swaps pending to passed, with the facts sealed; of many right answers one wins. */
  async pass({ record, phase }: LoadedChallenge, facts: EstablishedFacts): Promise<boolean> {
    const { clock, sealer } = this.#deps;
    return this.swapPhase(record, phase, {
      name: 'passed',
      at: clock(),
      facts: sealJson(sealer, facts, factsBinding(record)),
    });
  }

  /** Swaps to redeemed; of many callers one wins. From pending: for the request that gave the right answer, and uses it itself. */
  async redeem({ record, phase }: Pick<LoadedChallenge, 'record' | 'phase'>): Promise<boolean> {
    return this.swapPhase(record, phase, { name: 'redeemed', at: this.#deps.clock() });
  }

  /** The facts of a passed challenge. */
  facts(record: ChallengeRecord, passed: Extract<Phase, { name: 'passed' }>): EstablishedFacts {
    return openJson(this.#deps.sealer, passed.facts, factsBinding(record));
  }

  /** Keys to be held. They are sealed because in number mode they are the digits of the page. */
  sealHeldKeys(record: ChallengeRecord, pressed: string): Sealed<string> {
    return sealJson(this.#deps.sealer, pressed, heldKeysBinding(record));
  }

  openHeldKeys(record: ChallengeRecord, held: Sealed<string>): string {
    return openJson(this.#deps.sealer, held, heldKeysBinding(record));
  }

  /** True for the one caller that may verify them now. A caller that fails leaves them to another one after the claim. */
  async claimHeldKeys(record: ChallengeRecord): Promise<boolean> {
    return this.#deps.ephemeral.setIfAbsent(keys.heldKeysClaim(record.id), true, claimLifetime);
  }

  /** Counts one attempt and gives the counter's reading; 1 means that the counter was lost. */
  async countAttempt(record: ChallengeRecord): Promise<number> {
    return this.#deps.ephemeral.increment(keys.attempts(record.id), retention(record));
  }

  /** Counts a prompt that was answered by silence or by a stray key. */
  async countUnansweredPrompt(record: ChallengeRecord): Promise<number> {
    return this.#deps.ephemeral.increment(keys.unansweredPrompts(record.id), retention(record));
  }

  /** A loaded challenge, made of what was read already. */
  assemble(read: ReadChallenge): LoadedChallenge {
    return assembled(this.#deps, read);
  }
}

const newestOf = ({ id }: ChallengeRecord, resends: Resends | undefined): string =>
  resends?.of === id ? resends.newest : id;
