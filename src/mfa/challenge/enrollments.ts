/** Binds a new authenticator, once a challenge with the purpose 'enroll' has proven it. */
import type { Audit } from '../../audit.ts';
import { isProblem } from '../../errors.ts';
import { sourceOf, type ChangedBy, type Notices } from '../../notice.ts';
import type { Authenticators } from '../authenticators.ts';
import {
  authenticatorOf,
  factorNamed,
  type Authenticator,
  type EnrollmentInput,
  type Factor,
  type MadeAuthenticator,
} from '../factor.ts';
import { noticedMethod } from '../methods.ts';
import { guessTarget, type FailedAttempts } from '../limits/failed-attempts.ts';
import { mint, type Proof } from '../proof.ts';
import type { Begun, Challenges } from './challenges.ts';
import type { ChallengeRecord } from '../challenge-state/record.ts';
import type { RequestContext } from '../challenge-state/request-context.ts';

interface EnrollmentsDeps {
  readonly challenges: Challenges;
  readonly factors: readonly Factor[];
  readonly authenticators: Authenticators;
  readonly failedAttempts: FailedAttempts;
  readonly audit: Audit;
  readonly notices: Pick<Notices, 'changeAndTell'>;
}

/** A new authenticator, with the proof that its enrollment is. */
export type Bound = Authenticator & { readonly proof: Proof };

export class Enrollments {
  readonly #deps: EnrollmentsDeps;

  constructor(deps: EnrollmentsDeps) {
    this.#deps = deps;
  }

  /**
   * Begins to bind an authenticator of this factor to an account. `input`: the number, where the factor needs one.
   * It is answered, watched and cancelled as any challenge of this binding.
   * @throws Problem 'bad-request' or 'conflict' for an input that cannot be bound.
   */
  async begin(
    enrollment: { readonly userId: string; readonly factor: string; readonly input?: EnrollmentInput },
    boundTo: string,
    context: RequestContext,
  ): Promise<Begun> {
    return this.#deps.challenges.begin({ ...enrollment, purpose: 'enroll' }, boundTo, context);
  }

  /**
   * Binds the proven authenticator; undefined: none was proven, a concurrent caller finished it, or somebody has bound the same
   * one. It starts without failed attempts, and replaces those of its type that failed attempts have disabled
   * (NIST SP 800-63B-4 §3.2.2). `proof`: the same answer as the second step of the sign-in under way, so that the person is not
   * called twice.
   */
  async finish(boundTo: string, by: ChangedBy): Promise<Bound | undefined> {
    const redeemed = await this.#deps.challenges.redeemFacts(boundTo, 'enroll');
    if (redeemed === undefined || !('data' in redeemed.facts)) return undefined;
    const { record, facts, request } = redeemed;
    const { failedAttempts, factors, audit, notices } = this.#deps;
    const factor = factorNamed(factors, record.factor);
    const { amr, acr, also = [], ...enrolled } = facts;
    const others = factors.filter(each => also.some(({ type }) => type === authenticatorOf(each)));
    const disabled = (
      await Promise.all([factor, ...others].map(async each => this.#disabled(each, record.userId)))
    ).flat();
    const { reference, address } = request;
    const source = { reference, address, ...sourceOf(by) };
    const type = authenticatorOf(factor);
    const method = noticedMethod({ ...enrolled, type, id: '', createdAt: 0 }, factors);
    const made = await notices.changeAndTell(
      record.userId,
      { kind: 'method-added', method },
      source,
      async () => this.#bind(record, { ...enrolled, type }, { instead: disabled, most: factor.most, also }),
      bound => bound !== undefined,
    );
    if (made === undefined) return undefined;
    for (const each of [factor, ...others]) await failedAttempts.clear(guessTarget(each, record.userId, made.id));
    await audit({
      event: 'authenticator.bound',
      actor: source.actor,
      subject: record.userId,
      outcome: 'success',
      reference,
      factor: record.factor,
      authenticator: made.id,
    });
    // Not earlier than the authenticator: a second step from before the first method does not count.
    const of = { userId: record.userId, factor: record.factor, authenticator: made.id };
    return { ...made, proof: mint({ ...of, amr, acr, at: made.createdAt, enrolled: true }) };
  }

  /** Binds it; undefined: since the answer was verified, another enrollment has bound the same one, or as many as there may be. */
  async #bind(
    { userId, factor: provenBy }: Pick<ChallengeRecord, 'userId' | 'factor'>,
    made: MadeAuthenticator,
    {
      instead,
      most,
      also,
    }: {
      readonly instead: readonly string[];
      readonly most: number | undefined;
      readonly also: readonly MadeAuthenticator[];
    },
  ): Promise<Authenticator | undefined> {
    try {
      return await this.#deps.authenticators.bind(userId, made, {
        instead,
        provenBy,
        also,
        ...(most !== undefined && { most }),
      });
    } catch (error) {
      if (isProblem(error, 'conflict')) return undefined;
      throw error;
    }
  }

  /** Ids of the authenticators of this factor that failed attempts have disabled. */
  async #disabled(factor: Factor, userId: string): Promise<readonly string[]> {
    const { authenticators, failedAttempts } = this.#deps;
    const ids = await authenticators.idsOf(userId, authenticatorOf(factor));
    const blocks = await Promise.all(ids.map(async id => failedAttempts.blockedBy(guessTarget(factor, userId, id))));
    return ids.filter((_, at) => blocks[at]?.reason === 'disabled');
  }
}
