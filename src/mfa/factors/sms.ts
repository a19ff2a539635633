/** Second factor by a code in a text message: six digits of this challenge, the same ones in a resend. */
import { Problem } from '../../errors.ts';
import type { TextMessage } from '../../ports/carriers.ts';
import type { CeremonyContext, Factor, BegunCeremony } from '../factor.ts';
import { codeText } from './sms-text.ts';
import { maskPhone, takesTexts } from '../phone-number.ts';
import { codeDigits } from './code.ts';
import { labelFor, masked, phoneType, wantedPhone, type Phone } from './phone.ts';
import { boundByCode, provenByCode, sentCodeLifetime, type SentCode } from './sent-code.ts';
import type { Reach } from '../phone-number.ts';

const messageTo = ({ number, purpose }: SentCode, ctx: CeremonyContext): TextMessage => ({
  via: 'sms',
  to: number,
  token: ctx.token,
  text: codeText(ctx.code(codeDigits), purpose, ctx),
  lifetime: sentCodeLifetime.answer,
});

const text = (state: SentCode, ctx: CeremonyContext): BegunCeremony<SentCode> => ({
  state,
  prompt: { kind: 'code', length: codeDigits, sentTo: masked({ data: state }), by: 'sms' },
  message: messageTo(state, ctx),
});

export const createSms = (reach?: Reach): Factor<Phone, SentCode, SentCode> => ({
  type: 'sms',
  authenticator: phoneType,
  via: 'sms',
  enrolls: 'phone',
  answeredBy: 'browser',
  reaches: 'aal2',
  guessable: true,
  asksFor: 'one',
  lifetimes: sentCodeLifetime,
  serves: ({ data }) => data.extension === undefined && takesTexts(data.number),
  masked,
  resend: messageTo,
  enroll: {
    async begin(input, bound, ctx) {
      const phone = wantedPhone(input, bound, reach);
      if (phone.extension !== undefined || !takesTexts(phone.number)) {
        throw new Problem(
          'bad-request',
          `got ${maskPhone(phone)}, a landline, expected a number that texts can be sent to`,
        );
      }
      return text({ ...phone, purpose: 'enrollment', label: labelFor(phone, bound) }, ctx);
    },
    finish: boundByCode('sms'),
  },
  challenge: {
    async begin([phone], ctx) {
      if (phone === undefined) throw new Problem('bad-request', 'a text needs a phone to arrive at');
      return text({ ...phone.data, purpose: 'sign-in' }, ctx);
    },
    finish: provenByCode('sms'),
  },
});
