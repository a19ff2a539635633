/** Models the real proofs of a walk, to compare the server with. It does not know the server. */

/** One sign-in. Only the browser that began it can prove anything there. */
export interface Proven {
  readonly browser: number;
  /** The person of the last right password. */
  readonly userId?: string;
  /** True after the second factor of that person was right. */
  readonly second: boolean;
  /** The person for whom it was claimed. It stays theirs when another person types a password there. */
  readonly claimedBy?: string;
}

export interface Model {
  /** The sign-ins of this walk, the newest first. */
  readonly known: readonly string[];
  of(uid: string): Proven | undefined;
  began(uid: string, browser: number): void;
  password(uid: string, browser: number, userId: string): void;
  second(uid: string, userId: string): void;
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
    second(uid, userId) {
      const was = all.get(uid);
      if (was?.userId === userId) all.set(uid, { ...was, second: true });
    },
    restart: (uid, browser) => change(uid, browser, emptied),
    claim: (uid, browser) =>
      change(uid, browser, was => (was.second && was.userId !== undefined ? { ...was, claimedBy: was.userId } : was)),
    resume(uid, browser) {
      const at = all.get(uid);
      if (at?.browser === browser && at.claimedBy !== undefined) signedIn.add(`${browser} ${at.claimedBy}`);
    },
    explains: (browser, userId) => userId !== undefined && signedIn.has(`${browser} ${userId}`),
  };
};
