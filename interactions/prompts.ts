/**
 * Draws, reads and watches a challenge by the kind of its prompt. One exhaustive table: a new kind of prompt is a row here,
 * with its page, its form fields and its event.
 */
import { maxFieldBytes, type Fields } from '../src/http/body.ts';
import type { ChallengeView } from '../src/mfa/challenge/record.ts';
import type { Prompt } from '../src/mfa/factor.ts';
import { typedDigits } from '../src/mfa/factors/code.ts';
import { Problem } from '../src/errors.ts';
import type { Html } from '../web/html.ts';
import { callPage, codeEvent, codePage, autoSubmitPage, waitingEvent } from '../web/pages/index.ts';
import { fields, linksOf } from '../web/pages/links.ts';
import type { CodePage, WaitingEvent } from '../web/pages/props.ts';
import type { InteractionContext, InteractionDeps, UserContext } from './context.ts';
import { callProps, codeProps } from './page-props.ts';

/** A form's answer to a prompt; undefined: it has not the form of one, and is no attempt. */
export type TypedAnswer = { readonly typed: string; readonly answer: string | undefined };

interface PromptRow {
  /** Fields of its form; without any a device answers, and the form only asks for the result. */
  readonly fields: Fields<string>;
  /** The answer that its form holds; absent where a device answers. */
  readonly read?: (form: ReadonlyMap<string, string>, view: ChallengeView) => TypedAnswer;
  /** `shown`: replaces the challenge's own state after an answer. */
  readonly page: (
    deps: InteractionDeps,
    context: UserContext,
    view: ChallengeView,
    shown: Partial<Pick<CodePage, 'state' | 'typed'>>,
  ) => Html;
  /** The event that tells a watching page the same. */
  readonly event: (deps: InteractionDeps, context: UserContext, view: ChallengeView) => WaitingEvent;
}

const readCode = (form: ReadonlyMap<string, string>, { prompt }: ChallengeView): TypedAnswer => {
  const typed = form.get(fields.code) ?? '';
  const code = typedDigits(typed);
  const isCode = prompt.kind === 'code' && code.length === prompt.length && /^[0-9]+$/.test(code);
  return { typed, answer: isCode ? code : undefined };
};

const notAtSignIn = (): never => {
  throw new Problem('internal', 'got a prompt that only an enrollment shows, expected one of a sign-in');
};

export const prompts: Readonly<Record<Prompt['kind'], PromptRow>> = {
  code: {
    fields: { [fields.code]: maxFieldBytes },
    read: readCode,
    page: (_deps, context, view, shown) =>
      view.phase === 'passed' ? postOn(context) : codePage({ ...codeProps(context, view), ...shown }, context.words),
    event: ({ clock }, context, view) => codeEvent({ ...codeProps(context, view), now: clock() }, context.words),
  },
  wait: {
    fields: {},
    page: (deps, context, view) => callPage(callProps(deps, context, view), context.words),
    event: (deps, context, view) =>
      waitingEvent({ ...callProps(deps, context, view), now: deps.clock() }, context.words),
  },
  scan: { fields: {}, page: notAtSignIn, event: notAtSignIn },
};

/** Fields of the one form that answers any prompt. */
export const factorFields: Fields<string> = Object.fromEntries(
  Object.values(prompts).flatMap(row => Object.entries(row.fields)),
);

/** The page of a challenge. */
export const factorPage = (
  deps: InteractionDeps,
  context: UserContext,
  view: ChallengeView,
  shown: Partial<Pick<CodePage, 'state' | 'typed'>> = {},
): Html => prompts[view.prompt.kind].page(deps, context, view, shown);

/** The page of a sign-in in which all is proven. A GET signs nobody in, so this page posts. */
export const postOn = ({ frame, words }: InteractionContext): Html =>
  autoSubmitPage({ client: frame.client, action: linksOf(frame.uid).factor, fields: {} }, words);
