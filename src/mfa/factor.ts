/** The one interface a second step implements. A factor is a pure ceremony; `challenges.ts` owns every rule of safety. */
import type { EpochMillis, Millis } from '../ports/time.ts';
import type { Json } from '../ports/stores.ts';
import type { Message, VoicePrompt } from '../ports/carriers.ts';

/** Assurance reached, weakest first: password alone, any second factor, NIST SP 800-63B AAL2, phishing-resistant. */
export type Acr = 'sfa' | 'mfa' | 'aal2' | 'phr';
/** RFC 8176. */
export type Amr = 'pwd' | 'otp' | 'sms' | 'tel' | 'swk' | 'hwk' | 'user' | 'pin' | 'mca' | 'mfa';

/** A bound authenticator as its factor sees it: `data` is open here and sealed wherever it is kept. */
export interface Authenticator<Data extends Json = Json> {
  readonly id: string;
  readonly type: string;
  readonly label: string;
  readonly data: Data;
  readonly createdAt: EpochMillis;
  readonly lastUsedAt?: EpochMillis;
  /** The factor it was last used by. */
  readonly lastUsedBy?: string;
}

/** What the page must show. A closed list: a new factor reuses a kind and gets its page for free. */
export type Prompt =
  /** `by`: how the code was sent; without it, it is made by what the person holds. */
  | {
      readonly kind: 'code';
      readonly length: number;
      readonly sentTo?: string;
      readonly by?: Message['via'];
      readonly extension?: string;
    }
  | { readonly kind: 'scan'; readonly uri: string; readonly next: 'code' | 'device' }
  /** `show`: digits to be entered on the device; `extension`: the call is put through to it. */
  | { readonly kind: 'wait'; readonly show?: string; readonly sentTo: string; readonly extension?: string }
  | { readonly kind: 'webauthn'; readonly options: Json }
  | { readonly kind: 'reveal'; readonly lines: readonly string[] };

/** What surrounds one ceremony. */
export interface CeremonyContext {
  readonly now: EpochMillis;
  /** BCP 47. */
  readonly language: string;
  /** Where the person is going, as pages and calls name it. */
  readonly client: string;
  /** The issuer's origin. */
  readonly origin: string;
  readonly person: { readonly id: string; readonly name: string };
  /** 128 bits by which an out-of-band answer finds its way back. */
  readonly token: string;
  /** Decimal digits that belong to this challenge alone and are the same each time: HMAC(key of the house, its id). Nothing readable is kept. */
  code(digits: number): string;
}

/** A ceremony that has begun: what to remember, what to show, and the one message to carry. */
export interface BegunCeremony<State extends Json = Json> {
  readonly state: State;
  readonly prompt: Prompt;
  readonly message?: Message;
  /** Where this one lasts longer than its factor usually does (an extension). */
  readonly lifetimes?: Lifetimes;
}

/** ok with facts; a guess that counts ('wrong'); the owner says no ('notMe'); or no guess yet ('unfinished': a first key, silence). */
export type VerificationResult<Facts> =
  | ({ readonly ok: true } & Facts)
  | { readonly ok: false; readonly reason: 'wrong'; readonly reused?: true }
  | { readonly ok: false; readonly reason: 'notMe' | 'unfinished' };

export interface Lifetimes {
  /** From begin to the last moment an answer counts. */
  readonly answer: Millis;
  /** From the moment a telephone is picked up, where that is sooner. */
  readonly afterPickUp?: Millis;
  /** From the right answer to the browser's claim on it. */
  readonly redeem: Millis;
}

/** What a telephone says. `tells`: the secret is in it, so the call may end and the challenge goes on; `free`: no silence that counts. */
export type Prompted = VoicePrompt & { readonly revealsCode?: true; readonly uncounted?: true };

/** Type of the authenticators a factor asks for. */
export const authenticatorOf = ({ type, authenticator = type }: Pick<Factor, 'type' | 'authenticator'>): string =>
  authenticator;

/** A kind of authenticator. It decides and describes; it never stores, sends, counts or logs. */
export interface Factor<Data extends Json = Json, State extends Json = Json, Enrolling extends Json = Json> {
  readonly type: string;
  /** Type of the authenticators it asks for, where that is not its own: one phone is called and texted. */
  readonly authenticator?: string;
  /** False for one of them that it cannot reach (no text goes to an extension). */
  serves?(authenticator: Authenticator<Data>): boolean;
  /** What carries its message, where it sends one. */
  readonly via?: Message['via'];
  /** What its enrolment needs from the person first. */
  readonly asks?: 'phone' | 'email';
  /** Who answers: the browser that signs in, or an out-of-band device that proves itself. */
  readonly answeredBy: 'browser' | 'device';
  /** The best acr it reaches beside a password, as it is set up. */
  readonly reaches: Acr;
  /** False where there is nothing to guess (a bare #): a stray key then costs its owner no strike. */
  readonly guessable: boolean;
  /** One challenge for all of a person's authenticators of this type (TOTP), or for the chosen one (a phone). */
  readonly asksFor: 'any' | 'one';
  readonly lifetimes: Lifetimes;
  /** Who the answer names, where the answer says it (a credential id → handle). */
  names?(answer: Json): string | undefined;
  /** Where this authenticator can be reached, masked, for a list; undefined where there is nothing to tell. */
  masked?(authenticator: Authenticator<Data>): string | undefined;
  /** What the telephone says after these keys ('' when it was just picked up). Only factors that talk on one have it. */
  speak?(state: State | Enrolling, keys: string, ctx: CeremonyContext): Prompted;
  /** Where the browser answers and a telephone talks: whether these keys say "this was not me". No keys approve anything there. */
  declines?(keys: Json): boolean;
  /** The message once more, the same code in it. Only where a second one helps (a text that did not arrive). */
  again?(state: State | Enrolling, ctx: CeremonyContext): Message;
  readonly enroll: {
    /** @throws Problem 'bad-request' for an input it cannot use, with a sentence for the person. */
    begin(
      input: string | undefined,
      bound: readonly Authenticator<Data>[],
      ctx: CeremonyContext,
    ): Promise<BegunCeremony<Enrolling>>;
    finish(
      answer: Json,
      state: Enrolling,
      ctx: CeremonyContext,
    ): Promise<VerificationResult<{ readonly label: string; readonly handle?: string; readonly data: Data }>>;
  };
  readonly challenge: {
    begin(candidates: readonly Authenticator<Data>[], ctx: CeremonyContext): Promise<BegunCeremony<State>>;
    /** `used` is the authenticator that answered, with new `data` (last step, counter, spent code). */
    finish(
      answer: Json,
      state: State,
      candidates: readonly Authenticator<Data>[],
      ctx: CeremonyContext,
    ): Promise<
      VerificationResult<{ readonly used: Authenticator<Data>; readonly amr: readonly Amr[]; readonly acr: Acr }>
    >;
  };
}
