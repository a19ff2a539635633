/**
 * Keeps what happened last at each client, for its developers: refused requests (`client-refusals.ts`), why sign-ins needed a second
 * step (`client-sign-ins.ts`), and when it got tokens (`client-tokens.ts`). Anyone can cause some of it, so all of it is bounded: equal
 * notes are one entry with a count, a client has at most 20 entries, and a node writes a client at most once in 5 s. The log or the
 * audit has every refusal and sign-in. Notes that a killed node had not written are lost.
 */
import type { Log } from '../../log.ts';
import { conflict, insertIfAbsent, optimisticWrite } from '../../optimistic-write.ts';
import type { Collection } from '../../ports/stores.ts';
import type { Clock, EpochMillis, Millis, Schedule } from '../../ports/time.ts';
import type { ClientNotesRecord, Noted } from '../../records.ts';
import { documentId } from '../adapter/durable.ts';
import type { OidcDocuments } from '../models.ts';

/** Entries of a client. Of more, those that were seen least lately are dropped. */
export const maxNotes = 20;
/** Time from a note to its write, in which further ones join it. */
export const writtenAfter: Millis = 5_000;
/** Clients that one write of this node can hold. Notes of further ones are dropped. */
export const maxClients = 50;
/** Entries end so long after the last note of their client. */
export const keptFor: Millis = 30 * 24 * 3_600_000;

export interface ClientNotesDeps<Note> {
  readonly records: Collection<ClientNotesRecord<Note>>;
  /** `durable.collection(oidcDocumentKind)`, which says whether a client still exists. */
  readonly documents: Pick<OidcDocuments, 'get'>;
  readonly clock: Clock;
  readonly schedule: Schedule;
  readonly log: Log;
}

/** How notes of one kind are kept. */
export interface ClientNotesForm<Note> {
  /** For the log. */
  readonly name: string;
  /** Notes with the same key are one entry. Its other members are those of the last note. */
  readonly keyOf: (note: Note) => string;
  /** Bounds the length of a note. */
  readonly bounded: (note: Note) => Note;
}

/** The last notes of each client. */
export class ClientNotes<Note extends object> {
  readonly #deps: ClientNotesDeps<Note>;
  readonly #form: ClientNotesForm<Note>;
  #waiting = new Map<string, readonly Noted<Note>[]>();
  #cancelTimer = (): void => {};
  #writing: Promise<void> = Promise.resolve();

  constructor(deps: ClientNotesDeps<Note>, form: ClientNotesForm<Note>) {
    this.#deps = deps;
    this.#form = form;
  }

  /** Notes what happened at a registered client. Waits for no store and throws nothing. */
  note(clientId: string, note: Note): void {
    const { clock, schedule } = this.#deps;
    const noted = this.#waiting.get(clientId);
    if (noted === undefined && this.#waiting.size >= maxClients) return;
    const now = clock();
    const entry = { ...this.#form.bounded(note), count: 1, firstAt: now, lastAt: now };
    if (this.#waiting.size === 0) this.#cancelTimer = schedule(writtenAfter, async () => this.#write());
    this.#waiting.set(clientId, this.#joined(noted ?? [], [entry]));
  }

  /** The notes of a client, the newest first. At most 20. */
  async of(clientId: string): Promise<readonly Noted<Note>[]> {
    const stored = await this.#deps.records.get(clientId);
    if (stored === undefined || stored.expiresAt <= this.#deps.clock()) return [];
    return stored.notes.toReversed();
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

  async #storeAll(noted: readonly (readonly [clientId: string, notes: readonly Noted<Note>[]])[]): Promise<void> {
    for (const [clientId, notes] of noted) {
      await this.#store(clientId, notes).catch((error: unknown) =>
        // Not tried again: a write whose answer was lost would be counted twice.
        this.#lost({ client: clientId, error }),
      );
    }
  }

  async #store(clientId: string, noted: readonly Noted<Note>[]): Promise<void> {
    const { records, documents, clock } = this.#deps;
    // The client may have been removed by another process since.
    if ((await documents.get(documentId('Client', clientId))) === undefined) return;
    const expiresAt = clock() + keptFor;
    await optimisticWrite<void>(
      async () => {
        const stored = await records.get(clientId);
        if (stored === undefined) {
          const isFirst = await insertIfAbsent(records, { id: clientId, rev: 1, notes: noted, expiresAt });
          return isFirst ? undefined : conflict;
        }
        const notes = this.#joined(stored.notes, noted);
        return (await records.replace({ ...stored, notes, expiresAt })) === undefined ? conflict : undefined;
      },
      () => this.#lost({ client: clientId, reason: 'other nodes wrote each time' }),
    );
  }

  #lost(fields: object): void {
    this.#deps.log.warn(`${this.#form.name}.lost`, { ...fields });
  }

  /** Both lists as one, the newest last, without the entries past the bound. */
  #joined(stored: readonly Noted<Note>[], more: readonly Noted<Note>[]): readonly Noted<Note>[] {
    const { keyOf } = this.#form;
    const byKey = new Map(stored.map(entry => [keyOf(entry), entry]));
    for (const entry of more) {
      const key = keyOf(entry);
      const before = byKey.get(key);
      byKey.delete(key);
      byKey.set(key, before === undefined ? entry : later(before, entry));
    }
    return [...byKey.values()].toSorted((a, b) => a.lastAt - b.lastAt).slice(-maxNotes);
  }
}

/** Two equal entries as one. */
const later = <Note>(before: Noted<Note>, entry: Noted<Note>): Noted<Note> => ({
  ...entry,
  count: before.count + entry.count,
  firstAt: Math.min(before.firstAt, entry.firstAt) satisfies EpochMillis,
});
