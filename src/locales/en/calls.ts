/** English words for the page of a call. `ends`: a heading, sentences and a term for each reason why a call fails. */
import type { CallEndReason } from '../../end-reason.ts';
import type { EpochMillis, Millis } from '../../ports/time.ts';
import { duration } from '../duration.ts';
import type { EndWords } from '../end-words.ts';
import { ltr, name, shortened, strong, time, type Phrase } from '../phrase.ts';
import { units } from './counts.ts';

/** A call has steps, so its end names the one that failed. */
type CallEndWords = EndWords & { readonly step: string };

const unreached = 'We couldn’t reach you';
const stopped = 'You’re not signed in yet';

const ends: { readonly [Each in CallEndReason]: CallEndWords } = {
  busy: {
    heading: unreached,
    sentence: number => ['The line ', ltr(number), ' was busy, or the call was declined.'],
    step: 'Line busy',
    advice: 'End any other call, then call again.',
    term: 'line busy',
  },
  'no-answer': {
    heading: unreached,
    sentence: number => ['No one answered at ', ltr(number), '.'],
    step: 'No answer',
    advice: 'Keep the phone near you, then call again.',
    term: 'no answer',
  },
  unreachable: {
    heading: unreached,
    sentence: number => ['The phone network could not connect the call to ', ltr(number), '.'],
    step: 'No connection',
    advice: 'Check that the phone is on and has reception, then call again.',
    term: 'unreachable',
  },
  undeliverable: {
    heading: unreached,
    sentence: () => ['We can’t make calls right now. Your phone is not the problem.'],
    step: 'Not dialled',
    advice: 'Try again in a minute, or use another option.',
    term: 'calls unavailable',
  },
  machine: {
    heading: unreached,
    sentence: number => ['Voicemail or a fax machine answered at ', ltr(number), '.'],
    step: 'Voicemail',
    advice: 'Keep the phone near you, call again, and answer the call yourself.',
    term: 'machine answered',
  },
  slow: {
    heading: unreached,
    sentence: () => ['The phone network did not respond in time. Your phone is not the problem.'],
    step: 'Not dialled',
    advice: 'If your phone rings now, do not press #. That call is no longer valid. Use another option, or call again.',
    term: 'phone network too slow',
  },
  'carrier-busy': {
    heading: 'Too many calls right now',
    sentence: () => ['The phone network is not accepting more calls from us right now. Your phone is not the problem.'],
    step: 'Not dialled',
    advice: 'Wait a minute, then call again, or use another option.',
    term: 'phone network busy',
  },
  'number-refused': {
    heading: 'We can’t reach this number',
    sentence: number => ['The phone network does not connect our calls to ', ltr(number), '.'],
    step: 'Refused',
    advice: 'Calling again will not help. Use another option, or ask your help desk to check the number.',
    term: 'number refused',
  },
  'hung-up': {
    heading: stopped,
    sentence: () => ['The call ended before # was pressed.'],
    step: 'Call ended',
    advice: 'Call again, listen to the end, then press #.',
    term: 'hung up',
  },
  silence: {
    heading: stopped,
    sentence: () => ['The call was answered, but # was not pressed in time.'],
    step: 'No key',
    advice: 'If voicemail answered, call again and answer the call yourself.',
    term: 'no key pressed',
  },
  attempts: {
    heading: 'Too many attempts',
    sentence: () => ['Too many other keys were pressed on this call.'],
    step: 'Wrong keys',
    advice: 'Call again, listen to the end, then press only #.',
    term: 'too many attempts',
  },
  expired: {
    heading: 'This call has expired',
    sentence: () => ['The call was approved, but this page did not continue in time.'],
    step: 'Expired',
    term: 'expired',
  },
  cancelled: {
    heading: 'The call was stopped',
    sentence: () => ['You chose another option, or went back. Nothing was approved.'],
    step: 'Stopped',
    term: 'cancelled',
  },
  'opted-out': {
    heading: 'We can’t text you any more',
    sentence: () => ['You answered STOP to our texts, so the phone network stops them.'],
    step: 'Stopped',
    advice: 'Text START to the number that our texts came from. Then ask for a new code, or use another option.',
    term: 'texts stopped by STOP',
  },
  'send-limit': {
    heading: 'We can’t call you again yet',
    sentence: number => ['We have called ', ltr(number), ' too often without an answer.'],
    step: 'Not dialled',
    advice: 'This protects your phone from unwanted calls.',
    term: 'too many calls',
  },
  'send-ceiling': {
    heading: 'Calls are stopped right now',
    sentence: () => [
      'So many of our calls went unanswered that we have stopped calling for now. Your phone is not the problem.',
    ],
    step: 'Not dialled',
    advice: 'Use another option, or wait.',
    term: 'calls stopped for all',
  },
  elsewhere: {
    heading: 'This phone is in use right now',
    sentence: number => ['Another sign-in is calling ', ltr(number), ' right now.'],
    step: 'Not dialled',
    advice: 'If that is you in another window, continue there. If not, do not press # on that call. Press 0#.',
    term: 'another call in progress',
  },
  paused: {
    heading: 'Calls to you are paused',
    sentence: () => ['Someone reported “this was not me” on a call to your phone.'],
    step: 'Not dialled',
    term: 'calls paused',
  },
  declined: {
    heading: 'The request was declined',
    sentence: () => ['Your phone reported “this was not me”. You are not signed in.'],
    step: 'Declined',
    advice: 'If this was not you, someone knows your password: change it. Pressed 0 by mistake? Use another option.',
    term: 'declined',
  },
  unheard: {
    heading: unreached,
    sentence: number => ['The call to ', ltr(number), ' was answered, but ended before we could speak.'],
    step: 'No voice',
    advice: 'Your phone is not the problem. Call again and stay on the line for a few seconds, or use another option.',
    term: 'ended before the announcement',
  },
  lost: {
    heading: 'We lost track of this call',
    sentence: () => ['Something went wrong on our side. Nothing was approved.'],
    step: 'Lost',
    advice: 'Call again, or use another option.',
    term: 'state lost',
  },
  disabled: {
    heading: 'Calls are turned off for you',
    sentence: () => ['Your help desk can turn them on again.'],
    step: 'Not dialled',
    term: 'factor disabled',
  },
};

export const calls = {
  heading: (number: string): Phrase => ['We’re calling ', ltr(number)],
  sentence: (client: string): Phrase => ['Answer and press ', strong('#'), ' to sign in to ', name(client), '.'],
  /** A switchboard answers first, by machine or in person. */
  extensionSentence: (extension: string, client: string): Phrase => [
    'The call goes to extension ',
    ltr(extension),
    '. There, press ',
    strong('#'),
    ' to continue, then ',
    strong('#'),
    ' to sign in to ',
    name(client),
    '.',
  ],
  /** For a page that shows digits to type into the call. */
  number: {
    sentence: (client: string): Phrase => [
      'Answer, type this number into the phone, then press ',
      strong('#'),
      ' to sign in to ',
      name(client),
      '.',
    ],
    extensionSentence: (extension: string, client: string): Phrase => [
      'The call goes to extension ',
      ltr(extension),
      '. There, press ',
      strong('#'),
      ' to continue, then type this number and ',
      strong('#'),
      ' to sign in to ',
      name(client),
      '.',
    ],
    answered: 'Answered. Type the number',
  },
  /** For the person who hears a call that they did not ask for. Tells what it costs. `pause`: how long calls then pause. */
  report: (pause: Millis): Phrase => [
    'Didn’t ask for this call? Press ',
    strong('0#'),
    `, and we stop calling you for ${duration(pause, units)}.`,
  ],
  steps: { dialled: 'Dialled', ringing: 'Ringing', answered: 'Answered' },
  trackLabel: 'Progress of the call',
  status: {
    starting: 'Calling',
    dialled: 'Calling',
    ringing: 'Your phone is ringing',
    answered: 'Answered. Now press #',
    over: 'The call has ended',
  },
  /** The key was pressed, and it is not known yet whether a person answered. */
  held: 'Key pressed. One moment',
  /** For a call to an extension: a switchboard may have answered while the extension still rings. */
  answeredAtExtension: 'Press # at the extension',
  passedStatus: (client: string): string => `Approved for ${shortened(client)}`,
  passedHeading: 'You pressed #',
  passedSentence: (client: string): Phrase => ['Continuing to ', name(client), '.'],
  checkAgain: 'Check again',
  callAgain: 'Call again',
  callsFrom: (number: string): Phrase => ['We call from ', ltr(number), '. Some phones silence unknown numbers.'],
  denied: {
    heading: 'The request was declined',
    sentence: 'Your phone reported “this was not me”. You are not signed in.',
    step: 'Declined',
    notMe: 'Not your sign-in?',
    notMeNext: 'Someone knows your password. Change it now and tell your help desk.',
    mistake: (methods: readonly string[]): string =>
      `Pressed by mistake? Use another option${methods.length === 0 ? '' : `: ${methods.join(', ')}`}.`,
    mistakeAlone: 'Pressed by mistake? Your help desk can help you sign in.',
    pausedUntil: (until: EpochMillis): Phrase => ['We will not call you before ', time(until, true), '.'],
    works: (methods: readonly string[]): string => `This still works: ${methods.join(', ')}`,
    othersWork: 'Your other verification options still work.',
    deskWorks: 'Your help desk can help you sign in.',
    term: 'declined',
  },
  /** This browser asked for a call, for another sign-in than this one. */
  ownOtherCall: {
    heading: 'Your phone is busy with another sign-in',
    sentence: (number: string, client: string): Phrase => [
      'We’re calling ',
      ltr(number),
      ' for your sign-in to ',
      name(client),
      '.',
    ],
    advice: 'Answer that call to sign in there. Or end it, and we call you for this sign-in.',
    again: 'End that call and call me here',
  },
  /** A call for a sign-in in another browser was under way, and has ended. */
  otherCallOver: {
    heading: 'Your phone is free again',
    sentence: (number: string): Phrase => ['The call to ', ltr(number), ' for another sign-in is over.'],
    advice: 'If you did not ask for that call, someone knows your password: change it.',
  },
  ends,
};
