/** What was proven in one sign-in, and by whom. The only room that keeps proofs. */
import { digest } from '../crypto.ts';
import { key, type EpochMillis, type Ephemeral, type Key, type Millis } from '../ports.ts';
import type { Acr, Amr } from './factor.ts';

declare const minted: unique symbol;

/** A redeemed challenge or a right password: who, how, how strong, when. Only `mint` makes one. */
export interface Proof extends Facts {
  readonly [minted]: true;
}

interface Facts {
  readonly userId: string;
  /** 'password', or the type of the second factor. */
  readonly factor: string;
  readonly authenticator?: string;
  readonly amr: readonly Amr[];
  /** What it reaches beside a password. */
  readonly acr: Acr;
  readonly at: EpochMillis;
}

/** Makes a proof. For `challenges.ts` and `users/password.ts` alone; the architecture test sees to it. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place where facts become a proof
export const mint = (facts: Facts): Proof => facts as Proof;

/** One sign-in in one browser. `browser` is the secret value of its own cookie. */
export interface Sitting {
  readonly interaction: string;
  readonly browser: string;
}

/** The page of one sitting, as it is kept. Only `opened` says whether it is this browser's. */
export interface Page {
  /** Digest of the browser's secret. */
  readonly browser: string;
  readonly userId: string;
  readonly proofs: readonly Proof[];
}

/** Enough for the writers of one sitting to find their turn; more at once is a storm, and may start again. */
const turns = 32;

/**
 * The proofs of each sign-in under way, bound to interaction, browser and person: another person in the same interaction
 * starts an empty page, and another browser sees none.
 */
export class Ledger {
  readonly #ephemeral: Ephemeral;
  readonly #ttl: Millis;

  constructor(ephemeral: Ephemeral, ttl: Millis) {
    this.#ephemeral = ephemeral;
    this.#ttl = ttl;
  }

  /** Where the page of a sitting is kept, to be read together with something else. */
  place(sitting: Sitting): Key<Page> {
    return pageOf(sitting);
  }

  /** What was read there, where it is this browser's. */
  opened(sitting: Sitting, page: Page | undefined): Page | undefined {
    return page?.browser === digest(sitting.browser) ? page : undefined;
  }

  /** Who is signing in here and what they have proven; undefined: nothing yet, or not in this browser. */
  async read(sitting: Sitting): Promise<Page | undefined> {
    return this.opened(sitting, await this.#ephemeral.get(pageOf(sitting)));
  }

  /** Opens the page of this proof's person, and gives it. A page of theirs that is open already is kept; another person's is gone. */
  async open(sitting: Sitting, proof: Proof): Promise<Page> {
    const fresh: Page = { browser: digest(sitting.browser), userId: proof.userId, proofs: [proof] };
    for (let turn = 0; turn < turns; turn += 1) {
      // Added first: nearly every page is new, and that is one round trip.
      if (await this.#ephemeral.add(pageOf(sitting), fresh, this.#ttl)) return fresh;
      const was = await this.#ephemeral.get(pageOf(sitting));
      if (was === undefined) continue;
      if (was.browser === fresh.browser && was.userId === proof.userId) return was;
      if (await this.#ephemeral.swap(pageOf(sitting), was, fresh, this.#ttl)) return fresh;
    }
    await this.#ephemeral.put(pageOf(sitting), fresh, this.#ttl);
    return fresh;
  }

  /** Writes one more proof of the same person; false: the page is another's, or gone. */
  async add(sitting: Sitting, proof: Proof): Promise<boolean> {
    for (let turn = 0; turn < turns; turn += 1) {
      const was = await this.#ephemeral.get(pageOf(sitting));
      if (was?.browser !== digest(sitting.browser) || was.userId !== proof.userId) return false;
      if (await this.#ephemeral.swap(pageOf(sitting), was, { ...was, proofs: [...was.proofs, proof] })) return true;
    }
    return false;
  }

  /** Tears the page out: of many callers one gets what was proven. `seen`: only while it is still exactly this one. */
  async close(sitting: Sitting, seen?: Page): Promise<Page | undefined> {
    const was = this.opened(sitting, seen ?? (await this.#ephemeral.get(pageOf(sitting))));
    if (was === undefined) return undefined;
    return (await this.#ephemeral.swap(pageOf(sitting), was, undefined)) ? was : undefined;
  }
}

const pageOf = ({ interaction }: Sitting): Key<Page> => key('ledger', interaction);
