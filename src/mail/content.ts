/** Defines what a mail says, before `web/mail/layout.ts` makes text and HTML of it. It can be stored as JSON. */
import type { Phrase, Piece } from '../locales/phrase.ts';
import type { Json } from '../ports/stores.ts';

/** A sentence for a mail. It has no countdown: a mail may be read at any time. */
export type MailText = string | readonly Exclude<Piece, { readonly seconds: number }>[];

/** A sentence of the catalogue for a mail, without its countdowns. */
export const mailText = (phrase: Phrase): MailText =>
  phrase.flatMap(piece => (typeof piece === 'object' && 'seconds' in piece ? [] : [piece]));

/** Words and facts of one mail, in the language of its reader. A type, so that it can be stored as JSON. */
export type MailContent = {
  /** Also shown where the phone is locked: no code and no secret. */
  readonly subject: string;
  readonly heading: string;
  readonly paragraphs: readonly MailText[];
  /** Such as when, where and in which browser. */
  readonly facts?: readonly (readonly [label: string, value: MailText])[];
  /** A code to type, set large. */
  readonly code?: string;
  /** The one link, shown as a button. */
  readonly link?: { readonly label: string; readonly href: string };
  /** After the link: what to do if it was not you. */
  readonly closing?: readonly MailText[];
};

/** The data of an outbox message of the kind `mail`. A type, so that it can be stored as JSON. */
export type StoredMail = {
  readonly to: string;
  readonly language: string;
  /** Of its times (IANA name); UTC where it is absent. */
  readonly zone?: string;
  readonly audience: 'person' | 'administrators';
  readonly messageId: string;
  /** The mail is not sent any more from then on, in milliseconds since 1970. */
  readonly until?: number;
  readonly content: MailContent;
};

/** The mail in the data of an outbox message, which `Mail` wrote. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- sealed by this installation, so only `Mail` can have written it
export const fromJson = (data: Json): StoredMail => data as unknown as StoredMail;
