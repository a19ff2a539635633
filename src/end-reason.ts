/** Lists the reasons why a challenge ends without a proof. Pages, calls and the audit log use these names. */

/**
 * A carrier that did not accept a message gives one of five: undeliverable (down, or set up wrongly), slow (the message may
 * still go out), carrier-busy, number-refused (this number), or opted-out (the person answered STOP to our texts). machine: a
 * voicemail or fax answered. send-limit: too many unanswered messages. send-ceiling: too many unanswered messages to everybody
 * together. elsewhere: another sign-in is calling this account. paused: calls and pushes are paused after "this was not me".
 * declined: a `0` was pressed, and nothing confirmed it; or *Deny* on a device. unheard: the call was answered and ended before a
 * word was spoken. disabled: too many failed attempts in a row. lost: its record is gone, or cannot be trusted. wrong-number: the
 * number typed on the device is not that of the page. push-limit: too many pushes in a few minutes. push-spent: too many since the
 * last sign-in that succeeded. push-unanswered: the last pushes were denied or ignored. bound: the key of the device was paired
 * before.
 */
export type EndReason =
  | 'cancelled'
  | 'expired'
  | 'attempts'
  | 'busy'
  | 'no-answer'
  | 'unreachable'
  | 'machine'
  | 'hung-up'
  | 'silence'
  | 'undeliverable'
  | 'slow'
  | 'carrier-busy'
  | 'number-refused'
  | 'opted-out'
  | 'send-limit'
  | 'send-ceiling'
  | 'elsewhere'
  | 'paused'
  | 'declined'
  | 'unheard'
  | 'disabled'
  | 'wrong-number'
  | 'push-limit'
  | 'push-spent'
  | 'push-unanswered'
  | 'bound'
  | 'lost';

/** Reasons that only a request to a device has. */
const deviceReasons = ['wrong-number', 'push-limit', 'push-spent', 'push-unanswered', 'bound'] as const;

/** Reasons of a challenge that a telephone or the browser answers. */
export type CallEndReason = Exclude<EndReason, (typeof deviceReasons)[number]>;

/** The same reason; `lost` for one that only a request to a device has. */
export const callEndReason = (reason: EndReason): CallEndReason => (isDeviceReason(reason) ? 'lost' : reason);

const isDeviceReason = (reason: EndReason): reason is (typeof deviceReasons)[number] =>
  deviceReasons.some(each => each === reason);
