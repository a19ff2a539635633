/** What Twilio's refusals mean for the person who waits: a number of theirs, a carrier that rests, or something of ours. */
import { Undelivered, type CarrierRefusal } from '../../src/errors.ts';

/**
 * By Twilio's error code. What each one says stands at `https://www.twilio.com/docs/api/errors/CODE`; where it is taken
 * from elsewhere, that is named. They change without notice, so what is not listed is judged by its HTTP status.
 */
const byCode: Readonly<Record<number, CarrierRefusal | undefined>> = {
  // this number: not one that can be reached
  13_223: 'refused', // invalid format
  13_224: 'refused', // not supported or invalid (@twilio/voice-errors, DialVerb)
  13_225: 'refused', // forbidden
  13_226: 'refused', // invalid country code
  21_202: 'refused', // premium or emergency number
  21_211: 'refused', // invalid To
  21_214: 'refused', // To cannot be reached
  21_217: 'refused', // does not appear to be valid
  21_265: 'refused', // To is a short code
  21_266: 'refused', // To is our own number
  21_268: 'refused', // premium or information service
  21_612: 'refused', // not reachable from our number
  21_614: 'refused', // not a mobile number
  21_635: 'refused', // a landline
  // this number: blocked, opted out, or in a country that is switched off
  13_227: 'refused', // geographic permissions (support article 223180228)
  21_215: 'refused', // geographic permissions (support article 223180228)
  32_205: 'refused', // geographic permissions (support article 223180228)
  21_408: 'refused', // geographic permissions of texts
  21_216: 'refused', // blocked for this account
  21_219: 'refused', // a trial account calls verified numbers only
  21_608: 'refused', // the same for texts
  21_610: 'refused', // the person answered STOP
  60_410: 'refused', // blocked for suspected fraud
  60_605: 'refused', // country blocked by the account's own setting
  // too much at once
  14_107: 'busy', // too many texts between two numbers
  20_429: 'busy', // too many requests
  21_611: 'busy', // our number's queue is full
  60_203: 'busy', // too many sends to this number
  // ours to mend
  10_001: 'misconfigured', // account not active
  20_003: 'misconfigured', // credentials, or suspended
  20_404: 'misconfigured', // no such account
  20_008: 'misconfigured', // test credentials
  21_205: 'misconfigured', // our address is none
  21_210: 'misconfigured', // From is not verified
  21_212: 'misconfigured', // invalid From
  21_267: 'misconfigured', // alphanumeric sender of a trial account
  21_606: 'misconfigured', // From cannot text
  21_609: 'misconfigured', // StatusCallback is no address
  21_659: 'misconfigured', // From is no number of Twilio's
  21_660: 'misconfigured', // From belongs to another account
  21_661: 'misconfigured', // From cannot text
  21_701: 'misconfigured', // no such messaging service
  21_703: 'misconfigured', // messaging service without a sender
  21_704: 'misconfigured', // messaging service without a sender
  30_002: 'misconfigured', // account suspended
};

/** 400 without a code we know: what differs from one request to the next is whom it goes to. */
const byStatus = (status: number): CarrierRefusal => {
  if (status === 429) return 'busy';
  // it was taken, and the answer broke off
  if (status < 300) return 'slow';
  if (status >= 500) return 'down';
  return status === 400 ? 'refused' : 'misconfigured';
};

/** The connection was never made (no name, no way, nobody there, not who it should be), so nothing was taken. */
const neverMade =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EACCES|EPERM|EPROTO|ERR_(?:TLS|SSL)_.*|UNABLE_TO_.*|.*CERT.*)$/;

/** What came back, without the SDK's own words and objects: they hold the number and the credentials. */
export interface Failure {
  /** Of HTTP; undefined: no answer. */
  readonly status?: number;
  /** Twilio's number, or the network's word. */
  readonly code?: number | string;
}

/** Reads what the SDK threw. */
export const failureOf = (error: unknown): Failure => {
  if (typeof error !== 'object' || error === null) return {};
  const { status, code } = error as { status?: unknown; code?: unknown };
  return {
    ...(typeof status === 'number' && { status }),
    ...((typeof code === 'number' || (typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code))) && { code }),
  };
};

/** A connection that broke after it was made is slow, not down: Twilio may have taken what was sent. */
export const whyOf = ({ status, code }: Failure): CarrierRefusal => {
  if (status === undefined) return typeof code === 'string' && neverMade.test(code) ? 'down' : 'slow';
  return (typeof code === 'number' ? byCode[code] : undefined) ?? byStatus(status);
};

/** `wanted`: what was expected instead, as in "a call". */
export const undelivered = (failure: Failure, wanted: string): Undelivered =>
  new Undelivered(
    whyOf(failure),
    `Twilio answered ${failure.status ?? 'nothing'} (${failure.code ?? 'no code'}), expected ${wanted}`,
  );

export const outOfTime = (): Undelivered => new Undelivered('slow', 'Twilio did not answer in the time given');
