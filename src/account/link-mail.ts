/** Makes the mail with a link whose token does something once: sets a new password, or proves an address. */
import type { MailContent } from '../mail/content.ts';

/** Sentences of the catalogue for such a mail. */
interface LinkMailWords {
  readonly subject: string;
  readonly heading: string;
  readonly asked: (name: string, host: string) => MailContent['paragraphs'][number];
  readonly lifetime: string;
  readonly button: string;
  readonly closing: string;
}

/** `name`: of the account. `page`: it opens with the token as a parameter of its address. */
export const linkMail = (
  { subject, heading, asked, lifetime, button, closing }: LinkMailWords,
  { name, page, token }: { readonly name: string; readonly page: URL; readonly token: string },
): MailContent => {
  const link = new URL(page);
  link.searchParams.set('token', token);
  return {
    subject,
    heading,
    paragraphs: [asked(name, link.host), lifetime],
    link: { label: button, href: link.href },
    closing: [closing],
  };
};
