/** Draws the page of a method that was just bound: it gets a name, or keeps the one it has. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { submitButton } from './components/actions.ts';
import { details } from './components/details.ts';
import { enrollLayout, kindWords } from './components/enroll-layout.ts';
import { wrong } from './components/refusal.ts';
import type { EnrollNamePage } from './enroll-props.ts';
import { enrollLinksOf, fields } from './links.ts';
import { outcomeCodes } from './outcome-codes.ts';

/** The field has a name already, so that one press is enough. */
export const enrollNamePage = (props: EnrollNamePage, words: Words): Html => {
  const { uid, kind, target, label, isWrong = false, reference, now } = props;
  const { name } = words.enroll;
  const code = { label: outcomeCodes.page('label'), term: name.term };
  return enrollLayout(
    props,
    {
      heading: kindWords(kind, words).ready,
      lead: name.lead,
      isError: isWrong,
      body: html`${target !== undefined && html`<p class="block"><bdi dir="ltr">${target}</bdi></p>`}
<form method="post" action="${enrollLinksOf(uid).name}">
<div class="field"><div class="label"><label for="label">${name.label}</label></div>
${isWrong && wrong(name.error)}
<input id="label" type="text" name="${fields.label}" value="${label}" autocomplete="off" maxlength="60" required autofocus aria-invalid="${isWrong && 'true'}" aria-describedby="${isWrong ? 'wrong label-hint' : 'label-hint'}"><small id="label-hint">${name.hint}</small></div>
<div class="actions">${submitButton(words.frame.continue)}</div>
</form>
${isWrong && details({ reference, at: now, code }, words)}`,
    },
    words,
  );
};
