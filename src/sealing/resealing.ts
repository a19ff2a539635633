/**
 * Reseals stored values: those of earlier sealing keys are encrypted again by the first one, so that operators can remove the
 * earlier ones. A run reads all sealed values, page by page. One node works at a time, and an interrupted run continues after
 * its last page. Each run counts the values of each key.
 */
import { sealingKeyOf, type Sealer } from '../crypto.ts';
import { isProblem } from '../errors.ts';
import type { Log } from '../log.ts';
import { newId } from '../new-id.ts';
import { insertIfAbsent } from '../optimistic-write.ts';
import type { DurableStore } from '../ports/stores.ts';
import type { Clock, EpochMillis, Millis, Schedule } from '../ports/time.ts';
import { resealingKind, type Resealing as Progress, type SealedCount } from '../records.ts';
import { sealedRecords } from './sealed-records.ts';

/** Records in one page. */
const pageSize = 100;
/** Pause after a page, so that people who sign in meanwhile do not wait. */
const pageInterval: Millis = 200;
/** Time until a node looks again whether a run is due. */
const idleInterval: Millis = 60_000;
/** Wait after a new first key. Nodes that do not have it yet could not open what is sealed by it, and must be restarted first. */
const newKeyDelay: Millis = 10 * 60_000;
/** How long the lease of a node lasts after its last page. */
const leaseTime: Millis = 60_000;
/** Time between runs while several keys are configured: a node with the old settings may have sealed by an earlier key since. */
const runInterval: Millis = 24 * 3_600_000;

const recordId = 'resealing';

export interface ResealingDeps {
  readonly durable: DurableStore;
  readonly sealer: Sealer;
  /** Ids of the configured sealing keys. The first one seals. */
  readonly keyIds: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
}

/** How many values each sealing key seals, as counted by the last complete run. */
export interface SealedValues {
  readonly at: EpochMillis;
  readonly counts: readonly SealedCount[];
}

export class Resealing {
  readonly #deps: ResealingDeps;
  readonly #node = newId();

  constructor(deps: ResealingDeps) {
    this.#deps = deps;
  }

  /** Counts of the last complete run. undefined: there was none since the first sealing key changed. */
  async found(): Promise<SealedValues | undefined> {
    const stored = await this.#records.get(recordId);
    return stored?.finishedAt === undefined ? undefined : { at: stored.finishedAt, counts: stored.found ?? [] };
  }

  /** Reseals one page if a run is due and no other node has the lease. Returns the time to wait before the next call. */
  async step(): Promise<Millis> {
    const { clock, keyIds } = this.#deps;
    const stored = await this.#ofFirstKey();
    const now = clock();
    if (stored === undefined || now < stored.seenAt + newKeyDelay) return idleInterval;
    if (stored.finishedAt !== undefined && (keyIds.length === 1 || now < stored.finishedAt + runInterval))
      return idleInterval;
    if (stored.leasedUntil > now && stored.node !== this.#node) return idleInterval;
    const next = await this.#page(stored);
    return next === undefined || next.at === undefined ? idleInterval : pageInterval;
  }

  /**
   * Makes a whole run now. `onPage` gets the number of values read so far.
   * @throws OtherNode where another node has taken over the run
   */
  async runNow(onPage: (seen: number) => void = () => {}): Promise<SealedValues> {
    const begun = await this.#ofFirstKey();
    let progress = begun && (await this.#write({ ...unbegun(begun), counts: [] }));
    while (progress !== undefined) {
      progress = await this.#page(progress);
      if (progress === undefined) break;
      onPage(seenIn(progress));
      if (progress.at === undefined) return { at: progress.finishedAt ?? 0, counts: progress.found ?? [] };
    }
    throw new OtherNode();
  }

  get #records() {
    return this.#deps.durable.collection(resealingKind);
  }

  /** The progress for the key that is first now. A new first key begins a new run. undefined: another node has just written it. */
  async #ofFirstKey(): Promise<Progress | undefined> {
    const { clock, keyIds } = this.#deps;
    const [sealingKey = ''] = keyIds;
    const stored = await this.#records.get(recordId);
    if (stored?.sealingKey === sealingKey) return stored;
    const fresh = {
      id: recordId,
      rev: stored?.rev ?? 1,
      sealingKey,
      seenAt: clock(),
      node: '',
      leasedUntil: 0,
      counts: [],
    };
    if (stored !== undefined) return this.#records.replace(fresh);
    return (await insertIfAbsent(this.#records, fresh)) ? fresh : undefined;
  }

  /** Takes or renews the lease, reseals the next page, and stores the cursor. undefined: another node has the lease. */
  async #page(stored: Progress): Promise<Progress | undefined> {
    const { clock, durable, log } = this.#deps;
    const leased = await this.#write({ ...stored, node: this.#node, leasedUntil: clock() + leaseTime });
    if (leased === undefined) return undefined;
    const at = leased.at ?? { records: sealedRecords[0]?.name ?? '', after: '' };
    if (leased.at === undefined) log.info('resealing.begun', { by: leased.sealingKey });
    const place = sealedRecords.findIndex(({ name }) => name === at.records);
    const tally = new Tally(leased.sealingKey, leased.at === undefined ? [] : leased.counts);
    const change = (sealed: string, boundTo: string): string => this.#resealed(sealed, boundTo);
    const { values = [], last } = (await sealedRecords[place]?.page(durable, at.after, pageSize, change)) ?? {};
    for (const value of values) tally.add(sealingKeyOf(value));
    const { counts } = tally;
    const following = last === undefined ? sealedRecords[place + 1]?.name : at.records;
    if (following !== undefined)
      return this.#write({ ...leased, counts, at: { records: following, after: last ?? '' } });
    // Not under the name `sealed`: the log hides members of that name as secrets.
    const logged = counts.map(({ sealingKey, sealed, unreadable }) => ({ sealingKey, values: sealed, unreadable }));
    log.info('resealing.finished', { by: leased.sealingKey, counts: logged });
    for (const { sealingKey, unreadable } of counts)
      if (unreadable > 0) log.warn('resealing.unreadable', { by: sealingKey, count: unreadable });
    return this.#write({ ...unbegun(leased), counts: [], leasedUntil: 0, finishedAt: clock(), found: counts });
  }

  /** Seals the value by the first key. One that no configured key opens stays as it is. */
  #resealed(sealed: string, boundTo: string): string {
    const { sealer, keyIds } = this.#deps;
    if (sealingKeyOf(sealed) === keyIds[0]) return sealed;
    try {
      return sealer.seal(sealer.open(sealed, boundTo), boundTo);
    } catch (error) {
      if (!isProblem(error, 'unreadable')) throw error;
      return sealed;
    }
  }

  async #write(next: Progress): Promise<Progress | undefined> {
    return this.#records.replace(next);
  }
}

/** Thrown where another node continues the run that this one has begun. */
export class OtherNode extends Error {}

const unbegun = ({ at: _at, ...rest }: Progress): Progress => rest;

const seenIn = ({ counts, found = [], at }: Progress): number =>
  (at === undefined ? found : counts).reduce((sum, each) => sum + each.sealed + each.unreadable, 0);

/** Makes runs in the background until the returned function is called. Logs the first of several failures in a row, and retries. */
export const resealInBackground = (deps: {
  readonly resealing: Pick<Resealing, 'step'>;
  readonly schedule: Schedule;
  readonly log: Log;
}): (() => void) => {
  const state = { isClosed: false, isFailing: false };
  let cancel: (() => void) | undefined;
  const wait = (time: Millis): void => {
    if (!state.isClosed) cancel = deps.schedule(time, step);
  };
  const step = async (): Promise<void> => {
    let time = idleInterval;
    try {
      time = await deps.resealing.step();
      state.isFailing = false;
    } catch (error) {
      if (!state.isFailing) deps.log.warn('resealing.failed', { error });
      state.isFailing = true;
    }
    wait(time);
  };
  wait(idleInterval);
  return () => {
    state.isClosed = true;
    cancel?.();
  };
};

/** Counts values by sealing key. Those of another key than the first did not open. */
class Tally {
  readonly #first: string;
  readonly #counts: Map<string, SealedCount>;

  constructor(first: string, counts: readonly SealedCount[]) {
    this.#first = first;
    this.#counts = new Map(counts.map(each => [each.sealingKey, each]));
  }

  add(sealingKey: string): void {
    const before = this.#counts.get(sealingKey) ?? { sealingKey, sealed: 0, unreadable: 0 };
    const what = sealingKey === this.#first ? 'sealed' : 'unreadable';
    this.#counts.set(sealingKey, { ...before, [what]: before[what] + 1 });
  }

  get counts(): readonly SealedCount[] {
    return [...this.#counts.values()];
  }
}
