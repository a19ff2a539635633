/**
 * English words of notices: a mail that says what was changed, and the page behind its link "This wasn't me". A subject is also shown
 * where the phone is locked.
 */
import { name, time, type Phrase } from '../phrase.ts';
import type { EpochMillis } from '../../ports/time.ts';

export const notices = {
  /** By the kinds of `src/notice.ts`. */
  kinds: {
    'method-added': {
      subject: 'A sign-in method was added',
      sentence: (method: string): Phrase => [name(method), ' can now be used to sign in to your account.'],
    },
    'method-removed': {
      subject: 'A sign-in method was removed',
      sentence: (method: string): Phrase => [name(method), ' can no longer be used to sign in to your account.'],
    },
    'method-renamed': {
      subject: 'A sign-in method has a new name',
      sentence: (method: string): Phrase => ['A sign-in method of your account is now called ', name(method), '.'],
    },
    'method-made-default': {
      subject: 'Another sign-in method is asked for first',
      sentence: (method: string): Phrase => ['From now on we ask you for ', name(method), ' first.'],
    },
    'passkey-required': {
      subject: 'Your account now asks for your passkey',
      sentence:
        'From now on a password and a code are not enough to sign in: one of your passkeys is needed each time.',
    },
    'passkey-optional': {
      subject: 'Your account no longer insists on your passkey',
      sentence: 'From now on any sign-in method of your account can be used again, not only your passkeys.',
    },
    'methods-reset': {
      subject: 'Your sign-in methods were removed',
      sentence:
        'An administrator removed all sign-in methods of your account. You set up new ones when you next sign in.',
    },
    'recovery-codes-made': {
      subject: 'New recovery codes were made',
      sentence: 'Your account has new recovery codes. The old ones no longer work.',
    },
    'recovery-code-used': {
      subject: 'A recovery code was used',
      sentence: 'Somebody signed in to your account with one of your recovery codes. That code does not work again.',
    },
    'recovery-codes-low': {
      subject: 'Few recovery codes are left',
      sentence: (count: string): Phrase => ['Recovery codes left: ', count, '. Make new ones before you run out.'],
    },
    'temporary-pass-made': {
      subject: 'A temporary pass was made for you',
      sentence: 'An administrator made a temporary pass. Whoever has it and your password can sign in to your account.',
    },
    'temporary-pass-used': {
      subject: 'A temporary pass was used',
      sentence: 'Somebody signed in to your account with the temporary pass that an administrator made.',
    },
    'password-changed': {
      subject: 'Your password was changed',
      sentence: 'The password of your account was changed. You are signed out everywhere else.',
    },
    'password-set': {
      subject: 'Your password was changed by an administrator',
      sentence: 'An administrator set a new password for your account. You are signed out everywhere.',
    },
    'password-reset': {
      subject: 'Your password was reset',
      sentence:
        'The password of your account was reset by a link that we mailed to you. You are signed out everywhere.',
    },
    'email-changed': {
      subject: 'Your e-mail address was changed',
      sentence: 'Your account has another e-mail address now, or none. This is the last message to this one.',
    },
    'sessions-ended': {
      subject: 'You were signed out',
      sentence: 'One or more browsers were signed out of your account.',
    },
    'app-access-revoked': {
      subject: 'An app lost its access',
      sentence: (app: string): Phrase => [name(app), ' no longer has access to your account.'],
    },
    'account-locked': {
      subject: 'Your account is locked',
      sentence: 'An administrator locked your account. Nobody can sign in to it until it is unlocked.',
    },
    'account-unlocked': {
      subject: 'Your account is unlocked',
      sentence: 'An administrator unlocked your account. You can sign in again.',
    },
    'not-me': {
      subject: 'A sign-in was reported',
      sentence:
        'You told us that a sign-in to your account was not yours. It was stopped. Whoever tried may know your password.',
    },
    'factor-disabled': {
      subject: 'A sign-in method was turned off',
      sentence:
        'There were too many wrong codes for your account, so codes of one of your methods no longer work. Your help desk can help you set it up again.',
    },
    'code-reused': {
      subject: 'A code was used twice',
      sentence:
        'Somebody tried a code that had been used before. It was refused. Somebody may see your codes or know your password.',
    },
    'passkey-copied': {
      subject: 'A passkey may have been copied',
      sentence:
        'A passkey of yours was used in a way that only happens when a copy of it exists. We refused it. Remove this passkey, and set up a new one.',
    },
    'remembered-browser-copied': {
      subject: 'Somebody may have copied your browser’s data',
      sentence:
        'A browser in which we do not ask you for a second step was used in two places, both times with your password. We have forgotten it, and ask you again there. If your browser was set back to an earlier state, that can be the reason. If not, choose a new password.',
    },
    'new-browser': {
      subject: 'Sign-in from a new browser',
      sentence: (app: string): Phrase => [
        'Somebody signed in to ',
        name(app),
        ' with your account, in a browser that is new or that was signed out.',
      ],
    },
    'break-glass-used': {
      subject: 'An emergency account was used',
      sentence: 'Somebody signed in with an emergency account. Find out who and why.',
    },
    'passwords-sprayed': {
      subject: 'Wrong passwords for many accounts',
      sentence:
        'Within a minute, passwords were wrong for many accounts, and for more accounts than they were right. Somebody may be trying common or stolen passwords from many addresses. Accounts with a second step are safe; look for accounts without one, and for the addresses in the log (“password.refused”).',
    },
    'changes-frozen': {
      subject: '“This wasn’t me” was used',
      sentence:
        'You are signed out everywhere, and for 7 days nobody can change how to sign in to this account. Your help desk can allow it sooner.',
    },
    'changes-unfrozen': {
      subject: 'Your account can be changed again',
      sentence: 'An administrator allowed changes of your sign-in methods, password and e-mail address again.',
    },
  },
  /** To administrators. Kinds without words of their own get `other`. */
  administrators: {
    'not-me': {
      subject: 'A person reported a sign-in that was not theirs',
      sentence:
        'It was stopped. Somebody may know the password of this account. Talk to its owner, by a number that you know.',
    },
    'changes-frozen': {
      subject: 'A person used “This wasn’t me”',
      sentence:
        'Somebody may have changed how to sign in to this account. All its sessions were ended, and changes are stopped for 7 days. Talk to its owner, remove what is not theirs, then allow changes with “sallyport users unfreeze”.',
    },
    'passwords-sprayed': {
      subject: 'Wrong passwords for many accounts',
      sentence:
        'Within a minute, passwords were wrong for many accounts, and for more accounts than they were right. Somebody may be trying common or stolen passwords from many addresses. Accounts with a second step are safe; look for accounts without one, and for the addresses in the log (“password.refused”).',
    },
    other: 'Find out who did it and why.',
  },
  /** Stands for a name that has no letter or digit. */
  unnamed: 'something without a name',
  facts: {
    account: 'Account',
    when: 'When',
    address: 'From',
    browser: 'Browser',
    app: 'App',
    by: 'By',
    administrator: 'an administrator',
    reason: 'Reason',
    reference: 'Reference',
  },
  wasYou: 'Was this you? Then there is nothing to do.',
  notYou:
    'If it was not you, press the button. We then sign you out everywhere and stop all changes. It works for 7 days.',
  notYouDesk: 'If it was not you, tell your help desk now.',
  noSecrets: 'We never ask for your password or a code in a message.',
  button: 'This wasn’t me',
  page: {
    usable: {
      heading: 'Wasn’t this you?',
      sentence: 'If it was you, close this page: nothing has happened. If it was not, press the button.',
      what: 'What we told you',
      effects: 'Then this happens at once',
      signedOut: 'You are signed out everywhere, on every device.',
      stopped:
        'For 7 days nobody can change the sign-in methods, the password or the e-mail address of your account. You cannot either.',
      told: 'Your administrators are told, so that they can help you.',
      stays: 'We do not undo anything: your help desk does that together with you.',
      submit: 'Protect my account now',
    },
    used: {
      heading: 'Your account is protected',
      sentence: (at: EpochMillis): Phrase => [
        'You told us on ',
        time(at, true),
        '. You were signed out everywhere then.',
      ],
      until: (until: EpochMillis): Phrase => ['Nobody can change how to sign in until ', time(until, true), '.'],
      lifted: 'Your account can be changed again by now. This link does nothing more.',
      next: 'Call your help desk now. They remove what is not yours, give you a new password, and allow changes again.',
    },
    unknown: {
      heading: 'This link no longer works',
      sentence: 'A link in a message works for 7 days. Is something wrong with your account? Then tell your help desk.',
    },
  },
};
