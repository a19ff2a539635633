/** Serves the forms that begin to set up a method: the kind, the number, and another attempt. Only these send something. */
import type { Context } from 'koa';
import { Problem, isProblem } from '../../src/errors.ts';
import { maxFieldBytes } from '../../src/http/body.ts';
import { setRetryAfter } from '../../src/http/retry-after.ts';
import { seeOther } from '../../src/http/see-other.ts';
import type { EnrollmentInput, Factor } from '../../src/mfa/factor.ts';
import { phoneKinds, phoneType } from '../../src/mfa/factors/phone.ts';
import { readPhoneEntry } from '../../src/mfa/phone-entry.ts';
import { requireUnfrozen } from '../../src/frozen-account.ts';
import { pushType } from '../../src/mfa/push/data.ts';
import type { Millis } from '../../src/ports/time.ts';
import { enrollLinksOf, fields } from '../../web/pages/links.ts';
import type { TypedPhone } from '../../web/pages/enroll-props.ts';
import { challengeContext } from '../challenge-context.ts';
import type { InteractionDeps } from '../context.ts';
import { finishStale } from '../finish.ts';
import { draw, goBack } from '../render.ts';
import { requiredOf } from '../required-level.ts';
import { isLate, offeredOf, type Enrolling } from './enrolling.ts';
import { enrollmentPage, phoneKindsOf, phonePage, phonesOf } from './pages.ts';
import { beginPairing, leavePairing } from './pairing.ts';

/** Form fields of POST …/enroll, with their longest values in bytes. */
export const chooseFields = { [fields.method]: 64 } as const;

/** Form fields of POST …/enroll/phone. */
export const phoneFields = {
  [fields.country]: 8,
  [fields.number]: maxFieldBytes,
  [fields.extension]: 64,
  [fields.phoneKind]: 16,
  [fields.by]: 32,
} as const;

/** Form fields of POST …/enroll/again. */
export const againFields = { [fields.by]: 32 } as const;

/** From the first form of an enrollment: an app may have to be installed, or a telephone fetched. */
export const enrollmentTime: Millis = 900_000;

/**
 * Gives the sign-in the time of an enrollment, once. In a task the session must be fresh all the time, so that more time would not
 * help.
 */
const extendOnce = async (deps: InteractionDeps, enrolling: Enrolling): Promise<void> => {
  const { enrollmentDraft, signIn, user, browserInteraction, extend } = enrolling;
  if (enrollmentDraft.isExtended === true || signIn.prompt !== 'login') return;
  await extend(deps.clock() + enrollmentTime);
  await deps.signInProofs.keep(browserInteraction, enrollmentTime);
  await deps.enrollmentDrafts.change(signIn.id, user.id, was => ({ ...was, isExtended: true }));
};

/** @throws Problem 'forbidden' unless the person may set up a method now: each route checks it itself. */
export const requireOpen = ({ plan }: Enrolling): void => {
  if (!plan.right.open)
    throw new Problem('forbidden', 'got an enrollment of a person who may not set up a method here');
};

/** A task whose sign-in is not fresh any more begins nothing: the person signs in again, and comes back to it. */
const signInAnew = async (deps: InteractionDeps, ctx: Context, enrolling: Enrolling): Promise<void> => {
  await deps.challenges.cancel(enrolling.binding);
  await leavePairing(deps, enrolling);
  return finishStale(deps, ctx, enrolling);
};

/** The offered factor of this type. @throws Problem 'forbidden' for another one. */
const offered = (factors: readonly Factor[], type: string | undefined): Factor => {
  const factor = factors.find(each => each.type === type);
  if (factor === undefined) throw new Problem('forbidden', 'expected a method that is offered in this sign-in');
  return factor;
};

/**
 * Begins the ceremony for the person of this sign-in, never for one that a form names. `isOther`: it is for another number, so that
 * a running attempt ends first. Otherwise the running one is kept, so that a phone does not ring twice.
 */
export const beginWith = async (
  deps: InteractionDeps,
  ctx: Context,
  enrolling: Enrolling,
  {
    factor,
    input,
    isOther = false,
  }: { readonly factor: Factor; readonly input?: EnrollmentInput; readonly isOther?: boolean },
): Promise<void> => {
  const { user, binding } = enrolling;
  // Binding would be refused in the end: say so before a phone rings.
  requireUnfrozen(user, deps.clock());
  if (isOther) await deps.challenges.cancel(binding);
  if (factor.type !== pushType) await leavePairing(deps, enrolling);
  await deps.enrollments.begin(
    { userId: user.id, factor: factor.type, ...(input !== undefined && { input }) },
    binding,
    {
      ...challengeContext(deps, ctx, enrolling, requiredOf(enrolling.state).minimum),
      // The page of this invitation makes the passkey by itself where the browser can.
      ...(enrolling.plan.invitation === 'passkey' && { isConditional: true as const }),
    },
  );
};

/** Handles POST …/enroll, the chosen kind: begins, or asks for the number first. */
export const postChoose =
  (deps: InteractionDeps) =>
  async (ctx: Context, enrolling: Enrolling, form: ReadonlyMap<string, string>): Promise<void> => {
    if (isLate(enrolling.plan)) return signInAnew(deps, ctx, enrolling);
    requireOpen(enrolling);
    await extendOnce(deps, enrolling);
    const kind = form.get(fields.method) ?? '';
    const [factor] = offeredOf(deps, enrolling, kind);
    if (kind === pushType && factor !== undefined) {
      requireUnfrozen(enrolling.user, deps.clock());
      await beginPairing(deps, enrolling);
      return goBack(ctx, enrolling);
    }
    if (kind === phoneType && factor !== undefined) return seeOther(ctx, enrollLinksOf(enrolling.signIn.id).phone);
    await beginWith(deps, ctx, enrolling, { factor: offered(deps.factors, factor?.type) });
    return goBack(ctx, enrolling);
  };

const typedPhone = (form: ReadonlyMap<string, string>): Required<TypedPhone> => ({
  country: form.get(fields.country) ?? '',
  number: form.get(fields.number) ?? '',
  extension: form.get(fields.extension) ?? '',
  kind: form.get(fields.phoneKind) ?? '',
  by: form.get(fields.by) ?? '',
});

/** Begins to prove the number in `typed`. Draws the form again, with 422, for a number that this factor cannot prove. */
const beginPhone = async (
  deps: InteractionDeps,
  ctx: Context,
  enrolling: Enrolling,
  typed: Required<TypedPhone>,
): Promise<void> => {
  const factor = offered(offeredOf(deps, enrolling, phoneType), typed.by);
  const kind = phoneKinds.find(each => each === typed.kind && phoneKindsOf(enrolling).includes(each));
  if (kind === undefined) throw new Problem('forbidden', 'expected a kind of phone that is offered in this sign-in');
  const read = readPhoneEntry(kind === 'office' ? typed : { ...typed, extension: '' }, {
    reach: deps.reach,
    via: factor.via === 'sms' ? 'sms' : 'call',
    bound: phonesOf(enrolling),
  });
  if (!read.ok) return draw(ctx, phonePage(deps, enrolling, { typed, error: read.error }), 422);
  const before = enrolling.enrollmentDraft.phone;
  await deps.enrollmentDrafts.change(enrolling.signIn.id, enrolling.user.id, was => ({ ...was, phone: typed }));
  const isSameNumber = before !== undefined && JSON.stringify(before) === JSON.stringify(typed);
  try {
    await beginWith(deps, ctx, enrolling, { factor, input: { typed: read.typed, kind }, isOther: !isSameNumber });
  } catch (error) {
    // Another tab has just bound it.
    if (!isProblem(error, 'conflict')) throw error;
    return draw(ctx, phonePage(deps, enrolling, { typed, error: 'bound' }), 422);
  }
  return goBack(ctx, enrolling);
};

/** Handles POST …/enroll/phone. */
export const postPhone =
  (deps: InteractionDeps) =>
  async (ctx: Context, enrolling: Enrolling, form: ReadonlyMap<string, string>): Promise<void> => {
    if (isLate(enrolling.plan)) return signInAnew(deps, ctx, enrolling);
    requireOpen(enrolling);
    return beginPhone(deps, ctx, enrolling, typedPhone(form));
  };

/** Handles POST …/enroll/again: the same number once more, by this factor. */
export const postAgain =
  (deps: InteractionDeps) =>
  async (ctx: Context, enrolling: Enrolling, form: ReadonlyMap<string, string>): Promise<void> => {
    if (isLate(enrolling.plan)) return signInAnew(deps, ctx, enrolling);
    requireOpen(enrolling);
    const { phone } = enrolling.enrollmentDraft;
    if (phone === undefined) return seeOther(ctx, enrollLinksOf(enrolling.signIn.id).phone);
    const { country = '', number = '', extension = '', kind = '', by = '' } = phone;
    return beginPhone(deps, ctx, enrolling, { country, number, extension, kind, by: form.get(fields.by) ?? by });
  };

/** Handles POST …/enroll/resend: the same code in another text. 429 if too soon; the page shows until when. */
export const postResend =
  (deps: InteractionDeps) =>
  async (ctx: Context, enrolling: Enrolling): Promise<void> => {
    if (!isLate(enrolling.plan)) requireOpen(enrolling);
    const resent = await deps.resend.resend(enrolling.binding);
    if (resent.ok || resent.reason !== 'wait') return goBack(ctx, enrolling);
    setRetryAfter(ctx, deps.clock(), resent.until);
    return draw(ctx, enrollmentPage(deps, enrolling), 429);
  };
