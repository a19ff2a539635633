/** Words a notice as a mail: what happened, when, from where, and what to do if it was not the person. It holds no secret. */
import { nameForText } from '../client-name.ts';
import { givenLabel } from '../locales/given-label.ts';
import { grouped, ltr, name, time, type Phrase } from '../locales/phrase.ts';
import { wording, type Words } from '../locales/wording.ts';
import { mailText, type MailContent } from '../mail/content.ts';
import { traitsOf, type Notice, type NoticedMethod, type NoticeSource } from '../notice.ts';
import type { EpochMillis } from '../ports/time.ts';
import { browserOfText } from '../user-agent.ts';

/** What a mail is made from. */
export interface NoticeMail {
  readonly notice: Notice;
  readonly source: NoticeSource;
  readonly at: EpochMillis;
  /** Name of the account; absent where the notice is not about an account. */
  readonly account?: string | undefined;
  /** BCP 47 */
  readonly language: string;
  /** Address of the page "This wasn't me"; absent: the mail has no button. */
  readonly link?: string | undefined;
}

/** Whether the command line, which only administrators have, made the change. */
const isAdministrator = (actor: string): boolean => actor === 'cli';

/** The mail to the person. */
export const noticeMail = (mail: NoticeMail): MailContent => {
  const { notice, link, language } = mail;
  const words = wording(language);
  const text = words.notices;
  const { subject, sentence } = text.kinds[notice.kind];
  const said = typeof sentence === 'string' ? sentence : mailText(sentence(detailOf(notice, words)));
  const isChange = traitsOf(notice.kind).linked === true;
  return {
    subject,
    heading: subject,
    paragraphs: [said, ...(isChange ? [text.wasYou, link === undefined ? text.notYouDesk : text.notYou] : [])],
    facts: factsOf(mail, words),
    ...(link !== undefined && { link: { label: text.button, href: link } }),
    closing: [text.noSecrets],
  };
};

/** The mail to administrators. They read English, the language of the log and of the documentation. */
export const administratorMail = (mail: Omit<NoticeMail, 'language' | 'link'>): MailContent => {
  const words = wording('en');
  const { subject, sentence } = administratorWords(mail.notice.kind, words);
  const facts = factsOf({ ...mail, language: 'en' }, words);
  return { subject, heading: subject, paragraphs: [sentence], facts };
};

const administratorWords = (kind: Notice['kind'], { notices }: Words) => {
  const own: Readonly<Partial<Record<Notice['kind'], { readonly subject: string; readonly sentence: string }>>> =
    notices.administrators;
  const { subject } = notices.kinds[kind];
  return own[kind] ?? { subject, sentence: notices.administrators.other };
};

/** The one name or number that the sentence of a kind takes. */
const detailOf = ({ method, app, count }: Notice, words: Words): string => {
  if (method !== undefined) return methodName(method, words);
  if (count !== undefined) return String(count);
  return harmless(app ?? '', words);
};

/** The label in words of the language where it is one of ours, else as the person wrote it; with the masked number. */
const methodName = ({ label, masked }: NoticedMethod, words: Words): string => {
  const shown = givenLabel(label, words) ?? harmless(label, words);
  return [shown, ...(masked === undefined ? [] : [masked])].join(' ');
};

/** A name that somebody chose, so that it adds no link and no sentence to our mail. */
const harmless = (text: string, { notices }: Words): string => {
  const words = nameForText(text);
  return words === '' ? notices.unnamed : words;
};

/** A browser as `browserText` names it, in words of the language. */
const browserWords = (named: string, { accountSessions }: Words): string => {
  const { browser, system } = browserOfText(named);
  return accountSessions.browser(browser, system);
};

const factsOf = ({ notice, source, at, account }: NoticeMail, words: Words): NonNullable<MailContent['facts']> => {
  const { facts } = words.notices;
  const { actor, address, browser, reference, reason } = source;
  const rows: readonly (readonly [label: string, value: Phrase | false])[] = [
    [facts.account, account !== undefined && [name(account)]],
    [facts.when, [time(at, true)]],
    [facts.by, isAdministrator(actor) && [facts.administrator]],
    [facts.reason, reason !== undefined && [reason]],
    [facts.app, notice.app !== undefined && [harmless(notice.app, words)]],
    [facts.address, address !== undefined && address !== actor && [ltr(address)]],
    [facts.browser, browser !== undefined && [browserWords(browser, words)]],
    [facts.reference, reference !== undefined && [ltr(grouped(reference))]],
  ];
  return rows.flatMap(([label, value]) => (value === false ? [] : [[label, mailText(value)] as const]));
};
