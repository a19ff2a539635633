/** Defines the records of keys and secrets of the installation, and the progress of resealing. */
import type { Doc, Kind } from '../ports/stores.ts';
import type { EpochMillis } from '../ports/time.ts';

/** A key of a ring (`keys/ring.ts`). */
export interface RingKey {
  /** Of a signing key: its thumbprint (RFC 7638), as tokens and the JWKS name it. */
  readonly kid: string;
  readonly state: 'next' | 'current' | 'previous';
  readonly publishedAt: EpochMillis;
  /** Since when it signs. Absent: it has not signed yet, or was replaced before this was recorded. */
  readonly currentAt?: EpochMillis;
  /** Since when another key signs. */
  readonly replacedAt?: EpochMillis;
  /** Private JWK, or a secret of 256 bits as base64url; sealed for the ring and this id. */
  readonly sealed: string;
}
/** All keys of one algorithm and use. The id is `signing:ALG` or `cookie:ALG`. */
export interface KeyRing extends Doc {
  readonly keys: readonly RingKey[];
}
export const keyRingKind: Kind<KeyRing> = { name: 'key-rings', index: [], unique: [] };

/** A secret of this installation, sealed for its id. */
export interface Secret extends Doc {
  readonly sealed: string;
  readonly createdAt: EpochMillis;
}
export const secretKind: Kind<Secret> = { name: 'secrets', index: [], unique: [] };

/** How many stored values a sealing key seals. `unreadable`: those that no configured key opened. */
export interface SealedCount {
  readonly sealingKey: string;
  readonly sealed: number;
  readonly unreadable: number;
}
/** Progress of sealing stored values again by the first sealing key (`sealing/resealing.ts`). There is one, `resealing`. */
export interface Resealing extends Doc {
  /** The first sealing key, and when a node had it first. */
  readonly sealingKey: string;
  readonly seenAt: EpochMillis;
  /** The node that has the lease of the run, and when that expires. */
  readonly node: string;
  readonly leasedUntil: EpochMillis;
  /** Where the run continues. Absent: none is under way. */
  readonly at?: { readonly records: string; readonly after: string };
  /** Of the run that is under way. */
  readonly counts: readonly SealedCount[];
  /** Of the last complete run. */
  readonly finishedAt?: EpochMillis;
  readonly found?: readonly SealedCount[];
}
export const resealingKind: Kind<Resealing> = { name: 'resealing', index: [], unique: [] };

/** A family of stored password hashes (`users/passwords/hash-works.ts`). The id is the family. The work is never lowered. */
export interface HashWorkRecord extends Doc {
  /** Work of the most expensive hash of the family. */
  readonly units: number;
}
export const hashWorkKind: Kind<HashWorkRecord> = { name: 'hash-works', index: [], unique: [] };
