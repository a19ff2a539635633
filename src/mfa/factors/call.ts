/**
 * Second factor by a telephone call, answered with a bare `#`, or with the digits that the page shows and `#`. `0` and then
 * `#` says "this was not me". An answer is not a guess: token and reference prove that this phone answered this call. Digits
 * typed into it add no assurance, since NIST SP 800-63B-4 §3.1.3.1 wants the secret to travel to the telephone.
 */
import { Problem } from '../../errors.ts';
import type { Json } from '../../ports/stores.ts';
import { constantTimeEqual } from '../../crypto.ts';
import { spoken } from '../../locales/spoken.ts';
import type { BegunCeremony, CeremonyContext, Factor, KeyMeaning, Prompted, VerificationResult } from '../factor.ts';
import {
  callTo,
  labelFor,
  masked,
  phoneType,
  callLifetimes,
  sameAs,
  shownTarget,
  storedPhone,
  extensionMark,
  pauseBehindSwitchboard,
  wantedPhone,
  type DetectionTime,
  type Phone,
} from './phone.ts';
import type { Reach } from '../phone-number.ts';

/** `shows`: the digits of the page must be pressed; otherwise a bare `#` is enough. */
type Ringing = Phone & { readonly purpose: 'sign-in' | 'enrollment'; readonly label?: string; readonly shows: boolean };

const digits = 6;
const redeem = 300_000;

type Judged = { readonly ok: true } | Exclude<VerificationResult<unknown>, { ok: true }>;

/** The keys of the person: behind a switchboard only those after the key "I am at this extension". */
const pressedThere = ({ extension }: Ringing, keys: Json): string | undefined => {
  if (typeof keys !== 'string') return undefined;
  if (extension === undefined) return keys;
  return keys.startsWith(extensionMark) ? keys.slice(extensionMark.length) : undefined;
};

/** Only `#` alone approves, or exactly the digits shown. */
const meaningOf = (state: Ringing, keys: Json, ctx: CeremonyContext): KeyMeaning => {
  const pressed = pressedThere(state, keys);
  const isRight = state.shows ? constantTimeEqual(pressed ?? '', ctx.code(digits)) : pressed === '#';
  if (isRight) return 'approves';
  // A line of digits ends with #, which is not part of it.
  if (pressed === (state.shows ? '0' : '0#')) return 'declines';
  return pressed === '0' ? 'may-decline' : 'nothing';
};

/** Silence, voicemail and other keys leave it open. */
const judge = (state: Ringing, keys: Json, ctx: CeremonyContext): Judged => {
  const meaning = meaningOf(state, keys, ctx);
  if (meaning === 'approves') return { ok: true };
  return { ok: false, reason: meaning === 'declines' ? 'notMe' : 'unfinished' };
};

/**
 * Asks a switchboard to put the call through first; there only `#` goes on, and it does not approve. Approving keys come here
 * where the dialogue found them too early, on any call: the question is asked from its beginning.
 */
const speak = (state: Ringing, keys: string, ctx: CeremonyContext): Prompted => {
  const phone = spoken(ctx.language, state.number);
  const { extension, purpose, shows } = state;
  const said = {
    language: phone.voice,
    gather: shows ? 'digits' : 'key',
    ...(extension !== undefined && { timeout: pauseBehindSwitchboard }),
  } as const;
  const isArriving = extension !== undefined && keys === '#';
  const asksAnew = isArriving || meaningOf(state, keys, ctx) === 'approves';
  if (extension !== undefined && !asksAnew && !keys.startsWith(extensionMark)) {
    return { ...said, gather: 'key', say: phone.extension(extension) };
  }
  const heard = extension === undefined ? '' : extensionMark;
  const pressed = asksAnew ? '' : keys.slice(heard.length);
  if (!shows && pressed === '0') return { ...said, say: phone.report, previousKeys: `${heard}0` };
  const [first, again] = shows
    ? [phone.announcementOfNumber, phone.repeatOfNumber]
    : [phone.announcement, phone.repeat];
  const announced = purpose === 'enrollment' ? phone.enrollment : pressed === '' ? first : again;
  return {
    ...said,
    say: announced(ctx.client),
    previousKeys: heard,
    ...(asksAnew && { uncounted: true as const, asksAnew: true as const }),
  };
};

const dialler =
  (detects: DetectionTime) =>
  (state: Ringing, ctx: CeremonyContext): BegunCeremony<Ringing> => ({
    state,
    lifetimes: { ...callLifetimes(state), redeem },
    message: callTo(state, ctx, { purpose: 'question', detects }),
    prompt: { kind: 'wait', ...shownTarget(state), ...(state.shows && { show: ctx.code(digits) }) },
  });

/** `answer`: the keys that approve, `#` alone or the number that the page shows. */
export const createCall = (
  answer: 'key' | 'number',
  reach?: Reach,
  detects: DetectionTime = 'before',
): Factor<Phone, Ringing, Ringing> => ({
  type: 'call',
  authenticator: phoneType,
  via: 'call',
  enrolls: 'phone',
  answeredBy: 'device',
  reaches: 'mfa',
  guessable: false,
  asksFor: 'one',
  lifetimes: { ...callLifetimes({ number: '' }), redeem },
  masked,
  speak,
  meaningOf,
  enroll: {
    async begin(input, bound, ctx) {
      const phone = wantedPhone(input, bound, reach);
      return dialler(detects)({ ...phone, purpose: 'enrollment', label: labelFor(phone, bound), shows: false }, ctx);
    },
    async finish(keys, state, ctx) {
      const result = judge(state, keys, ctx);
      const { label = 'mobile' } = state;
      return result.ok ? { ok: true, label, data: storedPhone(state), amr: ['tel'], acr: 'mfa' } : result;
    },
  },
  challenge: {
    async begin([phone], ctx) {
      if (phone === undefined) throw new Problem('bad-request', 'a call needs a phone to ring');
      return dialler(detects)({ ...phone.data, purpose: 'sign-in', shows: answer === 'number' }, ctx);
    },
    async finish(keys, state, candidates, ctx) {
      const result = judge(state, keys, ctx);
      if (!result.ok) return result;
      const used = sameAs(candidates, state);
      return used === undefined ? { ok: false, reason: 'unfinished' } : { ok: true, used, amr: ['tel'], acr: 'mfa' };
    },
  },
});
