/**
 * Maps each kind of prompt to its page and its form fields. The table is exhaustive: a new kind of prompt needs a row here.
 * `events/waiting-event.ts` makes the event of its page.
 */
import { typedCrockford } from '../src/crockford.ts';
import { maxFieldBytes, type Fields } from '../src/http/body.ts';
import type { ChallengeView } from '../src/mfa/challenge-state/view.ts';
import type { Prompt } from '../src/mfa/factor.ts';
import { maxCredentialBytes, readAssertion } from '../src/mfa/passkeys/credential.ts';
import { codeDigits, typedDigits } from '../src/mfa/factors/code.ts';
import { Problem } from '../src/errors.ts';
import type { Html } from '../web/html.ts';
import { approvePage, callPage, codePage, autoSubmitPage, passkeyPage } from '../web/pages/index.ts';
import { fields, linksOf } from '../web/pages/links.ts';
import type { CodePage } from '../web/pages/step-props.ts';
import type { InteractionContext, InteractionDeps, UserContext } from './context.ts';
import { requestProps, callProps, codeProps, passkeyProps } from './page-props.ts';
import { rememberBoxFor, rememberField } from './remember.ts';

/** The text that a form sent, and the answer in it. `answer` is undefined if malformed; that counts as no attempt. */
export type TypedAnswer = { readonly typed: string; readonly answer: string | undefined };

/** What the page of a challenge shows beside or instead of the state of the challenge. */
type Shown = Partial<Pick<CodePage, 'state' | 'typed' | 'remember'>>;

interface PromptRow {
  /** The fields of its form. Empty if a device answers; the form then only asks for the result. */
  readonly fields: Fields<string>;
  /** Reads the answer from its form. Absent if a device answers. */
  readonly read?: (form: ReadonlyMap<string, string>, view: ChallengeView) => TypedAnswer;
  /** Draws its page. `shown` replaces the state of the challenge after an answer. */
  readonly page: (deps: InteractionDeps, context: UserContext, view: ChallengeView, shown: Shown) => Html;
}

/** The code in a form, as this challenge expects it. An app that is being set up makes codes of the usual length. */
export const readCode = (form: ReadonlyMap<string, string>, { prompt }: ChallengeView): TypedAnswer => {
  const typed = form.get(fields.code) ?? '';
  if (prompt.kind === 'code' && prompt.from !== undefined) {
    const given = typedCrockford(typed);
    return { typed, answer: given?.length === prompt.length ? given : undefined };
  }
  const code = typedDigits(typed);
  const { length = codeDigits, shortest = length } = prompt.kind === 'code' ? prompt : {};
  const isCode = code.length >= shortest && code.length <= length && /^[0-9]+$/.test(code);
  return { typed, answer: isCode ? code : undefined };
};

/** The credential in a form. One that cannot be read is no attempt. */
const readPasskey = (form: ReadonlyMap<string, string>): TypedAnswer => {
  const answer = form.get(fields.credential) ?? '';
  return { typed: '', answer: readAssertion(answer) === undefined ? undefined : answer };
};

const notAtSignIn = (): never => {
  throw new Problem('internal', 'got a prompt that only an enrollment shows, expected one of a sign-in');
};

/**
 * Page and form of each kind of prompt at a sign-in. `scan` and `new-passkey` throw Problem 'internal': only an enrollment
 * shows them (`enrollment/prompts.ts`).
 */
export const prompts: Readonly<Record<Prompt['kind'], PromptRow>> = {
  code: {
    fields: { [fields.code]: maxFieldBytes },
    read: readCode,
    page: (_deps, context, view, shown) =>
      view.phase === 'passed'
        ? finishForm(context)
        : codePage({ ...codeProps(context, view), ...shown }, context.words),
  },
  wait: {
    fields: {},
    page: (deps, context, view, { remember }) =>
      callPage({ ...callProps(deps, context, view), ...(remember && { remember }) }, context.words),
  },
  approve: {
    fields: {},
    page: (_deps, context, view, { remember }) =>
      approvePage({ ...requestProps(context, view), ...(remember && { remember }) }, context.words),
  },
  scan: { fields: {}, page: notAtSignIn },
  passkey: {
    fields: { [fields.credential]: maxCredentialBytes },
    read: readPasskey,
    page: (_deps, context, view, { typed: _typed, ...shown }) =>
      view.phase === 'passed'
        ? finishForm(context)
        : passkeyPage({ ...passkeyProps(context, view), ...shown }, context.words),
  },
  'new-passkey': { fields: {}, page: notAtSignIn },
};

/** The fields of all prompts, and the box: POST …/factor accepts each of them. */
export const factorFields: Fields<string> = {
  ...Object.fromEntries(Object.values(prompts).flatMap(row => Object.entries(row.fields))),
  ...rememberField,
};

/** Draws the page of a challenge. `refused`: the form whose answer was not right, with what the page says of it. */
export const factorPage = (
  deps: InteractionDeps,
  context: UserContext,
  view: ChallengeView,
  refused?: Pick<Shown, 'state' | 'typed'> & { readonly form: ReadonlyMap<string, string> },
): Html => {
  const { form, ...shown } = refused ?? {};
  const remember = rememberBoxFor(deps, context, view, form);
  return prompts[view.prompt.kind].page(deps, context, view, { ...shown, ...(remember && { remember }) });
};

/** Draws the page of a sign-in with all its proofs. It submits a form, because a GET must not finish a sign-in. */
export const finishForm = ({ frame, words }: InteractionContext): Html =>
  autoSubmitPage({ client: frame.client, action: linksOf(frame.uid).factor, fields: {} }, words);
