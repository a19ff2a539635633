/** Binds a new authenticator, once a challenge with the purpose 'enroll' has proven it. */
import type { Audit } from '../../audit.ts';
import type { Authenticators } from '../authenticators.ts';
import { authenticatorOf, factorNamed, type Authenticator, type Factor } from '../factor.ts';
import type { FailedAttempts } from '../limits/failed-attempts.ts';
import type { Begun, Challenges } from './challenges.ts';
import type { RequestContext } from './record.ts';

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
   * Begins to bind an authenticator of this factor to an account. `input`: the number, where the factor needs one.
   * It is answered, watched and cancelled as any challenge of this binding.
   * @throws Problem 'bad-request' or 'conflict' for an input that cannot be bound.
   */
  async begin(
    enrollment: { readonly userId: string; readonly factor: string; readonly input?: string },
    boundTo: string,
    context: RequestContext,
  ): Promise<Begun> {
    return this.#deps.challenges.begin({ ...enrollment, purpose: 'enroll' }, boundTo, context);
  }

  /**
   * Binds the proven authenticator; undefined: none was proven, or a concurrent caller finished it. A binding clears the failed
   * attempts; where they had disabled the factor, it replaces the authenticators that were guessed at
   * (NIST SP 800-63B-4 §3.2.2).
   */
  async finish(boundTo: string, actor: string): Promise<Authenticator | undefined> {
    const claimed = await this.#deps.challenges.claim(boundTo, 'enroll');
    if (claimed === undefined || !('data' in claimed.facts)) return undefined;
    const { record, facts, request } = claimed;
    const { authenticators, failedAttempts, factors, audit } = this.#deps;
    const type = authenticatorOf(factorNamed(factors, record.factor));
    const factorTypes = factors.filter(factor => authenticatorOf(factor) === type).map(factor => factor.type);
    const blocks = await Promise.all(factorTypes.map(async factor => failedAttempts.blockedBy(record.userId, factor)));
    const isDisabled = blocks.some(block => block?.reason === 'disabled');
    const replaced = isDisabled ? await authenticators.idsOf(record.userId, type) : [];
    const made = await authenticators.bind(record.userId, { ...facts, type }, replaced);
    for (const factor of factorTypes) await failedAttempts.clear(record.userId, factor);
    await audit({
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
}
