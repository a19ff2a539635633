/** A code in a text message: six digits that belong to this challenge, the same ones when it is texted again. */
import { Problem } from '../../errors.ts';
import type { Millis, TextMessage } from '../../ports.ts';
import type { Context, Factor, Opened } from '../factor.ts';
import { codeText } from '../code-text.ts';
import { maskPhone, takesTexts } from '../phone-number.ts';
import { codeDigits, isCode } from './code.ts';
import { labelFor, masked, phoneType, sameAs, wantedPhone, type Countries, type Phone } from './phone.ts';

type Texted = Phone & { readonly purpose: 'sign-in' | 'enrollment'; readonly label?: string };

const answer: Millis = 300_000;

const messageTo = ({ number, purpose }: Texted, ctx: Context): TextMessage => ({
  via: 'sms',
  to: number,
  token: ctx.token,
  text: codeText(ctx.code(codeDigits), purpose, ctx),
  lasts: answer,
});

const text = (state: Texted, ctx: Context): Opened<Texted> => ({
  state,
  prompt: { kind: 'code', length: codeDigits, sentTo: masked({ data: state }), by: 'sms' },
  message: messageTo(state, ctx),
});

export const createSms = (countries?: Countries): Factor<Phone, Texted, Texted> => ({
  type: 'sms',
  authenticator: phoneType,
  via: 'sms',
  asks: 'phone',
  answeredBy: 'browser',
  reaches: 'aal2',
  guessable: true,
  asksFor: 'one',
  lasts: { answer, redeem: 300_000 },
  serves: ({ data }) => data.extension === undefined && takesTexts(data.number),
  masked,
  again: messageTo,
  enroll: {
    async begin(input, bound, ctx) {
      const phone = wantedPhone(input, bound, countries);
      if (phone.extension !== undefined || !takesTexts(phone.number)) {
        throw new Problem(
          'bad-request',
          `got ${maskPhone(phone)}, a landline, expected a number that texts can be sent to`,
        );
      }
      return text({ ...phone, purpose: 'enrollment', label: labelFor(phone, bound) }, ctx);
    },
    async finish(typed, { number, label = 'mobile' }, ctx) {
      return isCode(typed, ctx.code(codeDigits)) ? { ok: true, label, data: { number } } : { ok: false, why: 'wrong' };
    },
  },
  challenge: {
    async begin([phone], ctx) {
      if (phone === undefined) throw new Problem('bad-request', 'a text needs a phone to arrive at');
      return text({ ...phone.data, purpose: 'sign-in' }, ctx);
    },
    async finish(typed, state, candidates, ctx) {
      const used = sameAs(candidates, state);
      if (used === undefined || !isCode(typed, ctx.code(codeDigits))) return { ok: false, why: 'wrong' };
      return { ok: true, used, amr: ['sms'], acr: 'aal2' };
    },
  },
});
