/** Whether the account, its tokens and its number would carry our calls and texts. */
import type { Inspection } from '../../adapters/twilio.ts';
import type { TwilioSettings } from '../../src/config.ts';
import type { EpochMillis, Millis } from '../../src/ports/time.ts';
import { answered, type Finding, type Live } from './finding.ts';

/** Codes of an app live for 30 s, and so does the patience of relying parties with tokens from the future. */
const tolerated: Millis = 30_000;

export type AccountAnswer = Awaited<ReturnType<Inspection['account']>>;

export const credentials = (answer: AccountAnswer, { apiBase }: TwilioSettings): Finding => {
  const about = 'credentials';
  if (answer.ok) return { about, ok: true, got: 'the first token signs in' };
  if (answer.status === undefined) {
    const remedy = `Let this machine reach ${apiBase.origin}; SALLYPORT_TWILIO_API_BASE says where the carrier is.`;
    return { about, ok: false, got: answered(answer), expected: 'an answer of the carrier', remedy };
  }
  const remedy =
    'Compare SALLYPORT_TWILIO_ACCOUNT_SID and the first of SALLYPORT_TWILIO_AUTH_TOKENS with the account in the console.';
  return { about, ok: false, got: answered(answer), expected: '200', remedy };
};

export const standing = (answer: AccountAnswer, isProduction: boolean): readonly Finding[] => {
  if (!answer.ok) return [];
  const { status, isTrial } = answer.found;
  const about = 'account';
  const expected = 'an active account';
  if (status !== 'active') {
    return [
      { about, ok: false, got: `one that is ${status}`, expected, remedy: 'Ask the carrier why; it dials for nobody.' },
    ];
  }
  if (!isTrial) return [{ about, ok: true, got: expected }];
  if (!isProduction) return [{ about, ok: true, got: `${expected}, a trial: it reaches verified numbers only` }];
  const remedy = 'Upgrade it: a trial reaches verified numbers only, and speaks before we do.';
  return [{ about, ok: false, got: 'a trial', expected: 'a full account', remedy }];
};

/** The second token: there while tokens are exchanged, and of no use once it is refused. */
export const second = (answer: AccountAnswer | undefined, first: AccountAnswer): readonly Finding[] => {
  if (answer === undefined) return [];
  const about = 'second token';
  if (answer.ok && first.ok) return [{ about, ok: true, got: 'it signs in as well: tokens are being exchanged' }];
  if (answer.ok) {
    const remedy = 'Put it first in SALLYPORT_TWILIO_AUTH_TOKENS: our requests are signed in with the first alone.';
    return [
      { about, ok: false, got: 'one that signs in, and a first one that does not', expected: 'the first to', remedy },
    ];
  }
  const remedy = 'Take it out of SALLYPORT_TWILIO_AUTH_TOKENS once the calls that it signed are over.';
  return [{ about, ok: false, got: answered(answer), expected: 'a token of this account', remedy }];
};

export const clockSkew = (answer: AccountAnswer, now: EpochMillis): readonly Finding[] => {
  if (!answer.ok || answer.found.now === undefined) return [];
  const skew = now - answer.found.now;
  const seconds = `${Math.round(Math.abs(skew) / 1000)} s ${skew < 0 ? 'behind' : 'ahead of'} the carrier's`;
  const about = 'clock';
  if (Math.abs(skew) <= tolerated) return [{ about, ok: true, got: seconds }];
  const remedy = 'Set the time of this machine by NTP: codes and tokens depend on it.';
  return [{ about, ok: false, got: seconds, expected: `at most ${tolerated / 1000} s`, remedy }];
};

/** What our number must be able to do for the methods that are used. */
const wishes = ({ factors, twilio }: Live): readonly ('voice' | 'sms')[] => [
  ...(factors.some(each => each === 'call' || each === 'spoken') ? (['voice'] as const) : []),
  // a messaging service brings its own senders
  ...(factors.includes('sms') && twilio?.messagingServiceSid === undefined ? (['sms'] as const) : []),
];
const abilities = { voice: 'call', sms: 'text' } as const;

export const ownNumber = async (inspection: Inspection, live: Live, from: string): Promise<readonly Finding[]> => {
  const about = `number ${from}`;
  const answer = await inspection.number(from);
  if (!answer.ok) {
    return [{ about, ok: false, got: answered(answer), expected: "the account's numbers", remedy: 'Ask again later.' }];
  }
  const { found } = answer;
  if (found === undefined) {
    const remedy = 'Set SALLYPORT_TWILIO_FROM to a number of this account, or buy this one.';
    return [{ about, ok: false, got: 'a number of somebody else', expected: 'one of this account', remedy }];
  }
  const lacking = wishes(live).filter(each => !found[each]);
  const can = (['voice', 'sms'] as const).filter(each => found[each]).map(each => abilities[each]);
  const got = `one that can ${can.join(' and ') || 'nothing'}`;
  if (lacking.length === 0) return [{ about, ok: true, got }];
  const expected = `one that can ${lacking.map(each => abilities[each]).join(' and ')}`;
  const remedy = lacking.includes('sms')
    ? 'Take another number, set SALLYPORT_TWILIO_MESSAGING_SERVICE_SID, or take sms out of SALLYPORT_FACTORS.'
    : 'Take another number.';
  return [{ about, ok: false, got, expected, remedy }];
};
