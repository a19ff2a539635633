/** Lists the reasons why a challenge ends without a proof. Pages, calls and the audit log use these names. */

/**
 * A carrier that did not accept a message gives one of five: undeliverable (down, or set up wrongly), slow (the message may
 * still go out), carrier-busy, number-refused (this number), or opted-out (the person answered STOP to our texts). machine: a
 * voicemail or fax answered. send-limit: too many unanswered messages. send-ceiling: too many unanswered messages to everybody
 * together. elsewhere: another sign-in is calling this account. paused: calls are paused after "this was not me". declined: a
 * `0` was pressed, and nothing confirmed it. unheard: the call was answered and ended before a word was spoken. disabled: too
 * many failed attempts in a row. lost: its record is gone, or cannot be trusted.
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
  | 'lost';
