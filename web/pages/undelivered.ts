/** Draws what to do after the carrier reported that a text did not arrive: a call, another text, or the late text after all. */
import type { Words } from '../../src/locales/wording.ts';
import { html } from '../html.ts';
import { buttonForm, callInsteadForm, otherOptionLink, submitButton } from './components/actions.ts';
import { codeField } from './components/code-field.ts';
import { details } from './components/details.ts';
import type { Layout } from './components/layout.ts';
import { liveRegion } from './components/live-region.ts';
import { isWaiting, waitSentence } from './components/wait.ts';
import { linksOf } from './links.ts';
import { outcomeCodes } from './outcome-codes.ts';
import type { CodePage, CodeSent } from './step-props.ts';
import { nextText } from './resend.ts';

/** The content of the page of a text that did not arrive. The field is last, because a late text is rare; it still takes the code. */
export const undeliveredContent = (
  props: CodePage,
  sent: CodeSent,
  words: Words,
): Pick<Layout, 'heading' | 'lead' | 'body' | 'isError' | 'focusesHeading' | 'scripts'> => {
  const { uid, length, reference, now } = props;
  const { undelivered: text, resend } = words.codes.texted;
  const from = nextText(sent);
  const mustWait = isWaiting(now, from);
  const call = callInsteadForm(uid, sent, 'primary', words);
  const { because } = sent;
  // Where another text would not arrive either, it is not the first thing to do.
  const look = mustWait ? 'later' : call === false && because === undefined ? 'primary' : 'secondary';
  return {
    heading: text.heading,
    lead: text.sentence(sent.to),
    isError: true,
    focusesHeading: true,
    scripts: ['otp.js', 'waiting.js', ...(mustWait ? (['wait.js'] as const) : []), 'code.js'],
    body: html`${because !== undefined && html`<p>${text.because[because]}</p>`}
${mustWait && waitSentence({ now, until: from, sentence: resend.wait(now, from) }, words)}
<div class="actions">${call}${from !== undefined && buttonForm(linksOf(uid).resend, resend.again, look)}${otherOptionLink(props, words)}</div>
<h2 class="block" id="late">${text.late}</h2>
<form class="late" method="post" action="${linksOf(uid).factor}">
${codeField({ length, isFocused: false, hint: 'late' }, words)}
<div class="actions">${submitButton(words.frame.continue, 'secondary')}</div>
</form>
${liveRegion({ uid, progress: sent.progress }, '')}
${details({ reference, at: now, code: { label: outcomeCodes.code('texted', 'undelivered'), term: text.term }, open: true }, words)}`,
  };
};
