/** A sign-in as the conversation sees it, whichever protocol asked for it. */
import type { Context } from 'koa';
import type { Acr, Amr } from '../src/mfa/factor.ts';
import type { EpochMillis } from '../src/ports.ts';

/** Whom the person signs in to. */
export interface Asking {
  readonly id: string;
  readonly name: string;
  /** A page of theirs (http or https), as they registered it. */
  readonly uri?: string;
  readonly policyUri?: string;
  readonly tosUri?: string;
}

/** One prompt of one request. */
export interface SignIn {
  /** Names it in our addresses; known to one browser. */
  readonly id: string;
  /** The same over all prompts of the request. */
  readonly flow: string;
  /** What is to be done: sign in; more proof from someone signed in; permission for the client. */
  readonly prompt: 'login' | 'mfa' | 'consent';
  readonly reasons: readonly string[];
  readonly client: Asking;
  /** The level this request needs; `essential`: with less it fails, otherwise the level reached is told. */
  readonly need: { readonly acr: Acr; readonly essential: boolean };
  /** Who is signed in in this browser, and how. */
  readonly session?: {
    readonly userId: string;
    readonly acr?: Acr;
    readonly amr: readonly Amr[];
    /** Seconds since 1970. */
    readonly at?: number;
  };
  readonly loginHint?: string;
  /** Wanted languages (BCP 47), the most wanted first. */
  readonly languages: readonly string[];
  /** What the client has no permission for yet. */
  readonly scopes: readonly string[];
  /** When the prompt ends. */
  readonly endsAt: EpochMillis;
}

/** How a prompt can end. */
export type End =
  | {
      readonly kind: 'signed-in';
      readonly userId: string;
      readonly acr: Acr;
      readonly amr: readonly Amr[];
      /** Seconds since 1970: when the person first proved who they are. */
      readonly at: number;
      /** The second step that was taken, and when. */
      readonly second?: { readonly method: string; readonly at: number };
    }
  | { readonly kind: 'consented' }
  | { readonly kind: 'cancelled' }
  /** No method of this person reaches what is asked for. */
  | { readonly kind: 'unmet' };

/** What the conversation needs of a protocol. `oidc.ts` is one. */
export interface Protocol {
  /**
   * The sign-in that this browser holds and whose address this is.
   * @throws Problem 'sign-in-lost' when nothing of it is left; 'sign-in-elsewhere' when it is another browser's.
   */
  read(ctx: Context, id: string): Promise<SignIn>;
  /** Ends the prompt in this browser. The path where the browser goes on. */
  finish(ctx: Context, signIn: SignIn, end: End): Promise<string>;
  /** The client as it is registered now; undefined: there is none of that id any more. */
  client(id: string): Promise<Asking | undefined>;
}
