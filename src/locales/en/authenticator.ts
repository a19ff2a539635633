/** English words of the authenticator: the web app that approves sign-ins and shows codes. */
import { ltr, name, strong, type Phrase } from '../phrase.ts';
import { attemptsLeft } from './counts.ts';
import { browserName } from './browsers.ts';

/** How long ago something was, from seconds. */
const ago = (seconds: string): string => `${seconds} s ago`;

export const authenticator = {
  name: 'Authenticator',
  fullName: 'Sallyport Authenticator',
  starting: 'Starting…',
  back: 'Back',
  cancel: 'Cancel',
  done: 'Done',
  continue: 'Continue',
  settings: 'Settings',
  seconds: (seconds: string): string => `${seconds} s`,

  home: {
    request: 'Sign-in request',
    otherRequest: 'Request',
    from: (client: string, seconds: string): Phrase => [name(client), `, ${ago(seconds)}`],
    accounts: 'Accounts',
    showCode: 'Show code',
    hideCode: 'Hide code',
    copy: 'Copy',
    add: 'Add an account',
    install: 'Install this app',
    offline: 'You are offline. Your codes still work.',
    pairing: 'Not finished yet',
    removed: 'This phone was removed from this account.',
    untrusted: 'The server’s signature does not fit, so its requests are not shown. Tell your help desk.',
    pairAgain: 'Pair again',
  },

  welcome: {
    heading: 'This phone approves your sign-ins',
    sentence: 'When you sign in on a computer, it asks whether that is you. It also shows codes, even offline.',
  },

  browser: browserName,
  request: {
    headings: {
      'sign-in': 'Are you signing in?',
      pairing: 'Last step: try it',
      approval: 'Do you approve this?',
      caller: 'Are you on the phone with your help desk?',
    },
    app: 'App',
    account: 'Account',
    where: 'Where',
    on: 'On',
    near: (place: string): Phrase => ['Near ', name(place)],
    message: 'Message',
    callerWarning: 'Go on only if you called them. Did somebody call you? Then select “Deny”.',
    left: (seconds: string): string => `${seconds} s left`,
    number: 'Type the number on the sign-in page',
    otherNumbers: {
      pairing: 'Type the number that your computer shows',
      caller: 'Type the number that they tell you',
    },
    /** For screen readers. */
    typed: (digits: string, of: string): string => `${digits} of ${of} digits typed`,
    erase: 'Erase the last digit',
    incomplete: (digits: string): string => `The number has ${digits} digits.`,
    verify: 'Verify',
    deny: 'Deny',
    notMe: 'It wasn’t me',
    sending: 'Sending…',
    unreachable: 'No connection. Your answer was not sent. Try again.',
    failed: 'Your answer was not accepted. Try again.',
    notVerified: 'Your phone could not check that it is you. Try again.',
    wrongCode: 'The code of your phone was not right. Wait half a minute, then try again.',
  },

  pin: {
    heading: 'Enter your PIN',
    label: 'PIN',
    sentence: 'The one that you chose for this account.',
    wrong: (left: number): string => `That PIN isn’t right — ${attemptsLeft(left)}.`,
    chooseHeading: 'Choose a PIN',
    chooseSentence: 'Your organisation wants a PIN each time you approve. It is only for this app.',
    newLabel: 'New PIN',
    repeatLabel: 'The same PIN again',
    length: (fewest: string, most: string): string => `${fewest} to ${most} digits.`,
    invalid: (fewest: string, most: string): string => `A PIN has ${fewest} to ${most} digits.`,
    different: 'The two are not the same.',
  },

  report: {
    heading: 'Report this sign-in?',
    sentence: 'Somebody may know your password. If you report it:',
    effects: {
      stop: 'the sign-in is stopped',
      pause: 'calls and requests to you are paused for a while',
      tell: 'your administrators are told',
    },
    submit: 'Yes, report it',
    keep: 'Go back',
  },

  ended: {
    approved: {
      heading: 'Verified',
      sentence: 'The sign-in goes on by itself. You can close this app.',
      other: 'Your approval was sent. You can close this app.',
    },
    declined: {
      heading: 'Denied',
      sentence: 'Nobody was signed in. If you did not start this sign-in, change your password.',
      other: 'Nothing was approved.',
    },
    reported: {
      heading: 'Reported and stopped',
      sentence: 'Thank you. Nobody was signed in, and your administrators know. Now change your password.',
    },
    'wrong-number': {
      heading: 'That was another number',
      sentence: 'So we stopped it, to be safe. Start again, and type the number that you see then.',
    },
    bound: {
      heading: 'This phone was paired before',
      sentence: 'Nothing was added. Begin a new pairing on the page, and type its new code here.',
    },
    expired: { heading: 'Too late', sentence: 'Nobody answered in time. Nothing was approved.' },
    over: { heading: 'Over already', sentence: 'It was answered or stopped elsewhere. There is nothing to do here.' },
    locked: {
      heading: 'Too many wrong PINs',
      sentence: 'This phone can approve nothing now. Pair it again on your security page.',
    },
    removed: {
      heading: 'This phone is not paired any more',
      sentence: 'It was removed on your security page. Pair it again if you still use it.',
    },
  },

  add: {
    heading: 'Add an account',
    sentence:
      'On your computer, open your security page and select “Add a method”. It shows a QR code and a short code.',
    scan: 'Scan the QR code',
    or: 'or type the short code',
    code: 'Short code',
    hint: 'For example ABCD-1234',
    device: 'Name of this phone',
    deviceHint: 'You see it on your security page.',
    submit: 'Continue',
    incomplete: 'A code has 8 letters and digits.',
    noName: 'Give this phone a name.',
    otherCodes: 'Codes for another website',
  },

  scan: {
    heading: 'Scan the QR code',
    sentence: 'Point the camera at the QR code.',
    starting: 'Opening the camera…',
    type: 'Type the code instead',
    problems: {
      'no-camera': 'No camera was found. Type the code instead.',
      refused: 'This app may not use the camera. Allow it in the settings of your browser, or type the code instead.',
      foreign: 'That QR code is for something else.',
      elsewhere: 'That QR code belongs to another organisation. Open its own authenticator, and scan it there.',
      'unsupported-codes': 'These codes are of a kind that this app cannot show.',
    },
  },

  pairing: {
    heading: 'Pair this phone?',
    warning: 'Go on only if you started this yourself. Did somebody send you the link or the code? Then cancel.',
    notifications: {
      heading: 'May we notify you?',
      sentence: 'Then a request rings on this phone while the app is closed. Nothing else is ever sent.',
      allow: 'Allow notifications',
      skip: 'Not now',
    },
    claiming: 'Pairing…',
    compare: {
      heading: 'Does the other page show this number?',
      sentence: 'If so, select “Yes, pair it” there. If not, cancel here.',
      digits: 'Number',
      waiting: 'Waiting for your “Yes, pair it”',
      minutesLeft: (minutes: string): string => `${minutes} min left`,
    },
    done: {
      heading: 'This phone is paired',
      sentence: (account: string): Phrase => ['It now approves sign-ins of ', strong(account), '.'],
      backup: 'Phones get lost. On your computer, add a second method now.',
      closed: 'Requests do not ring on this phone yet. Open this app when you sign in.',
    },
    failed: {
      heading: 'Not paired',
      reasons: {
        'wrong-code': 'That code isn’t right, or it is too old. Check your computer.',
        expired: 'That QR code is too old or was used already. Select “Start with a new code” on your computer.',
        refused: 'The page on your computer said no, or started again. Nothing was paired.',
        later: 'Too many wrong codes from here. Wait ten minutes.',
        elsewhere: 'That code belongs to another organisation. Open its own authenticator.',
        unreachable: 'No connection. Check it, and try again.',
        failed: 'That did not work. Try again.',
      },
      again: 'Try again',
    },
  },

  codes: {
    heading: 'Codes for another website',
    sentence: 'Where that website sets up an “authenticator app”, scan its QR code or type its key.',
    readHeading: 'Keep these codes?',
    issuer: 'Website',
    account: 'Account',
    secret: 'Key',
    secretHint: 'Letters and digits, spaces do not matter.',
    submit: 'Keep',
    noIssuer: 'Type the name of the website.',
    problems: {
      secret: 'That is not a key. It has the letters A to Z and the digits 2 to 7.',
      'kept-already': 'You have these codes already.',
    },
  },

  history: {
    heading: 'History',
    none: 'No requests yet.',
    results: {
      approved: 'Verified',
      declined: 'Denied',
      reported: 'Reported',
      'wrong-number': 'Wrong number',
      bound: 'Paired before',
      expired: 'Not answered',
      over: 'Ended elsewhere',
      locked: 'Wrong PIN',
      removed: 'Not paired any more',
    },
    purposes: {
      'sign-in': 'Sign-in',
      pairing: 'Pairing of this phone',
      approval: 'Approval',
      caller: 'Call with the help desk',
    },
  },

  notifications: {
    heading: 'Notifications',
    states: {
      checking: 'Checking…',
      works: 'Requests reach this phone.',
      ask: 'Requests do not ring on this phone yet.',
      blocked: 'Notifications of this app are blocked, so requests do not ring. Open the app to see them.',
      unsupported: 'This browser cannot notify you. Open the app when you sign in: requests wait there.',
      failed: 'This browser could not reach its notification service. Open the app when you sign in.',
      gone: 'Requests did not reach this phone lately. Turn notifications on once more.',
    },
    unblock: 'To allow them: open the settings of your phone or browser, find this app, and turn notifications on.',
    turnOn: 'Turn on',
    test: 'Send a test',
    tests: {
      sending: 'Sending a test…',
      sent: 'Sent. It should ring in a moment.',
      arrived: 'The test has arrived.',
      missing: 'The test has not arrived. Check that your phone is not in silent or battery-saving mode.',
      later: 'Those were many tests. Try again in ten minutes.',
      unreachable: 'No connection. The test was not sent.',
    },
  },

  settingsPage: {
    language: 'Language',
    history: 'History',
    about: 'Keys and codes never leave this phone. The app talks to one server only: that of your organisation.',
  },

  entry: {
    device: 'This phone',
    save: 'Save',
    remove: 'Remove from this phone',
  },

  remove: {
    heading: (entry: string): Phrase => ['Remove ', name(entry), '?'],
    account: 'This phone then approves no sign-ins of this account, and its codes are gone.',
    another: 'Do you have another way to sign in? Check that on your security page first.',
    codes: 'Its codes are gone for good. First turn off the second step on that website.',
    offline: 'You are offline. Remove this phone on your security page too.',
    submit: 'Remove',
    removing: 'Removing…',
    keep: 'Keep it',
  },

  toasts: {
    copied: 'Copied',
    'not-copied': 'Your browser did not allow copying.',
    added: 'Added',
    removed: 'Removed',
    'notifications-on': 'Notifications are on',
  },

  obstacles: {
    insecure: {
      heading: 'This address is not secure',
      sentence: 'The authenticator works over https only. Ask your help desk for the right address.',
    },
    old: {
      heading: 'This browser is too old',
      sentence: 'Update it, or open this page with another browser.',
    },
    storage: {
      heading: 'This browser keeps nothing',
      sentence: 'A private window forgets everything when you close it. Open this page in an ordinary one.',
    },
    'home-screen': {
      heading: 'First add it to your Home Screen',
      sentence: 'On an iPhone or iPad, the authenticator works only from there.',
    },
  },

  homeScreen: {
    share: (): Phrase => ['Select the ', strong('Share'), ' button of Safari.'],
    add: (): Phrase => ['Select ', strong('Add to Home Screen'), ', then ', strong('Add'), '.'],
    open: (): Phrase => ['Open ', strong('Authenticator'), ' from your Home Screen.'],
    code: (): Phrase => ['There, scan the QR code again, or type the short code below it: ', ltr('ABCD-1234'), '.'],
  },
};
