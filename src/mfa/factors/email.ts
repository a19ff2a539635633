/**
 * Second factor by a code in a mail: six digits of this challenge, the same ones in a resend. NIST SP 800-63B-4 §3.1.3.1 does not
 * take a mailbox for an out-of-band device, so it reaches `mfa` only. RFC 8176 has no value for it: `otp` is HOTP or TOTP there, so
 * `amr` says `mfa` and no more. Off unless the operator turns it on.
 */
import { Problem } from '../../errors.ts';
import { maskAddress } from '../../masking.ts';
import type { Json } from '../../ports/stores.ts';
import type { CodeMail } from '../../ports/carriers.ts';
import type { Authenticator, BegunCeremony, CeremonyContext, EnrollmentInput, Factor } from '../factor.ts';
import { codeDigits, isCode } from './code.ts';
import { sentCodeLifetime } from './sent-code.ts';

/** Type of the authenticators of this factor. */
const emailType = 'email';
/** Label of a new authenticator, which pages translate. */
export const emailLabel = 'E-mail';

/** `email`: an address that the account had, as `users/names/email-address.ts` accepted it. */
type Mailbox = { readonly email: string };
type SentMail = Mailbox & { readonly purpose: 'sign-in' | 'enrollment' };

const messageTo = ({ email, purpose }: SentMail, ctx: CeremonyContext): CodeMail => ({
  via: 'email',
  to: email,
  token: ctx.token,
  code: ctx.code(codeDigits),
  purpose,
  userId: ctx.person.id,
  language: ctx.language,
  client: ctx.client,
  lifetime: sentCodeLifetime.answer,
});

const mailed = (state: SentMail, ctx: CeremonyContext): BegunCeremony<SentMail> => ({
  state,
  prompt: { kind: 'code', length: codeDigits, sentTo: maskAddress(state.email), by: 'email' },
  message: messageTo(state, ctx),
});

const isSame = (one: Mailbox, other: Mailbox): boolean => one.email.toLowerCase() === other.email.toLowerCase();

/** @throws Problem 'bad-request' for an account without a verified address, 'conflict' where that is bound */
const wantedMailbox = (email: EnrollmentInput | undefined, bound: readonly Authenticator<Mailbox>[]): Mailbox => {
  if (typeof email !== 'string') throw new Problem('bad-request', 'got no verified e-mail address, expected one');
  if (bound.some(({ data }) => isSame(data, { email }))) {
    throw new Problem('conflict', `${maskAddress(email)} is bound to this account already`);
  }
  return { email };
};

export const email: Factor<Mailbox, SentMail, SentMail> = {
  type: emailType,
  via: 'email',
  enrolls: 'email',
  answeredBy: 'browser',
  reaches: 'mfa',
  guessable: true,
  asksFor: 'one',
  lifetimes: sentCodeLifetime,
  masked: ({ data }) => maskAddress(data.email),
  resend: messageTo,
  enroll: {
    async begin(input, bound, ctx) {
      return mailed({ ...wantedMailbox(input, bound), purpose: 'enrollment' }, ctx);
    },
    async finish(typed: Json, { email: address }, ctx) {
      if (!isCode(typed, ctx.code(codeDigits))) return { ok: false, reason: 'wrong' };
      return { ok: true, label: emailLabel, data: { email: address }, amr: [], acr: 'mfa' };
    },
  },
  challenge: {
    async begin([mailbox], ctx) {
      if (mailbox === undefined) throw new Problem('bad-request', 'a mail needs a mailbox to arrive at');
      return mailed({ ...mailbox.data, purpose: 'sign-in' }, ctx);
    },
    async finish(typed, state, candidates, ctx) {
      const used = candidates.find(({ data }) => isSame(data, state));
      if (used === undefined || !isCode(typed, ctx.code(codeDigits))) return { ok: false, reason: 'wrong' };
      return { ok: true, used, amr: [], acr: 'mfa' };
    },
  },
};
