/**
 * Stores the proofs of each sign-in under way, bound to interaction, browser and person. Another person in the same
 * interaction starts an empty set; another browser sees none, and can neither begin nor end one.
 */
import { sha256 } from '../crypto.ts';
import { Problem } from '../errors.ts';
import type { InvitationKind } from '../invitations.ts';
import { conflict, optimisticWrite } from '../optimistic-write.ts';
import { key, type Ephemeral, type Key } from '../ports/stores.ts';
import type { Millis } from '../ports/time.ts';
import type { Proof } from './proof.ts';

/** One interaction in one browser. `browser`: the secret value of that browser's own cookie. */
export interface BrowserInteraction {
  readonly interaction: string;
  readonly browser: string;
}

/** The proofs of one person in one browser's interaction, as stored. */
export interface ProofSet {
  /** SHA-256 of the browser's secret. */
  readonly browser: string;
  readonly userId: string;
  readonly proofs: readonly Proof[];
  /** The person put off setting up a method, for this sign-in. */
  readonly hasSkipped?: true;
  /** The invitation that is shown in this sign-in. */
  readonly invitation?: InvitationKind;
}

/** Left once the proofs of a sign-in were consumed, or where none were stored: the browser that ended it, and its client. */
export interface Tombstone {
  /** SHA-256 of the browser's secret. */
  readonly browser: string;
  /** The client that was signed in to, where it ended well. */
  readonly client?: string;
}
export type SignInEntry = ProofSet | Tombstone;

const isProofSet = (entry: SignInEntry | undefined): entry is ProofSet => entry !== undefined && 'proofs' in entry;

/** A person who comes back by the Back button within this time is led on to the client. */
const tombstoneLifetime: Millis = 3_600_000;

/** Enough for concurrent requests of one sign-in; more at once is overload. */
const maxAttempts = 32;
const overload = (): never => {
  throw new Problem('overloaded', `got more than ${maxAttempts} writers of one sign-in at once`);
};

export class SignInProofs {
  readonly #ephemeral: Ephemeral;
  readonly #ttl: Millis;

  constructor(ephemeral: Ephemeral, ttl: Millis) {
    this.#ephemeral = ephemeral;
    this.#ttl = ttl;
  }

  /** Key of an interaction's entry, to be read in one round trip with others. */
  keyOf(browserInteraction: BrowserInteraction): Key<SignInEntry> {
    return entryKey(browserInteraction);
  }

  /** The proof set of this browser in an entry that was read; undefined: none, or a tombstone. */
  ownProofs(browserInteraction: BrowserInteraction, entry: SignInEntry | undefined): ProofSet | undefined {
    return isProofSet(entry) && entry.browser === sha256(browserInteraction.browser) ? entry : undefined;
  }

  /** True where another browser has begun or ended this interaction. */
  isOfAnotherBrowser(browserInteraction: BrowserInteraction, entry: SignInEntry | undefined): boolean {
    return entry !== undefined && entry.browser !== sha256(browserInteraction.browser);
  }

  /** True where the sign-in has ended: its proofs were consumed, or it was cancelled. */
  isEnded(entry: SignInEntry | undefined): entry is Tombstone {
    return entry !== undefined && !isProofSet(entry);
  }

  /** The proof set of this browser; undefined: none. */
  async read(browserInteraction: BrowserInteraction): Promise<ProofSet | undefined> {
    return this.ownProofs(browserInteraction, await this.#ephemeral.get(entryKey(browserInteraction)));
  }

  /**
   * Begins a proof set for the person of this proof, and gives it. Their own set is kept, unless it `isOver`; another person's is
   * replaced. undefined: another browser has begun here, or the sign-in has ended. Two browsers would share one challenge, and the answer
   * of one person would sign in the other.
   * @throws Problem 'overloaded'
   */
  async begin(
    browserInteraction: BrowserInteraction,
    proof: Proof,
    isOver: (set: ProofSet) => boolean = () => false,
  ): Promise<ProofSet | undefined> {
    const entry = entryKey(browserInteraction);
    const fresh = this.newSet(browserInteraction, proof);
    // Add first: nearly every set is new, and that is one round trip.
    if (await this.#ephemeral.setIfAbsent(entry, fresh, this.#ttl)) return fresh;
    return optimisticWrite<ProofSet | undefined>(
      async () => {
        const was = await this.#ephemeral.get(entry);
        if (was === undefined) {
          return (await this.#ephemeral.setIfAbsent(entry, fresh, this.#ttl)) ? fresh : conflict;
        }
        if (this.isOfAnotherBrowser(browserInteraction, was) || !isProofSet(was)) return undefined;
        if (was.userId === proof.userId && !isOver(was)) return was;
        return (await this.#ephemeral.compareAndSwap(entry, was, fresh, this.#ttl)) ? fresh : conflict;
      },
      overload,
      maxAttempts,
    );
  }

  /**
   * Begins and consumes the only proof of a sign-in in one step, which leaves the tombstone. False, and nothing is changed: something is
   * stored of this interaction already. Of many concurrent callers one gets true.
   */
  async beginAndConsume(
    browserInteraction: BrowserInteraction,
    tombstone: Omit<Tombstone, 'browser'>,
  ): Promise<boolean> {
    const left: SignInEntry = { ...tombstone, browser: sha256(browserInteraction.browser) };
    return this.#ephemeral.setIfAbsent(entryKey(browserInteraction), left, tombstoneLifetime);
  }

  /** The set that `begin` stores where there is none. */
  newSet({ browser }: BrowserInteraction, proof: Proof): ProofSet {
    return { browser: sha256(browser), userId: proof.userId, proofs: [proof] };
  }

  /**
   * Holds this interaction for this browser and person before there is a proof. False: another browser or person holds it, or it
   * has ended.
   */
  async hold(browserInteraction: BrowserInteraction, userId: string): Promise<boolean> {
    const entry = entryKey(browserInteraction);
    const held: ProofSet = { browser: sha256(browserInteraction.browser), userId, proofs: [] };
    if (await this.#ephemeral.setIfAbsent(entry, held, this.#ttl)) return true;
    return this.ownProofs(browserInteraction, await this.#ephemeral.get(entry))?.userId === userId;
  }

  /** Keeps the proofs of this browser for so long from now. */
  async keep(browserInteraction: BrowserInteraction, lifetime: Millis): Promise<void> {
    const entry = entryKey(browserInteraction);
    await optimisticWrite<boolean>(
      async () => {
        const was = this.ownProofs(browserInteraction, await this.#ephemeral.get(entry));
        return was === undefined || (await this.#ephemeral.compareAndSwap(entry, was, was, lifetime)) || conflict;
      },
      overload,
      maxAttempts,
    );
  }

  /** Adds a proof of the same person. False: the set is another person's, or gone. */
  async add(browserInteraction: BrowserInteraction, proof: Proof): Promise<boolean> {
    return this.#change(browserInteraction, proof.userId, was => ({ ...was, proofs: [...was.proofs, proof] }));
  }

  /** Notes that this person put off setting up a method. False: the set is another person's, or gone. */
  async skip(browserInteraction: BrowserInteraction, userId: string): Promise<boolean> {
    return this.#change(browserInteraction, userId, was => ({ ...was, hasSkipped: true }));
  }

  /** Notes that this person is shown an invitation. False: the set is another person's, or gone. */
  async invite(browserInteraction: BrowserInteraction, userId: string, kind: InvitationKind): Promise<boolean> {
    return this.#change(browserInteraction, userId, was => ({ ...was, invitation: kind }));
  }

  async #change(
    browserInteraction: BrowserInteraction,
    userId: string,
    change: (was: ProofSet) => ProofSet,
  ): Promise<boolean> {
    const entry = entryKey(browserInteraction);
    return optimisticWrite<boolean>(
      async () => {
        const was = this.ownProofs(browserInteraction, await this.#ephemeral.get(entry));
        if (was?.userId !== userId) return false;
        return (await this.#ephemeral.compareAndSwap(entry, was, change(was))) || conflict;
      },
      () => false,
      maxAttempts,
    );
  }

  /**
   * Consumes the proofs; exactly one concurrent caller gets them. `seen`: only while they are still exactly these.
   * `tombstone`: what is left in their place.
   */
  async consume(
    browserInteraction: BrowserInteraction,
    { seen, tombstone }: { readonly seen?: ProofSet; readonly tombstone?: Omit<Tombstone, 'browser'> } = {},
  ): Promise<ProofSet | undefined> {
    const entry = entryKey(browserInteraction);
    const was = this.ownProofs(browserInteraction, seen ?? (await this.#ephemeral.get(entry)));
    if (was === undefined) return undefined;
    const left = tombstone && { ...tombstone, browser: was.browser };
    const isConsumed = await this.#ephemeral.compareAndSwap<SignInEntry>(entry, was, left, tombstoneLifetime);
    return isConsumed ? was : undefined;
  }

  /**
   * Leaves a tombstone in place of anything that this browser had. False: another browser has begun or ended here.
   * @throws Problem 'overloaded'
   */
  async leaveTombstone(
    browserInteraction: BrowserInteraction,
    tombstone: Omit<Tombstone, 'browser'>,
  ): Promise<boolean> {
    const entry = entryKey(browserInteraction);
    const left: SignInEntry = { ...tombstone, browser: sha256(browserInteraction.browser) };
    return optimisticWrite<boolean>(
      async () => {
        if (await this.#ephemeral.setIfAbsent(entry, left, tombstoneLifetime)) return true;
        const was = await this.#ephemeral.get(entry);
        if (was === undefined) return conflict;
        if (this.isOfAnotherBrowser(browserInteraction, was)) return false;
        return (await this.#ephemeral.compareAndSwap(entry, was, left, tombstoneLifetime)) || conflict;
      },
      overload,
      maxAttempts,
    );
  }

  /** Which browser has begun or ended this interaction, as stored now; undefined: none, or too long ago. */
  async holder(browserInteraction: BrowserInteraction): Promise<'this browser' | 'another browser' | undefined> {
    const entry = await this.#ephemeral.get(entryKey(browserInteraction));
    if (entry === undefined) return undefined;
    return this.isOfAnotherBrowser(browserInteraction, entry) ? 'another browser' : 'this browser';
  }

  /** What is stored of an interaction, whichever browser began or ended it. */
  async entry(interaction: string): Promise<SignInEntry | undefined> {
    return this.#ephemeral.get(entryKey({ interaction }));
  }
}

const entryKey = ({ interaction }: Pick<BrowserInteraction, 'interaction'>): Key<SignInEntry> =>
  key('sign-in-proofs', interaction);
