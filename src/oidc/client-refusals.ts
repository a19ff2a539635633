/**
 * Keeps the last refused requests of each client, for its developers: what came, what is registered, and the code whose page
 * explains it. Anyone can send a request in the name of a client, so all of it is bounded: equal refusals are one entry with a
 * count, a client has at most 20 entries, and a node writes a client at most once in 5 s. Requests with an unknown client id are
 * not kept. The log has every refusal; what a killed node had not written yet is missing here.
 */
import type { Log } from '../log.ts';
import { conflict, insertIfAbsent, optimisticWrite } from '../optimistic-write.ts';
import type { Collection } from '../ports/stores.ts';
import type { Clock, EpochMillis, Millis, Schedule } from '../ports/time.ts';
import type { ClientRefusal, ClientRefusalsRecord } from '../records.ts';
import { documentId } from './adapter/durable.ts';
import type { OidcDocuments } from './models.ts';

/** Entries of a client. Of more, those that were seen least lately are dropped. */
export const mostRefusals = 20;
/** Time from a refusal to its write, in which further ones join it. */
export const writtenAfter: Millis = 5_000;
/** Clients that one write of this node can hold. Refusals of further ones are in the log only. */
export const mostClients = 50;
/** Entries end so long after the last refusal of their client. */
export const keptFor: Millis = 30 * 24 * 3_600_000;
/** Printed length of each text of an entry, in characters. */
const longestText = 500;

/** A refused request, as it is noted. */
export type NotedRefusal = Omit<ClientRefusal, 'count' | 'firstAt' | 'lastAt'>;

export interface ClientRefusalsDeps {
  /** `durable.collection(clientRefusalsKind)` */
  readonly records: Collection<ClientRefusalsRecord>;
  /** `durable.collection(oidcDocumentKind)`, which says whether a client still exists. */
  readonly documents: Pick<OidcDocuments, 'get'>;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly log: Log;
}

/** The last refused requests of each client. */
export class ClientRefusals {
  readonly #deps: ClientRefusalsDeps;
  #waiting = new Map<string, readonly ClientRefusal[]>();
  #cancelTimer = (): void => {};
  #writing: Promise<void> = Promise.resolve();

  constructor(deps: ClientRefusalsDeps) {
    this.#deps = deps;
  }

  /** Notes a refusal of a registered client. Waits for no store and throws nothing. */
  note(clientId: string, refusal: NotedRefusal): void {
    const { clock, schedule } = this.#deps;
    const noted = this.#waiting.get(clientId);
    if (noted === undefined && this.#waiting.size >= mostClients) return;
    const now = clock();
    const entry = { ...shortened(refusal), count: 1, firstAt: now, lastAt: now };
    if (this.#waiting.size === 0) this.#cancelTimer = schedule(writtenAfter, async () => this.#write());
    this.#waiting.set(clientId, joined(noted ?? [], [entry]));
  }

  /** The refusals of a client, the newest first. At most 20. */
  async of(clientId: string): Promise<readonly ClientRefusal[]> {
    const stored = await this.#deps.records.get(clientId);
    if (stored === undefined || stored.expiresAt <= this.#deps.clock()) return [];
    return stored.refusals.toReversed();
  }

  /** Removes those of a removed client: a later client of the same id has other developers. */
  async forgetClient(clientId: string): Promise<void> {
    this.#waiting.delete(clientId);
    await this.#deps.records.remove(clientId);
  }

  /** Writes what is noted. Must be called before the process ends. */
  async close(): Promise<void> {
    this.#cancelTimer();
    await this.#write();
  }

  async #write(): Promise<void> {
    const noted = [...this.#waiting];
    this.#waiting = new Map();
    // One after the other: each write needs the revision of the one before.
    this.#writing = this.#writing.then(async () => this.#storeAll(noted));
    return this.#writing;
  }

  async #storeAll(noted: readonly (readonly [clientId: string, refusals: readonly ClientRefusal[]])[]): Promise<void> {
    for (const [clientId, refusals] of noted) {
      await this.#store(clientId, refusals).catch((error: unknown) =>
        // Not tried again: a write whose answer was lost would be counted twice.
        this.#deps.log.warn('client-refusals.lost', { client: clientId, error }),
      );
    }
  }

  async #store(clientId: string, noted: readonly ClientRefusal[]): Promise<void> {
    const { records, documents, clock } = this.#deps;
    // The client may have been removed by another process since the refusal was noted.
    if ((await documents.get(documentId('Client', clientId))) === undefined) return;
    const expiresAt = clock() + keptFor;
    await optimisticWrite<void>(
      async () => {
        const stored = await records.get(clientId);
        if (stored === undefined) {
          const isFirst = await insertIfAbsent(records, { id: clientId, rev: 1, refusals: noted, expiresAt });
          return isFirst ? undefined : conflict;
        }
        const refusals = joined(stored.refusals, noted);
        return (await records.replace({ ...stored, refusals, expiresAt })) === undefined ? conflict : undefined;
      },
      () => this.#deps.log.warn('client-refusals.lost', { client: clientId, reason: 'other nodes wrote each time' }),
    );
  }
}

/** Entries with the same key are one, with a count. Time and reference are those of the last one. */
const keyOf = ({ code, error, endpoint, sent, explanation }: NotedRefusal): string =>
  JSON.stringify([code, error, endpoint, sent, explanation]);

/** Both lists as one, the newest last, without the entries past the bound. */
const joined = (stored: readonly ClientRefusal[], more: readonly ClientRefusal[]): readonly ClientRefusal[] => {
  const byKey = new Map(stored.map(entry => [keyOf(entry), entry]));
  for (const entry of more) {
    const before = byKey.get(keyOf(entry));
    byKey.delete(keyOf(entry));
    byKey.set(
      keyOf(entry),
      before === undefined
        ? entry
        : { ...entry, count: before.count + entry.count, firstAt: earlier(before.firstAt, entry.firstAt) },
    );
  }
  return [...byKey.values()].toSorted((a, b) => a.lastAt - b.lastAt).slice(-mostRefusals);
};

const earlier = (one: EpochMillis, other: EpochMillis): EpochMillis => Math.min(one, other);

/** Bounds what a sender chose. */
const shortened = ({ code, error, endpoint, reference, ...texts }: NotedRefusal): NotedRefusal => ({
  code,
  error: error.slice(0, longestText),
  endpoint,
  ...(reference !== undefined && { reference }),
  ...Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text.slice(0, longestText)])),
});
