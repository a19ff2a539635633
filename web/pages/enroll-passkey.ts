/** Draws the page that creates a passkey: what one is, the button, and why one was refused. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html } from '../html.ts';
import { buttonForm } from './components/actions.ts';
import { details } from './components/details.ts';
import { adviceItem } from './components/ending.ts';
import { enrollLayout, waysBack } from './components/enroll-layout.ts';
import { icons } from './components/icons.ts';
import { passkeyForm, passkeysMissing } from './components/passkey-form.ts';
import type { EnrollPasskeyPage } from './enroll-props.ts';
import { enrollLinksOf, fields } from './links.ts';
import { outcomeCodes } from './outcome-codes.ts';

/** Why the last answer was refused: the sentence, and the outcome for a help desk. */
const problemOf = (
  { state }: EnrollPasskeyPage,
  { passkeys: { setUp, step } }: Words,
): { readonly sentence: string; readonly code: { readonly label: string; readonly term: string } } | undefined => {
  if (state.kind === 'open' || state.kind === 'ended') return undefined;
  const because = state.kind === 'wrong' && state.because !== 'copied' ? state.because : undefined;
  if (because !== undefined) {
    const code = { label: outcomeCodes.page(`passkey-${because}`), term: setUp.terms[because] };
    return { sentence: setUp[because], code };
  }
  const code = { label: outcomeCodes.code('passkey', state.kind), term: step.terms[state.kind] };
  return { sentence: state.kind === 'malformed' ? step.malformed : setUp.wrong, code };
};

/** The way on without a passkey: an invited person goes on with the sign-in, others choose another method. */
const otherWays = ({ uid, isInvited }: EnrollPasskeyPage, words: Words): Html =>
  isInvited
    ? html`<div class="actions">${buttonForm(enrollLinksOf(uid).skip, words.enroll.choose.skip, 'secondary')}</div>`
    : waysBack(uid, words);

const ended = (props: EnrollPasskeyPage, reason: string, words: Words): Html => {
  const { uid, now, reference } = props;
  const { setUp, ends, what } = words.passkeys;
  const known = reason === 'attempts' || reason === 'expired' ? reason : 'lost';
  const code = { label: outcomeCodes.code('passkey', known), term: ends[known]?.term ?? known };
  return enrollLayout(
    props,
    {
      heading: setUp.endedHeading,
      lead: setUp.ended,
      isError: true,
      body: html`<ul class="advice">${adviceItem(icons.passkey, what)}</ul>
<div class="actions"><form method="post" action="${enrollLinksOf(uid).choose}"><button class="button primary" type="submit" name="${fields.method}" value="passkey">${setUp.again}</button></form></div>
${otherWays(props, words)}
${details({ reference, at: now, code, open: true }, words)}`,
    },
    words,
  );
};

/** The page of a passkey to be set up, in every state. */
export const enrollPasskeyPage = (props: EnrollPasskeyPage, words: Words): Html => {
  const { uid, options, state, now, reference, isInvited = false } = props;
  if (state.kind === 'ended') return ended(props, state.reason, words);
  const { setUp, what } = words.passkeys;
  const problem = problemOf(props, words);
  return enrollLayout(
    props,
    {
      heading: isInvited ? words.enroll.choose.passkey.heading : setUp.heading,
      lead: what,
      isError: problem !== undefined,
      scripts: ['passkey.js', 'passkey-create.js'],
      body: html`<p class="block">${setUp.where}</p>
${passkeysMissing(setUp)}
<div class="actions">${passkeyForm(
        {
          action: enrollLinksOf(uid).answer,
          options,
          label: setUp.button,
          look: 'primary',
          problem: problem?.sentence,
          asksAtOnce: isInvited && problem === undefined,
        },
        words,
      )}</div>
${otherWays(props, words)}
${problem && details({ reference, at: now, code: problem.code }, words)}`,
    },
    words,
  );
};
