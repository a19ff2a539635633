/**
 * A telephone call that is answered with a bare `#`. `0` and then `#` says "this was not me". Nothing is guessed here: the
 * proof is that whoever holds the phone answered this very call (its token and the carrier's reference see to that).
 */
import { Problem } from '../../errors.ts';
import { maskNumber } from '../../masking.ts';
import type { Json, Millis } from '../../ports.ts';
import { wording } from '../../wording.ts';
import type { Context, Factor, Opened, Verdict } from '../factor.ts';
import { canonicalNumber } from '../phone-number.ts';

/** `number`: E.164. */
type Phone = { readonly number: string };
type Ringing = Phone & { readonly purpose: 'sign-in' | 'enrollment' };

const rings: Millis = 40_000;
const afterPickUp: Millis = 60_000;
const redeem: Millis = 300_000;
/** The carrier may take a moment to dial, and its clock is not ours. */
const slack: Millis = 10_000;
const answer = rings + afterPickUp + slack;

const dial = (state: Ringing, ctx: Context): Opened<Ringing> => ({
  state,
  prompt: { kind: 'wait', sentTo: maskNumber(state.number) },
  message: { via: 'call', to: state.number, token: ctx.token, rings, lasts: answer },
});

/** Only `#` alone approves; silence, voicemail and every other key leave it open. */
const judge = (keys: Json): { readonly ok: true } | Exclude<Verdict<unknown>, { ok: true }> => {
  if (keys === '#') return { ok: true };
  return { ok: false, why: keys === '0#' ? 'notMe' : 'unfinished' };
};

export const call: Factor<Phone, Ringing, Ringing> = {
  type: 'call',
  asks: 'phone',
  answeredBy: 'device',
  reaches: 'mfa',
  guessable: false,
  asksFor: 'one',
  lasts: { answer, afterPickUp, redeem },
  masked: ({ data }) => maskNumber(data.number),
  speak({ purpose }, keys, ctx) {
    const { phone } = wording(ctx.language);
    const said = { language: phone.voice, hear: 'one' } as const;
    if (keys === '0') return { ...said, say: phone.report, heard: '0' };
    if (purpose === 'enrollment') return { ...said, say: phone.enrollment(ctx.client) };
    return { ...said, say: keys === '' ? phone.announcement(ctx.client) : phone.repeat(ctx.client) };
  },
  enroll: {
    async begin(input, bound, ctx) {
      const number = input === undefined ? undefined : canonicalNumber(input);
      if (number === undefined) {
        throw new Problem(
          'bad-request',
          'got no number that can be dialled, expected one with its country code: +1 202 555 0143',
        );
      }
      if (bound.some(each => each.data.number === number)) {
        throw new Problem('conflict', `${maskNumber(number)} is bound to this account already`);
      }
      return dial({ number, purpose: 'enrollment' }, ctx);
    },
    async finish(keys, { number }) {
      const verdict = judge(keys);
      return verdict.ok ? { ok: true, label: 'Phone', data: { number } } : verdict;
    },
  },
  challenge: {
    async begin([phone], ctx) {
      if (phone === undefined) throw new Problem('bad-request', 'a call needs a phone to ring');
      return dial({ number: phone.data.number, purpose: 'sign-in' }, ctx);
    },
    async finish(keys, { number }, candidates) {
      // The number that rang, not the one that is bound by now.
      const used = candidates.find(each => each.data.number === number);
      const verdict = judge(keys);
      if (!verdict.ok) return verdict;
      return used === undefined ? { ok: false, why: 'unfinished' } : { ok: true, used, amr: ['tel'], acr: 'mfa' };
    },
  },
};
