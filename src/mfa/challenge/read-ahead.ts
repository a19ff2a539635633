/** Names the values of a challenge that are read together, also before its record is known. */
import type { Key } from '../../ports/stores.ts';
import { keys } from '../challenge-state/keys.ts';
import type { Phase } from '../challenge-state/phase.ts';
import type { ChallengeRecord } from '../challenge-state/record.ts';
import type { Resends } from '../challenge-state/resend-count.ts';
import type { SentMessage } from '../challenge-state/sent-message.ts';
import { countsAnswers, factorNamed, type Factor } from '../factor.ts';

/** The values of a challenge beside its record. Absent: its factor has none. */
export interface ChallengeValues {
  readonly phase?: Phase;
  readonly attempts?: number;
  readonly resends?: Resends;
  /** Its first message. */
  readonly sent?: SentMessage;
}

/** Keys of the values of a challenge that is expected. `found`: their values, in the order of the keys. */
export interface ReadAhead {
  readonly keys: readonly Key<unknown>[];
  readonly found: (values: readonly unknown[]) => FoundAhead | undefined;
}

/** The values that were read of the challenge with this id. */
export interface FoundAhead {
  readonly id: string;
  readonly values: ChallengeValues;
}

/** The members of a record that tell its keys. */
export type ChallengeName = Pick<ChallengeRecord, 'id' | 'boundTo' | 'factor' | 'via'>;

/** The value and its key, for each that the factor of this challenge has. */
export type NamedKeys = readonly (readonly [value: keyof ChallengeValues, key: Key<unknown>])[];

/** Keys of the values beside the record. */
export const keysOf = ({ id, boundTo, factor, via }: ChallengeName, factors: readonly Factor[]): NamedKeys => [
  ['phase', keys.phase(id)],
  ...(countsAnswers(factorNamed(factors, factor)) ? [['attempts', keys.attempts(id)] as const] : []),
  ...(via === undefined
    ? []
    : ([
        ['resends', keys.resends(boundTo)],
        ['sent', keys.sent(id)],
      ] as const)),
];

/** The values that were read by these keys, in their order. */
export const valuesIn = (named: NamedKeys, values: readonly unknown[]): ChallengeValues =>
  Object.fromEntries(named.flatMap(([name], at) => (values[at] === undefined ? [] : [[name, values[at]]])));

/** Bindings that are remembered. One more removes the oldest, whose values then take a round trip of their own. */
const maxRemembered = 2000;

/** Remembers the last challenge of each binding that this process saw. It saves a round trip only: the stored record decides. */
export class RememberedChallenges {
  readonly #names = new Map<string, ChallengeName>();

  of(boundTo: string): ChallengeName | undefined {
    return this.#names.get(boundTo);
  }

  remember(boundTo: string, { id, boundTo: begunBy, factor, via }: ChallengeName): void {
    this.#names.delete(boundTo);
    this.#names.set(boundTo, { id, boundTo: begunBy, factor, ...(via !== undefined && { via }) });
    const [oldest] = this.#names.keys();
    if (this.#names.size > maxRemembered && oldest !== undefined) this.#names.delete(oldest);
  }
}
