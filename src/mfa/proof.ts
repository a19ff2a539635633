/** What was proven in one sign-in, and by whom. The only room that keeps proofs. */
import { digest } from '../crypto.ts';
import { Problem } from '../errors.ts';
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

/** What stays where a page was torn out, or never was: in which browser that prompt ended, and what else is to be remembered of it. */
export interface Stub {
  /** Digest of the browser's secret. */
  readonly browser: string;
  /** The client that was signed in to, where it ended well. */
  readonly client?: string;
}
type Leaf = Page | Stub;

const isPage = (leaf: Leaf | undefined): leaf is Page => leaf !== undefined && 'proofs' in leaf;

/** How long a stub stays: somebody who comes back by Back within it is led on. */
const stubLifetime: Millis = 3_600_000;

/** Enough for the writers of one sitting to find their turn; more at once is a storm, and may start again. */
const turns = 32;

/**
 * The proofs of each sign-in under way, bound to interaction, browser and person: another person in the same interaction
 * starts an empty page; another browser sees none, and neither opens nor ends one.
 */
export class Ledger {
  readonly #ephemeral: Ephemeral;
  readonly #ttl: Millis;

  constructor(ephemeral: Ephemeral, ttl: Millis) {
    this.#ephemeral = ephemeral;
    this.#ttl = ttl;
  }

  /** Where the page of a sitting is kept, to be read together with something else. */
  place(sitting: Sitting): Key<Leaf> {
    return leafOf(sitting);
  }

  /** What was read there, where it is a page of this browser's. */
  opened(sitting: Sitting, leaf: Leaf | undefined): Page | undefined {
    return isPage(leaf) && leaf.browser === digest(sitting.browser) ? leaf : undefined;
  }

  /** Whether another browser has begun or ended here. */
  isOthers(sitting: Sitting, leaf: Leaf | undefined): boolean {
    return leaf !== undefined && leaf.browser !== digest(sitting.browser);
  }

  /** Who is signing in here and what they have proven; undefined: nothing yet, or not in this browser. */
  async read(sitting: Sitting): Promise<Page | undefined> {
    return this.opened(sitting, await this.#ephemeral.get(leafOf(sitting)));
  }

  /**
   * Opens the page of this proof's person, and gives it. A page of theirs that is open already is kept; another person's is
   * gone. undefined: another browser has begun or ended here. Whoever shares an address with it shares its challenge, so that
   * what one person answers would sign in the other.
   */
  async open(sitting: Sitting, proof: Proof): Promise<Page | undefined> {
    const fresh: Page = { browser: digest(sitting.browser), userId: proof.userId, proofs: [proof] };
    for (let turn = 0; turn < turns; turn += 1) {
      // Added first: nearly every page is new, and that is one round trip.
      if (await this.#ephemeral.setIfAbsent(leafOf(sitting), fresh, this.#ttl)) return fresh;
      const was = await this.#ephemeral.get(leafOf(sitting));
      if (was === undefined) continue;
      if (this.isOthers(sitting, was)) return undefined;
      if (isPage(was) && was.userId === proof.userId) return was;
      if (await this.#ephemeral.compareAndSwap(leafOf(sitting), was, fresh, this.#ttl)) return fresh;
    }
    throw new Problem('overloaded', `got more than ${turns} writers of one sign-in at once`);
  }

  /** Writes one more proof of the same person; false: the page is another's, or gone. */
  async add(sitting: Sitting, proof: Proof): Promise<boolean> {
    for (let turn = 0; turn < turns; turn += 1) {
      const was = this.opened(sitting, await this.#ephemeral.get(leafOf(sitting)));
      if (was?.userId !== proof.userId) return false;
      if (await this.#ephemeral.compareAndSwap(leafOf(sitting), was, { ...was, proofs: [...was.proofs, proof] }))
        return true;
    }
    return false;
  }

  /**
   * Tears the page out: of many callers one gets what was proven. `seen`: only while it is still exactly this one. `stub`: what
   * stays in its place.
   */
  async close(
    sitting: Sitting,
    { seen, stub }: { readonly seen?: Page; readonly stub?: Omit<Stub, 'browser'> } = {},
  ): Promise<Page | undefined> {
    const was = this.opened(sitting, seen ?? (await this.#ephemeral.get(leafOf(sitting))));
    if (was === undefined) return undefined;
    const left = stub && { ...stub, browser: was.browser };
    return (await this.#ephemeral.compareAndSwap<Leaf>(leafOf(sitting), was, left, stubLifetime)) ? was : undefined;
  }

  /** Leaves a stub, whatever was there of this browser. False: another one has begun or ended here, and its end is its own. */
  async leave(sitting: Sitting, stub: Omit<Stub, 'browser'>): Promise<boolean> {
    const left: Stub = { ...stub, browser: digest(sitting.browser) };
    for (let turn = 0; turn < turns; turn += 1) {
      if (await this.#ephemeral.setIfAbsent<Leaf>(leafOf(sitting), left, stubLifetime)) return true;
      const was = await this.#ephemeral.get(leafOf(sitting));
      if (was === undefined) continue;
      if (this.isOthers(sitting, was)) return false;
      if (await this.#ephemeral.compareAndSwap<Leaf>(leafOf(sitting), was, left, stubLifetime)) return true;
    }
    throw new Problem('overloaded', `got more than ${turns} writers of one sign-in at once`);
  }

  /** What was left of this prompt; undefined: it has not ended, or too long ago. */
  async stub(interaction: string): Promise<Stub | undefined> {
    const leaf = await this.#ephemeral.get(leafOf({ interaction }));
    return isPage(leaf) ? undefined : leaf;
  }
}

const leafOf = ({ interaction }: Pick<Sitting, 'interaction'>): Key<Leaf> => key('ledger', interaction);
