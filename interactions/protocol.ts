/** Defines a sign-in as the interaction handlers see it, whichever protocol asked for it, and the port to that protocol. */
import type { Context } from 'koa';
import type { RequiredLevel } from '../src/mfa/assurance.ts';
import type { Acr, Amr } from '../src/mfa/factor.ts';
import type { EpochMillis } from '../src/ports/time.ts';

/** The client that asks for the sign-in. */
export interface RequestingClient {
  readonly id: string;
  readonly name: string;
  /** Its home page (http or https), as registered. */
  readonly uri?: string;
  /** The address where a sign-in to it begins, as registered; its home page or site where none is. */
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
  /** login: sign in; mfa: more proof from a person with a session; consent: permission for the client. */
  readonly prompt: 'login' | 'mfa' | 'consent';
  readonly client: RequestingClient;
  readonly required: RequiredLevel;
  /** The person who is signed in in this browser. */
  readonly session?: {
    readonly userId: string;
    readonly acr?: Acr;
    readonly amr: readonly Amr[];
  };
  readonly loginHint?: string;
  /** Requested languages (BCP 47), the most wanted first. */
  readonly languages: readonly string[];
  /** Scopes that the client has not been granted yet. */
  readonly scopes: readonly string[];
  readonly endsAt: EpochMillis;
}

/** The second factor that was used, and when (seconds since 1970). */
export interface SecondFactorUse {
  readonly method: string;
  readonly at: number;
}

/** The result of a prompt. */
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
   * More proof from the person of the session. Person and sign-in time stay; `acr` and `amr`, of this proof alone, are added to
   * those of the session when the result is written. The session may have become a weaker one since the prompt began.
   */
  | { readonly kind: 'stepped-up'; readonly acr: Acr; readonly amr: readonly Amr[]; readonly second: SecondFactorUse }
  | { readonly kind: 'consented' }
  | { readonly kind: 'cancelled' }
  /** No method of this person reaches the required level. */
  | { readonly kind: 'unmet' };

/** A sign-in under way, with the one function that writes its result. */
export interface OpenSignIn {
  readonly signIn: SignIn;
  /** Writes the result of the prompt. Gives the path where the browser goes on. @throws Problem 'sign-in-lost' */
  readonly finish: (result: InteractionResult) => Promise<string>;
}

/** The port to a protocol; `protocols/oidc` is one. */
export interface Protocol {
  /**
   * Opens the sign-in that this browser holds and that the address names.
   * @throws Problem 'sign-in-lost' when it has ended or never was; 'sign-in-elsewhere' when it is another browser's.
   */
  open(ctx: Context, id: string): Promise<OpenSignIn>;
  /** Removes the prompt's cookie from this browser. */
  forget(ctx: Context, id: string): void;
  /** The client as it is registered now; undefined: none has this id any more. */
  client(id: string): Promise<RequestingClient | undefined>;
  /** The prompt from which this request would resume: by its cookie, which is all that the library looks at. */
  resuming(ctx: Context): string | undefined;
  /** The path where a finished prompt resumes, until its browser went there. */
  resumePath(id: string): Promise<string | undefined>;
}
