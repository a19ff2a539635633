/**
 * Defines what is stored of a pairing, and derives its current state. Pure: `pairing-store.ts` reads and writes.
 *
 * open ─a device claims it→ claimed ─"Yes" on the page→ confirmed; open, claimed → ended (expired, guessed, refused)
 *
 * The record never changes. Claim and decision have keys of their own, each written by one caller; wrong codes are counted, and
 * expiry is judged by the clock. Secret and code are derived from the id by the key of the installation, so that the page can
 * show them again and the store holds neither.
 */
import type { KeyObject } from 'node:crypto';
import { crockford, inGroups } from '../../crockford.ts';
import { hmac, hmacDigits, type Sealed } from '../../crypto.ts';
import { key, type Key } from '../../ports/stores.ts';
import type { EpochMillis, Millis } from '../../ports/time.ts';
import type { PairingDevice } from '../../pairing-device.ts';

/** Time for a device to claim a pairing, and for its owner to confirm it. */
export const pairingTime: Millis = 600_000;
/** Its test may end later. A page that is loaded late still learns how it ended. */
export const pairingRetention: Millis = pairingTime + 600_000;
/** Wrong codes after which a pairing ends. */
export const maxWrongCodes = 5;

/** Who pairs: the enrollment, its account, and SHA-256 of the browser's secret. */
export interface PairingOwner {
  readonly binding: string;
  readonly userId: string;
  readonly browser: string;
}

/** A pairing as it began. */
export interface PairingRecord extends PairingOwner {
  /** 128 random bits. */
  readonly id: string;
  readonly expiresAt: EpochMillis;
}

/** Names a pairing: the one with this id, as long as its enrollment has no later one. */
export interface PairingPointer {
  readonly binding: string;
  readonly id: string;
}

/** What the owner said on the page. */
export type PairingDecision = 'confirmed' | 'refused';

/**
 * A pairing as its page shows it. `code`: for typing, `ABCD-1234`. `link`: for the QR code. `device`: its name. `digits`: two, which
 * the device shows too. guessed: too many wrong codes.
 */
export type PairingView =
  | { readonly state: 'open'; readonly code: string; readonly link: string; readonly expiresAt: EpochMillis }
  | {
      readonly state: 'claimed' | 'confirmed';
      readonly device: string;
      readonly digits: string;
      readonly expiresAt: EpochMillis;
    }
  | { readonly state: 'ended'; readonly because: 'expired' | 'guessed' | 'refused' };

/** Keys in the short-lived store. */
export const pairingKeys = {
  /** The pairing of an enrollment: each has one. */
  current: (binding: string): Key<PairingRecord> => key('pairing', binding),
  bySecret: (hash: string): Key<PairingPointer> => key('pairing-by-secret', hash),
  byCode: (hash: string): Key<PairingPointer> => key('pairing-by-code', hash),
  byDevice: (handle: string): Key<PairingPointer> => key('pairing-by-device', handle),
  /** The counter of typed codes. It begins at one, so that a first reading of one tells that it was lost. */
  codes: (id: string): Key<number> => key('pairing-codes', id),
  claim: (id: string): Key<Sealed<PairingDevice>> => key('pairing-claim', id),
  decision: (id: string): Key<PairingDecision> => key('pairing-decision', id),
};

/** Binding of a sealed claim to its pairing. */
export const claimBinding = (id: string): string => `pairing-claim:${id}`;

/** Topic on which changes of the pairing of an enrollment are published. */
export const pairingTopic = (binding: string): string => `pairing:${binding}`;

/** Length of a typed code, and of the beginning by which it is found. */
export const codeLength = 8;
const beginningLength = 4;

/** The secret of the QR code: 128 bits in base64url. */
export const secretOf = (hashKey: KeyObject, id: string): string =>
  Buffer.from(hmac(hashKey, `pairing-secret:${id}`), 'base64url')
    .subarray(0, 16)
    .toString('base64url');

/** The typed code: 8 characters of Crockford's base 32, 40 bits. */
export const codeOf = (hashKey: KeyObject, id: string): string =>
  crockford(Buffer.from(hmac(hashKey, `pairing-code:${id}`), 'base64url').subarray(0, codeLength));

/** Keyed hash of the beginning of a code: 20 bits could be found in a plain hash. */
export const beginningOf = (hashKey: KeyObject, code: string): string =>
  hmac(hashKey, `pairing-code-beginning:${code.slice(0, beginningLength)}`);

/** The two digits that page and device show. A device that claimed instead of the person's own shows others, mostly. */
export const digitsOf = (hashKey: KeyObject, id: string, handle: string): string =>
  hmacDigits(hashKey, `pairing-digits:${id}:${handle}`, 2);

/** What is stored of a pairing beside its record. `codes`: the reading of its counter. */
export interface PairingReadings {
  readonly claim: PairingDevice | undefined;
  readonly decision: PairingDecision | undefined;
  readonly codes: number | undefined;
}

/** Where the QR code leads. The secret is in the fragment, which browsers do not send. */
export const pairingLink = (origin: string, secret: string): string => `${origin}/authenticator/#pair=${secret}`;

/** Derives the state of a pairing. `code` and `link`: where a device may claim it. `digits`: with the device of this handle. */
export const pairingView = (
  { expiresAt }: PairingRecord,
  { claim, decision, codes = 0 }: PairingReadings,
  shown: {
    readonly code: string;
    readonly link: string;
    readonly digits: (handle: string) => string;
    readonly now: EpochMillis;
  },
): PairingView => {
  if (decision === 'refused') return { state: 'ended', because: 'refused' };
  if (shown.now > expiresAt) return { state: 'ended', because: 'expired' };
  if (claim !== undefined) {
    const state = decision === 'confirmed' ? 'confirmed' : 'claimed';
    return { state, device: claim.name, digits: shown.digits(claim.handle), expiresAt };
  }
  if (codes > maxWrongCodes) return { state: 'ended', because: 'guessed' };
  return { state: 'open', code: inGroups(shown.code, codeLength / 2), link: shown.link, expiresAt };
};
