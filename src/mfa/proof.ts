/** Defines a proof: a redeemed challenge, a right password, or a passkey alone, of one person. */
import type { EpochMillis } from '../ports/time.ts';
import type { Acr, Amr } from './factor.ts';

declare const minted: unique symbol;

/** Who proved themselves, how, at which assurance, and when. Only `mint` makes one. */
export interface Proof extends ProofFacts {
  readonly [minted]: true;
}

interface ProofFacts {
  readonly userId: string;
  /** 'password', or the type of another factor. */
  readonly factor: string;
  readonly authenticator?: string;
  readonly amr: readonly Amr[];
  /** The level that it reaches beside a password. */
  readonly acr: Acr;
  readonly at: EpochMillis;
  /** The ceremony that bound the authenticator proved it too. */
  readonly enrolled?: true;
  /** Of a password: id of the remembered browser in which it was typed, which takes the place of the second step. */
  readonly remembered?: string;
  /** Of a second step: the person ticked the box that has this browser remembered. */
  readonly asksToRemember?: true;
}

/**
 * Makes a proof. Only `challenge/challenges.ts`, `challenge/enrollments.ts`, `passkey-sign-in.ts` and
 * `users/passwords/password.ts` may call it; the architecture test enforces it.
 */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place where facts become a proof
export const mint = (facts: ProofFacts): Proof => facts as Proof;
