/**
 * Keeps the draft of an enrollment: the number, a method without a name, and recovery codes that are not saved yet. One sealed document
 * for each sign-in, which expires with it.
 */
import { openStored, sealJson, type Sealed, type Sealer } from '../src/crypto.ts';
import { Problem } from '../src/errors.ts';
import { conflict, optimisticWrite } from '../src/optimistic-write.ts';
import { key, type Ephemeral, type Key } from '../src/ports/stores.ts';
import type { Millis } from '../src/ports/time.ts';
import type { TypedPhone } from '../web/pages/enroll-props.ts';

/** A method that was just bound. */
export interface Unnamed {
  /** Id of its authenticator. */
  readonly id: string;
  /** `phone`, or the type of the factor. */
  readonly kind: string;
  /** The label that it has until the person chooses one. */
  readonly label: string;
  /** Masked number. */
  readonly target?: string;
}

/** What one person has entered so far in one sign-in. Members are absent once they are finished. */
export interface EnrollmentDraft {
  readonly userId: string;
  /** The sign-in was given the time that setting up a method takes. */
  readonly isExtended?: true;
  /** The form for a number, as it was sent last. */
  readonly phone?: TypedPhone;
  /** A device is being paired. */
  readonly isPairing?: true;
  readonly unnamed?: Unnamed;
  /** Recovery codes in plain text: the person has not said yet that they are saved. */
  readonly codes?: readonly string[];
}

/** True while a method that was just bound has no name yet, or recovery codes are not saved. */
export const isUnfinished = ({ unnamed, codes }: Partial<EnrollmentDraft> = {}): boolean =>
  unnamed !== undefined || codes !== undefined;

interface EnrollmentDraftsDeps {
  readonly ephemeral: Ephemeral;
  readonly sealer: Sealer;
  /** How long a sign-in lasts. */
  readonly lifetime: Millis;
}

export class EnrollmentDrafts {
  readonly #deps: EnrollmentDraftsDeps;

  constructor(deps: EnrollmentDraftsDeps) {
    this.#deps = deps;
  }

  /** The draft of this person in a sign-in; that of another person is not given. */
  async read(signIn: string, userId: string): Promise<EnrollmentDraft> {
    const stored = await this.#deps.ephemeral.get(keyOf(signIn));
    return this.#opened(signIn, userId, stored);
  }

  /** True for one of concurrent requests that would make recovery codes. It lasts half a minute, in which the codes are made. */
  async claimCodes(signIn: string): Promise<boolean> {
    return this.#deps.ephemeral.setIfAbsent(key<true>('enrollment-codes', signIn), true, codesClaim);
  }

  /** Changes the draft of this person, and gives it. @throws Problem 'overloaded' */
  async change(
    signIn: string,
    userId: string,
    change: (before: EnrollmentDraft) => EnrollmentDraft,
  ): Promise<EnrollmentDraft> {
    const { ephemeral, sealer, lifetime } = this.#deps;
    return optimisticWrite<EnrollmentDraft>(
      async () => {
        const stored = await ephemeral.get(keyOf(signIn));
        const next = change(this.#opened(signIn, userId, stored));
        const sealed = sealJson(sealer, next, sealedTo(signIn));
        const isWritten =
          stored === undefined
            ? await ephemeral.setIfAbsent(keyOf(signIn), sealed, lifetime)
            : await ephemeral.compareAndSwap(keyOf(signIn), stored, sealed, lifetime);
        return isWritten ? next : conflict;
      },
      () => {
        throw new Problem('overloaded', 'got too many writers of one enrollment at once');
      },
    );
  }

  #opened(signIn: string, userId: string, stored: Sealed<EnrollmentDraft> | undefined): EnrollmentDraft {
    const found = stored === undefined ? undefined : openStored(this.#deps.sealer, stored, sealedTo(signIn));
    return found?.userId === userId ? found : { userId };
  }
}

const codesClaim: Millis = 30_000;
const keyOf = (signIn: string): Key<Sealed<EnrollmentDraft>> => key('enrollment', signIn);
const sealedTo = (signIn: string): string => `enrollment:${signIn}`;

/** The name under which the challenges of an enrollment in this sign-in are stored. */
export const enrollmentBinding = (signIn: string): string => `enrollment:${signIn}`;
