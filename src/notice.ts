/**
 * Declares what people and administrators are told when something about an account changes. The rules that change it use `Notices`;
 * `notices/` implements it.
 */

/** How a kind of notice is sent. */
interface NoticeTraits {
  /** `person`: the owner of the account. */
  readonly audience: 'person' | 'administrators' | 'both';
  /** By text too, where the person has no mail. Texts cost money, so only what the person must know at once. */
  readonly byText?: true;
  /** It has a link to the page "This wasn't me". */
  readonly linked?: true;
  /** It is about a change of the account's own record. */
  readonly inAccount?: true;
  /** Told at most once an hour, because others can cause it again and again. Each time is in the audit. */
  readonly isThrottled?: true;
  /** The change protects the account, so it is made also where the notice cannot be stored. */
  readonly protects?: true;
}

const event = { audience: 'person', byText: true, linked: true } as const satisfies NoticeTraits;
const change = { ...event, inAccount: true } as const satisfies NoticeTraits;

/** The closed list of notices. A new kind is a row here, and its words in each language. */
export const noticeKinds = {
  'method-added': change,
  'method-removed': change,
  'method-renamed': event,
  'method-made-default': change,
  /** The person chose to sign in no weaker than by a passkey, or takes it back. */
  'passkey-required': change,
  'passkey-optional': change,
  /** An administrator removed all methods. */
  'methods-reset': change,
  'recovery-codes-made': change,
  'recovery-code-used': event,
  /** `count` codes are left. */
  'recovery-codes-low': { audience: 'person' },
  'temporary-pass-made': change,
  'temporary-pass-used': event,
  'password-changed': change,
  /** An administrator set it. */
  'password-set': change,
  /** By a mailed link. */
  'password-reset': change,
  'email-changed': change,
  'sessions-ended': event,
  /** `app`: the client that may no longer act for the person. */
  'app-access-revoked': event,
  'account-locked': { audience: 'person', byText: true, inAccount: true, protects: true },
  'account-unlocked': change,
  /** The person said on a call, push or page that a sign-in was not theirs. */
  'not-me': { audience: 'both', byText: true, linked: true },
  /** Too many wrong codes. */
  'factor-disabled': event,
  /** A right code came a second time. Whoever has the code can repeat it. */
  'code-reused': { ...event, isThrottled: true },
  /** A passkey answered as one that exists twice would. */
  'passkey-copied': { ...event, isThrottled: true },
  /** A browser was remembered, and a copy of its cookie was used. */
  'remembered-browser-copied': event,
  /** A sign-in from a browser that is not known. */
  'new-browser': { audience: 'person', linked: true },
  'break-glass-used': { audience: 'administrators' },
  /** One sender tries passwords with many accounts. It is about no account. */
  'passwords-sprayed': { audience: 'administrators' },
  /** The page "This wasn't me" was used. */
  'changes-frozen': { audience: 'both', byText: true, inAccount: true, protects: true },
  'changes-unfrozen': change,
} as const satisfies Readonly<Record<string, NoticeTraits>>;

export type NoticeKind = keyof typeof noticeKinds;

/** Whether a text, such as one of an earlier release, names a kind. */
export const isNoticeKind = (text: string): text is NoticeKind => Object.hasOwn(noticeKinds, text);

/** The traits of a kind, with all members. */
export const traitsOf = (kind: NoticeKind): NoticeTraits => noticeKinds[kind];

/** A method as lists show it: its label, and its number masked. */
export interface NoticedMethod {
  readonly label: string;
  readonly masked?: string | undefined;
}

/** What happened. Holds no code, secret or full number. */
export interface Notice {
  readonly kind: NoticeKind;
  readonly method?: NoticedMethod;
  /** Name of a client. */
  readonly app?: string;
  /** Number of recovery codes that are left. */
  readonly count?: number;
  /** Type of the factor, for the audit. */
  readonly factor?: string;
}

/** Who caused it, and in which request. */
export interface NoticeSource {
  /** As in the audit: `cli`, `user:ID`, `browser`, `system`. */
  readonly actor: string;
  readonly reference?: string | undefined;
  /** IP address of the request. */
  readonly address?: string | undefined;
  /** Name of the browser, such as `Firefox on Windows`: from a closed list, because a `User-Agent` could be a sentence. */
  readonly browser?: string | undefined;
  /** Ids of authenticators that are not told: one that was just added is no other channel. */
  readonly except?: readonly string[] | undefined;
  /** Why an administrator did it, in their words: as `operatorNote` gives it. */
  readonly reason?: string | undefined;
}

/** By whom something is changed: the actor alone, or with facts of the request. */
export type ChangedBy = string | NoticeSource;

/** The source of a notice about a change. */
export const sourceOf = (by: ChangedBy): NoticeSource => (typeof by === 'string' ? { actor: by } : by);

/** The reason that an administrator gave, for the audit. */
export const noteOf = (by: ChangedBy): { readonly note?: string } => {
  const { reason } = sourceOf(by);
  return reason === undefined ? {} : { note: reason };
};

/** Tells people what happened to their account, and administrators where the kind is for them. */
export interface Notices {
  /**
   * Tells what has happened, on the channels that the person has now. Resolves once the notice is durable; it is sent later, outside
   * of the request. @throws the error of the store
   */
  tell(userId: string, notice: Notice, source: NoticeSource): Promise<void>;
  /**
   * Makes a change, and tells the person on the channels that they had before it: a number or address that it removes is told, and
   * one that it adds is not. Gives the result of `change`. The person is not told where `change` throws, or `isMade` denies its result.
   */
  changeAndTell<T>(
    userId: string,
    notice: Notice,
    source: NoticeSource,
    change: () => Promise<T>,
    isMade?: (result: T) => boolean,
  ): Promise<T>;
  /** Tells administrators alone. `userId`: the account that it is about. */
  tellAdministrators(notice: Notice, source: NoticeSource, userId?: string): Promise<void>;
}
