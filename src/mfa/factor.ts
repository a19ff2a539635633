/**
 * Defines the one interface that a second factor implements. A factor is a pure ceremony: it decides and describes; it never
 * stores, sends, counts or logs. `challenge/` owns expiry, attempts, binding, single use and audit for all of them.
 */
import type { EndReason } from '../end-reason.ts';
import { Problem } from '../errors.ts';
import type { ExtensionDialling, Message, VoicePrompt } from '../ports/carriers.ts';
import type { Json } from '../ports/stores.ts';
import type { EpochMillis, Millis } from '../ports/time.ts';
import type { PairingDevice } from '../pairing-device.ts';
import type { PasskeyCreationOptions, PasskeyRequestOptions } from '../passkey-options.ts';

/** Assurance reached, weakest first: password alone, any second factor, NIST SP 800-63B AAL2, phishing-resistant. */
export type Acr = 'sfa' | 'mfa' | 'aal2' | 'phr';
/** Authentication method references (RFC 8176) that a token may carry. */
export const amrs = ['pwd', 'otp', 'sms', 'tel', 'swk', 'hwk', 'user', 'pin', 'mca', 'mfa'] as const;
export type Amr = (typeof amrs)[number];

/** Time steps by which a right code was before (-1) or after (1) our clock. */
export type StepOffset = -1 | 0 | 1;

/** A bound authenticator as its factor sees it: `data` is open here and sealed in the store. */
export interface Authenticator<Data extends Json = Json> {
  readonly id: string;
  readonly type: string;
  readonly label: string;
  /** Identifies it in an answer (a credential id). */
  readonly handle?: string;
  /** Id of the authenticator that it was bound with, and is removed with. */
  readonly boundWith?: string;
  readonly data: Data;
  readonly createdAt: EpochMillis;
  readonly firstUsedAt?: EpochMillis;
  readonly lastUsedAt?: EpochMillis;
  /** Type of the factor that used it last. */
  readonly lastUsedBy?: string;
}

/** The kinds of prompt that a page can show. A closed list: a new factor reuses a kind and gets its page with it. */
export type Prompt =
  /**
   * A code is typed. `by`: the kind of message that brings it; absent where the authenticator makes it. `shortest`: digits that are
   * enough, where the person's authenticators make codes of several lengths. `from`: it was given to the person earlier, and is in
   * Crockford's base 32 instead of digits; `left`: how many of these they have.
   */
  | {
      readonly kind: 'code';
      readonly length: number;
      readonly shortest?: number;
      readonly sentTo?: string;
      readonly by?: Message['via'];
      readonly extension?: string;
      readonly from?: 'recovery-codes' | 'temporary-access-pass';
      readonly left?: number;
    }
  /** A device answers. `show`: digits to be entered there; `extension`: the call is put through to it. */
  | { readonly kind: 'wait'; readonly show?: string; readonly sentTo: string; readonly extension?: string }
  /**
   * A device that was woken approves, once the person has typed `show` there (digits; empty: nothing is to be typed). `sentTo`: the
   * name of the device.
   */
  | { readonly kind: 'approve'; readonly show: string; readonly sentTo: string }
  /** A QR code is scanned, during enrollment only; a code follows. */
  | { readonly kind: 'scan'; readonly uri: string; readonly next: 'code' }
  /** The browser asks for a passkey (`navigator.credentials.get`). The answer is the JSON text of its credential. */
  | { readonly kind: 'passkey'; readonly options: PasskeyRequestOptions }
  /** The browser makes a passkey (`navigator.credentials.create`), during enrollment only. */
  | { readonly kind: 'new-passkey'; readonly options: PasskeyCreationOptions };

/**
 * The address that a person typed, where an authenticator has one. `kind`: which phone it is. `dialling`: how to reach an extension
 * behind it. `device`: the one that claimed a pairing.
 */
export type EnrollmentInput =
  | string
  | { readonly device: PairingDevice }
  | {
      readonly typed: string;
      readonly kind?: 'mobile' | 'alternate' | 'office';
      readonly dialling?: ExtensionDialling;
    };

/** The surroundings of one ceremony. */
export interface CeremonyContext {
  readonly now: EpochMillis;
  /** BCP 47. */
  readonly language: string;
  /** Name of the client, as pages and calls say it. */
  readonly client: string;
  /** The issuer's origin. */
  readonly origin: string;
  readonly person: { readonly id: string; readonly name: string };
  /** The level that this sign-in is to reach by the ceremony; absent: any. */
  readonly level?: Acr;
  /** The page may make a passkey without a question to the person (`mediation: 'conditional'`). */
  readonly isConditional?: true;
  /** 128 random bits by which an out-of-band answer finds its challenge. */
  readonly token: string;
  /** Names the interaction, enrollment or request that the challenge belongs to. */
  readonly binding: string;
  /** Id of the challenge. */
  readonly challenge: string;
  /** approval: a client asks a device, and no page shows a number. caller: the help desk asks. Absent: a sign-in or an enrollment. */
  readonly purpose?: 'approval' | 'caller';
  /** 128 bits in base64url that a signed answer repeats: HMAC(installation key, challenge id). Not stored anywhere. */
  nonce(): string;
  /** HMAC(installation key, text), in base64url: how a PIN is kept. */
  keyedHash(text: string): string;
  /** The decimal digits of this challenge, the same each time: HMAC(installation key, challenge id). Not stored anywhere. */
  code(digits: number): string;
}

/** A ceremony that has begun: the state to keep, the prompt to show, and the one message to carry. */
export interface BegunCeremony<State extends Json = Json> {
  readonly state: State;
  readonly prompt: Prompt;
  readonly message?: Message;
  /** Lifetimes of this one, where they differ from the factor's (an extension takes longer). */
  readonly lifetimes?: Lifetimes;
}

/**
 * Why a wrong answer is more than a wrong guess. copied: it is right but older than one that was seen, so that `authenticator` may
 * exist twice. policy: the operator does not accept this model. bound: somebody has it already.
 */
export type WrongBecause = 'copied' | 'policy' | 'bound';

/** ok with facts; a guess that counts ('wrong'); the owner says no ('notMe'); or no guess yet ('unfinished': a first key, silence). */
export type VerificationResult<Facts> =
  | ({ readonly ok: true } & Facts)
  | {
      readonly ok: false;
      readonly reason: 'wrong';
      readonly reused?: true;
      readonly because?: WrongBecause;
      /** Id of the authenticator that `because` is about. */
      readonly authenticator?: string;
    }
  | { readonly ok: false; readonly reason: 'notMe' | 'unfinished' };

/** A new authenticator, as its factor made it. */
export interface MadeAuthenticator<Data extends Json = Json> {
  readonly type: string;
  readonly label: string;
  readonly handle?: string;
  readonly data: Data;
  /** It does not count from then on. */
  readonly expiresAt?: EpochMillis;
}

/**
 * What an enrollment proved: the new authenticator. `amr` and `acr`: of the same answer as a second step of this sign-in. `also`:
 * others that the same answer proved; they are bound and removed with it.
 */
export interface Enrolled<Data extends Json = Json> {
  readonly label: string;
  readonly handle?: string;
  readonly data: Data;
  readonly also?: readonly MadeAuthenticator[];
  readonly amr: readonly Amr[];
  readonly acr: Acr;
}

export interface Lifetimes {
  /** From begin to the last moment an answer counts. */
  readonly answer: Millis;
  /** From the pick-up of a telephone, where that is sooner. */
  readonly afterPickUp?: Millis;
  /** From the right answer to its redemption by the browser. */
  readonly redeem: Millis;
}

/**
 * A voice prompt of a factor. `revealsCode`: after this prompt the caller may hang up, and the challenge goes on.
 * `uncounted`: not counted as an unanswered prompt. `asksAnew`: asks a question that this person has not heard yet.
 */
export type Prompted = VoicePrompt & {
  readonly revealsCode?: true;
  readonly uncounted?: true;
  readonly asksAnew?: true;
};

/** Meaning of the keys of a call. may-decline: a `0` that the next key confirms or takes back. */
export type KeyMeaning = 'approves' | 'declines' | 'may-decline' | 'nothing';

/** Type of the authenticators that a factor uses. */
export const authenticatorOf = ({ type, authenticator = type }: Pick<Factor, 'type' | 'authenticator'>): string =>
  authenticator;

/** not-unlocked: PIN or biometric are wrong or missing. wrong-code: of the codes that come with a pairing. */
export type UnlockResult = 'unlocked' | 'not-unlocked' | 'wrong-code';

/** A kind of authenticator (a plug-in); `Authenticator` is one bound instance. */
export interface Factor<Data extends Json = Json, State extends Json = Json, Enrolling extends Json = Json> {
  readonly type: string;
  /** Type of the authenticators that it uses, where that is not its own type: one phone is called and texted. */
  readonly authenticator?: string;
  /** False for an authenticator that it cannot reach (no text goes to an extension). */
  serves?(authenticator: Authenticator<Data>): boolean;
  /** Kind of its message, where it sends one. */
  readonly via?: Message['via'];
  /** What its enrollment binds: a number that the person types, or the verified address of the account. */
  readonly enrolls?: 'phone' | 'email';
  /** The side that answers: the browser that signs in, or an out-of-band device. */
  readonly answeredBy: 'browser' | 'device';
  /** The best acr that it reaches beside a password, as it is configured. */
  readonly reaches: Acr;
  /** The best acr that these authenticators of a person reach, where that differs. */
  reachesWith?(authenticators: readonly Authenticator<Data>[]): Acr;
  /** False where an answer cannot be a guess (a bare #): a stray key then is no failed attempt. */
  readonly guessable: boolean;
  /** Answers that one challenge may be given, where that is not the setting. */
  readonly attempts?: number;
  /** Why a challenge ends by its last wrong answer. Default: attempts. */
  readonly spentReason?: EndReason;
  /** One challenge for all of a person's authenticators of this type (TOTP), or for the chosen one (a phone). */
  readonly asksFor: 'any' | 'one';
  /** Most authenticators of one person; absent: any number. */
  readonly most?: number;
  readonly lifetimes: Lifetimes;
  /** Masked address of an authenticator, for lists; undefined where it has no address. */
  masked?(authenticator: Authenticator<Data>): string | undefined;
  /** The voice prompt after these keys ('' right after the pick-up). Only factors with a voice dialogue have it. */
  speak?(state: State | Enrolling, keys: string, ctx: CeremonyContext): Prompted;
  /** What these keys say. No keys approve anything where the browser answers. Only factors with a voice dialogue have it. */
  meaningOf?(state: State | Enrolling, keys: Json, ctx: CeremonyContext): KeyMeaning;
  /** The same message again, with the same code. Only where a second one helps (a text that did not arrive). */
  resend?(state: State | Enrolling, ctx: CeremonyContext): Message;
  /** Checks what must be right before the one number of an answer is compared. Only factors of devices that prove themselves have it. */
  unlocks?(
    answer: Json,
    state: State | Enrolling,
    candidates: readonly Authenticator<Data>[],
    ctx: CeremonyContext,
  ): Promise<UnlockResult>;
  readonly enroll: {
    /** @throws Problem 'bad-request' for an input that it cannot use, with a sentence for the person. */
    begin(
      input: EnrollmentInput | undefined,
      bound: readonly Authenticator<Data>[],
      ctx: CeremonyContext,
    ): Promise<BegunCeremony<Enrolling>>;
    finish(answer: Json, state: Enrolling, ctx: CeremonyContext): Promise<VerificationResult<Enrolled<Data>>>;
  };
  readonly challenge: {
    begin(candidates: readonly Authenticator<Data>[], ctx: CeremonyContext): Promise<BegunCeremony<State>>;
    /** `used`: the authenticator that answered, with its new `data` (last step, counter, spent code). */
    finish(
      answer: Json,
      state: State,
      candidates: readonly Authenticator<Data>[],
      ctx: CeremonyContext,
    ): Promise<
      VerificationResult<{
        readonly used: Authenticator<Data>;
        readonly amr: readonly Amr[];
        readonly acr: Acr;
        /** Of a code that depends on the time: how its clock differs from ours. */
        readonly stepOffset?: StepOffset;
      }>
    >;
  };
}

/**
 * True where wrong answers use up a challenge. A browser can send any number of them, also where they are no guesses; stray keys
 * of a telephone end with the call.
 */
export const countsAnswers = ({
  guessable,
  answeredBy,
  attempts,
}: Pick<Factor, 'guessable' | 'answeredBy' | 'attempts'>): boolean =>
  guessable || answeredBy === 'browser' || attempts !== undefined;

/** The factor of this type. @throws Problem 'bad-request' where it is not in use. */
export const factorNamed = (factors: readonly Factor[], type: string): Factor => {
  const factor = factors.find(each => each.type === type);
  if (factor === undefined) throw new Problem('bad-request', `no factor '${type}' is in use`);
  return factor;
};

/** The authenticators that this factor can ask for. */
export const servedBy = <Known extends Authenticator>(factor: Factor, stored: readonly Known[]): readonly Known[] =>
  stored.filter(each => each.type === authenticatorOf(factor) && factor.serves?.(each) !== false);

/** The authenticators that one challenge asks for: all that the factor serves, or of those the chosen one. */
export const candidatesFor = <Known extends Authenticator>(
  factor: Factor,
  stored: readonly Known[],
  chosen: string | undefined,
): readonly Known[] => servedBy(factor, stored).filter(each => factor.asksFor === 'any' || each.id === chosen);
