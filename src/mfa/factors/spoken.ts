/**
 * Second factor by a code that a call dictates and the person types on the page: the secret travels to the telephone, as NIST
 * SP 800-63B-4 §3.1.3.1 requires. It is said only after a key was pressed, so that no voicemail keeps a code.
 */
import { Problem } from '../../errors.ts';
import { spoken } from '../../locales/spoken.ts';
import type { Json } from '../../ports/stores.ts';
import type { CeremonyContext, Factor, BegunCeremony, KeyMeaning, Prompted } from '../factor.ts';
import { codeDigits } from './code.ts';
import {
  callTo,
  labelFor,
  masked,
  phoneType,
  shownTarget,
  extensionMark,
  pauseBehindSwitchboard,
  wantedPhone,
  type DetectionTime,
  type Phone,
} from './phone.ts';
import { boundByCode, provenByCode, sentCodeLifetime, type SentCode } from './sent-code.ts';
import type { Reach } from '../phone-number.ts';

const caller =
  (detects: DetectionTime) =>
  (state: SentCode, ctx: CeremonyContext): BegunCeremony<SentCode> => ({
    state,
    prompt: { kind: 'code', length: codeDigits, ...shownTarget(state), by: 'call' },
    message: callTo(state, ctx, { purpose: 'dictation', detects }),
  });

/**
 * After the first key every key repeats the digits, and silence after them ends the call. Behind a switchboard only `#` counts
 * as the first key: the switchboard itself may press others.
 */
const speak = ({ extension, number }: SentCode, keys: string, ctx: CeremonyContext): Prompted => {
  const phone = spoken(ctx.language, number);
  const said = { language: phone.voice, gather: 'key' } as const;
  const isAtExtension = keys.startsWith(extensionMark);
  const pressed = isAtExtension ? keys.slice(extensionMark.length) : keys;
  if (extension !== undefined && !isAtExtension && pressed !== '#') {
    return { ...said, say: phone.extension(extension), timeout: pauseBehindSwitchboard };
  }
  if (pressed === '0') return { ...said, say: phone.report, previousKeys: isAtExtension ? `${extensionMark}0` : '0' };
  if (pressed !== '') {
    return {
      ...said,
      say: phone.dictation(ctx.code(codeDigits)),
      previousKeys: extensionMark,
      revealsCode: true,
      uncounted: true,
    };
  }
  return isAtExtension
    ? { ...said, gather: 'none', say: phone.afterDictation, uncounted: true }
    : { ...said, say: phone.beforeDictation(ctx.client) };
};

/** No keys approve. Only at the extension does anybody speak for the owner of the phone. */
const meaningOf = ({ extension }: SentCode, keys: Json): KeyMeaning => {
  if (typeof keys !== 'string') return 'nothing';
  const isAtExtension = keys.startsWith(extensionMark);
  if (extension !== undefined && !isAtExtension) return 'nothing';
  const pressed = isAtExtension ? keys.slice(extensionMark.length) : keys;
  if (pressed === '0#') return 'declines';
  return pressed === '0' ? 'may-decline' : 'nothing';
};

export const createSpoken = (reach?: Reach, detects: DetectionTime = 'before'): Factor<Phone, SentCode, SentCode> => ({
  type: 'spoken',
  authenticator: phoneType,
  via: 'call',
  enrolls: 'phone',
  answeredBy: 'browser',
  reaches: 'aal2',
  guessable: true,
  asksFor: 'one',
  lifetimes: sentCodeLifetime,
  masked,
  speak,
  meaningOf,
  enroll: {
    async begin(input, bound, ctx) {
      const phone = wantedPhone(input, bound, reach);
      return caller(detects)({ ...phone, purpose: 'enrollment', label: labelFor(phone, bound) }, ctx);
    },
    finish: boundByCode('tel'),
  },
  challenge: {
    async begin([phone], ctx) {
      if (phone === undefined) throw new Problem('bad-request', 'a spoken code needs a phone to ring');
      return caller(detects)({ ...phone.data, purpose: 'sign-in' }, ctx);
    },
    finish: provenByCode('tel'),
  },
});
