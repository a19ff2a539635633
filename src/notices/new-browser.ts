/**
 * Tells a person by mail of a sign-in from a browser that is not known. Without a mail server it costs no store operation. Not by text:
 * people without mail would get one every day in a browser that keeps no cookies, and the operator would pay for it.
 */
import type { AuditEvents } from '../audit.ts';
import type { Mail } from '../mail/mail.ts';
import type { Notices, NoticeSource } from '../notice.ts';
import type { EpochMillis } from '../ports/time.ts';
import type { Authenticator } from '../mfa/factor.ts';
import type { User } from '../records.ts';

export interface NewBrowsersDeps {
  readonly mail: Pick<Mail, 'isOn'>;
  readonly notices: Pick<Notices, 'tell'>;
  /** `durable.collection(auditEventKind)` */
  readonly events: AuditEvents;
}

/** A sign-in that is about to end. */
export interface NewSignIn {
  /** The person has signed in here since they were last signed out everywhere. */
  readonly isKnownBrowser: boolean;
  /** When its first step was proven. */
  readonly at: EpochMillis;
  /** The authenticators of the person. */
  readonly stored: readonly Pick<Authenticator, 'firstUsedAt'>[];
  /** Name of the client. */
  readonly app: string;
  readonly source: NoticeSource;
}

export class NewBrowsers {
  readonly #deps: NewBrowsersDeps;

  constructor(deps: NewBrowsersDeps) {
    this.#deps = deps;
  }

  /** Tells of a sign-in from a new browser, unless it is the first sign-in of this account. @throws the error of the store */
  async note(user: User, signIn: NewSignIn): Promise<void> {
    const { mail, notices } = this.#deps;
    const { isKnownBrowser, app, source } = signIn;
    if (isKnownBrowser || !mail.isOn || user.emailVerified !== true) return;
    if (await this.#hadSignIn(user, signIn)) await notices.tell(user.id, { kind: 'new-browser', app }, source);
  }

  /** Asks the authenticators, which were read before; the audit only for a person without any. */
  async #hadSignIn({ id }: User, { stored, at }: NewSignIn): Promise<boolean> {
    if (stored.length > 0) return stored.some(({ firstUsedAt }) => firstUsedAt !== undefined && firstUsedAt < at);
    return (await this.#deps.events.find({ subject: id, event: 'sign-in.finished' }, { limit: 1 })).length > 0;
  }
}
