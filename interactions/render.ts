/** Renders the page of the current step. Rendering starts no challenge and sends no message, so a GET is safe. */
import type { Context } from 'koa';
import { allowedFactors } from '../src/mfa/allowed-factors.ts';
import { atLeast, type Method } from '../src/mfa/assurance.ts';
import type { Millis } from '../src/ports/time.ts';
import { seeOther } from '../src/http/see-other.ts';
import { inLanguage } from '../src/locales/sentences.ts';
import type { Html } from '../web/html.ts';
import {
  consentPage,
  deniedPage,
  newPasswordPage,
  optionsPage,
  otherTabPage,
  passwordPage,
  selectAccountPage,
  stepUpPage,
  switchPage,
  unmetPage,
} from '../web/pages/index.ts';
import { linksOf } from '../web/pages/links.ts';
import type { NewPasswordState, PasswordPage } from '../web/pages/password-props.ts';
import type { StepUpPage } from '../web/pages/step-props.ts';
import { devicesToPairAgain, optionRows } from './option-rows.ts';
import { userContext, stepFrame, type InteractionDeps, type UserContext, type InteractionContext } from './context.ts';
import { factorPage, finishForm } from './prompts.ts';
import { acceptsPasskey, requiredOf } from './required-level.ts';
import type { Step } from './step.ts';

/** Answers with a page and a status (default 200). */
export const draw = (ctx: Context, page: Html, status = 200): void => {
  ctx.status = status;
  ctx.type = 'html';
  ctx.body = page.text;
};

/** Redirects with 303 to the address of this sign-in, which shows the page of its step. */
export const goBack = (ctx: Context, { frame }: Pick<InteractionContext, 'frame'>): void =>
  seeOther(ctx, linksOf(frame.uid).here);

/** Draws the password page. The login hint of the request is the default name. */
export const passwordForm = (
  { passkeySignIn }: Pick<InteractionDeps, 'passkeySignIn'>,
  { frame, words, signIn, resetAt, browserInteraction }: InteractionContext,
  more: Pick<PasswordPage, 'name' | 'state'> = {},
): Html =>
  passwordPage(
    {
      ...frame,
      forgottenAt: resetAt ?? `${linksOf(frame.uid).help}#password`,
      ...(signIn.loginHint !== undefined && { name: signIn.loginHint }),
      ...(passkeySignIn !== undefined &&
        acceptsPasskey(signIn) && { passkey: passkeySignIn.offer(browserInteraction) }),
      ...more,
    },
    words,
  );

/** Draws the page that asks for another password. */
export const newPasswordForm = (context: UserContext, state?: NewPasswordState): Html => {
  const { frame, words, user } = context;
  const { newPassword: action, cancel: leave } = linksOf(frame.uid);
  return newPasswordPage({ ...frame, account: user.name, action, leave, ...(state && { state }) }, words);
};

/** Draws the page with all methods that this person may use. */
export const picker = async (deps: InteractionDeps, context: UserContext): Promise<Html> =>
  optionsPage(
    { ...stepFrame(context), rows: await optionRows(deps, context), pairAgain: devicesToPairAgain(deps, context) },
    context.words,
  );

const consent = (context: UserContext): Html => {
  const { policyUri, tosUri } = context.signIn.client;
  const links = { ...(policyUri !== undefined && { policyUri }), ...(tosUri !== undefined && { tosUri }) };
  return consentPage(
    {
      ...context.frame,
      ...links,
      account: context.user.name,
      scopes: context.signIn.scopes,
      details: context.signIn.details.map(({ words, members }) => ({
        words: inLanguage(words, context.words.language),
        members,
      })),
    },
    context.words,
  );
};

/** Draws the page that names the types of factors that would reach the required level. */
const unmet = ({ factors }: InteractionDeps, { frame, user, words, state, signIn }: UserContext): Html => {
  const { minimum } = requiredOf(state);
  const allowed = allowedFactors(factors, signIn.factors);
  const wanted = allowed.filter(factor => atLeast(factor.reaches, minimum)).map(factor => factor.type);
  return unmetPage({ ...frame, account: user.name, wanted }, words);
};

/** Draws the page of a sign-in that a rule refuses, with the operator's words. */
const denied = ({ frame, user, words, step }: InteractionContext): Html =>
  deniedPage(
    {
      ...frame,
      ...(user !== undefined && { account: user.name }),
      sentence: inLanguage(step.at === 'denied' ? step.sentences : { en: '' }, words.language),
    },
    words,
  );

/**
 * True if the session proves the password alone, and any second step would do: it began before the person had a method, or in a
 * browser that is remembered, and this client does not count that.
 */
const isPasswordOnly = ({ session, required }: Pick<InteractionContext['signIn'], 'session' | 'required'>): boolean =>
  session?.acr === 'sfa' && required.acr === 'mfa';

const stepUpReason = ({ task, isForDevice, ...signIn }: InteractionContext['signIn']): StepUpPage['reason'] => {
  if (task?.name === 'test-method') return 'test';
  if (isForDevice) return 'device';
  return isPasswordOnly(signIn) ? 'password-only' : 'stronger';
};

const stepUp = (context: UserContext, { factor, label, masked }: Method): Html => {
  const method = { type: factor, label, ...(masked !== undefined && { target: masked }) };
  return stepUpPage({ ...stepFrame(context), reason: stepUpReason(context.signIn), method }, context.words);
};

const switching = ({ frame, user, words, other }: UserContext): Html => {
  const links = linksOf(frame.uid);
  const current = other?.name ?? '';
  return switchPage({ ...frame, current, wanted: user.name, action: links.switch, stay: links.cancel }, words);
};

const pages = {
  password: (deps, context) => passwordForm(deps, context),
  choose: (deps, context) => picker(deps, userContext(context)),
  unmet: (deps, context) => unmet(deps, userContext(context)),
  denied: (_deps, context) => denied(context),
  switch: (_deps, context) => switching(userContext(context)),
  finish: (_deps, context) => finishForm(context),
  stale: (_deps, context) => finishForm(context),
  consent: (_deps, context) => consent(userContext(context)),
  'new-password': (_deps, context) => newPasswordForm(userContext(context)),
  'select-account': (_deps, context) =>
    selectAccountPage({ ...context.frame, account: userContext(context).user.name }, context.words),
} as const satisfies Record<
  Exclude<Step['at'], 'start' | 'factor' | 'enroll'>,
  (deps: InteractionDeps, context: InteractionContext) => Html | Promise<Html>
>;

/** A tab that uses a shared proof finishes within this time. Later its process has died, and the page says so. */
const longestFinish: Millis = 30_000;

/** True if another tab, which shares the challenge of this sign-in, has just used its proof. */
const isUsedByOtherTab = ({ clock }: InteractionDeps, { challenge }: InteractionContext): boolean =>
  challenge?.phase.name === 'redeemed' && clock() - challenge.phase.at < longestFinish;

/** Draws the page of the current step. Gives undefined for the step 'enroll', whose pages `enrollment/` draws. */
export const pageOf = async (deps: InteractionDeps, context: InteractionContext): Promise<Html | undefined> => {
  const { step } = context;
  if (step.at === 'enroll') return undefined;
  if (step.at === 'factor' && isUsedByOtherTab(deps, context)) return otherTabPage(context.frame, context.words);
  if (step.at === 'start') return stepUp(userContext(context), step.method);
  return step.at === 'factor' ? factorPage(deps, userContext(context), step.view) : pages[step.at](deps, context);
};
