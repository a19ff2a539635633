/**
 * Ports to stores: durable documents, short-lived values, and notifications between nodes.
 * Each implementation lives in `adapters/` and passes the contract in `test/conformance/`.
 */
import { Problem } from '../errors.ts';
import type { Millis } from './time.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json };

export interface Doc {
  readonly id: string;
  /** Starts at 1; every replacement adds one. */
  readonly rev: number;
}

/** How a record is kept (records.ts): what is indexed, what is unique (absent members never collide), what ends it. */
export interface Kind<D extends Doc, Index extends keyof D = never> {
  readonly name: string;
  readonly index: readonly Index[];
  readonly unique: readonly Index[];
  /** A member that holds the `EpochMillis` from which on the document is gone; absent: it stays. */
  readonly expires?: keyof D;
}

/**
 * A text by which a store tells things apart: an id, a key, a tag, a topic. Any well-formed Unicode will do, NUL and
 * nothing included; what is inside a document or a value is kept exactly, whatever it is.
 * @throws Problem 'bad-request' for a lone surrogate: drivers write UTF-8, where two different ones become the same.
 */
export const named = (text: string): string => {
  if (text.isWellFormed()) return text;
  throw new Problem('bad-request', 'got a name with a lone surrogate in it, expected well-formed Unicode');
};

/** Durable documents (MongoDB, SQLite, memory), sorted by id (by code point); ids rise with time (UUIDv7). */
export interface Collection<D extends Doc, Index extends keyof D = never> {
  get(id: string): Promise<D | undefined>;
  /** Documents whose members equal `where`, in the order of ids, after `after`, at most `limit` (100 unless told). */
  find(
    where: Partial<Pick<D, Index>>,
    page?: { readonly after?: string; readonly limit?: number },
  ): Promise<readonly D[]>;
  /** @throws Problem 'conflict' when the id or a unique member is taken. */
  insert(doc: D): Promise<void>;
  /** The stored document at rev + 1; undefined: someone was faster, or it is gone. @throws Problem 'conflict' for a taken unique member. */
  replace(next: D): Promise<D | undefined>;
  /** True for the one caller that removed it. */
  remove(id: string): Promise<boolean>;
}

/** Opens collections on one durable store. */
export interface DurableStore {
  collection<D extends Doc, Index extends keyof D & string = never>(kind: Kind<D, Index>): Collection<D, Index>;
  /** @throws Problem 'unavailable' that says why the store cannot be trusted with a write now. */
  check(): Promise<void>;
  close(): Promise<void>;
}

declare const holds: unique symbol;

/** Names one short-lived value of type T. */
export type Key<T> = string & { readonly [holds]?: T };

/** A key of parts that cannot run into one another: `key('tries', id)`. */
export const key = <T>(...parts: readonly string[]): Key<T> =>
  parts.map(part => encodeURIComponent(named(part))).join(':');

/** One of several values that are put together. */
export interface EphemeralEntry {
  readonly key: Key<unknown>;
  readonly value: unknown;
  readonly ttl: Millis;
}

/**
 * Short-lived JSON values (Redis, SQLite, memory). Each method is one round trip; each on a single key is one atomic step, and
 * so is each key of those on several. Expiry is judged by our clock.
 */
export interface Ephemeral {
  get<T>(key: Key<T>): Promise<T | undefined>;
  /** Several, in the order of the keys. Each as it was at some moment of the call. */
  getMany<T extends readonly unknown[]>(
    ...keys: { readonly [At in keyof T]: Key<T[At]> }
  ): Promise<{ readonly [At in keyof T]: T[At] | undefined }>;
  put<T>(key: Key<T>, value: T, ttl: Millis, tags?: readonly string[]): Promise<void>;
  /** Puts only where nothing is; of many callers one gets true. */
  setIfAbsent<T>(key: Key<T>, value: T, ttl: Millis, tags?: readonly string[]): Promise<boolean>;
  /**
   * As `add`, with `others` put before: whoever finds this one finds them too. Those of a caller who was not first stay
   * until they end, so they must have names that lead nowhere without it.
   */
  setWith<T>(others: readonly EphemeralEntry[], key: Key<T>, value: T, ttl: Millis): Promise<boolean>;
  /** Replaces exactly what `get` gave by `next` (undefined: deletes); the lifetime stays unless `ttl` starts it anew; of many callers one gets true. */
  compareAndSwap<T>(key: Key<T>, was: T, next: T | undefined, ttl?: Millis): Promise<boolean>;
  /** Reads and deletes; of many callers one gets the value. */
  getAndDelete<T>(key: Key<T>): Promise<T | undefined>;
  /** Adds one and returns the total; the first hit opens the window. */
  increment(key: Key<number>, window: Millis): Promise<number>;
  /** Several hits, each with its own window; the totals in their order. */
  incrementMany(hits: readonly (readonly [key: Key<number>, window: Millis])[]): Promise<readonly number[]>;
  /** Takes one off what `hit` counted under each key, never below zero; the window stays. Nothing where nothing is counted. */
  decrement(...keys: readonly Key<number>[]): Promise<void>;
  /** Clears up: an entry put at this very moment may survive. No security decision rests on it. */
  dropTagged(tag: string): Promise<void>;
}

/** Wakes waiting pages on every node. May lose a ring: who hears one reads again, and reads every 5 s without one. */
export interface Notifier {
  publish(topic: string): Promise<void>;
  /** Resolves once listening; what it gives stops it. */
  subscribe(topic: string, onRing: () => void): Promise<() => void>;
}

/** One place for what is short-lived, with its bell. */
export interface ShortLivedStore {
  readonly ephemeral: Ephemeral;
  readonly notifier: Notifier;
  /** @throws Problem 'unavailable' that says why the store cannot be trusted now. */
  check(): Promise<void>;
  close(): Promise<void>;
}
