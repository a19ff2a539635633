/** The numbers that bound a second step, as an operator may set them. Defaults are in `src/config/table.ts`. */
import type { Millis } from '../../ports/time.ts';

export interface LimitSettings {
  /** Answers that one challenge may be given. */
  readonly attemptsPerChallenge: number;
  /** From this many failed attempts in a row on, the next one must wait. */
  readonly failedAttemptsBeforeWait: number;
  readonly firstWait: Millis;
  readonly longestWait: Millis;
  /** NIST SP 800-63B-4 §3.2.2 allows at most 100. */
  readonly failedAttemptsBeforeDisabled: number;
  /** Unanswered sends, per number: an hour and a day; per account: an hour. */
  readonly sendsPerNumberAndHour: number;
  readonly sendsPerNumberAndDay: number;
  /** All sends to a number in a day, answered ones too: its owner may earn by each of them. */
  readonly allSendsPerNumberAndDay: number;
  readonly sendsPerAccountAndHour: number;
  /** To all numbers that differ in their last four digits alone. */
  readonly sendsPerPrefixAndHour: number;
  /** To one number with extensions behind it; takes the place of the limit per prefix. */
  readonly sendsPerSwitchboardAndHour: number;
  /** Unanswered sends of everybody in an hour; undefined: no ceiling. */
  readonly sendsPerHour?: number;
  /** The same per country (ISO 3166-1). `*`: each country that is not named, by itself. */
  readonly sendsPerCountryAndHour?: ReadonlyMap<string, number>;
  /** Times that one sign-in may ask for the same text again, and the gap after the first one; the gap doubles. */
  readonly resends: number;
  readonly resendGap: Millis;
  /** How long nothing rings an account after "this was not me". */
  readonly pause: Millis;
  /** How long a carrier may take to accept a message. */
  readonly send: Millis;
}
