/** Draws the page that asks for a passkey as second step, with what to do where it is lost, refused or on another device. */
import type { Words } from '../../src/locales/wording.ts';
import { html, type Html, type Value } from '../html.ts';
import { otherOptionLink } from './components/actions.ts';
import { fieldWait, type AskingState } from './components/code-field.ts';
import { details } from './components/details.ts';
import { ending } from './components/ending.ts';
import { icons } from './components/icons.ts';
import { layout, type Layout } from './components/layout.ts';
import { passkeyForm, passkeysMissing } from './components/passkey-form.ts';
import { rememberBox } from './components/remember-box.ts';
import { linksOf } from './links.ts';
import { outcomeCodes } from './outcome-codes.ts';
import type { PasskeyPage } from './step-props.ts';

type EndedState = Extract<PasskeyPage['state'], { readonly kind: 'ended' }>;
type Content = Pick<Layout, 'heading' | 'lead' | 'body' | 'isError' | 'scripts'>;

/** Why an answer was refused: the sentence, and its term for a help desk. Undefined before the first answer, and during a wait. */
const problemOf = (
  state: AskingState,
  { passkeys: { step } }: Words,
): (keyof typeof step & keyof typeof step.terms) | undefined => {
  if (state.kind === 'malformed') return 'malformed';
  if (state.kind !== 'wrong' && state.kind !== 'reused') return undefined;
  return state.kind === 'wrong' && state.because === 'copied' ? 'copied' : 'wrong';
};

/** Advice for a passkey that does not work, behind a question. */
const trouble = ({ passkeys: { trouble: text } }: Words): Html =>
  html`<details><summary>${icons.chevron}${text.question}</summary><ul class="advice dots">${text.steps.map(step => html`<li>${step}</li>`)}</ul></details>`;

const asking = (props: PasskeyPage, state: AskingState, words: Words): Content => {
  const { uid, request, asksAtOnce, now, reference, remember } = props;
  const { step, ...text } = words.passkeys;
  const wait = fieldWait(state, props, words);
  const problem = problemOf(state, words);
  const code: Value =
    state.kind !== 'open' &&
    details(
      {
        reference,
        at: now,
        code: { label: outcomeCodes.code('passkey', state.kind), term: step.terms[problem ?? state.kind] },
      },
      words,
    );
  return {
    heading: step.heading,
    lead: step.sentence,
    isError: problem !== undefined,
    scripts: [...(wait === false ? [] : (['wait.js'] as const)), 'passkey.js', 'passkey-step.js'],
    body: html`${passkeysMissing(text)}
<div class="actions">${passkeyForm(
      {
        action: linksOf(uid).factor,
        options: request,
        label: words.pages.methods['passkey']?.start ?? step.heading,
        look: wait === false ? 'primary' : 'later',
        problem: problem && step[problem],
        wait,
        // With a box to tick, it waits for the button.
        asksAtOnce: asksAtOnce && state.kind === 'open' && remember === undefined,
        box: rememberBox(remember, words),
      },
      words,
    )}${otherOptionLink(props, words)}</div>
${trouble(words)}
${code}`,
  };
};

const ended = (props: PasskeyPage, { reason, until }: EndedState, words: Words): Content => {
  const { ends } = words.passkeys;
  const known = Object.hasOwn(ends, reason) ? reason : 'lost';
  const text = ends[known] ?? ends.lost;
  const again = words.pages.methods['passkey']?.again ?? words.frame.tryAgain;
  return {
    heading: text.heading,
    lead: text.sentence('', props.client.name),
    ...ending(
      props,
      { reason, text, label: outcomeCodes.code('passkey', known), until, again, icon: icons.passkey },
      words,
    ),
  };
};

/** The page of a passkey, in every state. */
export const passkeyPage = (props: PasskeyPage, words: Words): Html => {
  const { client, account, uid, reference, developerNotes, state } = props;
  const content = state.kind === 'ended' ? ended(props, state, words) : asking(props, state, words);
  const why = props.state.kind === 'ended' ? undefined : props.why;
  return layout({ stage: 'second-step', client, account, uid, reference, why, developerNotes, ...content }, words);
};
