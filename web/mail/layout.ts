/**
 * Lays out every mail: one layout, as text and as HTML, from the words of `src/mail/content.ts`. The HTML loads nothing, so that
 * opening a mail tells nobody that it was opened.
 */
import { plain, type Reader } from '../../src/locales/phrase.ts';
import { wording } from '../../src/locales/wording.ts';
import type { MailContent, MailText } from '../../src/mail/content.ts';
import { html, raw, type Html } from '../html.ts';
import { phraseHtml } from '../pages/components/phrase.ts';

/** Who and where a mail goes to, for its footer. */
export interface MailReader extends Reader {
  readonly audience: 'person' | 'administrators';
  /** Host of the issuer. */
  readonly host: string;
}

// A mail has no external style sheet. Programs that drop this one show a plain, readable document.
const style = raw(`<style>
:root { color-scheme: light dark; }
body { margin: 0; padding: 24px 12px; background: #e2e8e5; color: #14211c; font: 16px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
main { max-width: 520px; margin: 0 auto; padding: 28px; background: #fff; border-radius: 12px; }
.brand { margin: 0 0 20px; font-weight: 600; color: #0e5242; }
h1 { margin: 0 0 16px; font-size: 22px; line-height: 1.3; }
p, dl { margin: 0 0 16px; }
dt { color: #4b5b54; font-size: 14px; }
dd { margin: 0 0 8px; overflow-wrap: anywhere; }
.code { font: 600 30px/1.3 ui-monospace, Menlo, Consolas, monospace; letter-spacing: 4px; }
.button { display: inline-block; padding: 12px 22px; border-radius: 8px; background: #0e5242; color: #fff; font-weight: 600; text-decoration: none; }
.small { color: #4b5b54; font-size: 14px; overflow-wrap: anywhere; }
.small a { color: #0c5c49; }
footer { max-width: 520px; margin: 16px auto 0; padding: 0 28px; color: #4b5b54; font-size: 13px; }
@media (prefers-color-scheme: dark) {
  body { background: #0b100e; color: #ebf2ee; }
  main { background: #1b2522; }
  .brand, .small a { color: #8fdbbf; }
  dt, .small, footer { color: #a9b9b1; }
  .button { background: #8fdbbf; color: #06231a; }
}
</style>`);

const plainText = (text: MailText, reader: Reader): string => (typeof text === 'string' ? text : plain(text, reader));
const paragraph = (text: MailText, reader: Reader): Html => html`<p>${phraseHtml(text, reader)}</p>\n`;

const footerFor = ({ language, audience, host }: MailReader): string => {
  const words = wording(language).mail;
  return audience === 'administrators' ? words.administratorFooter(host) : words.footer(host);
};

const textOf = (content: MailContent, reader: MailReader): string => {
  const { frame } = wording(reader.language);
  const { heading, paragraphs, facts = [], code, link, closing = [] } = content;
  return [
    heading,
    ...paragraphs.map(each => plainText(each, reader)),
    ...(facts.length === 0
      ? []
      : [facts.map(([label, value]) => frame.labelled(label, plainText(value, reader))).join('\n')]),
    ...(code === undefined ? [] : [code]),
    ...(link === undefined ? [] : [`${link.label}:\n${link.href}`]),
    ...closing.map(each => plainText(each, reader)),
    // Mail programs cut a signature off at this line (RFC 3676 §4.3).
    `-- \n${footerFor(reader)}\n`,
  ].join('\n\n');
};

const htmlOf = (content: MailContent, reader: MailReader): string => {
  const { subject, heading, paragraphs, facts = [], code, link, closing = [] } = content;
  const words = wording(reader.language);
  return html`<!doctype html>
<html lang="${words.language}" dir="${words.direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${subject}</title>
${style}
</head>
<body>
<main>
<p class="brand">${words.frame.product}</p>
<h1>${heading}</h1>
${paragraphs.map(each => paragraph(each, reader))}
${facts.length > 0 && html`<dl>${facts.map(([label, value]) => html`<dt>${label}</dt><dd>${phraseHtml(value, reader)}</dd>\n`)}</dl>`}
${code !== undefined && html`<p class="code">${code}</p>`}
${
  link !== undefined &&
  html`<p><a class="button" href="${link.href}">${link.label}</a></p>
<p class="small">${words.mail.linkInstead}<br><a href="${link.href}">${link.href}</a></p>`
}
${closing.map(each => paragraph(each, reader))}
</main>
<footer>${footerFor(reader)}</footer>
</body>
</html>
`.text.replaceAll(/\n{2,}/g, '\n');
};

/** Text and HTML of one mail. */
export const layOutMail = (
  content: MailContent,
  reader: MailReader,
): { readonly text: string; readonly html: string } => ({
  text: textOf(content, reader),
  html: htmlOf(content, reader),
});
