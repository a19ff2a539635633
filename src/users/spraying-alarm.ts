/**
 * Raises an alarm where one sender tries a password or two with many accounts, from so many addresses that no limit of an account or an
 * address fills. It refuses nobody: people mistype passwords too, and a check for bots belongs in front of this server.
 *
 * It looks at one minute of this node: passwords were wrong for many names, and for more names than they were right. A name counts once
 * in ten seconds, so that neither a person who tries again nor an attacker who owns one account moves the balance. Requests of an attack
 * are spread over the nodes, so that each sees its part, and no wrong password costs a write.
 */
import { hash } from 'node:crypto';
import type { Log } from '../log.ts';
import type { Notices } from '../notice.ts';
import type { Metrics } from '../ports/metrics.ts';
import { key, type Ephemeral } from '../ports/stores.ts';
import type { Clock, EpochMillis, Millis } from '../ports/time.ts';

const minute: Millis = 60_000;
/** The minute moves on in parts of this length. */
const partLength: Millis = 10_000;
/** Names that are remembered of one part. More than this in ten seconds is an attack or a flood of honest sign-ins all the same. */
const mostNames = 10_000;
/** A further line of the log comes so long after one. */
const quietInLog: Millis = 10 * minute;
/** A further message to administrators comes so long after one, from all nodes. */
const quietInMail: Millis = 60 * minute;
/** Another node tells administrators after this, where the one that began to could not. */
const timeToTell: Millis = minute;

/** Names in one part of the minute, hashed: a typed name may be a password in the wrong field. */
interface Part {
  readonly index: number;
  readonly wrong: Set<string>;
  readonly right: Set<string>;
}

interface SprayingAlarmDeps {
  /** Different names with a wrong password in one minute from which on there is an alarm. */
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

  /** True while the last minute was one of spraying. */
  get isRaised(): boolean {
    return this.#isSprayed(this.#lastMinute());
  }

  /** Counts a password that was compared. Nobody waits for an alarm, and no sign-in fails by it. */
  note(name: string, isRight: boolean): void {
    const names = this.#partNow()[isRight ? 'right' : 'wrong'];
    if (names.size < mostNames) names.add(hash('sha256', name.toLowerCase()));
    const counts = this.#lastMinute();
    const now = this.#deps.clock();
    if (isRight || !this.#isSprayed(counts) || Math.abs(now - this.#loggedAt) < quietInLog) return;
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
    // By distance: parts that a wrong clock put into the future end too.
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
    if (!(await ephemeral.setIfAbsent(mark, true, timeToTell))) return;
    await notices.tellAdministrators({ kind: 'passwords-sprayed' }, { actor: 'system' });
    await ephemeral.put(mark, true, quietInMail);
  }
}
