/**
 * Takes the answer of a device that proves itself (an app that was woken by a push), found by the token that only the device
 * was told. Refuses a factor that the browser answers.
 */
import type { Json } from '../../ports/stores.ts';
import { refused, type AnswerResult } from './result.ts';
import type { ChallengeStore } from './store.ts';
import type { Verification } from './verification.ts';

interface DeviceAnswersDeps {
  readonly store: ChallengeStore;
  readonly verification: Verification;
}

export class DeviceAnswers {
  readonly #deps: DeviceAnswersDeps;

  constructor(deps: DeviceAnswersDeps) {
    this.#deps = deps;
  }

  async answer(token: string, answer: Json): Promise<AnswerResult> {
    const found = await this.#deps.store.findMessage(token);
    if (found === undefined || found.challenge.factor.answeredBy !== 'device') return refused;
    return this.#deps.verification.verify(found.challenge, answer, 'device');
  }
}
