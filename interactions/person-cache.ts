/**
 * Caches the person that a form has read, for the page that the form redirects to: it does not read them again some milliseconds
 * later. Only a page takes them. Forms decide, and every form reads the account as it is stored then. So a lock, or a removed
 * method, counts at the next form in any case. Kept in this process; a page that another node serves reads for itself.
 */
import { constantTimeEqual } from '../src/crypto.ts';
import type { StoredAuthenticator } from '../src/mfa/sealed-authenticators.ts';
import type { BrowserInteraction } from '../src/mfa/sign-in-proofs.ts';
import type { Clock, EpochMillis, Millis } from '../src/ports/time.ts';
import type { User } from '../src/records.ts';

/** A browser follows a redirect sooner than this. */
const lifetime: Millis = 2000;
/** One more removes the oldest: its page then reads. */
const maxKept = 500;

/** The person of a sign-in, with their authenticators. */
export interface CachedPerson {
  readonly user: User;
  readonly stored: readonly StoredAuthenticator[];
}

interface Kept extends CachedPerson {
  readonly browser: string;
  readonly until: EpochMillis;
}

export class PersonCache {
  readonly #clock: Clock;
  /** By interaction, the oldest first. */
  readonly #kept = new Map<string, Kept>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Keeps the person for the next page of this sign-in in this browser. */
  keep({ interaction, browser }: BrowserInteraction, { user, stored }: CachedPerson): void {
    this.#kept.delete(interaction);
    this.#kept.set(interaction, { user, stored, browser, until: this.#clock() + lifetime });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > maxKept && oldest !== undefined) this.#kept.delete(oldest);
  }

  /** Gives the person once; undefined: none was kept for this browser, or too long ago. */
  take({ interaction, browser }: BrowserInteraction): CachedPerson | undefined {
    const kept = this.#kept.get(interaction);
    this.#kept.delete(interaction);
    const isUsable = kept !== undefined && this.#clock() < kept.until && constantTimeEqual(kept.browser, browser);
    return isUsable ? kept : undefined;
  }
}
