/** A sign-in as the conversation sees it, whichever protocol asked for it. */
import type { Context } from 'koa';
import type { Acr, Amr } from '../src/mfa/factor.ts';
import type { EpochMillis } from '../src/ports/time.ts';

/** Whom the person signs in to. */
export interface RequestingClient {
  readonly id: string;
  readonly name: string;
  /** A page of theirs (http or https), as they registered it. */
  readonly uri?: string;
  /** Where a sign-in to them begins, as they registered it; their page or site where they did not. */
  readonly startUri?: string;
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
  readonly client: RequestingClient;
  /** The level this request would have, and the one below which it fails. */
  readonly required: { readonly acr: Acr; readonly minimum: Acr };
  /** Who is signed in in this browser, and how. */
  readonly session?: {
    readonly userId: string;
    readonly acr?: Acr;
    readonly amr: readonly Amr[];
  };
  readonly loginHint?: string;
  /** Wanted languages (BCP 47), the most wanted first. */
  readonly languages: readonly string[];
  /** What the client has no permission for yet. */
  readonly scopes: readonly string[];
  /** When the prompt ends. */
  readonly endsAt: EpochMillis;
}

/** The second step that was taken, and when (seconds since 1970). */
export interface SecondFactorUse {
  readonly method: string;
  readonly at: number;
}

/** How a prompt can end. */
export type InteractionResult =
  | {
      readonly kind: 'signed-in';
      readonly userId: string;
      readonly acr: Acr;
      readonly amr: readonly Amr[];
      /** Seconds since 1970: when the password was right. */
      readonly at: number;
      readonly second?: SecondFactorUse;
    }
  /**
   * More proof from the person of the session: who and since when stay as they are, and `acr` and `amr`, of this proof
   * alone, are added to what the session says when it is written, which may be less than it said when the prompt began.
   */
  | { readonly kind: 'stepped-up'; readonly acr: Acr; readonly amr: readonly Amr[]; readonly second: SecondFactorUse }
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
  /** Writes the end of the prompt. The path where the browser goes on. */
  finish(signIn: SignIn, end: InteractionResult): Promise<string>;
  /** Takes the prompt's cookie from this browser. */
  forget(ctx: Context, id: string): void;
  /** The client as it is registered now; undefined: there is none of that id any more. */
  client(id: string): Promise<RequestingClient | undefined>;
  /** The prompt from whose end this request would go on: by its cookie, which is all that the library looks at. */
  resuming(ctx: Context): string | undefined;
  /** Where a prompt that has ended goes on, while its browser has not gone there yet. */
  goingOn(id: string): Promise<string | undefined>;
}
