/** Keeps the mails that arrived, for every address, and says how the mail server treats the next ones. */
import type { ChangeNotifier } from '../events/changes.ts';

/** A mail as a mail program shows it. Times in milliseconds since 1970. */
export interface MailView {
  /** Counts up from 1. */
  readonly id: number;
  /** The one recipient of the envelope. */
  readonly to: string;
  /** Recipients of the To header, as text. */
  readonly toHeader: string;
  /** Sender of the envelope, and the From header as text. */
  readonly from: string;
  readonly fromHeader: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  /** The header lines as they came. */
  readonly headers: string;
  readonly arrivedAt: number;
}

/** All ways in which the mail server may answer, by name. A new way is a new row. */
export const mailBehaviours = {
  accepts: { label: 'Accepts' },
  /** 451 to every recipient, as a server that wants to see a second attempt. */
  greylists: { label: 'Says “later” (451)' },
  /** 550 to every recipient. */
  refuses: { label: 'Does not know anybody (550)' },
  /** Takes the connection and says nothing. */
  hangs: { label: 'Hangs' },
  /** Breaks every connection. */
  down: { label: 'Is down' },
} as const;

export type MailBehaviourName = keyof typeof mailBehaviours;
export const isMailBehaviourName = (name: unknown): name is MailBehaviourName =>
  typeof name === 'string' && Object.hasOwn(mailBehaviours, name);

/** Older mails are forgotten. */
const maxMails = 200;

export class Mailbox {
  behaviour: MailBehaviourName = 'accepts';
  readonly #changes: Pick<ChangeNotifier, 'notify'>;
  readonly #mails: MailView[] = [];
  readonly #read = new Set<number>();
  #lastId = 0;

  constructor(changes: Pick<ChangeNotifier, 'notify'>) {
    this.#changes = changes;
  }

  /** All mails, or those to one address in any case; newest first. */
  mails(to?: string): readonly MailView[] {
    const all = this.#mails.toReversed();
    return to === undefined ? all : all.filter(mail => mail.to.toLowerCase() === to.toLowerCase());
  }

  mail(id: number): MailView | undefined {
    return this.#mails.find(mail => mail.id === id);
  }

  /** The newest unread mail to this address. Older ones become read too. */
  takeUnread(to: string): MailView | undefined {
    const unread = this.mails(to).filter(({ id }) => !this.#read.has(id));
    for (const { id } of unread) this.#read.add(id);
    return unread[0];
  }

  deliver(mail: Omit<MailView, 'id'>): void {
    this.#lastId += 1;
    this.#mails.push({ ...mail, id: this.#lastId });
    if (this.#mails.length > maxMails) this.#mails.shift();
    this.#changes.notify();
  }

  reset(): void {
    this.behaviour = 'accepts';
    this.#mails.length = 0;
  }
}
