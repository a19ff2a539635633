/** Turns the carrier's answers about our account, its tokens and its number into findings. */
import type { Inspection } from '../../adapters/twilio.ts';
import type { TwilioSettings } from '../../src/config.ts';
import type { EpochMillis, Millis } from '../../src/ports/time.ts';
import { describeFailure, type Finding, type LiveSettings } from './finding.ts';

/** TOTP codes change every 30 s (RFC 6238), and relying parties tolerate about as much for tokens issued in the future. */
const maxClockSkew: Millis = 30_000;

/** The carrier's answer to a request for the account. */
export type AccountAnswer = Awaited<ReturnType<Inspection['account']>>;

/** Is the first token accepted? */
export const credentialsFinding = (answer: AccountAnswer, { apiBase }: TwilioSettings): Finding => {
  const about = 'credentials';
  if (answer.ok) return { about, ok: true, got: 'the first token is accepted' };
  if (answer.status === undefined) {
    const remedy = `Let this machine reach ${apiBase.origin} (SALLYPORT_TWILIO_API_BASE).`;
    return { about, ok: false, got: describeFailure(answer), expected: 'an answer from the carrier', remedy };
  }
  const remedy =
    'Compare SALLYPORT_TWILIO_ACCOUNT_SID and the first of SALLYPORT_TWILIO_AUTH_TOKENS with the account in the console.';
  return { about, ok: false, got: describeFailure(answer), expected: '200', remedy };
};

/** Is the account active, and in production a full one? Empty if the account could not be read. */
export const accountFindings = (answer: AccountAnswer, isProduction: boolean): readonly Finding[] => {
  if (!answer.ok) return [];
  const { status, isTrial } = answer.found;
  const about = 'account';
  const expected = 'an active account';
  if (status !== 'active') {
    return [
      {
        about,
        ok: false,
        got: `an account that is ${status}`,
        expected,
        remedy: 'Ask the carrier for the reason: it places no calls for this account.',
      },
    ];
  }
  if (!isTrial) return [{ about, ok: true, got: expected }];
  if (!isProduction) return [{ about, ok: true, got: `${expected} on trial: it reaches verified numbers only` }];
  const remedy = 'Upgrade the account: a trial reaches verified numbers only and plays a message of its own first.';
  return [{ about, ok: false, got: 'a trial account', expected: 'a full account', remedy }];
};

/** Is the second token accepted? It exists only while tokens are rotated. Empty if there is none. */
export const secondTokenFindings = (answer: AccountAnswer | undefined, first: AccountAnswer): readonly Finding[] => {
  if (answer === undefined) return [];
  const about = 'second token';
  if (answer.ok && first.ok) return [{ about, ok: true, got: 'it is accepted too: tokens are being rotated' }];
  if (answer.ok) {
    const remedy = 'Put it first in SALLYPORT_TWILIO_AUTH_TOKENS: our requests use only the first token.';
    return [
      {
        about,
        ok: false,
        got: 'an accepted token, but the first is refused',
        expected: 'the first to be accepted',
        remedy,
      },
    ];
  }
  const remedy = 'Remove it from SALLYPORT_TWILIO_AUTH_TOKENS once the calls signed with it have ended.';
  return [{ about, ok: false, got: describeFailure(answer), expected: 'a token of this account', remedy }];
};

/** Does our clock agree with the carrier's? Empty if the answer has no date. */
export const clockFindings = (answer: AccountAnswer, now: EpochMillis): readonly Finding[] => {
  if (!answer.ok || answer.found.now === undefined) return [];
  const skew = now - answer.found.now;
  const seconds = `${Math.round(Math.abs(skew) / 1000)} s ${skew < 0 ? 'behind' : 'ahead of'} the carrier's`;
  const about = 'clock';
  if (Math.abs(skew) <= maxClockSkew) return [{ about, ok: true, got: seconds }];
  const remedy = 'Synchronise the clock of this machine (NTP): codes and tokens depend on it.';
  return [{ about, ok: false, got: seconds, expected: `at most ${maxClockSkew / 1000} s`, remedy }];
};

/** Capabilities that our number needs for the enabled methods. */
const requiredCapabilities = ({ factors, twilio }: LiveSettings): readonly ('voice' | 'sms')[] => [
  ...(factors.some(each => each === 'call' || each === 'spoken') ? (['voice'] as const) : []),
  // A messaging service has senders of its own.
  ...(factors.includes('sms') && twilio?.messagingServiceSid === undefined ? (['sms'] as const) : []),
];
const capabilityVerbs = { voice: 'call', sms: 'text' } as const;

/** Does our number belong to the account, and can it call and text as needed? */
export const numberFindings = async (
  inspection: Inspection,
  live: LiveSettings,
  from: string,
): Promise<readonly Finding[]> => {
  const about = `number ${from}`;
  const answer = await inspection.number(from);
  if (!answer.ok) {
    return [
      { about, ok: false, got: describeFailure(answer), expected: "the account's numbers", remedy: 'Ask again later.' },
    ];
  }
  const { found } = answer;
  if (found === undefined) {
    const remedy = 'Set SALLYPORT_TWILIO_FROM to a number of this account, or buy this one.';
    return [{ about, ok: false, got: 'a number of another account', expected: 'a number of this account', remedy }];
  }
  const lacking = requiredCapabilities(live).filter(each => !found[each]);
  const can = (['voice', 'sms'] as const).filter(each => found[each]).map(each => capabilityVerbs[each]);
  const got = `a number that can ${can.join(' and ') || 'neither call nor text'}`;
  if (lacking.length === 0) return [{ about, ok: true, got }];
  const expected = `a number that can ${lacking.map(each => capabilityVerbs[each]).join(' and ')}`;
  const remedy = lacking.includes('sms')
    ? 'Use another number, set SALLYPORT_TWILIO_MESSAGING_SERVICE_SID, or remove sms from SALLYPORT_FACTORS.'
    : 'Use another number.';
  return [{ about, ok: false, got, expected, remedy }];
};
