/**
 * Counts in windows that begin at fixed times, and not with the first attempt. So the end of a wait is known, and does not
 * move. Pure: `count-in-windows.ts` and `password-limits.ts` count.
 */
import type { KeyObject } from 'node:crypto';
import { hmac } from '../../crypto.ts';
import { key, type Key } from '../../ports/stores.ts';
import type { EpochMillis, Millis } from '../../ports/time.ts';

/** One counter: what it limits, its key, and the end of its window. */
export interface Window<Name extends string> {
  readonly limit: Name;
  readonly counter: Key<number>;
  readonly until: EpochMillis;
}

/** An attempt beyond a limit. `isFirst`: the first one in its window. Only that one is audited or logged. */
export interface Refusal<Name extends string> {
  readonly ok: false;
  readonly limit: Name;
  readonly until: EpochMillis;
  readonly isFirst: boolean;
}

/** The window of this length at `now`: its number, and its end. */
export const windowAt = (now: EpochMillis, length: Millis): { readonly index: string; readonly until: EpochMillis } => {
  const index = Math.floor(now / length);
  return { index: String(index), until: (index + 1) * length };
};

/**
 * The counter of a limit at `now`. `kind` begins its key. `of`: the text that is counted. It is hashed with the key: a copy of
 * the store tells neither who signs in nor from where.
 */
export const windowOf = <Name extends string>(
  {
    kind,
    limit,
    of,
    length,
  }: { readonly kind: readonly string[]; readonly limit: Name; readonly of: string; readonly length: Millis },
  hashKey: KeyObject,
  now: EpochMillis,
): Window<Name> => {
  const { index, until } = windowAt(now, length);
  return { limit, counter: key(...kind, limit, hmac(hashKey, `${limit}:${of}`), index), until };
};

/** The refusal of the attempt that brought a counter to `total`; undefined: it is within the limit. */
export const refusalAt = <Name extends string>(
  { limit, until }: Window<Name>,
  total: number,
  most: number,
): Refusal<Name> | undefined => (total <= most ? undefined : { ok: false, limit, until, isFirst: total === most + 1 });
