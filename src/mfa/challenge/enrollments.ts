/** Binding a new authenticator: the same ceremony as a challenge, another ending. */
import type { Audit } from '../../audit.ts';
import type { Json } from '../../ports/stores.ts';
import type { Authenticators } from '../authenticators.ts';
import type { RequestContext, ChallengeView } from './record.ts';
import type { Begun, Challenges } from './challenges.ts';
import { authenticatorOf, type Authenticator, type Factor } from '../factor.ts';
import type { AnswerResult } from './result.ts';
import type { FailedAttempts } from '../limits/failed-attempts.ts';

interface EnrollmentsDeps {
  readonly challenges: Challenges;
  readonly factors: readonly Factor[];
  readonly authenticators: Authenticators;
  readonly failedAttempts: FailedAttempts;
  readonly audit: Audit;
}

export class Enrollments {
  readonly #deps: EnrollmentsDeps;

  constructor(deps: EnrollmentsDeps) {
    this.#deps = deps;
  }

  /**
   * Begins to bind an authenticator of this factor to an account. `input`: the number, where the factor asks for one.
   * @throws Problem 'bad-request' or 'conflict' for an input that cannot be bound.
   */
  async begin(
    who: { readonly userId: string; readonly factor: string; readonly input?: string },
    boundTo: string,
    request: RequestContext,
  ): Promise<Begun> {
    return this.#deps.challenges.begin({ ...who, purpose: 'enroll' }, boundTo, request);
  }

  async answer(boundTo: string, answer: Json): Promise<AnswerResult> {
    return this.#deps.challenges.answer(boundTo, answer);
  }

  async current(boundTo: string): Promise<ChallengeView | undefined> {
    return this.#deps.challenges.current(boundTo);
  }

  async cancel(boundTo: string): Promise<void> {
    return this.#deps.challenges.cancel(boundTo);
  }

  /**
   * Binds what was proven; undefined: nothing was, or somebody else finished it. A new binding ends a row of wrong answers;
   * where the row had disabled the factor, it takes the place of what was guessed at (NIST SP 800-63B-4 §3.2.2).
   */
  async finish(boundTo: string, actor: string): Promise<Authenticator | undefined> {
    const claimed = await this.#deps.challenges.claim(boundTo, 'enroll');
    if (claimed === undefined || !('data' in claimed.facts)) return undefined;
    const { record, facts, request } = claimed;
    const { authenticators, failedAttempts } = this.#deps;
    const { type, askers } = this.#boundBy(record.factor);
    const closed = await Promise.all(askers.map(async asker => failedAttempts.closed(record.userId, asker)));
    const isDisabled = closed.some(each => each?.reason === 'disabled');
    const instead = isDisabled ? await authenticators.idsOf(record.userId, type) : [];
    const made = await authenticators.bind(record.userId, { ...facts, type }, instead);
    for (const asker of askers) await failedAttempts.clear(record.userId, asker);
    await this.#deps.audit({
      event: 'authenticator.bound',
      actor,
      subject: record.userId,
      outcome: 'success',
      reference: request.reference,
      factor: record.factor,
      authenticator: made.id,
    });
    return made;
  }

  /** The type of authenticator that this factor binds, and every factor that asks for one of it. */
  #boundBy(type: string): { readonly type: string; readonly askers: readonly string[] } {
    const { factors } = this.#deps;
    const of = factors.find(factor => factor.type === type);
    const bound = of === undefined ? type : authenticatorOf(of);
    return {
      type: bound,
      askers: factors.filter(factor => authenticatorOf(factor) === bound).map(factor => factor.type),
    };
  }
}
