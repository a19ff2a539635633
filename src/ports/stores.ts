/**
 * Declares the ports to stores: durable documents, short-lived values, and notifications between nodes.
 * Each implementation lives in `adapters/` and passes the contract in `test/conformance/`.
 */
import { isProblem, Problem } from '../errors.ts';
import type { EpochMillis, Millis } from './time.ts';

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json };

/** Members that each stored document has. */
export interface Doc {
  readonly id: string;
  /** Starts at 1; each replacement adds one. */
  readonly rev: number;
}

/** Declares how documents of one kind are stored (`records.ts`). */
export interface Kind<D extends Doc, Index extends keyof D = never> {
  readonly name: string;
  /** Members to find documents by. */
  readonly index: readonly Index[];
  /**
   * Members to find by without an index, which each insert would pay for: beside an indexed member, where few documents are left to
   * look at.
   */
  readonly filters?: readonly Index[];
  /** Members that two documents must not share, and to find by. Documents without the member do not collide. */
  readonly unique: readonly Index[];
  /**
   * Members with a list of texts. Two documents must not share a text, and each text finds its document. So several texts are
   * claimed by one write, all or none. A list may name a text twice.
   */
  readonly uniqueEach?: readonly Index[];
  /** Member with the `EpochMillis` from which on the document is gone. Absent: documents stay. */
  readonly expires?: keyof D & string;
}

/** A kind, without the type of its documents. */
export interface AnyKind {
  readonly name: string;
  readonly index: readonly string[];
  readonly unique: readonly string[];
  readonly uniqueEach?: readonly string[];
  readonly expires?: string;
}

/**
 * Gives `text` back where it may be an id, key, tag or topic: any well-formed Unicode, NUL and the empty text included.
 * Texts inside a document or value are not limited.
 * @throws Problem 'bad-request' for a lone surrogate: drivers write UTF-8, in which all of them become the same character.
 */
export const named = (text: string): string => {
  if (text.isWellFormed()) return text;
  throw new Problem('bad-request', 'got a name with a lone surrogate in it, expected well-formed Unicode');
};

/** Members to find documents by, each with one value. For a member with a list: one text of it. */
export type Criteria<D, Index extends keyof D> = {
  readonly [Member in Index]?: Value<NonNullable<D[Member]>>;
};
type Value<T> = T extends readonly (infer Each)[] ? Each : T;

/** Which of the found documents a page holds. */
export interface Page {
  /** Continues after this id, in the given order, also where it was removed. Absent: begins at the first document. */
  readonly after?: string;
  /** 100 unless told. */
  readonly limit?: number;
  /** Ids rise with time. 'oldest' (the lowest id) first unless told. */
  readonly order?: 'oldest' | 'newest';
}

/**
 * The members to find by, with their values.
 * @throws Problem 'internal' for an undefined value: it would otherwise match the documents of everyone.
 */
export const criteriaIn = (
  { name }: { readonly name: string },
  where: object,
): readonly (readonly [member: string, value: unknown])[] => {
  const criteria: readonly [string, unknown][] = Object.entries(where);
  const missing = criteria.find(([, value]) => value === undefined);
  if (missing === undefined) return criteria;
  throw new Problem('internal', `${name}: got no ${missing[0]} to find by, expected a value`);
};

/** Outcome of one of many inserts. `conflict`: the id or a unique member is taken. */
export type Inserted = 'inserted' | 'conflict';

/** The outcome of an insert that throws Problem 'conflict'. @throws its other errors */
export const outcomeOf = (insert: () => void): Inserted => {
  try {
    insert();
    return 'inserted';
  } catch (error) {
    if (isProblem(error, 'conflict')) return 'conflict';
    throw error;
  }
};

/** Durable documents of one kind (MongoDB, SQLite, memory). They are sorted by id, by code point; ids rise with time (UUIDv7). */
export interface Collection<D extends Doc, Index extends keyof D = never> {
  get(id: string): Promise<D | undefined>;
  /** Documents with all members of `where` equal, one page of them. @throws Problem 'internal' for an undefined value. */
  find(where: Criteria<D, Index>, page?: Page): Promise<readonly D[]>;
  /** @throws Problem 'conflict' where the id or a unique member is taken. */
  insert(doc: D): Promise<void>;
  /**
   * Inserts each document as `insert` would, one after the other, in few round trips. Gives the outcome of each, in the order of
   * the list: a conflict, also with an earlier one of the list, does not stop the others. Not atomic as a whole: after an error
   * some may be stored.
   */
  insertMany(docs: readonly D[]): Promise<readonly Inserted[]>;
  /**
   * Stores `next` as rev + 1 and returns it, if the stored document still has the rev of `next`.
   * undefined: another caller replaced it first, or it is gone. @throws Problem 'conflict' for a taken unique member.
   */
  replace(next: D): Promise<D | undefined>;
  /** True for the one caller that removed it. */
  remove(id: string): Promise<boolean>;
}

/** One write of a batch. Made by `inserting`, `replacing` and `removing`, which check that document and kind belong together. */
export type Write =
  | { readonly method: 'insert'; readonly kind: AnyKind; readonly doc: Doc }
  | { readonly method: 'replace'; readonly kind: AnyKind; readonly doc: Doc }
  | { readonly method: 'remove'; readonly kind: AnyKind; readonly id: string };

/** As `Collection.insert`: loses by 'conflict'. */
export const inserting = <D extends Doc, Index extends keyof D & string>(
  kind: Kind<D, Index>,
  doc: NoInfer<D>,
): Write => ({
  method: 'insert',
  kind,
  doc,
});

/** As `Collection.replace`: loses by 'gone' where `next` has another rev than the stored document, or by 'conflict'. */
export const replacing = <D extends Doc, Index extends keyof D & string>(
  kind: Kind<D, Index>,
  next: NoInfer<D>,
): Write => ({
  method: 'replace',
  kind,
  doc: next,
});

/** As `Collection.remove`: loses by 'gone' where there is no such document. */
export const removing = <D extends Doc, Index extends keyof D & string>(kind: Kind<D, Index>, id: string): Write => ({
  method: 'remove',
  kind,
  id,
});

/** Id of the document that it writes. */
export const idOf = (write: Write): string => (write.method === 'remove' ? write.id : write.doc.id);

/** The document as `replace` stores it. */
export const revised = <D extends Doc>(next: D): D => ({ ...next, rev: next.rev + 1 });

/**
 * Outcome of a batch. `lost` is the place of the write that was refused, so that no write of the batch was carried out. conflict: its
 * id or a unique member is taken. gone: its document has another rev, or does not exist.
 */
export type BatchOutcome =
  | { readonly ok: true }
  | { readonly ok: false; readonly lost: number; readonly reason: 'conflict' | 'gone' };

/** Carries out single writes of one kind at once. */
export interface Writer<D extends Doc = Doc> {
  /** @throws Problem 'conflict' */
  insert(doc: D): void;
  /** False: gone. @throws Problem 'conflict' */
  replace(next: D): boolean;
  /** False: gone. */
  remove(id: string): boolean;
}

/** Carries out the writes in their order until one is refused. The caller then undoes those before it. */
export const carryOut = (writes: readonly (readonly [write: Write, writer: Writer])[]): BatchOutcome => {
  for (const [place, [write, writer]] of writes.entries()) {
    let isDone = true;
    const outcome = outcomeOf(() => {
      if (write.method === 'insert') writer.insert(write.doc);
      else isDone = write.method === 'replace' ? writer.replace(write.doc) : writer.remove(write.id);
    });
    if (outcome === 'conflict') return { ok: false, lost: place, reason: 'conflict' };
    if (!isDone) return { ok: false, lost: place, reason: 'gone' };
  }
  return { ok: true };
};

/** Opens collections on one durable store. */
export interface DurableStore {
  collection<D extends Doc, Index extends keyof D & string = never>(kind: Kind<D, Index>): Collection<D, Index>;
  /**
   * Carries out several writes, of any kinds, in their order: all of them, durable together, or none. Each write sees those before
   * it. No reader sees a part of a batch in one document and not in another, unless it reads them one after the other.
   * @throws Problem 'unavailable' where it is unknown whether they were carried out
   */
  batch(writes: readonly Write[]): Promise<BatchOutcome>;
  /** @throws Problem 'unavailable' that says why the store cannot be trusted with a write now. */
  check(): Promise<void>;
  close(): Promise<void>;
}

declare const holds: unique symbol;

/** Names one short-lived value of type T. */
export type Key<T> = string & { readonly [holds]?: T };

/** Joins parts to a key. They are encoded, so that parts cannot run into one another: `key('attempts', id)`. */
export const key = <T>(...parts: readonly string[]): Key<T> =>
  parts.map(part => encodeURIComponent(named(part))).join(':');

/** One of several values that are stored together. */
export interface EphemeralEntry {
  readonly key: Key<unknown>;
  readonly value: unknown;
  readonly ttl: Millis;
}

/** One write of `writeMany`, named as the method that carries it out alone. remove: deletes the value. */
export type EphemeralWrite =
  | (EphemeralEntry & { readonly method: 'put' | 'setIfAbsent'; readonly tags?: readonly string[] })
  | {
      readonly method: 'compareAndSwap';
      readonly key: Key<unknown>;
      readonly expected: unknown;
      readonly next: unknown;
      readonly ttl?: Millis;
    }
  | { readonly method: 'remove'; readonly key: Key<unknown> }
  | { readonly method: 'decrement'; readonly key: Key<number> };

/** A counter: its total, and the end of its window. */
export interface Count {
  readonly total: number;
  readonly until: EpochMillis;
}

/**
 * Short-lived JSON values (Redis, SQLite, memory). Each method is one round trip. Each is one atomic step on a single key;
 * those on several keys are one atomic step per key. Expiry is judged by our clock.
 */
export interface Ephemeral {
  get<T>(key: Key<T>): Promise<T | undefined>;
  /** Values in the order of the keys, each as it was at some moment during the call. */
  getMany<T extends readonly unknown[]>(
    ...keys: { readonly [At in keyof T]: Key<T[At]> }
  ): Promise<{ readonly [At in keyof T]: T[At] | undefined }>;
  put<T>(key: Key<T>, value: T, ttl: Millis, tags?: readonly string[]): Promise<void>;
  /** Stores the value if the key is absent. True for one of several callers. */
  setIfAbsent<T>(key: Key<T>, value: T, ttl: Millis, tags?: readonly string[]): Promise<boolean>;
  /**
   * Writes `others`, then sets `key` if absent, so that a reader of `key` finds `others` too. True for one of several callers.
   * The `others` of the rest expire unused: reference them only through `key`.
   */
  setWith<T>(others: readonly EphemeralEntry[], key: Key<T>, value: T, ttl: Millis): Promise<boolean>;
  /**
   * Replaces the value by `next` (undefined: deletes it) if it is still `expected`, exactly as `get` gave it. True for one of
   * several callers. The remaining lifetime stays, unless `ttl` starts a new one.
   */
  compareAndSwap<T>(key: Key<T>, expected: T, next: T | undefined, ttl?: Millis): Promise<boolean>;
  /** Reads and deletes the value. One of several callers gets it. */
  getAndDelete<T>(key: Key<T>): Promise<T | undefined>;
  /** Adds one and returns the total. The first increment starts the window, at its end the counter is gone. */
  increment(key: Key<number>, window: Millis): Promise<number>;
  /** Increments several counters, each with its own window. Gives the totals in their order. */
  incrementMany(counters: readonly (readonly [key: Key<number>, window: Millis])[]): Promise<readonly number[]>;
  /** The counters with the ends of their windows, in the order of the keys. */
  counts(...keys: readonly Key<number>[]): Promise<readonly (Count | undefined)[]>;
  /** Subtracts one from each counter that exists, never below zero. The window stays. */
  decrement(...keys: readonly Key<number>[]): Promise<void>;
  /**
   * Carries out writes that do not depend on each other, in one round trip. For each, in the order of the list: false where
   * `setIfAbsent` or `compareAndSwap` lost, or `remove` found no value; otherwise true. A lost write does not stop the others. They may
   * be carried out in any order, and after an error some may be stored. `last`: writes that begin only once `writes` are stored, which may
   * take a second round trip. Their answers come after the others.
   */
  writeMany(writes: readonly EphemeralWrite[], last?: readonly EphemeralWrite[]): Promise<readonly boolean[]>;
  /** Deletes values with this tag. One stored at the same moment may survive, so no security decision may rest on it. */
  dropTagged(tag: string): Promise<void>;
}

/**
 * Times after which a subscriber without a message reads again. complete: each message arrives. connected: one may be lost, as where a
 * connection has just ended. unsure: messages may not arrive at the moment.
 */
export const rereadTimes = { complete: 60_000, connected: 30_000, unsure: 5_000 } as const satisfies Record<
  string,
  Millis
>;

/**
 * Best-effort publish and subscribe between nodes. Messages may be lost: subscribers read again on a message, and after `rereadAfter`
 * without one.
 */
export interface Notifier {
  publish(topic: string): Promise<void>;
  /** Resolves once it is subscribed. The function that it gives ends the subscription. */
  subscribe(topic: string, onMessage: () => void): Promise<() => void>;
  /** The time without a message after which a subscriber reads again, as far as messages can be relied on now. */
  rereadAfter(): Millis;
}

/** A store for short-lived values, and the notifier that reaches the nodes which share it. */
export interface ShortLivedStore {
  readonly ephemeral: Ephemeral;
  readonly notifier: Notifier;
  /** @throws Problem 'unavailable' that says why the store cannot be trusted now. */
  check(): Promise<void>;
  close(): Promise<void>;
}
