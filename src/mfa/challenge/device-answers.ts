/**
 * Takes the answer of a device whose signature was verified (`readAnswer`), in this order: it is about a request to this device,
 * repeats it, and the request is open; then a denial or report ends it; an approval must unlock the device, and only then its number is
 * counted and compared (`verification.ts`). The first terminal state wins.
 */
import { activeAccount } from '../../locked-account.ts';
import type { Notices } from '../../notice.ts';
import type { Collection } from '../../ports/stores.ts';
import type { Clock } from '../../ports/time.ts';
import type { User } from '../../records.ts';
import type { Authenticators } from '../authenticators.ts';
import type { StoredAuthenticator } from '../sealed-authenticators.ts';
import type { PinAttempts } from './pin-attempts.ts';
import type { UnlockResult } from '../factor.ts';
import { isAnswerTo } from '../push/answers.ts';
import { isDevice } from '../push/data.ts';
import type { AnswerClaims, AnswerOutcome, Decision } from '../push/protocol.ts';
import type { Ceremonies } from './ceremonies.ts';
import { asksFor, type VerifiedDevice } from './device.ts';
import type { Endings } from './endings.ts';
import type { ChallengeEvents } from './events.ts';
import { deadline } from '../challenge-state/phase.ts';
import { tellOwner } from './owner-notices.ts';
import type { AnswerResult } from './result.ts';
import type { ChallengeStore } from './store.ts';
import type { LoadedChallenge } from './loaded-challenge.ts';
import type { Verification } from './verification.ts';

interface DeviceAnswersDeps {
  readonly store: ChallengeStore;
  readonly ceremonies: Ceremonies;
  readonly verification: Verification;
  readonly endings: Endings;
  readonly authenticators: Pick<Authenticators, 'of'>;
  readonly pinAttempts: PinAttempts;
  readonly users: Collection<User, 'signInNames'>;
  readonly events: ChallengeEvents;
  readonly notices: Pick<Notices, 'tell'>;
  readonly clock: Clock;
  /** Gets the binding of each challenge that a device answered, again where the answer is repeated. */
  readonly onAnswered?: ((boundTo: string) => Promise<void>) | undefined;
}

/**
 * refused: no request to this device, or other claims than those of the request. Nothing changed: the request can still be answered.
 */
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
    const { endings } = this.#deps;
    const take: Readonly<Record<Decision, () => Promise<DeviceAnswerResult>>> = {
      report: async () => outcomeOf(await endings.deny(challenge, 'device')),
      decline: async () => outcomeOf(await endings.endWith(challenge, 'declined', 'device')),
      approve: async () => this.#approve(challenge, claims),
    };
    return take[claims.decision]();
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

  /** A typing error in the PIN must not use up the one number, so the PIN comes first. */
  async #approve(challenge: LoadedChallenge, claims: AnswerClaims): Promise<DeviceAnswerResult> {
    const { verification } = this.#deps;
    if (challenge.view.phase !== 'pending') return over(challenge);
    const device = await this.#deviceOf(challenge);
    const hasPin = device !== undefined && isDevice(device) && device.data.unlock === 'pin';
    const refusal = hasPin
      ? await this.#comparePin(challenge, device, claims)
      : await this.#refuseLocked(challenge, device, claims);
    return refusal ?? outcomeOf(await verification.verify(challenge, { ...claims }, 'device'));
  }

  /** undefined: nothing protects the device, or the answer unlocks it. */
  async #refuseLocked(
    challenge: LoadedChallenge,
    device: StoredAuthenticator | undefined,
    claims: AnswerClaims,
  ): Promise<DeviceAnswerResult | undefined> {
    const result = await this.#unlocks(challenge, device, claims);
    return result === 'unlocked' ? undefined : { result };
  }

  /** The paired device that a sign-in asks for; undefined: it is only being paired, or was removed. */
  async #deviceOf({ record }: LoadedChallenge): Promise<StoredAuthenticator | undefined> {
    if (record.purpose === 'enroll') return undefined;
    const { users, authenticators } = this.#deps;
    const user = activeAccount(await users.get(record.userId));
    return user && (await authenticators.of(user)).find(({ id }) => id === record.chosen);
  }

  async #unlocks(
    { record, contents, factor }: LoadedChallenge,
    device: StoredAuthenticator | undefined,
    claims: AnswerClaims,
  ): Promise<UnlockResult> {
    const context = this.#deps.ceremonies.context(record, contents.request);
    const candidates = device === undefined ? [] : [device];
    return (await factor.unlocks?.({ ...claims }, contents.state, candidates, context)) ?? 'not-unlocked';
  }

  /** undefined: the PIN is right. Counted durably before it is compared. */
  async #comparePin(
    challenge: LoadedChallenge,
    device: StoredAuthenticator,
    claims: AnswerClaims,
  ): Promise<DeviceAnswerResult | undefined> {
    const { pinAttempts, endings, events, notices } = this.#deps;
    const left = await pinAttempts.count(device);
    if (left === undefined) return outcomeOf(await endings.endWith(challenge, 'disabled', 'device'));
    if ((await this.#unlocks(challenge, device, claims)) === 'unlocked') {
      await pinAttempts.clear(device);
      return undefined;
    }
    await events.record('challenge.answered', 'failure', challenge, 'device', { reason: 'pin' });
    if (left > 0) return { result: 'wrong-pin', attemptsLeft: left };
    await events.record('factor.disabled', 'refused', challenge, 'system', { authenticator: device.id });
    await tellOwner(notices, 'factor-disabled', challenge);
    await endings.endWith(challenge, 'disabled', 'device');
    return { result: 'wrong-pin', attemptsLeft: 0 };
  }
}

/** False where the request still waits for an answer. */
const isFinal = ({ result }: DeviceAnswerResult): boolean => !waiting.has(result);
const waiting = new Set<DeviceAnswerResult['result']>(['refused', 'wrong-pin', 'not-unlocked', 'wrong-code']);

const over = ({ view }: LoadedChallenge): DeviceAnswerResult => ({ result: 'over', reason: view.reason ?? view.phase });

/** What the app is told of the result of its answer. */
const outcomeOf = (result: AnswerResult): DeviceAnswerResult => {
  if (result.ok) return { result: 'approved' };
  if (result.reason === 'notMe') return { result: 'reported' };
  if (result.reason !== 'over') return refused;
  const reason = result.ended ?? result.phase;
  if (reason === 'declined') return { result: 'declined' };
  return reason === 'wrong-number' || reason === 'bound' ? { result: reason } : { result: 'over', reason };
};
