/**
 * Raises an alarm during password spraying: one sender tries few passwords with many accounts, from so many addresses that no limit
 * per account or address is reached. The alarm refuses no request: people mistype passwords too.
 *
 * It judges the last minute of this node: passwords were wrong for many names, and for more names than they were right. A name
 * counts once in ten seconds, so that repeated attempts with one account do not change the result. Each node judges its own share of
 * the requests, so that a wrong password needs no write to a store.
 */
import { hash } from 'node:crypto';
import type { Log } from '../../log.ts';
import type { Notices } from '../../notice.ts';
import type { Metrics } from '../../ports/metrics.ts';
import { key, type Ephemeral } from '../../ports/stores.ts';
import type { Clock, EpochMillis, Millis } from '../../ports/time.ts';

const minute: Millis = 60_000;
/** The last minute is kept in parts of this length. */
const partLength: Millis = 10_000;
/** Most names kept for one part. Further ones are not needed to decide, and would cost memory. */
const maxNames = 10_000;
/** Least time between two log lines of this node. */
const logInterval: Millis = 10 * minute;
/** Least time between two messages to administrators, from all nodes. */
const mailInterval: Millis = 60 * minute;
/** Time in which a node must have told administrators. Afterwards another node does it. */
const tellTime: Millis = minute;

/** Names in one part of the minute, hashed: a person may have typed the password into the field of the name. */
interface Part {
  readonly index: number;
  readonly wrong: Set<string>;
  readonly right: Set<string>;
}

interface SprayingAlarmDeps {
  /** Least number of different names with a wrong password in one minute that raises the alarm. */
  readonly limit: number;
  readonly notices: Pick<Notices, 'tellAdministrators'>;
  readonly ephemeral: Pick<Ephemeral, 'setIfAbsent' | 'put'>;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Log;
}

export class SprayingAlarm {
  readonly #deps: SprayingAlarmDeps;
  #parts: readonly Part[] = [];
  #loggedAt: EpochMillis = -Infinity;

  constructor(deps: SprayingAlarmDeps) {
    this.#deps = deps;
    deps.metrics.gauge('sallyport_password_failure_alarm', () => [{ labels: {}, value: this.isRaised ? 1 : 0 }]);
  }

  /** True while the last minute shows spraying. */
  get isRaised(): boolean {
    return this.#isSprayed(this.#lastMinute());
  }

  /** Counts a password that was compared. The alarm is sent in the background, and its failure fails no sign-in. */
  note(name: string, isRight: boolean): void {
    const names = this.#partNow()[isRight ? 'right' : 'wrong'];
    if (names.size < maxNames) names.add(hash('sha256', name.toLowerCase()));
    const counts = this.#lastMinute();
    const now = this.#deps.clock();
    if (isRight || !this.#isSprayed(counts) || Math.abs(now - this.#loggedAt) < logInterval) return;
    this.#loggedAt = now;
    this.#deps.log.warn('passwords.sprayed', { names: counts.wrong, signedIn: counts.right, within: '1m' });
    this.#tell().catch((error: unknown) =>
      this.#deps.log.error('alarm.not-told', { alarm: 'passwords.sprayed', error }),
    );
  }

  #isSprayed({ wrong, right }: { readonly wrong: number; readonly right: number }): boolean {
    return wrong >= this.#deps.limit && wrong > right;
  }

  #partNow(): Part {
    const index = Math.floor(this.#deps.clock() / partLength);
    const found = this.#parts.find(part => part.index === index);
    if (found !== undefined) return found;
    const made: Part = { index, wrong: new Set(), right: new Set() };
    // By absolute difference: parts of a clock that was ahead are dropped too.
    this.#parts = [...this.#parts.filter(part => Math.abs(index - part.index) < minute / partLength), made];
    return made;
  }

  #lastMinute(): { readonly wrong: number; readonly right: number } {
    const index = Math.floor(this.#deps.clock() / partLength);
    const parts = this.#parts.filter(part => Math.abs(index - part.index) < minute / partLength);
    const total = (of: 'wrong' | 'right'): number => parts.reduce((sum, part) => sum + part[of].size, 0);
    return { wrong: total('wrong'), right: total('right') };
  }

  /** Tells administrators once an hour for all nodes. */
  async #tell(): Promise<void> {
    const { ephemeral, notices } = this.#deps;
    const mark = key<true>('spraying-told');
    if (!(await ephemeral.setIfAbsent(mark, true, tellTime))) return;
    await notices.tellAdministrators({ kind: 'passwords-sprayed' }, { actor: 'system' });
    await ephemeral.put(mark, true, mailInterval);
  }
}
