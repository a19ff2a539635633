/** Models the real proofs of a walk, to compare the server with. It does not know the server. */

/** One sign-in. Only the browser that began it can prove anything there. */
export interface Proven {
  readonly browser: number;
  /** The person of the last right password. */
  readonly userId?: string;
  /** True after the second factor of that person was right. */
  readonly second: boolean;
  /** The other sign-ins that share that proof. */
  readonly sharers?: readonly string[];
  /** The person for whom it was claimed. It stays theirs when another person types a password there. */
  readonly claimedBy?: string;
}

export interface Model {
  /** The sign-ins of this walk, the newest first. */
  readonly known: readonly string[];
  of(uid: string): Proven | undefined;
  began(uid: string, browser: number): void;
  password(uid: string, browser: number, userId: string): void;
  /** Proves the second factor of these sign-ins, which share one challenge. The first that claims it uses it for all. */
  second(sharers: readonly string[], userId: string): void;
  restart(uid: string, browser: number): void;
  /** Ends it: the present proofs become those of that person. */
  claim(uid: string, browser: number): void;
  /** Resumes it: this browser may now have the session of the claiming person. */
  resume(uid: string, browser: number): void;
  /** True where the proofs explain a session of this person in this browser. */
  explains(browser: number, userId: string | undefined): boolean;
}

export const createModel = (): Model => {
  const known: string[] = [];
  const all = new Map<string, Proven>();
  const signedIn = new Set<string>();
  const change = (uid: string, browser: number, next: (was: Proven) => Proven): void => {
    const was = all.get(uid);
    if (was?.browser === browser) all.set(uid, next(was));
  };
  /** Without proofs, except for the claim. */
  const emptied = ({ browser, claimedBy }: Proven): Proven => ({
    browser,
    second: false,
    ...(claimedBy !== undefined && { claimedBy }),
  });

  return {
    known,
    of: uid => all.get(uid),
    began(uid, browser) {
      if (all.has(uid)) return;
      known.unshift(uid);
      all.set(uid, { browser, second: false });
    },
    password: (uid, browser, userId) =>
      change(uid, browser, was => (was.userId === userId ? was : { ...emptied(was), userId })),
    second(sharers, userId) {
      const [owner] = sharers;
      const browser = owner === undefined ? undefined : all.get(owner)?.browser;
      for (const uid of sharers) {
        const was = all.get(uid);
        // Another browser never shares, whatever the server says.
        if (was?.userId === userId && was.browser === browser) all.set(uid, { ...was, second: true, sharers });
      }
    },
    restart: (uid, browser) => change(uid, browser, emptied),
    claim: (uid, browser) =>
      change(uid, browser, was => {
        if (!was.second || was.userId === undefined) return was;
        for (const other of was.sharers ?? []) {
          const sharer = all.get(other);
          if (other !== uid && sharer !== undefined) all.set(other, { ...sharer, second: false });
        }
        return { ...was, claimedBy: was.userId };
      }),
    resume(uid, browser) {
      const at = all.get(uid);
      if (at?.browser === browser && at.claimedBy !== undefined) signedIn.add(`${browser} ${at.claimedBy}`);
    },
    explains: (browser, userId) => userId !== undefined && signedIn.has(`${browser} ${userId}`),
  };
};
