/** What was really proven on a walk, and by whom: the model that the server is held against. It knows nothing of the server. */

/** One sign-in. Only the browser that began it can prove anything there. */
export interface Proven {
  readonly browser: number;
  /** Whose password was right last. */
  readonly userId?: string;
  /** Their second factor was right after it. */
  readonly second: boolean;
  /** For whom it was claimed: from then on it is theirs, whoever else types a password there. */
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
  /** Asked to end it: what is proven now becomes that person's. */
  claim(uid: string, browser: number): void;
  /** Went on from it: this browser may now be whoever claimed it. */
  resume(uid: string, browser: number): void;
  /** Whether there is a reason for this person to be signed in there. */
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
  /** Nothing proven, but what was claimed. */
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
