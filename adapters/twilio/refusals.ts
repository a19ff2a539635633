/** Translates Twilio's errors into reasons: the person's number, the carrier, or our configuration. */
import { Undelivered, type CarrierRefusal } from '../../src/errors.ts';

/**
 * By Twilio's error code, documented at `https://www.twilio.com/docs/api/errors/CODE` unless another source is named.
 * Codes change without notice: one that is not listed is judged by its HTTP status, and the log has it.
 */
const byCode: Readonly<Record<number, CarrierRefusal | undefined>> = {
  // this number cannot be reached
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
  // this number is blocked, opted out, or in a country that is switched off
  13_227: 'refused', // geographic permissions (support article 223180228)
  21_215: 'refused', // geographic permissions (support article 223180228)
  32_205: 'refused', // geographic permissions (support article 223180228)
  21_408: 'refused', // geographic permissions of texts
  21_216: 'refused', // blocked for this account
  21_219: 'refused', // a trial account calls verified numbers only
  21_608: 'refused', // the same for texts
  21_610: 'opted-out', // the person answered STOP
  60_410: 'refused', // blocked for suspected fraud
  60_605: 'refused', // country blocked by the account's own setting
  // too many at once
  10_004: 'busy', // too many calls at once, a 429 in other words
  14_107: 'busy', // too many texts between two numbers
  20_429: 'busy', // too many requests
  21_611: 'busy', // our number's queue is full
  60_203: 'busy', // too many sends to this number
  // our configuration
  10_001: 'misconfigured', // account not active
  10_002: 'misconfigured', // not with a trial account
  20_001: 'misconfigured', // a parameter of ours
  20_003: 'misconfigured', // credentials, or suspended
  20_404: 'misconfigured', // no such account
  20_008: 'misconfigured', // test credentials
  21_205: 'misconfigured', // invalid callback address
  21_210: 'misconfigured', // From is not verified
  21_212: 'misconfigured', // invalid From
  21_267: 'misconfigured', // alphanumeric sender of a trial account
  21_606: 'misconfigured', // From cannot text
  21_609: 'misconfigured', // invalid StatusCallback
  21_659: 'misconfigured', // From is not a number of Twilio's
  21_660: 'misconfigured', // From belongs to another account
  21_661: 'misconfigured', // From cannot text
  21_701: 'misconfigured', // no such messaging service
  21_703: 'misconfigured', // messaging service without a sender
  21_704: 'misconfigured', // messaging service without a sender
  30_002: 'misconfigured', // account suspended
};

/** An unknown code is not blamed on the number: the person would be told that calling again cannot help. */
const byStatus = (status: number): CarrierRefusal => {
  if (status === 429) return 'busy';
  // Accepted, but the answer broke off.
  if (status < 300) return 'slow';
  if (status >= 500) return 'down';
  return 'misconfigured';
};

/** Codes for a connection that was not made (name, route, port, certificate). The request was certainly not accepted. */
const notConnected =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EACCES|EPERM|EPROTO|ERR_(?:TLS|SSL)_.*|UNABLE_TO_.*|.*CERT.*)$/;

/** The parts of an error that may be logged. Twilio's messages contain the number. */
export interface Failure {
  /** HTTP status; undefined without an answer. */
  readonly status?: number;
  /** Twilio's code, or that of the network error. */
  readonly code?: number | string;
}

/** The failure in an exception of `sendToApi`. */
export const failureOf = (error: unknown): Failure => {
  if (typeof error !== 'object' || error === null) return {};
  const { status, code } = error as { status?: unknown; code?: unknown };
  return {
    ...(typeof status === 'number' && { status }),
    ...((typeof code === 'number' || (typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code))) && { code }),
  };
};

/** The reason for the person. A connection that broke is 'slow' and not 'down': Twilio may have accepted the request. */
export const reasonOf = ({ status, code }: Failure): CarrierRefusal => {
  if (status === undefined) return typeof code === 'string' && notConnected.test(code) ? 'down' : 'slow';
  return (typeof code === 'number' ? byCode[code] : undefined) ?? byStatus(status);
};

/** `expected`: completes "expected …", as in "a call". */
export const undelivered = (failure: Failure, expected: string): Undelivered =>
  new Undelivered(
    reasonOf(failure),
    `Twilio answered ${failure.status ?? 'nothing'} (${failure.code ?? 'no code'}), expected ${expected}`,
  );

/** For a request that was not answered in time. Twilio may have accepted it. */
export const timedOut = (): Undelivered => new Undelivered('slow', 'Twilio did not answer in the time given');
