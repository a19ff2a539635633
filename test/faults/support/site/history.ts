/**
 * Keeps what was tried against a site and how it ended, for the checks of `invariants.ts`. A broken connection is 'unknown': the
 * node may have done it.
 */

export type Result = 'ok' | 'refused' | 'unknown';

/** What counts once: an authorization code, a step of an app, a refresh token; or a request without a secret. */
export type Operation = 'code' | 'totp' | 'call' | 'refresh' | 'password' | 'request';

export interface Entry {
  readonly operation: Operation;
  /** What must not be accepted twice; absent: it may be repeated. */
  readonly secret?: string;
  /** Name of the person. */
  readonly person?: string;
  /** Milliseconds since 1970. */
  readonly began: number;
  readonly ended: number;
  readonly result: Result;
  /** Status, or the code of a broken connection. */
  readonly detail: string;
}

/** A write that was acknowledged, and a check that finds it in the durable store. */
export interface Acknowledged {
  readonly what: string;
  readonly isStored: () => Promise<boolean>;
}

/** A secret that was used, tried again after all. */
export interface Reuse {
  readonly operation: Operation;
  /** Status of the answer; 0: none came. */
  readonly status: number;
}

export class History {
  readonly #uses: { readonly operation: Operation; readonly again: () => Promise<number | undefined> }[] = [];
  readonly entries: Entry[] = [];
  readonly acknowledged: Acknowledged[] = [];

  /** Begins an operation; the function that it gives ends it. */
  begin(of: Pick<Entry, 'operation' | 'secret' | 'person'>): (result: Result, detail: string) => void {
    const began = Date.now();
    return (result, detail) => void this.entries.push({ ...of, began, ended: Date.now(), result, detail });
  }

  /** Notes a write that must be found at the end. */
  acknowledge(what: string, isStored: () => Promise<boolean>): void {
    this.acknowledged.push({ what, isStored });
  }

  /** Notes that a secret was used. `again` uses it once more, and gives the status. */
  used(operation: Operation, again: () => Promise<number | undefined>): void {
    this.#uses.push({ operation, again });
  }

  /** Uses each noted secret once more, and gives what came of it. */
  async useAgain(): Promise<readonly Reuse[]> {
    const found: Reuse[] = [];
    for (const { operation, again } of this.#uses) found.push({ operation, status: (await again()) ?? 0 });
    return found;
  }

  count(operation: Operation, result: Result): number {
    return this.entries.filter(each => each.operation === operation && each.result === result).length;
  }
}
