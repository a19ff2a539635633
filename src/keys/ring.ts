/**
 * Decides when the keys of the installation change state. All functions of this file are pure.
 *
 *   ring.ts             states of keys, and when they change
 *   material.ts         generates, seals and opens keys
 *   rings.ts            reads key rings from the store, and creates them
 *   rotation.ts         changes key rings, by schedule or by command, each by one compare-and-swap
 *   follow.ts           lets a running node use changed keys
 *   earlier-release.ts  keeps the secrets that nodes of the previous release read
 *
 * A ring is one document with all keys of one algorithm and use, so that a change of several keys is one write.
 *
 *   (made) ─→ next ─ published long enough ─→ current ─ replaced ─→ previous ─ kept long enough ─→ (removed)
 *
 *   next      is published, and signs no value yet
 *   current   signs, and verifies
 *   previous  verifies, and signs no new value
 */
import type { EpochMillis, Millis } from '../ports/time.ts';
import type { RingKey } from '../records.ts';

/** A key ring: its id in the store, and the use and algorithm of its keys. */
export interface Ring {
  readonly id: string;
  readonly use: 'signing' | 'cookie';
  readonly alg: 'ES256' | 'RS256' | 'HS256';
}

/** All rings. ES256 comes first, because it is the default of clients. */
export const allRings = [
  { id: 'signing:ES256', use: 'signing', alg: 'ES256' },
  { id: 'signing:RS256', use: 'signing', alg: 'RS256' },
  { id: 'cookie:HS256', use: 'cookie', alg: 'HS256' },
] as const satisfies readonly Ring[];

/** When keys of one use change. */
export interface Timing {
  /** How long a key is published before it signs. By then every node and every relying party has it. */
  readonly publish: Millis;
  /** How long a replaced key is kept. By then everything that it signed has expired. */
  readonly keep: Millis;
}

/** When keys change. */
export interface KeyTimes {
  /** Age at which a key is replaced; 0: only by command. */
  readonly rotation: Millis;
  readonly signing: Timing;
  readonly cookie: Timing;
}

/** Time in which every node has read a change, with a reserve. */
const propagationTime: Millis = 60_000;

/** The times that follow from settings. `cookie`: the longest life of a signed cookie. `token`: that of a token or hint. */
export const keyTimes = (from: {
  readonly rotation: Millis;
  readonly jwksCache: Millis;
  readonly token: Millis;
  readonly cookie: Millis;
}): KeyTimes => ({
  rotation: from.rotation,
  signing: { publish: from.jwksCache + propagationTime, keep: from.token + from.jwksCache + propagationTime },
  cookie: { publish: propagationTime, keep: from.cookie + propagationTime },
});

/** A generated key, without state and times. */
export type NewKey = Pick<RingKey, 'kid' | 'sealed'>;
type Keys = readonly RingKey[];

/** In the order in which they are published: oidc-provider signs with the first key of an algorithm. */
export const published = (keys: Keys): Keys => {
  const newestFirst = keys.toSorted((a, b) => (b.replacedAt ?? 0) - (a.replacedAt ?? 0));
  return (['current', 'previous', 'next'] as const).flatMap(state => newestFirst.filter(key => key.state === state));
};

/** The keys of a ring with one key, which signs at once. */
export const firstOf = (key: NewKey, at: EpochMillis): Keys => [
  { ...key, state: 'current', publishedAt: at, currentAt: at },
];

/** Adds a next key. undefined: there is one already. */
export const withNext = (keys: Keys, key: NewKey, at: EpochMillis): Keys | undefined =>
  keys.some(({ state }) => state === 'next') ? undefined : [...keys, { ...key, state: 'next', publishedAt: at }];

/** When this key begins to sign. */
export const signsFrom = ({ publishedAt }: RingKey, { publish }: Timing): EpochMillis => publishedAt + publish;

/** When this replaced key is removed. */
export const removedFrom = ({ replacedAt = 0 }: RingKey, { keep }: Timing): EpochMillis => replacedAt + keep;

/** The keys after the changes that are due. undefined: none is. `isUsable`: a key that cannot sign stays a next one. */
export const advanced = (
  keys: Keys,
  timing: Timing,
  now: EpochMillis,
  isUsable: (next: RingKey) => boolean,
): Keys | undefined => {
  const ready = keys.find(key => key.state === 'next' && signsFrom(key, timing) <= now && isUsable(key));
  const next = keys
    .filter(key => key.state !== 'previous' || removedFrom(key, timing) > now)
    .map((key): RingKey => {
      if (key === ready) return { ...key, state: 'current', currentAt: now };
      return ready !== undefined && key.state === 'current' ? { ...key, state: 'previous', replacedAt: now } : key;
    });
  return ready === undefined && next.length === keys.length ? undefined : next;
};

/** True if a next key must be published now, so that it can sign when the current one has reached its age. */
export const isNextDue = (keys: Keys, rotation: Millis, { publish }: Timing, now: EpochMillis): boolean => {
  if (rotation === 0 || keys.some(({ state }) => state === 'next')) return false;
  const current = keys.find(({ state }) => state === 'current');
  return current !== undefined && (current.currentAt ?? current.publishedAt) + rotation - publish <= now;
};

/** The keys without this one. undefined: it is absent, or it is the current key, which is needed to sign. */
export const without = (keys: Keys, kid: string): Keys | undefined => {
  const left = keys.filter(key => key.kid !== kid || key.state === 'current');
  return left.length === keys.length ? undefined : left;
};
