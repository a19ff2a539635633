/** What becomes of an answer: it passes, is counted, says "not me", or changes nothing; and how a challenge ends. */
import type { KeyObject } from 'node:crypto';
import type { Audit, AuditEvent, AuditFacts } from '../../audit.ts';
import { hmacDigits } from '../../crypto.ts';
import { Problem } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Notifier, Collection, Json } from '../../ports/stores.ts';
import type { Clock } from '../../ports/time.ts';
import type { User } from '../../records.ts';
import type { Authenticators, StoredAuthenticator } from '../authenticators.ts';
import { enrollmentCeremony, authenticationCeremony, type Ceremony, type EstablishedFacts } from './ceremonies.ts';
import type { EndReason } from '../../end-reason.ts';
import { challengeTopic, type ChallengeRecord, type RequestContext, type Phase } from './record.ts';
import type { ChallengeStore, LoadedChallenge } from './store.ts';
import type { Sender } from '../delivery/sender.ts';
import type { CeremonyContext, Factor } from '../factor.ts';
import type { CallStatusPoller } from '../delivery/status-poller.ts';
import { ended, hasEnded, type AnswerResult } from './result.ts';
import type { Limits, FailedAttempts } from '../limits/failed-attempts.ts';

export interface VerificationDeps {
  readonly store: ChallengeStore;
  readonly notifier: Notifier;
  readonly clock: Clock;
  readonly users: Collection<User, 'canonical'>;
  readonly factors: readonly Factor[];
  readonly authenticators: Authenticators;
  readonly sender: Sender;
  readonly failedAttempts: FailedAttempts;
  readonly statusPoller: CallStatusPoller;
  /** Codes that we send are made with it. */
  readonly hashKey: KeyObject;
  readonly audit: Audit;
  readonly log: Log;
  readonly limits: Limits;
}

export class Verification {
  readonly #deps: VerificationDeps;

  constructor(deps: VerificationDeps) {
    this.#deps = deps;
  }

  async verify(was: LoadedChallenge, answer: Json, actor: 'browser' | 'carrier'): Promise<AnswerResult> {
    const { record, contents, view } = was;
    if (view.phase !== 'pending') return hasEnded(view);
    const factor = this.factor(record);
    const counted = factor.guessable ? await this.#count(was, factor, actor) : undefined;
    if (counted !== undefined && 'outcome' in counted) return counted.outcome;
    const user = counted?.user ?? (await this.user(record.userId));
    if (user === undefined) return this.over(was, 'cancelled');

    const result = await this.ceremony(record, user).verify(
      answer,
      contents.state,
      this.context(record, contents.request),
    );
    if (result.ok) return this.#pass(was, result.facts, actor);
    if (result.reason === 'notMe') return this.deny(was, actor);
    if (result.reason !== 'wrong') return { ok: false, reason: 'unfinished' };
    await this.#wrong(was, actor, counted?.failedAttempts, result.reused);
    const attemptsLeft = this.#deps.limits.attemptsPerChallenge - (counted?.attempts ?? 0);
    return { ok: false, reason: 'wrong', attemptsLeft, ...(result.reused && { reused: true as const }) };
  }

  /** Counts a guess before anybody looks at it, so that parallel guesses cannot share a try. */
  async #count(
    was: LoadedChallenge,
    factor: Factor,
    actor: string,
  ): Promise<
    | { readonly outcome: AnswerResult }
    | { readonly attempts: number; readonly failedAttempts?: number; readonly user: User }
  > {
    const { store, failedAttempts, limits } = this.#deps;
    const { record } = was;
    const attempts = await store.countAttempt(record);
    if (attempts === 0) return { outcome: await this.over(was, 'lost') };
    if (attempts > limits.attemptsPerChallenge) return { outcome: ended('attempts') };
    const user = await this.user(record.userId);
    if (user === undefined) return { outcome: await this.over(was, 'cancelled') };
    if (record.purpose === 'enroll') return { attempts, user };
    const admission = await failedAttempts.admit(user.id, factor.type);
    if (admission.admitted) return { attempts, failedAttempts: admission.count, user };
    const { admitted: _admitted, ...closed } = admission;
    await this.record('challenge.answered', 'refused', was, actor, { reason: closed.reason });
    return { outcome: closed.reason === 'wait' ? { ok: false, ...closed } : { ok: false, reason: 'disabled' } };
  }

  async #pass(was: LoadedChallenge, facts: EstablishedFacts, actor: string): Promise<AnswerResult> {
    const { store, failedAttempts, sender, statusPoller } = this.#deps;
    const { record, phase } = was;
    if (!(await store.pass(record, phase, facts))) return hasEnded((await this.load(record)).view);
    statusPoller.stop(record.id);
    const settled = sender.settle(was);
    if (this.factor(record).guessable && record.purpose === 'authenticate')
      await failedAttempts.clear(record.userId, record.factor);
    await settled;
    await this.record('challenge.passed', 'success', was, actor, {
      ...('acr' in facts && { acr: facts.acr, amr: facts.amr.join(' '), authenticator: facts.authenticator }),
    });
    await this.publish(record);
    return record.purpose === 'enroll' ? { ok: true, enrolls: true } : { ok: true };
  }

  /** The owner says that it was not them: this attempt dies, nothing rings them for a day, and those who must know are told. */
  async deny(was: LoadedChallenge, actor: string): Promise<AnswerResult> {
    const { record, contents, phase } = was;
    const { store, failedAttempts, clock, log, statusPoller } = this.#deps;
    // The pause first: were it to fail after the denial, the same keys said once more would find nothing left to deny.
    const until = await failedAttempts.pause(record.userId);
    const won = await store.swap(record, phase, { name: 'denied', at: clock() });
    if (!won) return hasEnded((await this.load(record)).view);
    statusPoller.stop(record.id);
    await this.record('challenge.denied', 'refused', was, actor);
    await this.record('account.paused', 'info', was, 'system', { until });
    for (const audience of ['person', 'administrators']) {
      await this.record('notice.sent', 'info', was, 'system', { notice: 'not-me', audience });
    }
    const { reference, client, address } = contents.request;
    log.warn('not-me', { subject: record.userId, factor: record.factor, reference, client, address, until });
    await this.publish(record);
    return { ok: false, reason: 'notMe' };
  }

  async #wrong(was: LoadedChallenge, actor: string, count?: number, reused?: true): Promise<void> {
    await this.record('challenge.answered', 'failure', was, actor, {
      reason: reused ? 'reused' : 'wrong',
      ...(count !== undefined && { count }),
    });
    if (reused) await this.#warn('factor.reused', 'code-reused', was);
    if (count !== undefined && this.#deps.failedAttempts.isDisabling(count)) {
      await this.#warn('factor.disabled', 'factor-disabled', was);
    }
  }

  async #warn(event: 'factor.reused' | 'factor.disabled', notice: string, was: LoadedChallenge): Promise<void> {
    await this.record(event, 'refused', was, 'system');
    await this.record('notice.sent', 'info', was, 'system', { notice });
  }

  /** Nothing more can come of it; on a telephone its last words are the answer to this very callback. */
  async over(was: LoadedChallenge, reason: EndReason): Promise<AnswerResult> {
    await this.end(was, reason);
    return ended(reason);
  }

  /** Swaps to ended from one of these phases; true for the one caller that did. */
  async end(was: LoadedChallenge, reason: EndReason, from: readonly Phase['name'][] = ['pending']): Promise<boolean> {
    const { store, clock, statusPoller } = this.#deps;
    const { record } = was;
    let phase: Phase | undefined = was.phase;
    // What it was when it was read may have changed since then; what is over stays as it ended.
    for (let turn = 0; turn < 2; turn += 1) {
      if (phase === undefined || !from.includes(phase.name)) return false;
      if (await store.swap(record, phase, { name: 'ended', at: clock(), reason })) {
        statusPoller.stop(record.id);
        await this.record('challenge.ended', 'info', was, 'system', { reason: reason });
        await this.publish(record);
        return true;
      }
      phase = await store.phase(record);
    }
    return false;
  }

  async load(record: ChallengeRecord): Promise<LoadedChallenge> {
    return this.#deps.store.load(record, this.factor(record));
  }

  /** An account that may sign in. */
  async user(id: string): Promise<User | undefined> {
    const user = await this.#deps.users.get(id);
    return user?.lockedAt === undefined ? user : undefined;
  }

  ceremony(
    of: { readonly factor: string; readonly purpose: ChallengeRecord['purpose']; readonly chosen?: string | undefined },
    user: User,
    given: { readonly input?: string | undefined; readonly stored?: readonly StoredAuthenticator[] | undefined } = {},
  ): Ceremony {
    const factor = this.factor(of);
    const { authenticators } = this.#deps;
    return of.purpose === 'authenticate'
      ? authenticationCeremony(factor, user, { chosen: of.chosen, stored: given.stored }, authenticators)
      : enrollmentCeremony(factor, user, given.input, authenticators);
  }

  factor({ factor: type }: { readonly factor: string }): Factor {
    const factor = this.#deps.factors.find(each => each.type === type);
    if (factor === undefined) throw new Problem('bad-request', `no factor '${type}' is in use`);
    return factor;
  }

  /** `token`: only where a message is to be made. */
  context(
    { id }: Pick<ChallengeRecord, 'id'>,
    { client, language, origin, person }: RequestContext,
    token: string = '',
  ): CeremonyContext {
    const { clock, hashKey } = this.#deps;
    const code = (digits: number): string => hmacDigits(hashKey, `code:${id}`, digits);
    return { now: clock(), client, language, origin, person, token, code };
  }

  async publish(record: ChallengeRecord): Promise<void> {
    await this.#deps.notifier.publish(challengeTopic(record.boundTo));
  }

  async record(
    event: AuditEvent['event'],
    outcome: AuditEvent['outcome'],
    { record, contents }: Pick<LoadedChallenge, 'record' | 'contents'>,
    actor: string,
    facts: AuditFacts = {},
  ): Promise<void> {
    const { userId: subject, factor } = record;
    const { reference, client, address } = contents.request;
    await this.#deps.audit({ event, outcome, actor, subject, reference, client, address, factor, ...facts });
  }
}
