/**
 * Limits all unanswered calls and texts of an hour, in total and per country, by the operator's ceilings. They bound the bill of
 * an attack with many stolen passwords, which limits per account and number do not stop. At half of a ceiling there is an alarm.
 */
import type { Audit } from '../../audit.ts';
import type { Log } from '../../log.ts';
import { key, type Ephemeral, type Key } from '../../ports/stores.ts';
import type { Millis } from '../../ports/time.ts';
import { countryOf } from '../phone-number.ts';
import type { LimitSettings } from './settings.ts';

/** Window of these ceilings, and of the other limits per hour (`send-limits.ts`). */
export const hour: Millis = 3_600_000;
/** Other sends wait so long for the one that warns, before one of them warns instead. */
const timeToRecord: Millis = 60_000;

/** One ceiling that a send counts towards. */
export interface SendCeiling {
  readonly counter: Key<number>;
  readonly limit: number;
  /** `all`, or the country (ISO 3166-1). */
  readonly of: string;
}

interface SendCeilingsDeps {
  readonly ephemeral: Ephemeral;
  readonly audit: Audit;
  readonly log: Log;
  readonly limits: Pick<LimitSettings, 'sendsPerHour' | 'sendsPerCountryAndHour'>;
}

export class SendCeilings {
  readonly #deps: SendCeilingsDeps;

  constructor(deps: SendCeilingsDeps) {
    this.#deps = deps;
  }

  /** The ceilings for a number (E.164): none where the operator set none. */
  for(to: string): readonly SendCeiling[] {
    const { sendsPerHour, sendsPerCountryAndHour } = this.#deps.limits;
    const ceilings: SendCeiling[] = [];
    if (sendsPerHour !== undefined) ceilings.push(ceiling('all', sendsPerHour));
    if (sendsPerCountryAndHour !== undefined) {
      const country = countryOf(to) ?? 'unknown';
      const limit = sendsPerCountryAndHour.get(country) ?? sendsPerCountryAndHour.get('*');
      if (limit !== undefined) ceilings.push(ceiling(country, limit));
    }
    return ceilings;
  }

  /**
   * Warns in log and audit when a send brings a ceiling to its half, and when one is refused: once an hour, or again where the
   * warning could not be recorded. @throws the error of the store.
   */
  async warn({ counter, limit, of }: SendCeiling, total: number): Promise<void> {
    const state = total > limit ? 'reached' : total >= limit / 2 ? 'half' : undefined;
    if (state === undefined) return;
    const { ephemeral, audit, log } = this.#deps;
    // Later sends, and refunds that let the count pass the same number again, are silent. A warning that is not recorded, also
    // because this node ended, leaves the mark for a minute only: the next send warns again.
    const mark = key<true>('ceiling-warned', counter, state);
    if (!(await ephemeral.setIfAbsent(mark, true, timeToRecord))) return;
    log.warn('sends.ceiling', { state, of, limit, count: total });
    await audit({
      event: state === 'half' ? 'sends.half-of-ceiling' : 'sends.ceiling-reached',
      actor: 'system',
      outcome: state === 'half' ? 'info' : 'refused',
      reason: of,
      count: limit,
    });
    await ephemeral.put(mark, true, hour);
  }
}

const ceiling = (of: string, limit: number): SendCeiling => ({ counter: key('sends-in-all', of), limit, of });
