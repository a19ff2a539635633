/**
 * Verifies an answer, in this order: refuse it during a wait, count the attempt, count the failed attempt, compare, burn, pass,
 * record. A pass is one compare-and-swap: one of many parallel answers wins.
 *
 * Three commits: the count is durable before the comparison, what a right answer changes before it passes, and its record after that.
 */
import type { AuditFacts } from '../../audit.ts';
import { activeAccount } from '../../locked-account.ts';
import type { NoticeKind, Notices } from '../../notice.ts';
import type { Collection, DurableStore, Json } from '../../ports/stores.ts';
import type { Clock, EpochMillis } from '../../ports/time.ts';
import type { User } from '../../records.ts';
import type { CallStatusPoller } from '../delivery/status-poller.ts';
import type { StoredAuthenticator } from '../sealed-authenticators.ts';
import { guessTarget, type FailedAttempts, type SeenCount } from '../limits/failed-attempts.ts';
import type { SendLimits } from '../limits/send-limits.ts';
import type { LimitSettings } from '../limits/settings.ts';
import { countsAnswers, type VerificationResult } from '../factor.ts';
import { isRecoveryFactor, type RecoveryFactor } from '../recovery-types.ts';
import type { Ceremonies } from './ceremonies.ts';
import type { Endings } from './endings.ts';
import type { ChallengeActor, ChallengeEvents } from './events.ts';
import { attemptsLeft } from '../challenge-state/phase.ts';
import type { EstablishedFacts } from '../challenge-state/record.ts';
import { tellOwner } from './owner-notices.ts';
import { ended, overAs, type AnswerResult, type NotRight } from './result.ts';
import { answeredSend, rightAnswerWrites } from './right-answer.ts';
import type { ChallengeStore } from './store.ts';
import type { LoadedChallenge } from './loaded-challenge.ts';

interface VerificationDeps {
  readonly store: ChallengeStore;
  readonly ceremonies: Ceremonies;
  readonly endings: Endings;
  readonly events: ChallengeEvents;
  readonly notices: Pick<Notices, 'tell'>;
  readonly durable: Pick<DurableStore, 'batch'>;
  readonly users: Collection<User, 'signInNames'>;
  readonly failedAttempts: FailedAttempts;
  readonly sendLimits: SendLimits;
  readonly statusPoller: CallStatusPoller;
  readonly clock: Clock;
  readonly limits: LimitSettings;
}

/**
 * A guess that was counted and may be compared. `left`: attempts after it; `failures`: failed attempts in a row with it;
 * `waitUntil`: when the next one may be compared, where it must wait.
 */
interface CountedGuess {
  readonly left: number;
  readonly failures?: number;
  readonly waitUntil?: EpochMillis;
  /** The failed attempts as they are stored now. */
  readonly counted?: SeenCount;
}

/** What this request has read of the person: the active account, and its authenticators. */
export interface KnownPerson {
  readonly user: User;
  readonly stored: readonly StoredAuthenticator[];
}

/** A right answer that its own request uses at once: what it established, and when. */
export interface Redeemed {
  readonly ok: true;
  readonly facts: EstablishedFacts;
  readonly at: EpochMillis;
}

/** Ends the pending phase after a right answer. False: another request ended it first. */
type Take = (facts: EstablishedFacts) => Promise<boolean>;

/** A wrong answer, with what is known about it. */
type Wrong = Extract<VerificationResult<unknown>, { readonly reason: 'wrong' }>;

/** What the owner is told when one of these factors was used. */
const recoveryNotices: Readonly<Record<RecoveryFactor, NoticeKind>> = {
  'recovery-code': 'recovery-code-used',
  'temporary-access-pass': 'temporary-pass-used',
};

export class Verification {
  readonly #deps: VerificationDeps;

  constructor(deps: VerificationDeps) {
    this.#deps = deps;
  }

  /** Verifies an answer. A right one passes the challenge, and waits to be redeemed. */
  async verify(challenge: LoadedChallenge, answer: Json, actor: ChallengeActor): Promise<AnswerResult> {
    const { store } = this.#deps;
    const result = await this.#verify(challenge, answer, { actor, take: facts => store.pass(challenge, facts) });
    if (!result.ok) return result;
    return challenge.record.purpose === 'enroll' ? { ok: true, enrolls: true } : { ok: true };
  }

  /** Verifies an answer from a browser whose request uses a right one at once: no other request can redeem it. */
  async verifyAndRedeem(challenge: LoadedChallenge, answer: Json, known: KnownPerson): Promise<Redeemed | NotRight> {
    const { store, clock } = this.#deps;
    const take: Take = () => store.redeem(challenge);
    const result = await this.#verify(challenge, answer, { actor: 'browser', known, take });
    return result.ok ? { ...result, at: clock() } : result;
  }

  async #verify(
    challenge: LoadedChallenge,
    answer: Json,
    { actor, known, take }: { readonly actor: ChallengeActor; readonly known?: KnownPerson; readonly take: Take },
  ): Promise<{ readonly ok: true; readonly facts: EstablishedFacts } | NotRight> {
    const { record, factor, view } = challenge;
    if (view.phase !== 'pending') return overAs(view);
    const early = await this.#refuseEarly(challenge, actor);
    if (early !== undefined) return early;
    const left = countsAnswers(factor) ? await this.#countAttempt(challenge) : undefined;
    if (typeof left === 'object') return left;
    const user = activeAccount(known?.user ?? (await this.#deps.users.get(record.userId)));
    if (user?.id !== record.userId) return this.#deps.endings.endWith(challenge, 'cancelled');
    const counted = left === undefined ? undefined : await this.#countFailure(challenge, left, actor);
    if (counted !== undefined && 'ok' in counted) return counted;

    const done = rightAnswerWrites(this.#deps, challenge, counted?.counted);
    const { burn } = done;
    const result = await this.#deps.ceremonies.verify(challenge, { user, stored: known?.stored }, { answer, burn });
    if (result.ok) return this.#pass(challenge, result.facts, { actor, take, finish: done.finish });
    if (result.reason === 'notMe') return this.#deps.endings.deny(challenge, actor);
    if (result.reason !== 'wrong') return { ok: false, reason: 'unfinished' };
    await this.#recordWrong(challenge, actor, result, counted?.failures);
    // Written, so that the page learns it at once, and no other answer can follow.
    if (factor.spentReason !== undefined && left === 0) {
      // The answer itself was right: nothing that its person could do better.
      return this.#deps.endings.endWith(challenge, result.because === 'bound' ? 'bound' : factor.spentReason, actor);
    }
    const attempts = counted?.left ?? this.#deps.limits.attemptsPerChallenge;
    return {
      ok: false,
      reason: 'wrong',
      attemptsLeft: attempts,
      ...(counted?.waitUntil !== undefined && { waitUntil: counted.waitUntil }),
      ...(result.reused && { reused: true as const }),
      ...(result.because !== undefined && { because: result.because }),
    };
  }

  /**
   * Refuses a guess during the wait after failed attempts. It is not compared, so it costs no attempt of the challenge. Guesses
   * that arrive before the wait was written pass here, and are stopped by `#countFailure`.
   */
  async #refuseEarly(challenge: LoadedChallenge, actor: ChallengeActor): Promise<NotRight | undefined> {
    const { waitUntil } = challenge.view;
    if (waitUntil === undefined || waitUntil <= this.#deps.clock()) return undefined;
    return this.#refuse(challenge, actor, { reason: 'wait', until: waitUntil });
  }

  async #refuse(
    challenge: LoadedChallenge,
    actor: ChallengeActor,
    block: Pick<Extract<AnswerResult, { reason: 'wait' }>, 'reason' | 'until'> | { readonly reason: 'disabled' },
  ): Promise<NotRight> {
    await this.#deps.events.record('challenge.answered', 'refused', challenge, actor, { reason: block.reason });
    return { ok: false, ...block };
  }

  /** Counts an attempt of the challenge before comparing, so that parallel guesses cannot share one. Gives those left after it. */
  async #countAttempt(challenge: LoadedChallenge): Promise<number | NotRight> {
    const { store, limits } = this.#deps;
    const { attempts: most = limits.attemptsPerChallenge } = challenge.factor;
    const counter = await store.countAttempt(challenge.record);
    // Begin counted one: a first reading means that the counter was lost, and with it the attempts that were used.
    if (counter === 1) return this.#deps.endings.endWith(challenge, 'lost');
    // Not `spentReason`: the answer that took the last attempt may still turn out right.
    if (attemptsLeft(counter - 1, most) === 0) return ended('attempts');
    return attemptsLeft(counter, most);
  }

  /**
   * Counts a failed attempt in a row before comparing; a right answer clears it. Nothing is counted against an enrollment, nor
   * where nothing can be guessed.
   */
  async #countFailure(
    challenge: LoadedChallenge,
    left: number,
    actor: ChallengeActor,
  ): Promise<CountedGuess | NotRight> {
    const { record, factor, guesses } = challenge;
    if (record.purpose === 'enroll' || !factor.guessable) return { left };
    const target = guessTarget(factor, record.userId, record.chosen);
    const admission = await this.#deps.failedAttempts.admit(target, guesses);
    if (admission.admitted) {
      const { count, notBefore, counted } = admission;
      return { left, counted, failures: count, ...(notBefore > this.#deps.clock() && { waitUntil: notBefore }) };
    }
    const { admitted: _admitted, ...block } = admission;
    return this.#refuse(challenge, actor, block);
  }

  async #pass(
    challenge: LoadedChallenge,
    facts: EstablishedFacts,
    {
      actor,
      take,
      finish,
    }: { readonly actor: ChallengeActor; readonly take: Take; readonly finish: () => Promise<void> },
  ): Promise<{ readonly ok: true; readonly facts: EstablishedFacts } | NotRight> {
    const { store, sendLimits, statusPoller, events, endings } = this.#deps;
    const { record } = challenge;
    if (!(await take(facts))) return overAs((await store.load(record)).view);
    statusPoller.stop(record.id);
    const send = answeredSend(challenge);
    await Promise.all([
      send && sendLimits.refundHourly(send.counted, send.messages),
      finish(),
      endings.settlePush(challenge, 'approved'),
    ]);
    // Not with what was burned: of a right answer and a refusal at once, the record names the one that counted.
    await events.record('challenge.passed', 'success', challenge, actor, auditedOf(facts));
    // Here and not at the end of the sign-in: it is used up even if the sign-in never ends.
    if (record.purpose !== 'enroll' && isRecoveryFactor(record.factor))
      await tellOwner(this.#deps.notices, recoveryNotices[record.factor], challenge);
    await events.publish(record);
    return { ok: true, facts };
  }

  async #recordWrong(
    challenge: LoadedChallenge,
    actor: ChallengeActor,
    { reused, because, authenticator }: Wrong,
    failures?: number,
  ): Promise<void> {
    const { events, failedAttempts } = this.#deps;
    await events.record('challenge.answered', 'failure', challenge, actor, {
      reason: reused ? 'reused' : (because ?? 'wrong'),
      ...(failures !== undefined && { count: failures }),
      ...(authenticator !== undefined && { authenticator }),
    });
    if (reused) await this.#warn('factor.reused', 'code-reused', challenge);
    if (because === 'copied') await this.#warn('factor.copied', 'passkey-copied', challenge, authenticator);
    if (failures !== undefined && failedAttempts.isDisabling(failures)) {
      await this.#warn('factor.disabled', 'factor-disabled', challenge);
    }
  }

  async #warn(
    event: 'factor.reused' | 'factor.copied' | 'factor.disabled',
    notice: NoticeKind,
    challenge: LoadedChallenge,
    authenticator = challenge.record.chosen,
  ): Promise<void> {
    const facts = authenticator === undefined ? {} : { authenticator };
    await this.#deps.events.record(event, 'refused', challenge, 'system', facts);
    await tellOwner(this.#deps.notices, notice, challenge);
  }
}

const auditedOf = (facts: EstablishedFacts): AuditFacts =>
  'authenticator' in facts ? { acr: facts.acr, amr: facts.amr.join(' '), authenticator: facts.authenticator } : {};
