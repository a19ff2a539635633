/** Draws recovery codes, which are shown once: to print, to copy, or to keep as a file. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { buttonForm, submitButton } from './components/actions.ts';
import { details } from './components/details.ts';
import { enrollLayout } from './components/enroll-layout.ts';
import { wrong } from './components/refusal.ts';
import type { EnrollCodesPage, EnrollFrame } from './enroll-props.ts';
import { enrollLinksOf, fields } from './links.ts';
import { outcomeCodes } from './outcome-codes.ts';

/** Offers the codes of a person who has none yet: they are made by the button. */
export const enrollMakeCodesPage = (props: EnrollFrame, words: Words): Html => {
  const { codes: text } = words.enroll;
  const links = enrollLinksOf(props.uid);
  return enrollLayout(
    props,
    {
      heading: text.heading,
      lead: text.lead,
      body: html`<p class="block">${text.keep}</p>
<div class="actions">${buttonForm(links.codes, text.make)}${buttonForm(links.skip, words.enroll.choose.skip, 'secondary')}</div>`,
    },
    words,
  );
};

/** The codes, until the person ticks that they are saved. A print of the page has only them, and what they are for. */
export const enrollCodesPage = (props: EnrollCodesPage, words: Words): Html => {
  const { uid, codes, service, account, isWrong = false, reference, now } = props;
  const { codes: text } = words.enroll;
  const { saved, download } = enrollLinksOf(uid);
  const code = { label: outcomeCodes.page('saved'), term: text.term };
  return enrollLayout(
    props,
    {
      heading: text.heading,
      lead: text.lead,
      isError: isWrong,
      body: html`<p class="block">${text.keep}</p>
<p class="block printed">${text.file(service)}<br><bdi>${account}</bdi></p>
<ol class="panel recovery" aria-label="${text.list}">${codes.map(each => html`<li><code>${each}</code></li>`)}</ol>
<p class="links"><button class="quiet" type="button" data-copy="${codes.join('\n')}" data-copied="${words.frame.copied}" hidden>${text.copy}</button><a class="link" href="${download}" download>${text.download}</a></p>
<form method="post" action="${saved}">
${isWrong && wrong(text.error)}
<label class="choice"><input type="checkbox" name="${fields.saved}" value="yes" required aria-invalid="${isWrong && 'true'}" aria-describedby="${isWrong && 'wrong'}"> ${text.saved}</label>
<div class="actions">${submitButton(words.frame.continue)}</div>
</form>
${isWrong && details({ reference, at: now, code }, words)}`,
    },
    words,
  );
};
