/**
 * Keeps which families of password hashes are stored, each with the most work that one of its hashes takes. A refused password
 * costs this work for every name (`password-comparison.ts`), so that response times do not reveal whose hash was imported.
 */
import { conflict, insertIfAbsent, optimisticWrite } from '../../optimistic-write.ts';
import type { Clock, EpochMillis, Millis } from '../../ports/time.ts';
import type { Collection } from '../../ports/stores.ts';
import type { HashWorkRecord } from '../../records.ts';
import { ownWork, workOf, type HashCost } from './password-hash.ts';
import { Problem } from '../../errors.ts';

/** Most units of work by family. */
export type MostWork = ReadonlyMap<string, number>;

/** Most families beside our own. Each one makes every wrong password more expensive to verify. */
export const maxFamilies = 8;

/** How long a process caches the records. An import in another process has an effect after this time. */
const freshFor: Millis = 10_000;

export class HashWorks {
  readonly #records: Collection<HashWorkRecord>;
  readonly #clock: Clock;
  readonly #own: HashCost;
  #read: { readonly at: EpochMillis; readonly most: MostWork } | undefined;

  constructor(deps: {
    readonly records: Collection<HashWorkRecord>;
    readonly clock: Clock;
    /** Cost of new hashes. */
    readonly own: HashCost;
  }) {
    this.#records = deps.records;
    this.#clock = deps.clock;
    this.#own = deps.own;
  }

  /**
   * Keeps the work of our own hashes, so that those from before a change of the setting stay known, and reads the rest. For the start
   * of a server: the first sign-in then reads nothing.
   */
  async begin(): Promise<void> {
    const { family, units } = ownWork(this.#own);
    await this.#raise(family, units);
    await this.most();
  }

  /** The most work of each family that is stored, our own included. */
  async most(): Promise<MostWork> {
    const now = this.#clock();
    // Also read again after the clock was set back.
    if (this.#read === undefined || now < this.#read.at || now - this.#read.at >= freshFor) {
      const stored = await this.#records.find({});
      const own = ownWork(this.#own);
      const most = new Map(stored.map(({ id, units }) => [id, units]));
      this.#read = { at: now, most: most.set(own.family, Math.max(own.units, most.get(own.family) ?? 0)) };
    }
    return this.#read.most;
  }

  /**
   * Records the work of this hash. Call it before the account is written.
   * False: its family would be the ninth. @throws Problem 'internal' if the text is not a stored hash.
   */
  async add(phc: string): Promise<boolean> {
    const work = workOf(phc);
    if (work === undefined) throw new Problem('internal', 'got another text, expected a hash in its stored form');
    const { family, units } = work;
    const most = await this.most();
    if ((most.get(family) ?? 0) >= units) return true;
    const { family: own } = ownWork(this.#own);
    if (!most.has(family) && [...most.keys()].filter(each => each !== own).length >= maxFamilies) return false;
    await this.#raise(family, units);
    this.#read = undefined;
    return true;
  }

  async #raise(id: string, units: number): Promise<void> {
    await optimisticWrite<undefined>(
      async () => {
        const was = await this.#records.get(id);
        if (was !== undefined && was.units >= units) return undefined;
        const isWritten =
          was === undefined
            ? await insertIfAbsent(this.#records, { id, rev: 1, units })
            : await this.#records.replace({ ...was, units });
        return isWritten ? undefined : conflict;
      },
      () => {
        throw new Problem('unavailable', `a concurrent writer won every time the work of ${id} was written`);
      },
    );
  }
}
