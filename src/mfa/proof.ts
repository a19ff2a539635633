/** What was proven in one sign-in, and by whom. The only room that keeps proofs. */
import { sha256 } from '../crypto.ts';
import { Problem } from '../errors.ts';
import { key, type Ephemeral, type Key } from '../ports/stores.ts';
import type { EpochMillis, Millis } from '../ports/time.ts';
import type { Acr, Amr } from './factor.ts';

declare const minted: unique symbol;

/** A redeemed challenge or a right password: who, how, how strong, when. Only `mint` makes one. */
export interface Proof extends ProofFacts {
  readonly [minted]: true;
}

interface ProofFacts {
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
export const mint = (facts: ProofFacts): Proof => facts as Proof;

/** One sign-in in one browser. `browser` is the secret value of its own cookie. */
export interface BrowserInteraction {
  readonly interaction: string;
  readonly browser: string;
}

/** The page of one sitting, as it is kept. Only `opened` says whether it is this browser's. */
export interface ProofSet {
  /** Digest of the browser's secret. */
  readonly browser: string;
  readonly userId: string;
  readonly proofs: readonly Proof[];
}

/** What stays where a page was torn out, or never was: in which browser that prompt ended, and what else is to be remembered of it. */
export interface Tombstone {
  /** Digest of the browser's secret. */
  readonly browser: string;
  /** The client that was signed in to, where it ended well. */
  readonly client?: string;
}
type SignInEntry = ProofSet | Tombstone;

const isProofSet = (entry: SignInEntry | undefined): entry is ProofSet => entry !== undefined && 'proofs' in entry;

/** How long a stub stays: somebody who comes back by Back within it is led on. */
const tombstoneLifetime: Millis = 3_600_000;

/** Enough for the writers of one sitting to find their turn; more at once is a storm, and may start again. */
const turns = 32;

/**
 * The proofs of each sign-in under way, bound to interaction, browser and person: another person in the same interaction
 * starts an empty page; another browser sees none, and neither opens nor ends one.
 */
export class SignInProofs {
  readonly #ephemeral: Ephemeral;
  readonly #ttl: Millis;

  constructor(ephemeral: Ephemeral, ttl: Millis) {
    this.#ephemeral = ephemeral;
    this.#ttl = ttl;
  }

  /** Where the page of a sitting is kept, to be read together with something else. */
  keyOf(browserInteraction: BrowserInteraction): Key<SignInEntry> {
    return entryKey(browserInteraction);
  }

  /** What was read there, where it is a page of this browser's. */
  ownProofs(browserInteraction: BrowserInteraction, entry: SignInEntry | undefined): ProofSet | undefined {
    return isProofSet(entry) && entry.browser === sha256(browserInteraction.browser) ? entry : undefined;
  }

  /** Whether another browser has begun or ended here. */
  isOfAnotherBrowser(browserInteraction: BrowserInteraction, entry: SignInEntry | undefined): boolean {
    return entry !== undefined && entry.browser !== sha256(browserInteraction.browser);
  }

  /** Who is signing in here and what they have proven; undefined: nothing yet, or not in this browser. */
  async read(browserInteraction: BrowserInteraction): Promise<ProofSet | undefined> {
    return this.ownProofs(browserInteraction, await this.#ephemeral.get(entryKey(browserInteraction)));
  }

  /**
   * Opens the page of this proof's person, and gives it. A page of theirs that is open already is kept; another person's is
   * gone. undefined: another browser has begun or ended here. Whoever shares an address with it shares its challenge, so that
   * what one person answers would sign in the other.
   */
  async begin(browserInteraction: BrowserInteraction, proof: Proof): Promise<ProofSet | undefined> {
    const fresh: ProofSet = { browser: sha256(browserInteraction.browser), userId: proof.userId, proofs: [proof] };
    for (let turn = 0; turn < turns; turn += 1) {
      // Added first: nearly every page is new, and that is one round trip.
      if (await this.#ephemeral.setIfAbsent(entryKey(browserInteraction), fresh, this.#ttl)) return fresh;
      const was = await this.#ephemeral.get(entryKey(browserInteraction));
      if (was === undefined) continue;
      if (this.isOfAnotherBrowser(browserInteraction, was)) return undefined;
      if (isProofSet(was) && was.userId === proof.userId) return was;
      if (await this.#ephemeral.compareAndSwap(entryKey(browserInteraction), was, fresh, this.#ttl)) return fresh;
    }
    throw new Problem('overloaded', `got more than ${turns} writers of one sign-in at once`);
  }

  /** Writes one more proof of the same person; false: the page is another's, or gone. */
  async add(browserInteraction: BrowserInteraction, proof: Proof): Promise<boolean> {
    for (let turn = 0; turn < turns; turn += 1) {
      const was = this.ownProofs(browserInteraction, await this.#ephemeral.get(entryKey(browserInteraction)));
      if (was?.userId !== proof.userId) return false;
      if (
        await this.#ephemeral.compareAndSwap(entryKey(browserInteraction), was, {
          ...was,
          proofs: [...was.proofs, proof],
        })
      )
        return true;
    }
    return false;
  }

  /**
   * Tears the page out: of many callers one gets what was proven. `seen`: only while it is still exactly this one. `tombstone`: what
   * stays in its place.
   */
  async consume(
    browserInteraction: BrowserInteraction,
    { seen, tombstone }: { readonly seen?: ProofSet; readonly tombstone?: Omit<Tombstone, 'browser'> } = {},
  ): Promise<ProofSet | undefined> {
    const was = this.ownProofs(browserInteraction, seen ?? (await this.#ephemeral.get(entryKey(browserInteraction))));
    if (was === undefined) return undefined;
    const left = tombstone && { ...tombstone, browser: was.browser };
    return (await this.#ephemeral.compareAndSwap<SignInEntry>(
      entryKey(browserInteraction),
      was,
      left,
      tombstoneLifetime,
    ))
      ? was
      : undefined;
  }

  /** Leaves a stub, whatever was there of this browser. False: another one has begun or ended here, and its end is its own. */
  async leaveTombstone(
    browserInteraction: BrowserInteraction,
    tombstone: Omit<Tombstone, 'browser'>,
  ): Promise<boolean> {
    const left: Tombstone = { ...tombstone, browser: sha256(browserInteraction.browser) };
    for (let turn = 0; turn < turns; turn += 1) {
      if (await this.#ephemeral.setIfAbsent<SignInEntry>(entryKey(browserInteraction), left, tombstoneLifetime))
        return true;
      const was = await this.#ephemeral.get(entryKey(browserInteraction));
      if (was === undefined) continue;
      if (this.isOfAnotherBrowser(browserInteraction, was)) return false;
      if (await this.#ephemeral.compareAndSwap<SignInEntry>(entryKey(browserInteraction), was, left, tombstoneLifetime))
        return true;
    }
    throw new Problem('overloaded', `got more than ${turns} writers of one sign-in at once`);
  }

  /** What was left of this prompt; undefined: it has not ended, or too long ago. */
  async tombstone(interaction: string): Promise<Tombstone | undefined> {
    const entry = await this.#ephemeral.get(entryKey({ interaction }));
    return isProofSet(entry) ? undefined : entry;
  }
}

const entryKey = ({ interaction }: Pick<BrowserInteraction, 'interaction'>): Key<SignInEntry> =>
  key('ledger', interaction);
