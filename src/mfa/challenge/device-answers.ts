/**
 * Takes the answer of a device whose signature was verified (`readAnswer`). The first terminal state
 * wins: a denial and an approval at the same moment leave one of them.
 */
import type { Clock } from '../../ports/time.ts';
import { isAnswerTo } from '../push/answers.ts';
import { asksFor, type VerifiedDevice } from './device.ts';
import type { AnswerClaims, AnswerOutcome, Decision } from '../push/protocol.ts';
import type { Ceremonies } from './ceremonies.ts';
import { deadline } from './record.ts';
import type { AnswerResult } from './result.ts';
import type { ChallengeStore, LoadedChallenge } from './store.ts';
import type { Verification } from './verification.ts';

interface DeviceAnswersDeps {
  readonly store: ChallengeStore;
  readonly ceremonies: Ceremonies;
  readonly verification: Verification;
  readonly clock: Clock;
  /** Gets the binding of each challenge that a device answered, again where the answer is repeated. */
  readonly onAnswered?: ((boundTo: string) => Promise<void>) | undefined;
}

/** refused: no request to this device, or other claims than those of the request. Nothing changed. */
export type DeviceAnswerResult = AnswerOutcome | { readonly result: 'refused' };

const refused: DeviceAnswerResult = { result: 'refused' };

export class DeviceAnswers {
  readonly #deps: DeviceAnswersDeps;

  constructor(deps: DeviceAnswersDeps) {
    this.#deps = deps;
  }

  /** `challengeId`: `jti` of the request. `claims`: as `readAnswer` gives them, with the key of this device. */
  async answer(challengeId: string, device: VerifiedDevice, claims: AnswerClaims): Promise<DeviceAnswerResult> {
    const { store, onAnswered } = this.#deps;
    const found = await store.message(challengeId);
    const challenge = found && (await store.load(found.sent.record));
    if (challenge === undefined || !asksFor(challenge, device)) return refused;
    if (!this.#repeats(challenge, device, claims)) return refused;
    const outcome = this.#isOpen(challenge) ? await this.#take(challenge, claims) : over(challenge);
    if (isFinal(outcome)) await onAnswered?.(challenge.record.boundTo);
    return outcome;
  }

  async #take(challenge: LoadedChallenge, claims: AnswerClaims): Promise<DeviceAnswerResult> {
    const { verification } = this.#deps;
    const take: Readonly<Record<Decision, () => Promise<AnswerResult>>> = {
      report: async () => verification.deny(challenge, 'device'),
      decline: async () => verification.endWith(challenge, 'declined', 'device'),
      approve: async () => verification.verify(challenge, { ...claims }, 'device'),
    };
    return outcomeOf(await take[claims.decision]());
  }

  #repeats(
    { record, contents: { request } }: LoadedChallenge,
    { handle }: VerifiedDevice,
    claims: AnswerClaims,
  ): boolean {
    const context = this.#deps.ceremonies.context(record, request);
    const { challenge: id, client, origin, now } = context;
    return isAnswerTo(claims, { id, nonce: context.nonce(), client, origin, handle, now });
  }

  /** By what is stored, and the clock: while the one number is compared, a denial still counts. */
  #isOpen({ record, phase, sent }: LoadedChallenge): boolean {
    return phase.name === 'pending' && this.#deps.clock() <= deadline(record, sent?.progress);
  }
}

/** False where the request still waits for an answer. */
const isFinal = ({ result }: DeviceAnswerResult): boolean => result !== 'refused' && result !== 'wrong-pin';

const over = ({ view }: LoadedChallenge): DeviceAnswerResult => ({ result: 'over', reason: view.reason ?? view.phase });

/** What the app is told of the result of its answer. */
const outcomeOf = (result: AnswerResult): DeviceAnswerResult => {
  if (result.ok) return { result: 'approved' };
  if (result.reason === 'notMe') return { result: 'reported' };
  if (result.reason !== 'over') return refused;
  const reason = result.ended ?? result.phase;
  if (reason === 'declined') return { result: 'declined' };
  return reason === 'wrong-number' ? { result: 'wrong-number' } : { result: 'over', reason };
};
