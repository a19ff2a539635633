/** Defines a protocol-neutral sign-in, its result, and the port to the protocol that requested it. */
import type { Context, Next } from 'koa';
import type { RequiredLevel } from '../src/mfa/assurance.ts';
import type { TaskName } from '../src/mfa/enrollment-plan.ts';
import type { Acr, Amr } from '../src/mfa/factor.ts';
import type { SignInTimes } from '../src/mfa/fresh-sign-in.ts';
import type { Sentences } from '../src/locales/sentences.ts';
import type { ShownDetail } from '../src/oidc/consent/authorization-details.ts';
import type { Facts } from '../src/policy/policy.ts';
import type { EpochMillis } from '../src/ports/time.ts';
import type { ShownScope } from '../src/scopes/scopes.ts';

/** The client that requests the sign-in. */
export interface RequestingClient {
  readonly id: string;
  readonly name: string;
  /** Its home page (http or https), as registered. */
  readonly uri?: string;
  /** The registered address where a sign-in to it begins. Falls back to its home page, then to its site. */
  readonly startUri?: string;
  readonly policyUri?: string;
  readonly tosUri?: string;
}

/** What a signed-in person wants to do with their methods. `method`: the one to test, as `nameOf` names it. */
export interface Task {
  readonly name: TaskName;
  readonly method?: string;
}

/** One prompt of one request. */
export interface SignIn {
  /** Identifies the prompt in our addresses. Known to one browser. */
  readonly id: string;
  /** Identifies the request: the same for all its prompts. */
  readonly flow: string;
  /**
   * login: sign in. select_account: which account. mfa: a step-up of the session. manage: a task of the security page. consent:
   * permission for the client.
   */
  readonly prompt: 'login' | 'select_account' | 'mfa' | 'manage' | 'consent';
  /** In `manage`: what the person wants to do. */
  readonly task?: Task;
  readonly client: RequestingClient;
  readonly required: RequiredLevel;
  /** What the policy may know of the request, beside person, address and time. */
  readonly policyFacts: Pick<Facts, 'client' | 'request'>;
  /** Types of the factors that may be the second step; absent: each one. */
  readonly factors?: readonly string[];
  /** The operator's words for a sign-in that a rule refuses. */
  readonly denied?: Sentences;
  /** The same without the server's own minimum, for break-glass accounts; absent where `required` is of a known person. */
  readonly requiredByClient?: RequiredLevel;
  /** The session of this browser. */
  readonly session?: {
    /** Its digest (`sessionDigest`). */
    readonly id: string;
    readonly userId: string;
    readonly acr?: Acr;
    readonly amr: readonly Amr[];
    /** In `manage`: as the session is stored now. */
    readonly times?: SignInTimes;
  };
  readonly loginHint?: string;
  /** Requested languages (BCP 47), the most wanted first. */
  readonly languages: readonly string[];
  /** What the client asks for and has not been granted yet. */
  readonly scopes: readonly ShownScope[];
  /** What the client asks for by itself, not by a scope (RFC 9396). */
  readonly details: readonly ShownDetail[];
  /** The sign-in connects a device (RFC 8628). */
  readonly isForDevice: boolean;
  /** A remembered browser may take the place of the second step. */
  readonly allowsRemembered?: true;
  /** The request has a parameter `prompt`: the client wants something of the person. */
  readonly isPrompted: boolean;
  readonly endsAt: EpochMillis;
}

/** The second factor that was used, when (seconds since 1970), and the level that it reached. */
export interface SecondFactorUse {
  readonly method: string;
  readonly at: number;
  readonly acr: Acr;
}

/** The result of a prompt, in terms of no protocol. */
export type InteractionResult =
  | {
      readonly kind: 'signed-in';
      readonly userId: string;
      readonly acr: Acr;
      readonly amr: readonly Amr[];
      /** When the first step was proven. */
      readonly at: EpochMillis;
      readonly second?: SecondFactorUse;
      /** Id of the remembered browser that stood for the second step. */
      readonly remembered?: string;
    }
  /**
   * A step-up of the session: its person and sign-in time stay. `acr` and `amr` are those of the new proof alone. They are
   * added to the session's at writing time, because the session may be weaker than when the prompt began.
   */
  | { readonly kind: 'stepped-up'; readonly acr: Acr; readonly amr: readonly Amr[]; readonly second: SecondFactorUse }
  | { readonly kind: 'consented' }
  /** A task is done. `second`: a method that was set up in it, which steps the session up. */
  | {
      readonly kind: 'managed';
      readonly second?: { readonly acr: Acr; readonly amr: readonly Amr[]; readonly use: SecondFactorUse };
    }
  /** The sign-in is too old or too weak for its task: another one begins. */
  | { readonly kind: 'stale' }
  /** another: the person signs in with another account than that of the session. */
  | { readonly kind: 'account-chosen'; readonly account: 'same' | 'another' }
  /**
   * The person left. unmet: no method of theirs reaches the required level. denied: a rule refuses the sign-in. `person`: the account
   * whose first step was proven, and `policy`: the decision (`src/policy/trace.ts`), for the audit.
   */
  | { readonly kind: 'cancelled' | 'unmet' | 'denied'; readonly person?: string; readonly policy?: string };

/** An open sign-in, with the only function that writes its result. */
export interface OpenSignIn {
  readonly signIn: SignIn;
  /** Writes the result of the prompt. Gives the path where the browser continues. @throws Problem 'sign-in-lost' */
  readonly finish: (result: InteractionResult) => Promise<string>;
  /** Lets the prompt last until then, in this browser and in the store; never shorter than it would. */
  readonly extend: (until: EpochMillis) => Promise<void>;
  /**
   * Gives the path where the browser continues without a result, if its session has been signed in or stepped up since the
   * prompt began: the protocol then decides as for a new request. `userId`: only for a session of this person. Not where the
   * request itself asks for this prompt (`prompt=login`).
   */
  readonly signedInElsewhere: (userId: string | undefined) => Promise<string | undefined>;
}

/** A request of a device that waits for a person (RFC 8628). */
export interface DeviceRequest {
  readonly client: RequestingClient;
  readonly askedAt: EpochMillis;
  /** The address from which the device asked. */
  readonly address: string;
  /** Name of the program, from its User-Agent. */
  readonly program?: string;
  /** taken: a browser has begun the sign-in, or the request was answered. */
  readonly state: 'new' | 'taken' | 'expired';
}

/** Port to the requests of devices. `userCode`: in canonical form (`readUserCode`). */
export interface DeviceRequests {
  find(userCode: string): Promise<DeviceRequest | undefined>;
  /** Path of the sign-in that this browser has begun for the device. `browser`: hash of its secret. */
  begunBy(userCode: string, browser: string): Promise<string | undefined>;
  /** Answers a new request. Of concurrent browsers only one begins the sign-in; the others get an error page. */
  answer(
    ctx: Context,
    next: Next,
    given: { readonly userCode: string; readonly browser: string; readonly answer: 'allow' | 'deny' },
  ): Promise<void>;
}

/** The port to a protocol. `protocols/oidc` implements it. */
export interface Protocol {
  /**
   * Opens the sign-in that the cookie of this browser and `id` both name.
   * @throws Problem 'sign-in-lost' if it has ended or never existed.
   * @throws Problem 'sign-in-elsewhere' if it belongs to another browser.
   */
  open(ctx: Context, id: string): Promise<OpenSignIn>;
  /**
   * Gives the path that begins anew a sign-in that this browser keeps and whose time is over, and the languages of its request.
   * Once: the request leaves the browser. Gives undefined for any other sign-in.
   */
  beginAgain(ctx: Context, id: string): { readonly to: string; readonly languages: readonly string[] } | undefined;
  /** Removes the prompt's cookie from this browser. */
  forget(ctx: Context, id: string): void;
  /** Finds the client as registered now. Gives undefined if no client has this id. */
  client(id: string): Promise<RequestingClient | undefined>;
  /** Gives the id of the prompt from which this request would resume. Reads the cookie alone, as the library does. */
  resuming(ctx: Context): string | undefined;
  /** Gives the path where a finished prompt resumes. Gives undefined after its browser resumed. */
  resumePath(id: string): Promise<string | undefined>;
  /** After the answer to a request that resumed: removes its prompt, and keeps the answer for a short time. */
  endPrompt(ctx: Context): void;
  /** Gives that answer once more, to the same browser only. False: none is kept. */
  repeatAnswer(ctx: Context, id: string): Promise<boolean>;
}
