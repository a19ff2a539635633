/** English words for sessions, sign-ins and apps on the security page. */
import type { EpochMillis } from '../../ports/time.ts';
import { name, time, type Phrase } from '../phrase.ts';
import { browserName } from './browsers.ts';

/** What a page reports after a form. */
const notices: Readonly<Record<string, string>> = {
  'session-ended': 'That browser is signed out, and so are the apps in it.',
  'others-ended': 'You are signed out everywhere else.',
  'not-me':
    'You are signed out everywhere else, and your administrators know about it. Please choose a new password now.',
  'app-removed': 'The app no longer has access to your account.',
  'detail-withdrawn':
    'The app may no longer do that, and its access has ended. It asks you again when you next use it.',
  'browser-forgotten': 'We ask for your second step in that browser again.',
  'browsers-forgotten': 'We ask for your second step in every browser again.',
  gone: 'That had ended already.',
};

/** What happened, by how the attempt ended. `app`: name of the app, if it is known. */
const ends: Readonly<Record<string, (app: string | undefined) => Phrase>> = {
  'signed-in': app => (app === undefined ? ['You signed in.'] : ['You signed in to ', name(app), '.']),
  confirmed: app => (app === undefined ? ['You confirmed it’s you.'] : ['You confirmed it’s you for ', name(app), '.']),
  approval: app =>
    app === undefined ? ['You were asked for your approval.'] : [name(app), ' asked for your approval.'],
  denied: app => [
    'A sign-in',
    ...(app === undefined ? [] : [' to ', name(app)]),
    ' was stopped: you said it wasn’t you.',
  ],
  'wrong-password': app => ['Somebody typed a wrong password', ...(app === undefined ? [] : [' for ', name(app)]), '.'],
  stopped: app => [
    'The password was right, but the sign-in',
    ...(app === undefined ? [] : [' to ', name(app)]),
    ' was not finished.',
  ],
  unfinished: app => ['The sign-in', ...(app === undefined ? [] : [' to ', name(app)]), ' was not finished.'],
  cancelled: app => ['The sign-in', ...(app === undefined ? [] : [' to ', name(app)]), ' was cancelled.'],
  refused: app => ['The sign-in', ...(app === undefined ? [] : [' to ', name(app)]), ' was not possible.'],
};

/** The second step where it was right, by factor. */
const steps: Readonly<Record<string, string>> = {
  call: 'You answered the call and pressed #.',
  sms: 'You typed the code from a text message.',
  spoken: 'You typed the code from a call.',
  totp: 'You typed the code from your app.',
  passkey: 'You used your passkey.',
  email: 'You typed the code from an e-mail.',
  push: 'You approved it in the authenticator on your phone.',
  'recovery-code': 'You used a recovery code.',
  'temporary-access-pass': 'You used a temporary pass.',
};

/** Why the second step was not right, by the reason of its end. */
const stepEnds: Readonly<Record<string, string>> = {
  busy: 'The line was busy.',
  'no-answer': 'Nobody answered the call.',
  unreachable: 'The phone could not be reached.',
  machine: 'A voicemail answered the call.',
  'hung-up': 'The call ended before anything was confirmed.',
  silence: 'Nothing was confirmed on the call.',
  unheard: 'The call ended before it could be heard.',
  attempts: 'Too many wrong codes were typed.',
  expired: 'Nothing was confirmed in time.',
  declined: 'It was denied on your phone.',
  denied: 'You said it wasn’t you.',
  'wrong-number': 'Another number was typed on your phone.',
  'push-limit': 'Your phone was asked too often in a short time.',
  'push-spent': 'Your phone was asked too often.',
  'push-unanswered': 'Your phone was asked several times, and nobody approved.',
};

export const accountSessions = {
  notices,
  browser: browserName,
  sessions: {
    heading: 'Sessions and sign-ins',
    open: 'Where you’re signed in',
    here: 'This browser',
    since: (at: EpochMillis): Phrase => ['Signed in: ', time(at, true)],
    used: (at: EpochMillis): Phrase => ['Last used: ', time(at, true)],
    apps: (apps: string): string => `Used for ${apps}`,
    end: 'Sign out',
    others: 'Sign out everywhere else',
    all: 'Sign out everywhere',
    effect:
      'If you sign out yourself, apps that you allowed to keep their access keep it. If you sign a browser out on this page, its apps lose their access too.',
    none: 'You’re signed in only here.',
  },
  remembered: {
    heading: 'Browsers that we remember',
    since: (at: EpochMillis): Phrase => ['Since: ', time(at, true)],
    until: (at: EpochMillis): Phrase => ['Until: ', time(at, true)],
    forget: 'Forget',
    forgetAll: 'Forget all',
    effect:
      'In these browsers your password is enough, unless an app asks for more. After a change of your password or methods we ask you again everywhere. Is one of them not yours? Then forget it, and change your password.',
    empty:
      'None. Where nobody else uses a browser, you can tick a box when you sign in. For some time we then ask only for your password there.',
  },
  all: {
    heading: 'Sign out everywhere?',
    sentence:
      'All browsers are signed out, this one too, and all apps lose their access. You can sign in again at once.',
    keep: 'Stay signed in',
  },
  signIns: {
    heading: 'Your last sign-ins',
    none: 'Nothing is recorded yet.',
    ends,
    steps,
    passwordOnly: 'With your password alone.',
    remembered: {
      used: 'With your password, in a browser that we remember.',
      added: 'You asked us to remember this browser.',
      copied: 'A copy of a remembered browser was used, so we forgot that browser.',
    },
    stepEnds,
    stepOpen: 'The second step was not finished.',
    wrongPasswords: (count: number): string =>
      count === 1 ? 'The password was wrong once.' : `The password was wrong ${count} times.`,
    wrongCodes: (count: number): string => (count === 1 ? 'One code was wrong.' : `${count} codes were wrong.`),
    notMe: 'This wasn’t me',
  },
  notMe: {
    heading: 'Was somebody else here?',
    sentence:
      'We sign you out everywhere else, take the access of all apps away, and tell your administrators. Then you choose a new password.',
    submit: 'This wasn’t me',
    keep: 'It was me after all',
  },
  apps: {
    heading: 'Apps',
    lead: 'These apps may use your account.',
    empty: 'No app uses your account at the moment.',
    own: 'Belongs to your organisation',
    since: (at: EpochMillis): Phrase => ['Since: ', time(at, true)],
    allowed: (at: EpochMillis): Phrase => ['Allowed: ', time(at, true)],
    withdraw: 'Withdraw',
    offline: 'Keeps its access while you are away',
    remove: 'Remove access',
    signOut: 'Sign out of it',
  },
};
