/** State and verification of a code that is sent to a telephone, texted or dictated, and typed on the page. */
import type { Json } from '../../ports/stores.ts';
import type { Amr, Authenticator, CeremonyContext, Enrolled, Lifetimes, VerificationResult } from '../factor.ts';
import { codeDigits, isCode } from './code.ts';
import { sameAs, storedPhone, type Phone } from './phone.ts';

export type SentCode = Phone & { readonly purpose: 'sign-in' | 'enrollment'; readonly label?: string };

export const sentCodeLifetime: Lifetimes = { answer: 300_000, redeem: 300_000 };

/** Enrollment: the code that the phone got binds it. */
export const boundByCode =
  (amr: Amr) =>
  async (typed: Json, state: SentCode, ctx: CeremonyContext): Promise<VerificationResult<Enrolled<Phone>>> =>
    isCode(typed, ctx.code(codeDigits))
      ? { ok: true, label: state.label ?? 'mobile', data: storedPhone(state), amr: [amr], acr: 'aal2' }
      : { ok: false, reason: 'wrong' };

/** Authentication: the code proves the phone that got it, while that phone is still bound to the person. */
export const provenByCode =
  (amr: Amr) =>
  async (
    typed: Json,
    state: SentCode,
    candidates: readonly Authenticator<Phone>[],
    ctx: CeremonyContext,
  ): Promise<
    VerificationResult<{ readonly used: Authenticator<Phone>; readonly amr: readonly Amr[]; readonly acr: 'aal2' }>
  > => {
    const used = sameAs(candidates, state);
    if (used === undefined || !isCode(typed, ctx.code(codeDigits))) return { ok: false, reason: 'wrong' };
    return { ok: true, used, amr: [amr], acr: 'aal2' };
  };
