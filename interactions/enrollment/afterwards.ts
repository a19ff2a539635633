/** Serves the forms after a method was bound: its name, and recovery codes. Also the form that puts setting up off. */
import type { Context } from 'koa';
import { readLabel } from '../../src/mfa/method-label.ts';
import { Problem } from '../../src/errors.ts';
import { maxFieldBytes } from '../../src/http/body.ts';
import { fields } from '../../web/pages/links.ts';
import { userContext, type InteractionDeps } from '../context.ts';
import { readAgain } from '../read-context.ts';
import { finishSignInOrTask } from '../finish.ts';
import { draw, goBack } from '../render.ts';
import { placeOf, readEnrolling, type Enrolling } from './enrolling.ts';
import { codesPage, labelShown, namePage } from './pages.ts';

/** Form fields of POST …/enroll/name, with their longest values in bytes. */
export const nameFields = { [fields.label]: maxFieldBytes } as const;

/** Form fields of POST …/enroll/saved. */
export const savedFields = { [fields.saved]: 8 } as const;

/** Continues: makes recovery codes where they are next, ends the sign-in where everything is set up, else shows the next page. */
const goOn = async (deps: InteractionDeps, ctx: Context, before: Enrolling): Promise<void> => {
  const context = await readAgain(deps, ctx, before);
  const enrolling = await readEnrolling(deps, context);
  if (enrolling === undefined)
    return context.step.at === 'finish' ? finishSignInOrTask(deps, ctx, userContext(context)) : goBack(ctx, context);
  if (placeOf(enrolling) === 'making-codes') await makeCodes(deps, enrolling);
  return goBack(ctx, context);
};

/** Makes recovery codes, and keeps them until the person says that they are saved. */
const makeCodes = async (deps: InteractionDeps, { user, signIn, reference }: Enrolling): Promise<void> => {
  // Each new set replaces the one before: of concurrent requests only one may make the set that is shown.
  if (!(await deps.enrollmentDrafts.claimCodes(signIn.id))) return;
  const codes = await deps.recoveryCodes.renew(user.id, { actor: `user:${user.id}`, reference });
  await deps.enrollmentDrafts.change(signIn.id, user.id, was => ({ ...was, codes }));
};

/** Handles POST …/enroll/name. The name that the page proposes is kept as it is stored, so that other languages translate it. */
export const postName =
  (deps: InteractionDeps) =>
  async (ctx: Context, enrolling: Enrolling, form: ReadonlyMap<string, string>): Promise<void> => {
    const { unnamed } = enrolling.enrollmentDraft;
    if (unnamed === undefined) return goBack(ctx, enrolling);
    const typed = form.get(fields.label) ?? '';
    const label = readLabel(typed);
    if (label === undefined) return draw(ctx, namePage(deps, enrolling, typed), 422);
    const { user, signIn } = enrolling;
    if (label !== labelShown(unnamed.label, enrolling)) {
      await deps.methods.rename(user, unnamed.id, label, `user:${user.id}`);
    }
    await deps.enrollmentDrafts.change(signIn.id, user.id, ({ unnamed: _named, ...rest }) => rest);
    return goOn(deps, ctx, enrolling);
  };

/** Handles POST …/enroll/codes. */
export const postCodes =
  (deps: InteractionDeps) =>
  async (ctx: Context, enrolling: Enrolling): Promise<void> => {
    if (placeOf(enrolling) === 'making-codes') await makeCodes(deps, enrolling);
    return goBack(ctx, enrolling);
  };

/** Handles GET …/enroll/codes.txt: the codes of the page as a file, while the page shows them. */
export const getCodesFile =
  (deps: Pick<InteractionDeps, 'issuer'>) =>
  (ctx: Context, enrolling: Enrolling): void => {
    const { codes } = enrolling.enrollmentDraft;
    if (codes === undefined) return goBack(ctx, enrolling);
    const { file, fileNote } = enrolling.words.enroll.codes;
    ctx.attachment('recovery-codes.txt');
    ctx.type = 'text/plain; charset=utf-8';
    ctx.body = [file(deps.issuer.host), enrolling.user.name, fileNote, '', ...codes, ''].join('\r\n');
  };

/** Handles POST …/enroll/saved: the codes cannot be read any more. */
export const postSaved =
  (deps: InteractionDeps) =>
  async (ctx: Context, enrolling: Enrolling, form: ReadonlyMap<string, string>): Promise<void> => {
    if (enrolling.enrollmentDraft.codes === undefined) return goBack(ctx, enrolling);
    if (form.get(fields.saved) === undefined) return draw(ctx, codesPage(deps, enrolling, true), 422);
    const { user, signIn } = enrolling;
    await deps.enrollmentDrafts.change(signIn.id, user.id, ({ codes: _saved, ...rest }) => rest);
    // The plan of this task asks for a new set each time.
    return signIn.task?.name === 'recovery-codes'
      ? finishSignInOrTask(deps, ctx, enrolling)
      : goOn(deps, ctx, enrolling);
  };

/** Handles POST …/enroll/skip: the sign-in continues without another method. @throws Problem 'forbidden' where it may not */
export const postSkip =
  (deps: InteractionDeps) =>
  async (ctx: Context, enrolling: Enrolling): Promise<void> => {
    const { user, browserInteraction, plan } = enrolling;
    if (!plan.maySkip)
      throw new Problem('forbidden', 'got a person who must set up a method, expected one who may put it off');
    if (enrolling.signIn.prompt === 'manage') return finishSignInOrTask(deps, ctx, enrolling);
    if (plan.invitation !== undefined) await deps.setUpRequests.refuse(user.id, plan.invitation);
    await deps.signInProofs.skip(browserInteraction, user.id);
    return goOn(deps, ctx, enrolling);
  };
