/** English words for a request in the authenticator: while it waits there, after its answer, and for each way in which it ends. */
import type { EndWords } from '../end-words.ts';
import { name, shortened, time, type Phrase } from '../phrase.ts';
import type { EpochMillis } from '../../ports/time.ts';

/** How a request ends. A reason without words is shown as `lost`. */
type Ends = { readonly lost: EndWords } & Readonly<Record<string, EndWords>>;

const stopped = 'You’re not signed in yet';

const ends: Ends = {
  expired: {
    heading: 'No answer yet',
    sentence: device => ['The request on ', name(device), ' was not answered in time.'],
    advice: 'Open the authenticator on it first, then send a new request.',
    term: 'no answer in time',
  },
  'wrong-number': {
    heading: stopped,
    sentence: device => ['The number typed on ', name(device), ' is not the one that was on this page.'],
    advice: 'Send a new request, and type the number that this page shows then.',
    term: 'wrong number',
  },
  declined: {
    heading: 'The request was denied',
    sentence: device => ['Somebody chose “Deny” on ', name(device), '.'],
    advice: 'Chosen by mistake? Send a new request.',
    term: 'denied on the phone',
  },
  elsewhere: {
    heading: 'Another request is waiting',
    sentence: device => ['The authenticator on ', name(device), ' has a request for another sign-in.'],
    advice: 'If that is you in another window, continue there. If not, choose “It wasn’t me” on that request.',
    term: 'another request in progress',
  },
  cancelled: {
    heading: 'The request was stopped',
    sentence: () => ['You chose another option, or went back. Nothing was approved.'],
    term: 'cancelled',
  },
  paused: {
    heading: 'Requests to you are paused',
    sentence: () => ['Someone reported “this was not me” for your account.'],
    term: 'requests paused',
  },
  'push-limit': {
    heading: 'We can’t send another request yet',
    sentence: () => ['There were too many requests to you in a few minutes.'],
    advice: 'This protects you from requests that you did not ask for.',
    term: 'too many requests',
  },
  'push-unanswered': {
    heading: 'We can’t send another request yet',
    sentence: () => ['The last requests to you were denied or not answered.'],
    advice: 'This protects you from requests that you did not ask for.',
    term: 'requests not answered',
  },
  'push-spent': {
    heading: 'We send you no more requests for now',
    sentence: () => ['There were many requests to you since you last signed in.'],
    advice: 'Sign in once with another option. Then requests work again.',
    term: 'too many since the last sign-in',
  },
  disabled: {
    heading: 'This phone must be paired again',
    sentence: device => ['There were too many wrong PINs on ', name(device), '.'],
    advice: 'Use another option now. Then remove the phone on your security page, and pair it again.',
    term: 'too many wrong PINs',
  },
  bound: {
    heading: 'Already paired',
    sentence: device => [name(device), ' was paired before. Nothing was added.'],
    advice: 'Begin the pairing anew. This page then shows a new code.',
    term: 'paired before',
  },
  lost: {
    heading: 'We lost track of this request',
    sentence: () => ['Something went wrong on our side. Nothing was approved.'],
    advice: 'Send a new request, or use another option.',
    term: 'state lost',
  },
};

export const approve = {
  heading: 'Approve in your authenticator',
  sentence: (device: string): Phrase => ['Open the authenticator on ', name(device), ' and type this number.'],
  status: {
    starting: (device: string): string => `Sending to ${shortened(device)}`,
    sent: (device: string): string => `Sent to ${shortened(device)}`,
    /** The authenticator has fetched the request. */
    delivered: (device: string): string => `Open on ${shortened(device)}. Type the number`,
    undelivered: (device: string): string => `We could not notify ${shortened(device)}`,
    over: 'The request is over',
  },
  /** Shown where the phone has not fetched the request after some seconds. */
  hint: 'No notification? Open the authenticator: the request is waiting there.',
  checkAgain: 'Check again',
  passedHeading: 'You approved the request',
  passedSentence: (client: string): Phrase => ['Continuing to ', name(client), '.'],
  passedStatus: (client: string): string => `Approved for ${shortened(client)}`,
  /** "It wasn't me" was chosen. */
  denied: {
    heading: 'The request was reported',
    sentence: 'Your authenticator reported “this was not me”. You are not signed in.',
    pausedUntil: (until: EpochMillis): Phrase => [
      'We send no requests and make no calls before ',
      time(until, true),
      '.',
    ],
    mistake: (methods: readonly string[]): string =>
      `Chosen by mistake? Use another option${methods.length === 0 ? '' : `: ${methods.join(', ')}`}.`,
    mistakeAlone: 'Chosen by mistake? Your help desk can help you sign in.',
    term: 'reported',
  },
  ends,
};
