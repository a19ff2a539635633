/** Draws the page of an error code, to which errors link: what it means, what to do, and who can do it. */
import type { ExplainedError } from '../../src/error-reference/reference.ts';
import { errorPath } from '../../src/error-path.ts';
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html, type Value } from '../html.ts';
import { layout } from './components/layout.ts';

/** Emphasis, a link to a document, and another code. */
const marks = /_([^_]{1,80})_|\[([^\]]{1,80})\]\([^)]{1,80}\)|(IDP-\d{4})/g;

/** A text without code spans. A link to a document of the repository is its text only: the server does not serve documents. */
const withMarks = (text: string): Value => {
  const parts: Value[] = [];
  let end = 0;
  for (const found of text.matchAll(marks)) {
    const [whole, emphasis, link, code] = found;
    parts.push(text.slice(end, found.index));
    if (code !== undefined) parts.push(html`<a href="${errorPath(code)}">${code}</a>`);
    else parts.push(emphasis === undefined ? link : html`<em>${emphasis}</em>`);
    end = found.index + whole.length;
  }
  return [...parts, text.slice(end)];
};

/** The Markdown of a row as HTML. */
const sentence = (markdown: string): Value =>
  markdown.split('`').map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : withMarks(part)));

/** A sentence that begins with a capital letter and ends with a full stop. Rows of the table have neither. */
const asSentence = (markdown: string): Value => {
  const [first = '', ...rest] = markdown;
  return [sentence(`${first.toUpperCase()}${rest.join('')}`), /[.!?]$/.test(markdown) ? '' : '.'];
};

/** The explanation is English, as those of OAuth and of the log. Everything around it is in the language of the person. */
export const errorCodePage = ({ code, happened, remedy, reader }: ExplainedError, words: Words): Html => {
  const text = words.pages.errorCode;
  return layout(
    {
      stage: 'signed-out',
      heading: text.heading(code),
      returnTo: errorPath(code),
      body: html`<p class="lead" lang="en">${asSentence(happened)}</p>
<section class="panel">
<h2>${text.remedy}</h2>
<p lang="en">${asSentence(remedy)}</p>
</section>
<p class="block note">${text.readers[reader]}${words.language !== 'en' && html` ${text.english}`}</p>`,
    },
    words,
  );
};
